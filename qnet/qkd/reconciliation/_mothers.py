"""The mother codes that come with the package, and how one is fitted to a block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.reconciliation._keys import entropy

__all__ = [
    "COLUMNS",
    "FEWEST_LANES",
    "LIFTS",
    "MOTHERS",
    "Code",
    "Fit",
    "best_fit",
    "code",
    "usual_efficiency",
]

COLUMNS, LIFTS = 400, (16, 64, 256)
# Base rows of the mothers, and the error rate that each was made for.
MOTHERS = {44: 0.011, 68: 0.02, 89: 0.03, 128: 0.05, 181: 0.08}
# The longest checks decode worse than those of another mother, punctured, where that one reaches, and need
# many lanes.
HIGHEST, FEWEST_LANES = {44: 0.006}, {44: 256}
Places = NDArray[np.int64]
# The f at which few first attempts fail, by lift and error rate: trials of 80 to 300 blocks.
TRIED = (0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.08, 0.11)
USUAL = {
    256: [1.7, 1.38, 1.21, 1.195, 1.18, 1.135, 1.1, 1.1, 1.12],
    64: [2.0, 1.5, 1.36, 1.31, 1.27, 1.2, 1.15, 1.12, 1.14],
    16: [2.6, 1.9, 1.6, 1.5, 1.45, 1.35, 1.25, 1.2, 1.22],
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Code:
    """A quasi-cyclic code: circulants by base rows, as the decoder wants them."""

    rows: int
    lift: int
    starts: Places
    columns: Places
    shifts: Places

    @property
    def checks(self) -> int:
        """Bits of a syndrome."""
        return self.rows * self.lift

    @property
    def length(self) -> int:
        """Bits of a word."""
        return COLUMNS * self.lift


@cache
def code(rows: int, lift: int) -> Code:
    """One of the codes in the package's file."""
    with np.load(Path(__file__).with_name("mothers.npz")) as stored:
        edges = stored[f"edges_{rows}"].astype(np.int64)
        shifts = stored[f"shifts_{rows}_{lift}"].astype(np.int64)
    starts = np.searchsorted(edges[:, 0], np.arange(rows + 1)).astype(np.int64)
    return Code(rows=rows, lift=lift, starts=starts, columns=np.ascontiguousarray(edges[:, 1]), shifts=shifts)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A mother code fitted to blocks of `longest` bits or fewer at an efficiency."""

    rows: int
    lift: int
    longest: int


def usual_efficiency(qber: float, lift: int) -> float:
    """The f at which few first attempts fail."""
    return float(np.interp(qber, TRIED, USUAL[lift]))


def best_fit(qber: float, efficiency: float, lift: int) -> Fit:
    """The mother code that must be punctured and shortened least.

    A block of L bits needs f L h parities; a mother of m checks and n bits gives m − p with p bits
    punctured, and n − p − L of the others are shortened: L is greatest where neither number is negative.
    """
    share = efficiency * entropy(qber)
    found = []
    for rows in MOTHERS:
        if qber > HIGHEST.get(rows, 1.0) or lift < FEWEST_LANES.get(rows, 0):
            continue
        checks, length = rows * lift, COLUMNS * lift
        found.append(
            Fit(rows=rows, lift=lift, longest=int(min(checks / share, (length - checks) / (1 - share))))
        )
    return max(found, key=lambda fit: fit.longest)
