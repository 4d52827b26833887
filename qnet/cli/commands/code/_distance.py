"""The circuit distance of an experiment, as the commands about codes tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circuits.codes.distance import CircuitDistance
    from qnet.results import Figure
    from qnet.studies import CodePoint

__all__ = ["distance_figure", "distance_text", "told_distance"]

MOST, SOME_NOISE = 60_000, 0.001
WIDER = (3_000, 10_000)


def told_distance(point: CodePoint, *, thorough: bool = False) -> CircuitDistance | None:
    """The circuit distance of a memory, sought no longer than its sampling takes.

    Args:
        point: The memory; where it has no noise, that of its model at 0.1 % stands in.
        thorough: Whatever it takes.

    Returns:
        The bounds; None where more than 60 000 errors would have to be gone through.

    Example:
        >>> from qnet.studies import CodeStudy
        >>> (point,) = CodeStudy(codes=("surface:3",), noises=("uniform:0",)).points()
        >>> print(told_distance(point))
        3 (graphlike)
    """
    from circuits.codes.distance import circuit_distance

    if not point.noise.p:
        point = replace(point, noise=replace(point.noise, p=SOME_NOISE))
    circuit = point.circuit()
    errors = circuit.detector_error_model(approximate_disjoint_errors=True).num_errors
    if thorough:
        return circuit_distance(circuit)
    return None if errors > MOST else circuit_distance(circuit, search=2 + sum(errors <= k for k in WIDER))


def distance_figure(found: CircuitDistance | None) -> dict[str, Figure]:
    """The figure `circuit_distance`: the lower bound; where they differ, `bound` is the upper one or null."""
    from qnet.results import Figure

    if found is None:
        return {"circuit_distance": Figure(float("nan"))}
    upper = float("nan") if found.upper is None else found.upper
    return {"circuit_distance": Figure(found.lower, bound=None if found.exact else upper)}


def distance_text(found: CircuitDistance | None) -> str:
    """The same in words.

    Example:
        >>> distance_text(None)
        'circuit distance not sought among so many errors; qnet code memory --circuit-distance does'
    """
    if found is None:
        return "circuit distance not sought among so many errors; qnet code memory --circuit-distance does"
    return f"circuit distance {found}"
