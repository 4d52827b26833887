"""Importing a circuit or the package does not import a simulator."""

import subprocess
import sys

import pytest

HEAVY = (
    "numba",
    "llvmlite",
    "msgspec",
    "cryptography",
    "distributed",
    "mthree",
    "qiskit_aer",
    "pymatching",
    "matplotlib",
    "qiskit_ibm_runtime",
    "sinter",
    "networkx",
    "pylatexenc",
)


def loaded_by(statement: str) -> set[str]:
    """The top-level names in sys.modules after the statement, in a fresh interpreter."""
    script = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("from circuits import teleportation", HEAVY),
        ("from circuits import bell_pair, dejmps, entanglement_swapping; entanglement_swapping(3)", HEAVY),
        ("import circuits, decoders", (*HEAVY, "qiskit", "stim")),
        ("import qnet", (*HEAVY, "qiskit", "stim", "scipy", "typer", "rich")),
        ("import qnet.cli", (*HEAVY, "qiskit", "stim", "scipy")),
        ("import qnet.qkd, qnet.repeaters, qnet.bounds, qnet.devices", (*HEAVY, "qiskit", "stim", "scipy")),
        ("import qnet.execution.jobs", HEAVY),
    ],
)
def test_heavy_parts_load_when_they_are_used(statement: str, unwanted: tuple[str, ...]) -> None:
    assert not loaded_by(statement) & set(unwanted)


def test_the_probe_sees_a_heavy_import() -> None:
    assert {"pymatching", "matplotlib"} <= loaded_by("import pymatching")
