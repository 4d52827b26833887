"""`Interception`: the states that Eve measures and sends on, and `Overheard`: what she noted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.eavesdroppers import Eavesdropper
from qnet.qkd.photons._bloch import directions

__all__ = ["Interception", "Overheard"]

Bytes = NDArray[np.uint8]


class Overheard:
    """What Eve noted of the pulses that clicked, for those who study her; it is sent to nobody.

    Attributes:
        names: The bases in which she measures.
    """

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        self.names = names
        self._open: tuple[NDArray[np.int64], Bytes, Bytes] | None = None
        self._kept: list[tuple[NDArray[np.int64], Bytes, Bytes]] = []

    def note(self, numbers: NDArray[np.int64], looks: Bytes, bits: Bytes) -> None:
        """What she saw of a batch, before it is known which pulses click."""
        self._open = (numbers, looks, bits)

    def keep(self, clicked: NDArray[np.bool_]) -> None:
        """Which of them clicked."""
        if self._open is None:
            return
        numbers, looks, bits = self._open
        mine = clicked & (looks > 0)
        self._kept.append((numbers[mine], looks[mine] - np.uint8(1), bits[mine]))
        self._open = None

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the pulses that she measured and that clicked."""
        return np.concatenate([np.zeros(0, np.int64), *(one[0] for one in self._kept)])

    @property
    def bases(self) -> Bytes:
        """In which basis she measured each, an index into `names`."""
        return np.concatenate([np.zeros(0, np.uint8), *(one[1] for one in self._kept)])

    @property
    def bits(self) -> Bytes:
        """What she saw."""
        return np.concatenate([np.zeros(0, np.uint8), *(one[2] for one in self._kept)])


class Interception:
    """Pulses of one sender on their way past Eve.

    Args:
        eve: Who measures; None: nobody.
        sent: The bases of the sender.
        protocol: The bases among which she chooses if she has none of her own.
        keep_notes: Whether what she sees is kept.

    Attributes:
        names: The bases in which she measures.
        states: The bases of all states that may arrive: the sender's, then those that only Eve has.
        vectors: Their directions, shape (states, 3).
        overheard: What she noted.

    Raises:
        ValueError: If a basis is unknown.
    """

    def __init__(
        self,
        eve: Eavesdropper | None,
        sent: tuple[str, ...],
        protocol: tuple[str, ...],
        *,
        keep_notes: bool = False,
    ) -> None:
        self.eve = eve or Eavesdropper()
        self.names = self.eve.measured_in(protocol)
        self.states = (*sent, *(name for name in self.names if name not in sent))
        self.vectors = directions(self.states)
        self.overheard, self._keep_notes = Overheard(self.names), keep_notes
        self._places = np.array([self.states.index(name) for name in self.names], np.uint8)

    def passed_on(
        self, numbers: NDArray[np.int64], bases: Bytes, bits: Bytes, rng: np.random.Generator
    ) -> tuple[Bytes, Bytes]:
        """Bases (indices into `states`) and bits of the states that arrive."""
        if not self.names:
            return bases, bits
        looks = self.eve.looks(len(bases), len(self.names), rng)
        seen = np.flatnonzero(looks)
        hers = self._places[looks[seen] - 1]
        agree = (1 + np.sum(self.vectors[bases[seen]] * self.vectors[hers], axis=1)) / 2
        bases, bits = bases.copy(), bits.copy()
        bits[seen] ^= rng.random(len(seen)) >= agree
        bases[seen] = hers
        if self._keep_notes:
            self.overheard.note(numbers, looks, bits)
        return bases, bits
