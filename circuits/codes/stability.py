"""The stability experiment: a product of checks is watched through time."""

from __future__ import annotations

import stim

from circuits.codes._extraction import Extraction, support
from circuits.codes.extraction import extraction_stage
from circuits.codes.schedule import surface_schedule
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.surface import closed_checks
from circuits.noise import CircuitNoise

__all__ = ["closed_patch", "stability"]


def closed_patch(width: int, height: int, *, basis: str = "Z") -> StabilizerCode:
    """A surface-code patch whose four edges are of one kind: it encodes nothing.

    The product of all checks of that kind is the identity, so that the product of their outcomes is
    certain in every round.

    Args:
        width: An even number of columns.
        height: An even number of rows.
        basis: "Z" or "X", the kind of the edges.

    Raises:
        ValueError: A width or height that is odd or below 2, or another basis.

    >>> closed_patch(4, 4).parameters
    (16, 0, None)
    """
    for name, value in (("width", width), ("height", height)):
        if value < 2 or value % 2:
            raise ValueError(
                f"{name} = {value}: a patch with four edges of one kind has even sides from 2 on"
            )
    if basis not in ("X", "Z"):
        raise ValueError(f"basis = {basis!r}: choose 'X' or 'Z'")
    left = int(basis == "Z")  # X checks sit where x + y is odd, as in every patch
    return StabilizerCode(
        name=f"closed_patch:{width},{height}",
        checks=closed_checks(width, height, basis),
        coordinates=tuple((float(q % width + left), float(q // width)) for q in range(width * height)),
        source="arXiv:2204.13834",
    )


def stability(
    width: int,
    height: int | None = None,
    *,
    rounds: int,
    basis: str = "Z",
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """How well a product of check outcomes is known: the dual of a memory, as surgery needs it.

    The data qubits start and end in the other basis, so that the checks of `basis` are random at first and
    only their product is certain. Observable 0 is that product in the first round: a chain of errors
    through all rounds flips it, so that the circuit distance is `rounds`, whatever the size. Bare
    ancillas in the surface code's schedule.

    Args:
        width: An even number of columns.
        height: An even number of rows; `width` when it is not given.
        rounds: Rounds of syndrome extraction, at least 1.
        basis: "Z" or "X", the kind of the checks whose product is watched.
        noise: Applied to every layer; None for a noiseless circuit.

    Raises:
        ValueError: `rounds` below 1; what `closed_patch` refuses.

    Source: Gidney, Quantum 6, 786 (2022), arXiv:2204.13834.

    >>> stability(4, rounds=5).num_observables
    1
    """
    if rounds < 1:
        raise ValueError(f"rounds = {rounds}: the product is watched for at least 1 round")
    code = closed_patch(width, width if height is None else height, basis=basis)
    stage = extraction_stage(code, "bare", surface_schedule(code))
    written, other = Extraction(), "X" if basis == "Z" else "Z"
    out, suffix = written.out, "X" if other == "X" else ""
    out.data(range(code.n), code.coordinates)
    out.add(f"R{suffix}", range(code.n))
    out.add("R", stage.helpers)
    out.tick()
    certain = [check for check in code.checks if other in check]
    written.round(stage, dict.fromkeys(certain, ()))
    out.observable(0, [p for check in code.checks if basis in check for p in written.last[check]])
    written.repeat(stage, rounds - 1)
    read = out.measure(f"M{suffix}", range(code.n))
    for check in certain:
        where = stage.mark(code.checks.index(check))
        out.detector([*(read[q] for q in support(check)), *written.last[check]], where)
    return out.finish(noise)
