"""The typer application: every command by name, each in a file of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from qnet.cli._face import Face
from qnet.cli._groups import answer_without_command
from qnet.cli._options import Debug, Json, examples
from qnet.cli.commands.code.app import code
from qnet.cli.commands.decode import decode
from qnet.cli.commands.demo import demo
from qnet.cli.commands.draw import draw
from qnet.cli.commands.export import export
from qnet.cli.commands.hardware import hardware
from qnet.cli.commands.jobs.app import jobs
from qnet.cli.commands.list import list_
from qnet.cli.commands.prove import prove
from qnet.cli.commands.qkd.app import qkd
from qnet.cli.commands.repeater.app import repeater
from qnet.cli.commands.run import run
from qnet.cli.commands.submit import submit
from qnet.cli.commands.sweep import sweep

__all__ = ["app"]

app = typer.Typer(
    name="qnet",
    help="Design, run and measure quantum networks on Aer, on Stim and on IBM devices.",
    epilog="Start with: qnet demo",
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def qnet(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the versions of all parts.")] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Answer `--version`, and show the help where there is no command."""
    face: Face = context.obj
    if version:
        _tell_versions(face)
        raise typer.Exit
    answer_without_command(context)


def _tell_versions(face: Face) -> None:
    from qnet.cli._versions import all_versions

    found = all_versions()
    face.give({"command": "version", "versions": found})
    face.show("\n".join(f"{name} {number}" for name, number in found.items()))


app.command(
    "demo",
    epilog=examples("qnet demo", "qnet demo --quick", "qnet demo --output tour.svg --seed 7 --json"),
)(demo)
app.command("list", epilog=examples("qnet list", "qnet list swapping", "qnet list --json"))(list_)
app.command(
    "run",
    epilog=examples(
        "qnet run teleportation --sampler stim --noise uniform:0.001",
        "qnet run swapping --set stations=5 --set fidelity=0.95 --shots 10000 --seed 7",
        "qnet run chsh --noise fake_torino --plot chsh.png",
        "qnet run bb84 --sampler stim --json",
    ),
)(run)
app.command(
    "prove",
    epilog=examples(
        "qnet prove teleportation",
        "qnet prove swapping --set stations=5 --set corrections=frame",
        "qnet prove --all",
    ),
)(prove)
app.command(
    "draw",
    epilog=examples(
        "qnet draw teleportation", "qnet draw dejmps --output dejmps.png", "qnet draw ghz --set n=4"
    ),
)(draw)
app.command(
    "export",
    epilog=examples(
        "qnet export teleportation --format qasm3",
        "qnet export swapping --set stations=3 --format stim --output swap.stim",
        "qnet export dejmps --format qpy --output dejmps.qpy",
    ),
)(export)
app.add_typer(code, name="code")
app.add_typer(qkd, name="qkd")
app.add_typer(repeater, name="repeater")
app.command(
    "decode",
    epilog=examples(
        "qnet decode circuit.stim --max-errors 1000",
        "qnet decode lossy.stim --decoder erasure --shots 1000000 --workers 4",
        "qnet decode circuit.stim --dem model.dem --decoder tesseract --save-resume counts.csv --json",
    ),
)(decode)
app.command(
    "sweep",
    epilog=examples(
        "qnet sweep study.toml --workers 4 --plot study.png --save-resume study.csv",
        "A study.toml:",
        'codes = ["rotated_surface"]',
        "distances = [3, 5, 7]",
        "noises = {uniform = [0.004, 0.006, 0.008, 0.010]}",
        'decoders = ["pymatching", "pymatching_plain"]',
        "max_errors = 1000",
    ),
)(sweep)
app.command(
    "submit",
    epilog=examples(
        "qnet submit teleportation --sampler ibm_torino --dry-run",
        "qnet submit swapping --sampler ibm_least_busy --set stations=2 --max-seconds 10",
        "qnet submit ghz --sampler fake_torino --shots 1000 --seed 7 --json",
    ),
)(submit)
app.add_typer(jobs, name="jobs")
app.add_typer(hardware, name="hardware")
