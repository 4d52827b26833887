"""`Eavesdropper`: what Eve may do on the quantum channel, and does not unless a kind of her says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qnet.devices import Detector
    from qnet.qkd._checks import Array
    from qnet.qkd.lights import Kind, Unseen
    from qnet.qkd.link import QkdLink

__all__ = ["Eavesdropper"]


class Eavesdropper:
    """Eve, who sits on the quantum channel. This one does nothing; each kind of her overrides what it does.

    Attributes:
        name: Her name on the command line.
        summary: What she does, in a line.
        needs: What she acts on: `"states"` (then circuits have her, too), `"photon numbers"` or
            `"detectors"`.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    needs: ClassVar[str] = "states"

    def measured_in(self, bases: tuple[str, ...]) -> tuple[str, ...]:
        """The bases in which she measures, if she does.

        Args:
            bases: Those of the protocol.
        """
        return ()

    def looks(self, count: int, choices: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """In which basis she measures each of so many pulses: 0 in none, else its number from 1.

        Args:
            count: How many pulses.
            choices: How many bases there are.
            rng: Her randomness.
        """
        return np.zeros(count, np.uint8)

    def arriving(self, kinds: Sequence[Kind], link: QkdLink, choices: int) -> tuple[Unseen, ...]:
        """What arrives of each kind of pulse at the detectors.

        Args:
            kinds: The kinds of pulses, signal first.
            link: The link.
            choices: In how many bases she measures.
        """
        from qnet.qkd.lights import arriving

        return tuple(arriving(kind, link) for kind in kinds)

    def clicking(self, unseen: Unseen, shares: Array, detector: Detector) -> Array:
        """Probabilities of all patterns of clicks, from what arrives and how it spreads."""
        from qnet.qkd.patterns import threshold_patterns

        return threshold_patterns(unseen, shares, detector)
