"""`InterceptResend`: Eve measures and sends on what she saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.eavesdroppers._checks import check_share
from qnet.qkd.eavesdroppers.shape import Eavesdropper

__all__ = ["InterceptResend"]


@dataclass(frozen=True, kw_only=True)
class InterceptResend(Eavesdropper):
    """Eve measures a share of the pulses, each in a basis drawn at random, and sends on what she saw.

    Of a weak pulse she counts the photons without loss and sends on as many, all in the state that she saw
    (the majority, if they differ), so that the gains tell nothing of her: only the errors do. Of pairs she
    measures the photons on their way to Bob, of MDI those from Alice. Choosing among all bases of the
    protocol she causes 25 % of errors in each basis of BB84, 33.3 % in each of the six-state protocol.

    Args:
        share: The share of the pulses that she measures; the others she lets go.
        bases: The names of the bases among which she chooses, all alike, such as `("Z",)`; none: all of
            Bob's.

    Raises:
        ValueError: If `share` is not from 0 to 1.
        ValueError: If a basis is named twice, or is no name.

    Example:
        >>> InterceptResend(share=0.5).measured_in(("Z", "X", "Y"))
        ('Z', 'X', 'Y')
        >>> InterceptResend(bases=("Z",)).measured_in(("Z", "X"))
        ('Z',)
    """

    name: ClassVar[str] = "intercept-resend"
    summary: ClassVar[str] = "measures a share of the pulses and sends on what she saw"

    share: float = 1.0
    bases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_share(self.share)
        named = tuple(self.bases)
        object.__setattr__(self, "bases", named)
        if len(set(named)) < len(named) or not all(isinstance(one, str) and one for one in named):
            raise ValueError(f"bases={named!r} must be different names of bases, such as ('Z', 'X')")

    def measured_in(self, bases: tuple[str, ...]) -> tuple[str, ...]:
        """Her own bases, or the protocol's."""
        return self.bases or bases

    def looks(self, count: int, choices: int, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Some pulses in none, the others in a basis drawn at random."""
        drawn = rng.integers(1, choices + 1, count, dtype=np.uint8)
        return drawn if self.share == 1 else drawn * (rng.random(count) < self.share)
