"""Links that are simulated for the comparison, once, and kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Executor

from qnet.repeaters.chains import Chain
from qnet.repeaters.comparison.candidates import KeptPairs
from qnet.repeaters.conditions import Conditions
from qnet.repeaters.encoded_link import EncodedLink
from qnet.repeaters.logical_pair import LogicalPair
from qnet.repeaters.simulation import simulated_pairs

__all__ = ["simulated_source"]

MOST_SHOTS = 200_000
WORST = 0.25


def simulated_source(
    scheme: str,
    gate_errors: Sequence[float],
    *,
    precision: float | None = 0.1,
    max_shots: int = MOST_SHOTS,
    seed: int | None = None,
    executor: Executor | None = None,
    save_resume: str | os.PathLike[str] | None = None,
) -> KeptPairs:
    """A source of logical pairs for the second generation, simulated at some gate errors.

    The local noise is uniform, ε_G; pairs are Werner of 1 − 5ε_G/4. A station's swap is charged as much as a
    link with perfect pairs under the same noise: it is a joint measurement inside one node. Points where no
    error is seen in the shots are left out, as are those whose pair is worse than 1 − F = ¼.

    Args:
        scheme: `"surgery:5"` (a distance after a colon), `"steane"`, `"golay"` …
        gate_errors: ε_G of each point.
        precision: Relative standard error of each 1 − F.
        max_shots: Shots of each point at most.
        seed: Of all shots.
        executor: Who samples; None for this process.
        save_resume: sinter's CSV, in which the counts are kept; what it holds is not drawn again.

    Raises:
        ValueError: If there is no such scheme.

    Example:
        >>> source = simulated_source("surgery:3", [3e-3], precision=0.2, seed=1)
        >>> pair = source.pair(Conditions(length_km=100, gate_error=3e-3, coupling=1.0))
        >>> pair.source, pair.pairs, 0.01 < pair.infidelity.value < 0.1
        ('measured', 15, True)
    """
    name, _, rest = scheme.partition(":")
    if rest and not rest.isdecimal():
        name, rest = scheme, ""
    found: dict[float, LogicalPair] = {}
    for error in dict.fromkeys(gate_errors):
        here = Conditions(length_km=1.0, gate_error=error, coupling=1.0)
        links = [
            EncodedLink(
                scheme=name,
                distance=int(rest) if rest else None,
                fidelity=fidelity,
                noise=f"uniform:{error:.12g}",
            )
            for fidelity in (here.fidelity, 1.0)
        ]
        pair = _with_swap(links, precision, max_shots, seed, executor, save_resume)
        if pair is not None and pair.infidelity.value < WORST:
            found[error] = pair
    return KeptPairs(pairs=found)


def _with_swap(
    links: Sequence[EncodedLink],
    precision: float | None,
    max_shots: int,
    seed: int | None,
    executor: Executor | None,
    save_resume: str | os.PathLike[str] | None,
) -> LogicalPair | None:
    """The pair of a link times the swap of a station; None where no error was seen."""
    from dataclasses import replace

    from qnet.repeaters.errors import Unresolved

    try:
        made = simulated_pairs(
            links,
            precision=precision,
            max_shots=max_shots,
            seed=seed,
            executor=executor,
            save_resume=save_resume,
        )
    except Unresolved:
        return None
    x, y, z = Chain(pairs=made).errors
    return replace(
        made[0],
        e_x=x.value,
        e_y=y.value,
        e_z=z.value,
        stderr_x=x.stderr,
        stderr_y=y.stderr,
        stderr_z=z.stderr,
        shots=None,
        memories=made[0].memories,
    )
