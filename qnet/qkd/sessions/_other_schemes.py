"""The schemes in which it is not equal bases that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.quantum import Alphabet, Choices
from qnet.qkd.sessions.randomness import Randomness
from qnet.qkd.sessions.schemes import Held, Scheme

__all__ = ["ConclusiveScheme", "EkertScheme", "PairScheme", "StationScheme"]

Bytes = NDArray[np.uint8]

_KEY_ANGLES = ((1, 0), (2, 1))
_TEST_ANGLES = {(0, 0): -1, (0, 2): 1, (2, 0): -1, (2, 2): -1}


@dataclass(frozen=True, kw_only=True)
class ConclusiveScheme(Scheme):
    """B92: Alice's bit is which of two states she sends; Bob keeps what rules one out.

    Source: C. H. Bennett, Phys. Rev. Lett. 68, 3121 (1992).
    """

    @property
    def alice_announces(self) -> bool:
        """She announces nothing."""
        return False

    def prepare(self, alphabet: Alphabet, randomness: Randomness, count: int) -> Choices:
        """Both ends choose bases; the state in it is always the first."""
        chosen = super().prepare(alphabet, randomness, count)
        bits = np.zeros(count, np.uint8) if alphabet.sends else None
        return Choices(bases=chosen.bases, bits=bits, intensities=chosen.intensities)

    def conclusive(self, bob: Held) -> NDArray[np.bool_] | None:
        """The outcome 1 rules out the state of the basis that was measured."""
        assert bob.seen is not None
        return np.asarray(bob.seen == 1)

    def alice_notes(self, alice: Held, randomness: Randomness) -> Bytes | None:
        """She announces nothing."""
        return None

    def bob_notes(self, bob: Held) -> Bytes | None:
        """He announces nothing but what he keeps."""
        return None

    def labels(self, count: int, alice_notes: Bytes | None, bob_notes: Bytes | None) -> NDArray[np.int8]:
        """All that is conclusive is key."""
        return np.zeros(count, np.int8)

    def alice_bits(self, alice: Held) -> Bytes:
        """The number of her state."""
        return alice.bases

    def bob_bits(self, bob: Held) -> Bytes:
        """The state that is left: that of the other basis."""
        return 1 - bob.bases


@dataclass(frozen=True, kw_only=True)
class PairScheme(Scheme):
    """SARG04: Alice announces a pair of states, one of each basis; Bob keeps what rules one of them out.

    Source: V. Scarani et al., Phys. Rev. Lett. 92, 057901 (2004), arXiv:quant-ph/0211131.
    """

    @property
    def note_width(self) -> int:
        """A pair of states is two bits."""
        return 2

    @property
    def waits_for_bob(self) -> bool:
        """He keeps what the announced pair makes conclusive."""
        return True

    def alice_notes(self, alice: Held, randomness: Randomness) -> Bytes | None:
        """The pair's Z state in the lowest bit, its X state in the next: hers, and one drawn at random."""
        assert alice.sent is not None
        partner = randomness.bits(len(alice))
        z = np.where(alice.bases == 0, alice.sent, partner)
        x = np.where(alice.bases == 0, partner, alice.sent)
        return np.asarray(z | x << 1)

    def bob_notes(self, bob: Held) -> Bytes | None:
        """He announces nothing but what he keeps."""
        return None

    def still_conclusive(self, bob: Held, alice_notes: Bytes | None) -> NDArray[np.bool_]:
        """An outcome that is not the announced state of the basis measured rules that state out."""
        assert bob.seen is not None
        assert alice_notes is not None
        return np.asarray((alice_notes >> bob.bases & 1) != bob.seen)

    def labels(self, count: int, alice_notes: Bytes | None, bob_notes: Bytes | None) -> NDArray[np.int8]:
        """All that is conclusive is key."""
        return np.zeros(count, np.int8)

    def alice_bits(self, alice: Held) -> Bytes:
        """The basis of her state: 0 for X, 1 for Z."""
        return 1 - alice.bases

    def bob_bits(self, bob: Held) -> Bytes:
        """The state that is left is that of the other basis."""
        return bob.bases


@dataclass(frozen=True, kw_only=True)
class StationScheme(Scheme):
    """MDI: both send, a station between them announces a Bell state; Bob flips as it asks.

    Source: H.-K. Lo, M. Curty, B. Qi, Phys. Rev. Lett. 108, 130503 (2012).
    """

    def checked_classes(self) -> tuple[int, ...]:
        """Two weak pulses of random phase have a quarter of errors in X by themselves: no sign of anybody."""
        return () if self.alice.intensities else self.error_classes()

    def bob_bits(self, bob: Held) -> Bytes:
        """His bits, flipped in Z where the state is Ψ, in X where its sign is minus."""
        assert bob.seen is not None
        assert bob.sent is not None
        return np.asarray(bob.sent ^ (np.where(bob.bases == 0, bob.seen >> 1, bob.seen) & 1), dtype=np.uint8)


@dataclass(frozen=True, kw_only=True)
class EkertScheme(Scheme):
    """E91: singlets at three angles a side: equal ones make the key, four others a Bell test.

    Source: A. K. Ekert, Phys. Rev. Lett. 67, 661 (1991).
    """

    def labels(self, count: int, alice_notes: Bytes | None, bob_notes: Bytes | None) -> NDArray[np.int8]:
        """Class 0 for equal angles, 1 to 4 for the Bell test."""
        assert alice_notes is not None
        assert bob_notes is not None
        table = np.full((3, 3), -1, np.int8)
        for pair in _KEY_ANGLES:
            table[pair] = 0
        for place, pair in enumerate(_TEST_ANGLES):
            table[pair] = 1 + place
        return table[alice_notes, bob_notes]

    def bob_bits(self, bob: Held) -> Bytes:
        """The opposite of what he saw."""
        assert bob.seen is not None
        return 1 - bob.seen

    def error_classes(self) -> tuple[int, ...]:
        """Unequal bits of the Bell test are no errors."""
        return ()

    def figures(self, rates: Mapping[str, float]) -> dict[str, float]:
        """The CHSH value S: above 2 no local model explains the correlations."""
        signs = zip(self.classes[1:], _TEST_ANGLES.values(), strict=True)
        # Bob's bits are flipped, which turns the sign of every correlation.
        return {"chsh_s": -sum(sign * (1 - 2 * rates[name]) for name, sign in signs)}
