"""The commands about codes, under `qnet code`."""

from __future__ import annotations

from qnet.cli._groups import command_group
from qnet.cli._options import examples
from qnet.cli.commands.code.draw import draw
from qnet.cli.commands.code.export import export
from qnet.cli.commands.code.failure import failure
from qnet.cli.commands.code.list import list_codes
from qnet.cli.commands.code.memory import memory
from qnet.cli.commands.code.show import show

__all__ = ["code"]

code = command_group(
    "Stabilizer codes: list, show, draw, export; how often they fail, exactly and sampled.",
    "qnet code list",
    "qnet code failure steane --p 0.05",
)
code.command("list", epilog=examples("qnet code list", "qnet code list --json"))(list_codes)
code.command("show", epilog=examples("qnet code show five_qubit", "qnet code show parity:4,3"))(show)
code.command(
    "draw",
    epilog=examples("qnet code draw rotated_surface:3,5", "qnet code draw colour:5 --output colour.svg"),
)(draw)
code.command(
    "export",
    epilog=examples(
        "qnet code export steane",
        "qnet code export rotated_surface:5 --format stim --noise uniform:0.003 --output memory.stim",
        "qnet code export repetition:3 --format qasm3 --rounds 2",
    ),
)(export)
code.command(
    "failure",
    epilog=examples(
        "qnet code failure five_qubit --p 0.05",
        "qnet code failure parity:3,3 --p 0.2 --erasure --plot loss.png",
        "qnet code failure four_two_two --p 0.01 --detection",
    ),
)(failure)
code.command(
    "memory",
    epilog=examples(
        "qnet code memory --code rotated_surface --distance 5 --noise uniform:0.003",
        "qnet code memory --code steane --extraction flag --basis both --decoder lookup --rounds 1",
        "qnet code memory --code repetition:5 --max-errors 100 --workers 4 --seed 7 --json",
    ),
)(memory)
