"""`qnet submit`: send a protocol to real hardware, and return at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Protocol, Seed, Settings, settled_seed, whole_number

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.execution.cost import Cost
    from qnet.execution.jobs import Job

__all__ = ["submit"]


def submit(
    context: typer.Context,
    protocol: Protocol,
    sampler: Annotated[
        str,
        typer.Option(
            help="An ibm_* machine, ibm_least_busy, or a fake_* device, which runs when it is fetched."
        ),
    ],
    shots: Annotated[
        int,
        typer.Option(parser=whole_number, metavar="N", help="Shots a circuit, or signals of a key protocol."),
    ] = 4096,
    set_: Settings = None,
    seed: Seed = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be sent and what it would cost; send nothing.")
    ] = False,
    max_seconds: Annotated[
        float | None,
        typer.Option(
            metavar="S", help="Refuse if the estimated quantum seconds are more.", show_default=False
        ),
    ] = None,
    decoupling: Annotated[
        str | None,
        typer.Option(metavar="SEQUENCE", help="Decouple idle qubits: XX, XpXm or XY4.", show_default=False),
    ] = None,
    twirl: Annotated[
        bool, typer.Option("--twirl", help="Twirl two-qubit gates and read-outs with random Paulis.")
    ] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Submit a protocol to a device, written into the job book first; fetch it with qnet jobs fetch.

    A submission without an answer is never sent a second time: it is looked for by its tag.
    """
    face: Face = context.obj
    _check(shots, max_seconds)
    from qnet.cli._settings import configured
    from qnet.execution.jobs import JobBook
    from qnet.execution.jobs import submit as send
    from qnet.execution.jobs.submission import chosen_options
    from qnet.execution.jobs.targets import target_for
    from qnet.protocols import protocol as named

    experiment = configured(named(protocol), set_)
    seed, _ = settled_seed(seed)
    book = JobBook.at()
    options = chosen_options(experiment, sampler, _options(decoupling, twirl))
    with face.progress() as progress:
        progress.add_task(f"{experiment.name} for {sampler}", total=None)
        target = target_for(sampler, book, seed=seed, options=options)
        cost = None
        if dry_run or max_seconds is not None:
            cost = _cost(experiment, target, shots=shots, seed=seed, figures=dry_run)
        if cost is not None and max_seconds is not None and cost.quantum_seconds > max_seconds:
            raise ValueError(
                f"--max-seconds {max_seconds:g}: {cost.backend} would take about {cost.quantum_seconds:.1f} "
                "quantum seconds; take fewer shots, or allow more. Nothing was sent"
            )
        job = None
        if not dry_run:
            job = send(experiment, sampler, shots=shots, seed=seed, book=book, target=target, **options)
    face.give(_answer(face, experiment, sampler, shots, seed, cost, job))
    if job is None and cost is not None:
        face.show(*_cost_lines(cost))
    elif job is not None:
        _tell(face, job)


def _check(shots: int, max_seconds: float | None) -> None:
    if shots < 1:
        raise ValueError(f"--shots {shots} leaves nothing to measure; give a whole number of at least 1")
    if max_seconds is not None and not max_seconds > 0:
        raise ValueError(f"--max-seconds {max_seconds:g} allows nothing; give a number above 0")


def _options(decoupling: str | None, twirl: bool) -> dict[str, Any]:
    made: dict[str, Any] = {} if decoupling is None else {"dynamical_decoupling": decoupling}
    return made | ({"gate_twirling": True, "measurement_twirling": True} if twirl else {})


def _cost(experiment: Any, target: Any, **options: Any) -> Cost:
    from qnet.execution.cost import estimate

    return estimate(experiment, target, **options)


def _answer(
    face: Face, experiment: Any, sampler: str, shots: int, seed: int, cost: Cost | None, job: Job | None
) -> dict[str, Any]:
    from dataclasses import fields

    from qnet.cli._versions import all_versions

    made: dict[str, Any] = {
        "command": "submit",
        "experiment": experiment.name,
        "parameters": {field.name: getattr(experiment, field.name) for field in fields(experiment)},
        "sampler": sampler,
        "shots": shots,
        "seed": seed,
        "figures": {},
        "dry_run": job is None,
    }
    if cost is not None:
        told = cost.as_dict()
        made |= {"figures": told.pop("figures"), "cost": told}
    if job is not None:
        made["job"] = job.as_dict()
    return made | {"versions": all_versions(), "elapsed_s": face.elapsed_s}


def _cost_lines(cost: Cost) -> list[str]:
    from qnet.cli._numbers import measured

    where = dict.fromkeys(cost.qubits)
    figures = [f"  {name} = {measured(figure.value, figure.stderr)}" for name, figure in cost.figures.items()]
    return [
        f"{cost.backend}: nothing was sent. In one request of {cost.payload_bytes / 1000:.1f} kB it would be",
        f"  {cost.circuits} circuits of {' or '.join(str(n) for n in sorted(set(cost.shots)))} shots, "
        f"depth at most {cost.depth}, {cost.two_qubit_gates} two-qubit gates",
        *(f"  on qubits {', '.join(map(str, each))}" for each in where),
        f"about {cost.quantum_seconds:.1f} quantum seconds (2 s a job, and for each shot its duration "
        f"and {cost.rep_delay_s * 1e6:.0f} µs)",
        *([f"expected by {cost.model}:", *figures] if figures else []),
    ]


def _tell(face: Face, job: Job) -> None:
    if job.state != "submitted":
        face.note(
            f"qnet: job {job.id} is {job.state}: {job.reason or 'no answer came'}; it is not sent again by "
            f"itself, and 'qnet jobs show {job.id}' looks for it by its tag"
        )
        raise typer.Exit(1)
    circuits = sum(1 for n in job.details["each"] if n)
    face.show(
        f"{job.id}: {job.experiment} submitted to {job.backend} as {job.remote}, {circuits} circuits",
        f"fetch it with: qnet jobs fetch {job.id}",
    )
