"""What `draw` and `export` share: a protocol's bare circuit, and JSON without figures."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = ["answer", "bare_circuit"]


def bare_circuit(name: str, settings: list[str] | None) -> tuple[Any, QuantumCircuit]:
    """The experiment that a name and its settings stand for, and the circuit of its protocol."""
    from qnet.cli._settings import configured
    from qnet.protocols import protocol

    experiment = configured(protocol(name), settings)
    return experiment, experiment.circuit()


def answer(
    command: str, experiment: Any, *, output: Path | None, elapsed_s: float, **more: Any
) -> dict[str, Any]:
    """The JSON object of a command that computes no figures."""
    from qnet.cli._versions import all_versions

    return {
        "command": command,
        "experiment": experiment.name,
        "parameters": {field.name: getattr(experiment, field.name) for field in fields(experiment)},
        "seed": None,
        "figures": {},
        "output": None if output is None else str(output),
        **more,
        "versions": all_versions(),
        "elapsed_s": elapsed_s,
    }
