"""`DetectorBlinding`: Eve commands Bob's detectors, which the model of a link does not provide for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.eavesdroppers.shape import Eavesdropper

if TYPE_CHECKING:
    from qnet.devices import Detector
    from qnet.qkd._checks import Array
    from qnet.qkd.lights import Kind, Unseen
    from qnet.qkd.link import QkdLink

__all__ = ["DetectorBlinding"]


@dataclass(frozen=True, kw_only=True)
class DetectorBlinding(Eavesdropper):
    """Eve blinds Bob's avalanche diodes by bright light, and makes them click as she has measured.

    A blinded diode works as a plain photodiode and clicks at a bright pulse above its threshold. Eve measures
    all pulses as Bob would, and sends him bright pulses of the state that she saw, just strong enough that a
    detector which gets all of the light clicks, and one which gets half of it does not: he clicks where his
    basis is hers, without errors and dark counts. She leaves out some, photon number by photon number, so
    that all gains are those of the link, decoys included, unless so many pulses click that there are too few
    to make up for wrong bases. Every figure of the session is good, every proof's
    conclusion holds for the detectors that it assumes, and Eve has the whole key: what no model of a link
    covers must be kept off by the receiver's making (or by MDI, whose proofs ask nothing of detectors).

    Source: Lydersen et al., Nat. Photonics 4, 686 (2010), arXiv:1008.4593.
    """

    name: ClassVar[str] = "blinding"
    summary: ClassVar[str] = "commands Bob's detectors by bright light; no error betrays her"
    needs: ClassVar[str] = "detectors"

    def measured_in(self, bases: tuple[str, ...]) -> tuple[str, ...]:
        """Bob's bases."""
        return bases

    def looks(self, count: int, choices: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Every pulse, in a basis drawn at random."""
        return rng.integers(1, choices + 1, count, dtype=np.uint8)

    def arriving(self, kinds: Sequence[Kind], link: QkdLink, choices: int) -> tuple[Unseen, ...]:
        """The chance that she sends nothing, whatever the share: bright pulses make up for a wrong basis."""
        return tuple(_withheld(kind, link, choices) for kind in kinds)

    def clicking(self, unseen: Unseen, shares: Array, detector: Detector) -> Array:
        """The detector that gets most of a bright pulse clicks; if two get as much, none does."""
        sent = 1 - unseen(np.ones(shares.shape[:-1]))
        ordered = np.sort(shares, axis=-1)
        clear = ordered[..., -1] > ordered[..., -2] + 1e-9
        made = np.zeros((*shares.shape[:-1], 2 ** shares.shape[-1]))
        for d in range(shares.shape[-1]):
            made[..., 1 << d] = sent * clear * (np.argmax(shares, axis=-1) == d)
        made[..., 0] = 1 - made[..., 1:].sum(axis=-1)
        return made


def _withheld(kind: Kind, link: QkdLink, choices: int) -> Unseen:
    count = np.arange(len(kind.numbers))
    for_wrong_bases = choices if link.detector.count == 2 else 1
    sent = np.minimum(1.0, for_wrong_bases * (1 - (1 - float(link.efficiency)) ** count))
    nothing = 1 - float(kind.numbers @ sent)
    return lambda shares: np.full(np.shape(shares), nothing)
