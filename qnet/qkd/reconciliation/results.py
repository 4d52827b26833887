"""What a reconciliation did: the key, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.reconciliation._keys import entropy

__all__ = ["Reconciliation"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Reconciliation:
    """The outcome of a reconciliation at Bob's end, with what was disclosed.

    Whether both keys are equal is for the verification to say; a decoder that gave up says so in `decoded`.

    Args:
        method: "cascade" or "ldpc".
        schedule: The parameter set and the schedule; a figure for f means little without it.
        key: Bob's corrected bits. They are kept out of the repr.
        block_lengths: Bits of each block.
        disclosed: Bits that Alice disclosed about each block, as asked.
        corrected: Bits that were flipped in each block.
        round_trips: Questions (of many blocks at once) that were sent and answered.
        rounds: Round trips that each block took part in.
        decoded: Whether each block met all that Alice told about it.
    """

    method: str
    schedule: str
    key: NDArray[np.uint8] = field(repr=False)
    block_lengths: NDArray[np.int64] = field(repr=False)
    disclosed: NDArray[np.int64] = field(repr=False)
    corrected: NDArray[np.int64] = field(repr=False)
    round_trips: int
    rounds: NDArray[np.int64] = field(repr=False)
    decoded: NDArray[np.bool_] = field(repr=False)

    @property
    def leaked_bits(self) -> int:
        """All bits that Alice disclosed."""
        return int(self.disclosed.sum())

    @property
    def error_rate(self) -> float:
        """The share of Bob's bits that were flipped."""
        return float(self.corrected.sum() / self.block_lengths.sum())

    def efficiency(self, qber: float | None = None) -> float:
        """f: the disclosed bits over n h(qber), the least possible; infinite where nothing was wrong.

        Args:
            qber: The error rate; that which was found, when None.
        """
        least = float(self.block_lengths.sum()) * entropy(self.error_rate if qber is None else qber)
        return self.leaked_bits / least if least else float("inf")
