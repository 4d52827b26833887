"""How the mother codes are made: degrees by a linear programme on EXIT curves, a base graph by PEG, a lift.

The results are kept in `mothers.npz`; `python -m qnet.qkd.reconciliation._design` makes that file again.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Degrees", "best_degrees", "lifted", "peg", "write_mothers"]

Floats = NDArray[np.float64]
Degrees = dict[int, float]

VARIABLE_DEGREES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30)
COLUMNS, LIFTS = 400, (16, 64, 256)
ROWS = {0.011: 44, 0.02: 68, 0.03: 89, 0.05: 128, 0.08: 181}
FILE = Path(__file__).with_name("mothers.npz")


def _information(mean: Floats, offset: float) -> Floats:
    """1 − E[log2(1 + exp(−L))] of L = offset + N(mean, 2 mean), by Gauss–Hermite."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    values = offset + mean[:, None] + np.sqrt(2 * mean)[:, None] * nodes
    return 1 - (np.logaddexp(0, -values) / math.log(2)) @ weights / math.sqrt(2 * math.pi)


def _exit_curves(qber: float, grid: Floats, check: float) -> Floats:
    """What a variable of each degree gives back where the checks were told `grid` (rows: points)."""
    means = np.concatenate([[0.0], np.geomspace(1e-6, 200, 4000)])
    table = _information(means, 0.0)
    inverse = np.interp(1 - grid, table, means)
    low = math.floor(check)
    share_high = (check - low) * (low + 1) / check
    told = np.zeros_like(grid)
    for degree, share in ((low, 1 - share_high), (low + 1, share_high)):
        told += share * (1 - np.interp((degree - 1) * inverse, means, table))
    mean = np.interp(told, table, means)
    llr = math.log((1 - qber) / qber)
    curves = [
        (1 - qber) * _information((d - 1) * mean, llr) + qber * _information((d - 1) * mean, -llr)
        for d in VARIABLE_DEGREES
    ]
    return np.array(curves).T


def best_degrees(qber: float, check: float) -> tuple[float, Degrees]:
    """The degrees (shares of edges) of the highest rate that decodes at an error rate.

    The linear programme of Richardson, Shokrollahi and Urbanke (doi:10.1109/18.910578) on mutual information
    (ten Brink, Kramer, Ashikhmin, doi:10.1109/TCOMM.2004.826370): exact channel, Gaussian messages, a bound
    on degree 2 for stability.

    Args:
        qber: Error rate of the channel.
        check: Mean degree of the checks.

    Returns:
        Checks per variable, and the share of edges of each degree.
    """
    from scipy.optimize import linprog

    grid = 1 - np.geomspace(1, 1e-5, 160)[1:]
    grid = np.concatenate([np.linspace(0, grid[40], 80), grid[40:]])
    curves = _exit_curves(qber, grid, check)
    inverse = 1 / np.array(VARIABLE_DEGREES, float)
    stable = 1 / (2 * math.sqrt(qber * (1 - qber)) * (check - 1))
    bounds = [(0, min(1.0, stable) if d == 2 else 1) for d in VARIABLE_DEGREES]
    solved = linprog(
        -inverse,
        A_ub=-curves,
        b_ub=-(grid + 1e-5 * (1 - grid)),
        A_eq=[np.ones(inverse.size)],
        b_eq=[1.0],
        bounds=bounds,
    )
    if not solved.success:
        return 1.0, {}
    shares = {d: float(x) for d, x in zip(VARIABLE_DEGREES, solved.x, strict=True) if x > 1e-4}
    return float(1 / check / (inverse @ solved.x)), shares


def degrees_of(rows: int) -> tuple[float, Degrees]:
    """The error rate that a code of some rows can stand at best, and the share of nodes of each degree."""
    wanted, best = rows / COLUMNS, (0.0, Degrees())
    low, high = 0.002, 0.2
    for _ in range(9):
        middle = math.sqrt(low * high)
        found = min((best_degrees(middle, check) for check in _checks(wanted)), key=lambda one: one[0])
        if found[0] <= wanted and found[1]:
            low, best = middle, (middle, found[1])
        else:
            high = middle
    total = sum(share / degree for degree, share in best[1].items())
    return best[0], {degree: share / degree / total for degree, share in best[1].items()}


