"""Memory experiments: a logical qubit is kept for some rounds and then read."""

from __future__ import annotations

import stim

from circuits.codes._extraction import Extraction, letters, support
from circuits.codes.extraction import extraction_stage, first_free
from circuits.codes.schedule import Schedule
from circuits.codes.stabilizer import StabilizerCode
from circuits.noise import CircuitNoise

__all__ = ["bell_memory", "memory"]


def memory(
    code: StabilizerCode,
    *,
    rounds: int,
    basis: str = "Z",
    extraction: str = "bare",
    schedule: Schedule | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """Every logical qubit is prepared in one basis, kept, and read in the same basis.

    Data qubits have the numbers 0 … n−1, what extraction needs those from n on. Detectors carry
    (x, y, round), the mean place of the check; observable i is logical operator i of the basis.

    Args:
        code: A code whose checks are each of one kind (CSS).
        rounds: Rounds of syndrome extraction, at least 1.
        basis: "Z" or "X".
        extraction: "bare", "flag" or "steane", see `extraction_stage`.
        schedule: The order of the gates with bare ancillas; by default the code's own, or a sequential one.
        noise: Applied to every layer; None for a noiseless circuit.

    Returns:
        A circuit whose detectors and observables are certain without noise.

    Raises:
        ValueError: `rounds` below 1, a code that encodes nothing, another basis, or a code that is not
            CSS (use `bell_memory`); what `extraction_stage` refuses.

    >>> from circuits.codes.surface import rotated_surface
    >>> circuit = memory(rotated_surface(3), rounds=3)
    >>> circuit.num_detectors, circuit.num_observables
    (24, 1)
    """
    _check(code, rounds)
    if basis not in ("X", "Z"):
        raise ValueError(f"basis = {basis!r}: choose 'X' or 'Z'")
    if not code.is_css:
        raise ValueError(f"{code.name} has mixed checks, of which one basis shows nothing: use bell_memory")
    stage = extraction_stage(code, extraction, schedule)
    written = Extraction()
    out, suffix = written.out, "X" if basis == "X" else ""
    out.data(range(code.n), code.coordinates)
    out.add(f"R{suffix}", range(code.n))
    out.add("R", stage.helpers)
    out.tick()
    certain = [check for check in code.checks if basis in check]
    written.round(stage, dict.fromkeys(certain, ()))
    written.repeat(stage, rounds - 1)
    read = out.measure(f"M{suffix}", range(code.n))
    for check in certain:
        where = stage.mark(code.checks.index(check))
        out.detector([*(read[q] for q in support(check)), *written.last[check]], where)
    for i, logical in enumerate(code.logical_x if basis == "X" else code.logical_z):
        out.observable(i, [read[q] for q in support(logical)])
    return out.finish(noise)


def bell_memory(
    code: StabilizerCode,
    *,
    rounds: int,
    extraction: str = "bare",
    schedule: Schedule | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """Every logical qubit starts as half of a Bell pair with a noiseless reference qubit.

    Both observables are read in one circuit: observable 2i is X_i times the X of reference i (a logical
    Z error flips it), 2i + 1 the same for Z. The first projection and the last are noiseless.

    Args:
        code: Any stabilizer code.
        rounds: Rounds of syndrome extraction, at least 1.
        extraction: "bare", "flag" or "steane", see `extraction_stage`.
        schedule: The order of the gates with bare ancillas.
        noise: Applied to every layer of the rounds; None for a noiseless circuit.

    Raises:
        ValueError: `rounds` below 1, a code that encodes nothing; what `extraction_stage` refuses.

    >>> from circuits.codes.named import five_qubit
    >>> bell_memory(five_qubit(), rounds=1).num_observables
    2
    """
    _check(code, rounds)
    stage = extraction_stage(code, extraction, schedule)
    written = Extraction()
    out, references = written.out, first_free(stage)
    out.data(range(code.n), code.coordinates)
    with out.noiseless():
        first = out.measure_products(_products(code, references))
    written.last = {check: (place,) for check, place in zip(code.checks, first, strict=False)}
    out.add("R", stage.helpers)
    out.tick()
    written.round(stage, {check: (check,) for check in code.checks})
    written.repeat(stage, rounds - 1)
    with out.noiseless():
        final = out.measure_products(_products(code, references))
        for k, check in enumerate(code.checks):
            out.detector([*written.last[check], final[k]], stage.mark(k))
        for i in range(2 * code.k):
            place = len(code.checks) + i
            out.observable(i, [first[place], final[place]])
    return out.finish(noise)


def _check(code: StabilizerCode, rounds: int) -> None:
    if rounds < 1:
        raise ValueError(f"rounds = {rounds}: a memory is kept for at least 1 round")
    if code.k == 0:
        raise ValueError(f"{code.name} encodes no qubit: there is nothing to keep")


def _products(code: StabilizerCode, first: int) -> list[dict[int, str]]:
    """The checks, then X_i ⊗ X and Z_i ⊗ Z with the reference qubit first + i."""
    found = [letters(check) for check in code.checks]
    for i in range(code.k):
        reference = first + i
        found.append({**letters(code.logical_x[i]), reference: "X"})
        found.append({**letters(code.logical_z[i]), reference: "Z"})
    return found
