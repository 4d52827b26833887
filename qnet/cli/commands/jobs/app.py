"""The commands about submitted jobs, under `qnet jobs`."""

from __future__ import annotations

from qnet.cli._groups import command_group
from qnet.cli._options import examples
from qnet.cli.commands.jobs.cancel import cancel, forget, send
from qnet.cli.commands.jobs.fetch import fetch
from qnet.cli.commands.jobs.list import list_jobs
from qnet.cli.commands.jobs.report import report
from qnet.cli.commands.jobs.show import show

__all__ = ["jobs"]

jobs = command_group(
    "Submitted jobs: list, show, fetch, report, cancel, forget, send.",
    "qnet jobs list",
    "qnet jobs fetch q1a2b3c4",
)
jobs.command("list", epilog=examples("qnet jobs list", "qnet jobs list --state submitted --json"))(list_jobs)
jobs.command("show", epilog=examples("qnet jobs show q1a2b3c4", "qnet jobs show q1a2 --offline"))(show)
jobs.command(
    "fetch",
    epilog=examples(
        "qnet jobs fetch q1a2b3c4",
        "qnet jobs fetch q1a2b3c4 --wait 600 --plot fidelity.png",
        "qnet jobs fetch q1a2b3c4 --mitigate --json",
    ),
)(fetch)
jobs.command(
    "report", epilog=examples("qnet jobs report q1a2b3c4", "qnet jobs report q1a2b3c4 --plot models.svg")
)(report)
jobs.command("cancel", epilog=examples("qnet jobs cancel q1a2b3c4"))(cancel)
jobs.command("forget", epilog=examples("qnet jobs forget q1a2b3c4", "qnet jobs forget q1a2b3c4 --force"))(
    forget
)
jobs.command("send", epilog=examples("qnet jobs send q1a2b3c4"))(send)
