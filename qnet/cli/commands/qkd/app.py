"""The commands about key distribution, under `qnet qkd`."""

from __future__ import annotations

from qnet.cli._groups import command_group
from qnet.cli._options import examples
from qnet.cli.commands.qkd.compare import compare
from qnet.cli.commands.qkd.protocols import presets, protocols
from qnet.cli.commands.qkd.rate import rate

__all__ = ["qkd"]

qkd = command_group(
    "Key distribution: how much of a key is secret, endless or finite, and what bounds it.",
    "qnet qkd rate bb84-decoy --length 50",
    "qnet qkd compare --plot rates.png",
)
qkd.command(
    "rate",
    epilog=examples(
        "qnet qkd rate bb84-decoy --length 50 --preset lim2014 --finite 1e7",
        "qnet qkd rate twin-field --curve 0:400:5 --plot twin.png --csv twin.csv",
        "qnet qkd rate sarg04 --length 80 --set intensity=0.3 --set misalignment=0.02 --json",
    ),
)(rate)
qkd.command(
    "compare",
    epilog=examples(
        "qnet qkd compare --plot rates.png",
        "qnet qkd compare bb84-decoy twin-field --curve 0:500:10 --repeaters 0,1,3 --plot far.svg",
        "qnet qkd compare bb84-decoy --finite 1e5 --finite 1e7 --endless --plot blocks.png",
    ),
)(compare)
qkd.command(
    "protocols",
    epilog=examples("qnet qkd protocols", "qnet qkd protocols bb84-decoy", "qnet qkd protocols --json"),
)(protocols)
qkd.command("presets", epilog=examples("qnet qkd presets", "qnet qkd presets --json"))(presets)
