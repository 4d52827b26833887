"""`qnet hardware check`: the whole path to a device and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._groups import command_group
from qnet.cli._options import Debug, Json, Plot, Seed, examples, settled_seed

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["check", "hardware"]

_SHOTS = 500


@dataclass(kw_only=True)
class _Path:
    """The steps as they are taken: each is told at once."""

    face: Face
    steps: list[dict[str, Any]] = field(default_factory=list)

    def take(self, name: str, step: Callable[[], tuple[str, Any]]) -> Any:
        started = perf_counter()
        said, found = step()
        took = perf_counter() - started
        self.steps.append({"step": name, "said": said, "elapsed_s": took})
        self.face.show(f"✓ {name:10} {said}  ({took:.1f} s)")
        return found


def check(
    context: typer.Context,
    sampler: Annotated[
        str, typer.Option(help="A fake_* device, or an ibm_* machine, to which nothing is sent.")
    ] = "fake_torino",
    protocol: Annotated[str, typer.Option(help="The protocol to take.")] = "teleportation",
    seed: Seed = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Go the whole path against a fake device: account, backend, transpile, submit, fetch, report.

    With one of IBM's machines the path ends before the submission, with what it would cost: nothing is sent.
    """
    face: Face = context.obj
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    seed, _ = settled_seed(seed)
    from qnet.protocols import protocol as named

    experiment, path = named(protocol)(), _Path(face=face)
    found = _go(path, experiment, sampler, seed)
    face.give(_answer(face, path, experiment, sampler, seed, found))
    if plot is not None and found is not None:
        from qnet.plotting import save
        from qnet.plotting.hardware import plot_report

        save(plot_report(found.rows(), title=f"{experiment.name} on {sampler}, against its models"), plot)
        face.show(f"picture: {plot}")


def _go(path: _Path, experiment: Any, sampler: str, seed: int) -> Any:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from qnet.execution.jobs import JobBook, fetch, report, submit
    from qnet.execution.jobs.targets import target_for

    real = sampler.startswith("ibm_")
    path.take("account", lambda: _account(needed=real))
    with TemporaryDirectory(prefix="qnet-check-") as folder:
        book = JobBook.at(Path(folder))
        target = path.take("backend", lambda: _backend(target_for(sampler, book, seed=seed, options={})))
        path.take("transpile", lambda: _transpiled(experiment, target, seed))
        if real:
            path.face.show(
                f"nothing was sent; submit with: qnet submit {experiment.name} --sampler {sampler}"
            )
            return None
        job = path.take("submit", lambda: _submitted(submit, experiment, sampler, book, target, seed))
        path.take("fetch", lambda: _fetched(fetch(job.id, book=book, target=target)))
        return path.take("report", lambda: _reported(report(job.id, book=book)))


def _account(*, needed: bool) -> tuple[str, Any]:
    import os

    from qnet.execution.secrets import account_file, account_warning, has_saved_account

    warning = account_warning()
    if warning:
        return warning, None
    if os.environ.get("QISKIT_IBM_TOKEN"):
        return "in the environment", None
    if has_saved_account():
        return f"saved in {account_file()}", None
    where = "" if needed else "; a fake device needs none"
    return f"none is saved (QiskitRuntimeService.save_account saves one){where}", None


def _backend(target: Any) -> tuple[str, Any]:
    from qnet.execution.jobs.snapshot import calibrated_at

    backend = target.backend
    return f"{backend.name}, {backend.num_qubits} qubits, calibrated {calibrated_at(backend)}", target


def _transpiled(experiment: Any, target: Any, seed: int) -> tuple[str, Any]:
    from qnet.execution.cost import estimate

    cost = estimate(experiment, target, shots=_SHOTS, seed=seed, figures=False)
    qubits = ", ".join(map(str, cost.qubits[0]))
    said = (
        f"{cost.circuits} circuits, {cost.two_qubit_gates} two-qubit gates, on qubits {qubits}, "
        f"about {cost.quantum_seconds:.1f} quantum seconds"
    )
    return said, cost


def _submitted(
    submit: Any, experiment: Any, sampler: str, book: Any, target: Any, seed: int
) -> tuple[str, Any]:
    job = submit(experiment, sampler, shots=_SHOTS, seed=seed, book=book, target=target)
    return f"{job.id} is {job.state} as {job.remote}", job


def _fetched(result: Any) -> tuple[str, Any]:
    return ", ".join(f"{name} = {figure}" for name, figure in result.figures.items()), result


def _reported(found: Any) -> tuple[str, Any]:
    parts = []
    for row in found.rows():
        for model in ("aer", "stim"):
            if row[f"{model}_sigmas"] is not None:
                parts.append(f"{row['name']} {row[f'{model}_sigmas']:+.1f} σ from {model}")
    return ", ".join(parts) or "no model could run it", found


def _answer(face: Face, path: _Path, experiment: Any, sampler: str, seed: int, found: Any) -> dict[str, Any]:
    from qnet.cli._versions import all_versions

    figures = {} if found is None else {n: f.as_dict() for n, f in found.measured.figures.items()}
    return {
        "command": "hardware check",
        "parameters": {"sampler": sampler, "protocol": experiment.name},
        "seed": seed,
        "figures": figures,
        "rows": path.steps,
        "report": [] if found is None else found.rows(),
        "versions": all_versions(),
        "elapsed_s": face.elapsed_s,
    }


hardware = command_group("Real devices: is the path to them clear?", "qnet hardware check")
hardware.command(
    "check",
    epilog=examples(
        "qnet hardware check",
        "qnet hardware check --sampler fake_fez --protocol swapping --plot check.png",
        "qnet hardware check --sampler ibm_torino",
    ),
)(check)
