"""`qnet demo`: the main job, which shows what the house does in under a minute."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Seed, settled_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qnet.cli._face import Face
    from qnet.cli.tour.measurement import Measurement
    from qnet.cli.tour.verdict import Verdict

__all__ = ["demo"]

_MEMORY_SHOTS = {False: 500_000, True: 50_000}
_LINK_SHOTS = {False: 10_000, True: 2000}


def demo(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="A few seconds instead of most of a minute.")
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", "--plot", metavar="FILE", help="The picture: a PNG, SVG or PDF.")
    ] = Path("qnet-demo.png"),
    seed: Seed = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Teleport, swap, purify, test CHSH and send BB84 bits on Aer, on Stim and on a fake IBM device.

    Then keep a logical qubit in a surface code, and make a logical Bell pair over a link that loses a fifth
    of its pairs, both decoded by PyMatching.

    The exit code is 1 where figures that should agree do not.
    """
    face: Face = context.obj
    from qnet.plotting import check_writable, save

    check_writable(output)
    seed, drawn = settled_seed(seed)
    started = perf_counter()
    found = _measured(face, seed, quick)
    from qnet.cli.tour.picture import tour_picture
    from qnet.cli.tour.verdict import verdicts

    save(tour_picture(found), output)
    said = verdicts(found)
    elapsed_s = perf_counter() - started
    face.give(_answer(found, said, quick=quick, output=output, seed=seed, elapsed_s=elapsed_s))
    if not face.json:
        _tell(face, found, said)
        ending = f"seed {seed}{' (drawn)' if drawn else ''}, {elapsed_s:.1f} s"
        face.show(f"picture: {output}, {ending}")
    return 0 if all(one.holds for one in said) else 1


def _measured(face: Face, seed: int, quick: bool) -> list[Measurement]:
    import numpy as np

    from qnet.cli.tour import link
    from qnet.cli.tour.memory import DISTANCES, logical_error
    from qnet.cli.tour.stops import SAMPLERS, machine, measure, stops

    found: list[Measurement] = []
    tour = [(stop, sampler) for stop in stops() for sampler in SAMPLERS]
    more = len(DISTANCES) + len(link.DISTANCES)
    count = len(SAMPLERS) + len(tour) + more
    seeds = iter(np.random.SeedSequence(seed).generate_state(count).tolist())
    with face.progress() as progress:
        machines = {sampler: machine(sampler, seed=next(seeds)) for sampler in SAMPLERS}
        task = progress.add_task("qnet demo", total=len(tour) + more)
        for stop, sampler in tour:
            progress.update(task, description=f"{stop.title} on {sampler}")
            found += measure(stop, sampler, machines[sampler], seed=next(seeds), quick=quick)
            progress.advance(task)
        for distance in DISTANCES:
            progress.update(task, description=f"keep a logical qubit at distance {distance}")
            found.append(logical_error(distance, shots=_MEMORY_SHOTS[quick], seed=next(seeds)))
            progress.advance(task)
        for distance in link.DISTANCES:
            progress.update(task, description=f"a logical Bell pair over a lossy link at distance {distance}")
            found.append(link.logical_pair(distance, shots=_LINK_SHOTS[quick], seed=next(seeds)))
            progress.advance(task)
    return found


def _tell(face: Face, found: Sequence[Measurement], said: Sequence[Verdict]) -> None:
    from qnet.cli.tour.link import LOSS, SEAM_NOISE
    from qnet.cli.tour.memory import ERROR_RATE
    from qnet.cli.tour.table import tour_table

    face.show(tour_table(found))
    face.show(
        "",
        "–: not Clifford, or not run. Werner pairs: 0.95, 0.98 (swap), 0.8 (purify).",
        f"The logical qubit: a rotated surface code at p = {ERROR_RATE}, decoded by PyMatching.",
        f"The link: it loses {LOSS:.0%} of the pairs, heralded; remote gates fail at {SEAM_NOISE:.0%}.",
        "",
    )
    face.show(*map(str, said))


def _answer(
    found: Sequence[Measurement], said: Sequence[Verdict], *, quick: bool, output: Path, **made: Any
) -> dict[str, Any]:
    from qnet.cli._versions import all_versions

    figures = {
        f"{one.stop}: {one.figure} ({one.sampler})": {
            "value": one.value,
            "stderr": one.stderr,
            "unit": "",
            **({} if one.ideal is None else {"ideal": one.ideal}),
        }
        for one in found
    }
    return {
        "command": "demo",
        "parameters": {"quick": quick, "output": str(output)},
        **made,
        "figures": figures,
        "agreement": [{"holds": one.holds, "text": one.text} for one in said],
        "versions": all_versions(),
        "rows": [one.as_row() for one in found],
    }
