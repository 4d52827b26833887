"""States and read-outs in the bases Z, X and Y, which tomography and key distribution share."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit

__all__ = ["append_measurement", "append_state", "checked", "checked_number"]


def checked(name: str, value: str, choices: Sequence[str]) -> None:
    """Refuse an argument that is none of the named choices."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name}={value!r} is not offered; choose one of {', '.join(map(repr, choices))}")


def checked_number(name: str, value: int, count: int = 2) -> int:
    """The value as an int, when it is one of 0 … count − 1: a bit, or the number of a setting."""
    if not hasattr(value, "__index__") or value not in range(count):
        raise ValueError(
            f"{name}={value!r} is not offered; choose one of {', '.join(map(str, range(count)))}"
        )
    return int(value)


def append_state(circuit: QuantumCircuit, qubit: int, bit: int, basis: str) -> None:
    """Turn |0⟩ into the eigenstate of X, Y or Z with the eigenvalue (−1)^bit."""
    if bit:
        circuit.x(qubit)
    if basis in ("X", "Y"):
        circuit.h(qubit)
    if basis == "Y":
        circuit.s(qubit)


def append_measurement(circuit: QuantumCircuit, qubit: int, clbit: int, basis: str) -> None:
    """Measure X, Y or Z: the bit is 0 for the eigenvalue +1."""
    if basis == "Y":
        circuit.sdg(qubit)
    if basis in ("X", "Y"):
        circuit.h(qubit)
    circuit.measure(qubit, clbit)