def _checks(wanted: float) -> list[float]:
    """Mean degrees of the checks worth a trial: variables have from 4.4 to 6.2 edges."""
    return [round(edges / wanted * 2) / 2 for edges in np.linspace(4.4, 6.2, 10)]


def node_degrees(shares: Degrees, columns: int = COLUMNS) -> list[int]:
    """A whole number of columns of each degree, small degrees first."""
    counts = {degree: share * columns for degree, share in sorted(shares.items())}
    whole = {degree: math.floor(count) for degree, count in counts.items()}
    for degree in sorted(counts, key=lambda d: whole[d] - counts[d])[: columns - sum(whole.values())]:
        whole[degree] += 1
    return [degree for degree in sorted(whole) for _ in range(whole[degree])]


def peg(degrees: list[int], rows: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Edges (row, column) placed one by one where the shortest cycle is longest (Hu, Eleftheriou, Arnold).

    doi:10.1109/TIT.2004.839541; among equals the row of least degree, then by chance.
    """
    at_row: list[list[int]] = [[] for _ in range(rows)]
    at_column: list[list[int]] = [[] for _ in degrees]
    for column, degree in enumerate(degrees):
        for _ in range(degree):
            reached = _farthest(column, at_row, at_column)
            load = np.array([len(at_row[row]) for row in reached])
            lightest = np.asarray(reached)[load == load.min()]
            row = int(rng.choice(lightest))
            at_row[row].append(column)
            at_column[column].append(row)
    return [(row, column) for row in range(rows) for column in sorted(at_row[row])]


def _farthest(column: int, at_row: list[list[int]], at_column: list[list[int]]) -> list[int]:
    """The rows that a column reaches last, or not at all."""
    rows = set(range(len(at_row)))
    seen, front, columns = set(at_column[column]), set(at_column[column]), {column}
    while True:
        following = {c for row in front for c in at_row[row]} - columns
        columns |= following
        new = {row for c in following for row in at_column[c]} - seen
        if not new or len(seen) + len(new) == len(rows):
            return sorted(rows - seen)
        seen |= new
        front = new


def lifted(edges: list[tuple[int, int]], size: int, rng: np.random.Generator) -> list[int]:
    """A shift for each edge such that the lifted graph has no cycle of length 4 (random otherwise)."""
    shift: dict[tuple[int, int], int] = {}
    columns: dict[int, list[int]] = {}
    rows: dict[int, list[int]] = {}
    for row, column in sorted(edges, key=lambda edge: edge[1]):
        forbidden = set()
        for other_row in columns.get(column, []):
            for other in rows.get(row, []):
                if (other_row, other) in shift:
                    turn = shift[other_row, column] - shift[other_row, other] + shift[row, other]
                    forbidden.add(turn % size)
        free = sorted(set(range(size)) - forbidden) or list(range(size))
        shift[row, column] = int(rng.choice(free))
        columns.setdefault(column, []).append(row)
        rows.setdefault(row, []).append(column)
    return [shift[edge] for edge in edges]


def write_mothers(path: Path = FILE) -> None:
    """Make all mother codes, and write them."""
    arrays: dict[str, Any] = {}
    for qber, rows in ROWS.items():
        threshold, shares = degrees_of(rows)
        degrees = node_degrees(shares)
        rng = np.random.default_rng(round(1e4 * qber))
        edges = peg(degrees, rows, rng)
        print(qber, rows, threshold, shares, len(edges), flush=True)
        arrays[f"edges_{rows}"] = np.array(edges, np.uint16)
        for size in LIFTS:
            arrays[f"shifts_{rows}_{size}"] = np.array(lifted(edges, size, rng), np.uint8)
    np.savez_compressed(path, **arrays)


if __name__ == "__main__":
    write_mothers()
