"""What each protocol asks of its two ends: what they choose and announce, and which bits belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.quantum import Alphabet, Choices
from qnet.qkd.sessions.randomness import Randomness

__all__ = ["Held", "Scheme"]

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """What one end knows of the pulses that are left, row by row.

    Args:
        bases: Its bases.
        sent: The bits that it sent; None if it sends none.
        seen: The bits that it saw, or a station's announcement; None if there were none.
        intensities: Which intensities it sent; None if it has none.
    """

    bases: Bytes
    sent: Bytes | None = None
    seen: Bytes | None = None
    intensities: Bytes | None = None

    def __len__(self) -> int:
        return len(self.bases)

    def at(self, places: NDArray[np.bool_] | NDArray[np.int64]) -> Held:
        """A part of the rows."""
        sent, seen, lights = (None if row is None else row[places] for row in self._rest)
        return Held(bases=self.bases[places], sent=sent, seen=seen, intensities=lights)

    @property
    def _rest(self) -> tuple[Bytes | None, ...]:
        return self.sent, self.seen, self.intensities

    @classmethod
    def joined(cls, parts: list[Held]) -> Held:
        """Rows one after the other."""
        if not parts:
            return cls(bases=np.zeros(0, np.uint8), sent=np.zeros(0, np.uint8), seen=np.zeros(0, np.uint8))
        sent, seen, lights = (
            None if any(one is None for one in column) else np.concatenate(column)
            for column in zip(*(part._rest for part in parts), strict=True)
        )
        bases = np.concatenate([part.bases for part in parts])
        return cls(bases=bases, sent=sent, seen=seen, intensities=lights)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A protocol in which both ends announce their bases and keep what agrees, and the model of all others.

    Args:
        alice: What Alice chooses from.
        bob: What Bob chooses from.
        classes: Names of the classes of sifted bits. The first one is the key; the others are disclosed, and
            their error rates estimated.
        highest_qber: An error rate above which there is no use in going on.
    """

    alice: Alphabet
    bob: Alphabet
    classes: tuple[str, ...]
    highest_qber: float

    @property
    def alice_announces(self) -> bool:
        """Whether Alice has notes to announce."""
        return True

    @property
    def waits_for_bob(self) -> bool:
        """Whether Bob, once Alice has announced her notes, says what he keeps."""
        return False

    @property
    def note_width(self) -> int:
        """Bits of a note, as `Row` packs it."""
        return 1 if len(self.bob.bases) <= 2 else 2

    def prepare(self, alphabet: Alphabet, randomness: Randomness, count: int) -> Choices:
        """What one end chooses for so many pulses."""
        return Choices(
            bases=randomness.choices(alphabet.chances, count),
            bits=randomness.bits(count) if alphabet.sends else None,
            intensities=randomness.choices(alphabet.intensity_chances, count)
            if alphabet.intensities
            else None,
        )

    def conclusive(self, bob: Held) -> NDArray[np.bool_] | None:
        """Which clicks Bob keeps before Alice announces anything; None: all."""
        return None

    def alice_notes(self, alice: Held, randomness: Randomness) -> Bytes | None:
        """What Alice announces of each pulse."""
        return alice.bases

    def bob_notes(self, bob: Held) -> Bytes | None:
        """What Bob announces of each pulse."""
        return bob.bases

    def still_conclusive(self, bob: Held, alice_notes: Bytes | None) -> NDArray[np.bool_]:
        """Which pulses Bob keeps once Alice has announced her notes."""
        return np.ones(len(bob), bool)

    def labels(self, count: int, alice_notes: Bytes | None, bob_notes: Bytes | None) -> NDArray[np.int8]:
        """The class of each pulse, −1 for those that are dropped; both ends find the same."""
        assert alice_notes is not None
        assert bob_notes is not None
        return np.where(alice_notes == bob_notes, alice_notes.astype(np.int8), np.int8(-1))

    def alice_bits(self, alice: Held) -> Bytes:
        """Alice's bits."""
        found = alice.sent if self.alice.sends else alice.seen
        assert found is not None
        return found

    def bob_bits(self, bob: Held) -> Bytes:
        """Bob's bits, which without noise are Alice's."""
        assert bob.seen is not None
        return bob.seen

    def error_classes(self) -> tuple[int, ...]:
        """The classes, the key's apart, whose errors are errors of the channel."""
        return tuple(range(1, len(self.classes)))

    def checked_classes(self) -> tuple[int, ...]:
        """Those of them whose error rate must not be above the plan's."""
        return self.error_classes()

    def figures(self, rates: Mapping[str, float]) -> dict[str, float]:
        """Further figures, from the shares of unequal bits by class."""
        return {}
