"""Lattice surgery between two surface-code patches whose seam is a network link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import stim

from circuits.codes._extraction import Extraction, Stage, letters
from circuits.codes.link import Link
from circuits.codes.schedule import surface_schedule
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.surface import patch_checks, rotated_surface
from circuits.noise import CircuitNoise

__all__ = ["logical_bell_pair", "pairs_per_round"]


def logical_bell_pair(
    distance: int,
    *,
    rounds: int | None = None,
    link: Link | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """Two patches at two nodes, in logical |+⟩ each, whose joint Z⊗Z is measured by surgery.

    The patches lie side by side; for `rounds` rounds the checks of the joined patch are measured, of
    which those across the seam spend one pair of the link for every gate that crosses it: a round takes
    2d − 1 pairs for odd d, 2d for even d. Then the patches are apart for one round, and are read without
    noise. Observable 0 is X⊗X, observable 1 is Z⊗Z (with the outcome of the surgery).

    Qubit (row r, column c) of the joined patch has the number 2d·r + c, the left node holds the columns
    below d and the ancillas of the seam. Heralds are detectors with the tag `herald`.

    Args:
        distance: d of each patch, at least 2.
        rounds: Rounds of the joined patch; d when it is not given.
        link: The pairs of the link; perfect ones when it is not given.
        noise: Noise of all local operations.

    Raises:
        ValueError: A distance below 2, or rounds below 1.

    Source: Horsman et al., NJP 14, 123011 (2012), arXiv:1111.4022; seam noise: Ramette et al.,
    npj Quantum Inf. 10, 58 (2024), arXiv:2302.01296.

    >>> circuit = logical_bell_pair(3)
    >>> circuit.num_observables
    2
    """
    rounds = distance if rounds is None else rounds
    if rounds < 1:
        raise ValueError(f"rounds = {rounds}: the patches are joined for at least 1 round")
    joined, apart = _stages(distance)
    ancillas = sorted({*joined.ancillas, *apart.ancillas})
    extraction = Extraction(link=link, first_free=ancillas[-1] + 1)
    out = extraction.out
    out.add("RX", range(joined.code.n))
    out.add("R", ancillas)
    out.tick()
    extraction.round(joined, {check: () for check in joined.code.checks if "X" in check})
    new = [check for check in joined.code.checks if "Z" in check and check not in apart.code.checks]
    seam = [extraction.last[check] for check in new]
    extraction.repeat(joined, rounds - 1)
    _split(extraction, joined, apart)
    with out.noiseless():
        _read(extraction, apart, seam)
    return out.finish(noise)


def pairs_per_round(distance: int) -> int:
    """How many gates cross the seam in one round, each of which spends a pair.

    >>> pairs_per_round(5)
    9
    """
    return len(_stages(distance)[0].remote)


def _stages(distance: int) -> tuple[Stage, Stage]:
    """The joined patch and the two apart, on the same qubits, a check of both with the same ancilla."""
    whole = rotated_surface(2 * distance, distance)
    left, right = (_moved_patch(distance, column) for column in (0, distance))
    separate = StabilizerCode(
        name=f"two_patches:{distance}",
        checks=left[0] + right[0],
        logical_x=(left[1], right[1]),
        logical_z=(left[2], right[2]),
        distance=distance,
        coordinates=whole.coordinates,
    )
    number = {check: whole.n + k for k, check in enumerate(dict.fromkeys(whole.checks + separate.checks))}
    return _stage(whole, number), _stage(separate, number)


def _moved_patch(distance: int, column: int) -> tuple[tuple[str, ...], str, str]:
    """Checks, logical X (top row) and logical Z (beside the seam) of the patch that begins at a column."""
    checks = patch_checks(distance, distance, flipped=column % 2 == 1)
    inner = distance - 1 if column == 0 else 0

    def moved(string: str) -> str:
        rows = [string[r * distance : (r + 1) * distance] for r in range(distance)]
        return "".join("I" * column + row + "I" * (distance - column) for row in rows)

    row = "X" * distance + "I" * (distance**2 - distance)
    seam = ("I" * inner + "Z" + "I" * (distance - 1 - inner)) * distance
    return tuple(map(moved, checks)), moved(row), moved(seam)


def _stage(code: StabilizerCode, number: Mapping[str, int]) -> Stage:
    """Each check's ancilla sits at the node of its leftmost qubit; what crosses the seam is remote."""
    ancillas = tuple(number[check] for check in code.checks)
    half = max(x for x, _ in code.coordinates) / 2
    remote = set()
    for check, ancilla in zip(code.checks, ancillas, strict=True):
        right = {q: code.coordinates[q][0] > half for q in letters(check)}
        if not all(right.values()):
            remote |= {(ancilla, q) for q, there in right.items() if there}
    return Stage(code=code, schedule=surface_schedule(code), ancillas=ancillas, remote=frozenset(remote))


def _split(extraction: Extraction, joined: Stage, apart: Stage) -> None:
    """The first round apart. An X check of the seam is the product of the two edge checks that follow it."""
    out = extraction.out
    before = dict(extraction.last)
    halves = [check for check in apart.code.checks if check not in before]
    extraction.round(apart, {check: (check,) for check in apart.code.checks if check in before})
    for k, check in enumerate(joined.code.checks):
        if "X" in check and check not in apart.code.checks:
            pieces = [half for half in halves if letters(half).items() <= letters(check).items()]
            places = [before[check], *(extraction.last[piece] for piece in pieces)]
            out.detector(places, (*joined.place(k), -1.0))


def _read(extraction: Extraction, apart: Stage, seam: Sequence[int]) -> None:
    """Noiseless: every check once more, then X⊗X and Z⊗Z."""
    out, code = extraction.out, apart.code
    both = [{**letters(a), **letters(b)} for a, b in (code.logical_x, code.logical_z)]
    final = out.measure_products([*map(letters, code.checks), *both])
    for k, check in enumerate(code.checks):
        out.detector([extraction.last[check], final[k]], (*apart.place(k), 0.0))
    out.observable(0, [final[-2]])
    out.observable(1, [final[-1], *seam])
