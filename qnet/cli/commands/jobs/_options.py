"""What the commands about jobs share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.execution.jobs import Job

__all__ = ["JobId", "Mitigate", "answer", "job_lines"]

JobId = Annotated[
    str, typer.Argument(help="Id of the job, the beginning of one, or last.", show_default=False)
]
Mitigate = Annotated[
    bool,
    typer.Option(
        "--mitigate", help="Mitigate read-out errors of terminal measurements (extra 'mitigation')."
    ),
]


def answer(
    face: Face, command: str, asked: dict[str, Any], rows: Sequence[Job], **more: Any
) -> dict[str, Any]:
    """The JSON object of a command that computes no figures."""
    from qnet.cli._versions import all_versions

    return {
        "command": f"jobs {command}",
        "parameters": asked,
        "seed": None,
        "figures": {},
        "rows": [job.as_dict() for job in rows],
        **more,
        "versions": all_versions(),
        "elapsed_s": face.elapsed_s,
    }


def job_lines(job: Job) -> list[str]:
    """All that is to be told of one job."""
    from qnet.execution.jobs.job import STATES

    chosen = ", ".join(f"{name}={value}" for name, value in job.parameters.items() if value is not None)
    noise = ", ".join(f"{name} {value:.3g}" for name, value in job.details.get("noise", {}).items())
    told = {
        "state": f"{job.state} ({STATES[job.state]})",
        "reason": job.reason,
        "experiment": f"{job.experiment}{f' ({chosen})' if chosen else ''}",
        "device": f"{job.backend}, calibrated {job.calibrated or 'at an unknown time'}",
        "its noise": noise,
        "at the service": job.remote,
        "tag": job.tag,
        "shots": f"{job.shots}, seed {job.seed}",
        "written down": job.created,
        "made with": ", ".join(f"{k} {v}" for k, v in job.details.get("versions", {}).items()),
    }
    return [job.id, *(f"  {name:14} {value}" for name, value in told.items() if value)]
