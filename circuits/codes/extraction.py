"""The ways of syndrome extraction by name."""

from __future__ import annotations

from circuits.codes._bare import BareStage
from circuits.codes._extraction import Stage
from circuits.codes._flags import FlagStage
from circuits.codes._preparation import verified_variants
from circuits.codes._steane import SteaneStage
from circuits.codes.schedule import Schedule, parity_schedule, sequential_schedule, surface_schedule
from circuits.codes.stabilizer import StabilizerCode

__all__ = ["EXTRACTIONS", "default_schedule", "extraction_stage", "first_free"]

EXTRACTIONS = ("bare", "flag", "steane")


def extraction_stage(code: StabilizerCode, extraction: str, schedule: Schedule | None = None) -> Stage:
    """How the checks of a code are measured in each round.

    - `"bare"`: one ancilla a check (qubit n + k for check k). Keeps the distance of the surface code in its
      own schedule, and of the repetition and parity codes (and Shor's).
    - `"flag"`: one ancilla and one flag a check of more than two qubits (flag of check k of r: n + r + k).
      Keeps distance 3 of `five_qubit`, `steane` and `shor`, 2 of `four_two_two`.
    - `"steane"`: encoded ancilla blocks that verify each other, on qubits from n on; for CSS codes. Keeps
      the whole distance of `steane` (3), `golay` (7) and others.

    Args:
        code: The code, on qubits 0 … n−1.
        extraction: One of `EXTRACTIONS`.
        schedule: The order of the gates with bare ancillas; by default the code's own, or a sequential one.

    Raises:
        ValueError: Another extraction, a schedule for one that has none, Steane's for a code that is not
            CSS, or for one whose ancillas cannot be verified.

    >>> from circuits.codes.named import golay
    >>> extraction_stage(golay(), "steane").first
    23
    """
    if extraction not in EXTRACTIONS:
        raise ValueError(f"extraction = {extraction!r}: choose one of {', '.join(EXTRACTIONS)}")
    if schedule is not None and extraction != "bare":
        raise ValueError(f"schedule is given with extraction = {extraction!r}: only 'bare' takes one")
    n, count = code.n, len(code.checks)
    ancillas = tuple(range(n, n + count))
    if extraction == "flag":
        return FlagStage(code=code, ancillas=ancillas, flags=tuple(range(n + count, n + 2 * count)))
    if extraction == "steane":
        if not code.is_css:
            raise ValueError(f"extraction = 'steane': {code.name} has mixed checks, choose 'flag' or 'bare'")
        for letter in "XZ":
            verified_variants(code, letter)
        return SteaneStage(code=code, first=n)
    return BareStage(code=code, schedule=schedule or default_schedule(code), ancillas=ancillas)


def default_schedule(code: StabilizerCode) -> Schedule:
    """The own schedule of surface and parity codes (by name), else a sequential one."""
    family = code.name.partition(":")[0]
    own = {"rotated_surface": surface_schedule, "parity": parity_schedule, "shor": parity_schedule}
    return own.get(family, sequential_schedule)(code)


def first_free(stage: Stage) -> int:
    """The first qubit that a stage on qubits 0 … n−1 does not use."""
    code = stage.code
    if isinstance(stage, SteaneStage):
        copies = max(len(verified_variants(code, letter)) for letter in "XZ")
        return stage.first + copies * code.n
    return max((code.n - 1, *stage.helpers)) + 1
