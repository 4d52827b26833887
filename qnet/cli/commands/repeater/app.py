"""The commands about error-tolerant repeaters, under `qnet repeater`."""

from __future__ import annotations

from qnet.cli._groups import command_group
from qnet.cli._options import examples
from qnet.cli.commands.repeater.chain import chain
from qnet.cli.commands.repeater.compare import compare
from qnet.cli.commands.repeater.link import link
from qnet.cli.commands.repeater.one_way import one_way

__all__ = ["repeater"]

repeater = command_group(
    "Error-tolerant repeaters: logical pairs over links, their chains, one-way codes, and what is cheapest.",
    "qnet repeater link --distance 5 --seam-noise 0.03",
    "qnet repeater one-way --length 1000",
    "qnet repeater compare --plot map.png",
)
repeater.command(
    "link",
    epilog=examples(
        "qnet repeater link --scheme surgery --distance 5 --seam-noise 0.03 --heralded-loss 0.2",
        "qnet repeater link --scheme steane --fidelity 0.99 --noise uniform:0.0001 --precision 0.05 --json",
        "qnet repeater link --fidelity 0.95 --purify dejmps --pair-rate 1e4 --t2 1 --target 0.02 --workers 4",
        "qnet repeater link --distance 15 --seam-noise 0.02 --extrapolate --plot link.png",
    ),
)(link)
repeater.command(
    "chain",
    epilog=examples(
        "qnet repeater chain --stations 9 --e-x 0.001 --e-z 0.002",
        "qnet repeater chain --stations 32 --fidelity 0.998 --length 1000 --coupling 0.9 --json",
        "qnet repeater chain --stations 20 --distance 5 --seam-noise 0.03 --save-resume links.csv",
    ),
)(chain)
repeater.command(
    "one-way",
    epilog=examples(
        "qnet repeater one-way --code parity:13,6 --spacing 1.5 --length 1000 --attenuation-length 20",
        "qnet repeater one-way --length 1000 --coupling 0.95 --gate-error 0.001 --optimise qubits --json",
        "qnet repeater one-way --code tree:4,14,4 --spacing 2 --length 100 --shots 100000 --plot loss.png",
    ),
)(one_way)
repeater.command(
    "compare",
    epilog=examples(
        "qnet repeater compare --points 20 --workers 2 --plot map.png",
        "qnet repeater compare --length 100:10000 --gate-error 1e-3 --coupling 0.9 --plot distance.svg",
        "qnet repeater compare --gate-error 3e-3 --coupling 0.9 --simulated surgery:5 --save-resume l.csv",
    ),
)(compare)
