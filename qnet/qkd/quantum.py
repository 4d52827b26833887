"""What a quantum layer is to a session: it proposes pulses, hears how they were made and measured, clicks.

Three parties only. Alice and Bob draw their own choices; the quantum channel (source, loss, Eve, detectors)
asks for them, pulse by pulse of those that may click at all, and tells Bob what he saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Alphabet", "Batch", "Choices", "Clicks", "Detections", "QuantumChannel"]

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Alphabet:
    """What one end chooses from, and how often.

    Args:
        bases: Names of its bases (or settings), such as `("Z", "X")`; choices are indices into them.
        chances: How often each is chosen.
        sends: Whether this end prepares states, and hence draws bits.
        intensities: Mean photon numbers that it chooses from; empty where there is nothing to choose.
        intensity_chances: How often each is chosen.

    Raises:
        ValueError: If there is no basis, or chances are none or do not add up to 1.
    """

    bases: tuple[str, ...]
    chances: tuple[float, ...]
    sends: bool
    intensities: tuple[float, ...] = ()
    intensity_chances: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.bases:
            raise ValueError("bases=() leave nothing to choose; give at least one")
        self._check("chances", self.chances, len(self.bases))
        if self.intensities or self.intensity_chances:
            self._check("intensity_chances", self.intensity_chances, len(self.intensities))

    def _check(self, name: str, chances: tuple[float, ...], count: int) -> None:
        if len(chances) != count or min(chances) < 0 or abs(sum(chances) - 1) > 1e-9:
            raise ValueError(f"{name}={chances!r} must be {count} probabilities that add up to 1")


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch:
    """Pulses that may click, by number: rising within a batch and from batch to batch; each is proposed once.

    Args:
        numbers: int64, shape (n,), from 0.
    """

    numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, kw_only=True, eq=False)
class Choices:
    """How one end prepared or measured the pulses of a batch, in their order.

    Args:
        bases: uint8, shape (n,), indices into the alphabet's bases.
        bits: uint8, shape (n,), the bits that were sent; None where this end only measures.
        intensities: uint8, shape (n,), indices into the alphabet's intensities; None where it has none.
    """

    bases: Bytes
    bits: Bytes | None = None
    intensities: Bytes | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Clicks:
    """What one end saw of a batch. Double clicks have a random bit already.

    Args:
        clicked: bool, shape (n,): which pulses of the batch clicked.
        bits: uint8, shape (clicks,): the outcomes, in order. Where a station between the ends announces a
            Bell state, that is its number: 1 for the sign minus, plus 2 for Ψ (Φ+ 0, Φ− 1, Ψ+ 2, Ψ− 3).
        bases: uint8, shape (clicks,), of a receiver that leaves its basis to a beam splitter: the bases in
            which it saw them, whatever was asked for. None: as asked for.
    """

    clicked: NDArray[np.bool_]
    bits: Bytes
    bases: Bytes | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Detections:
    """What the two ends are told of a batch.

    Args:
        bob: Bob's clicks, or a station's announcement.
        alice: Alice's clicks if she measures, the announcement (the same as Bob's) if a station measures, and
            None if she only sends: then she learns nothing but which pulses were proposed.
    """

    bob: Clicks
    alice: Clicks | None = None


@runtime_checkable
class QuantumChannel(Protocol):
    """Source, loss, Eve and detectors, with randomness of their own.

    `propose` and `detect` are called in turn until `propose` returns None.
    """

    @property
    def pulses(self) -> int:
        """How many pulses are sent in all, those included that never may click."""

    @property
    def simulated(self) -> bool:
        """Whether the physics is simulated: then so is every key."""

    def propose(self) -> Batch | None:
        """The next pulses that may click; None when all pulses have been sent."""

    def detect(self, batch: Batch, alice: Choices, bob: Choices) -> Detections:
        """What the ends see of the batch that was proposed last, given how they prepared and measured it."""
