"""Errors as Aer's instructions, one object for each value: who translates them can cache by identity."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from circuits.noise.channels import PauliChannel, Rate, depolarizing


@lru_cache(maxsize=65536)
def error_instruction(rate: Rate, num_qubits: int) -> Any:
    """The instruction that makes this error on so many qubits."""
    from qiskit_aer.noise import pauli_error

    channel = rate if isinstance(rate, PauliChannel) else depolarizing(rate, num_qubits)
    terms = [(label[::-1], p) for label, p in channel.items()]
    left = 1 - sum(p for _, p in terms)
    return pauli_error([("I" * num_qubits, max(0.0, left)), *terms]).to_instruction()


@lru_cache(maxsize=4096)
def flip_instruction(p: float) -> Any:
    """The instruction that makes an X error."""
    return error_instruction(PauliChannel(probabilities={"X": p}), 1)


def happens(rate: Rate) -> bool:
    """Whether the error has a probability above zero."""
    return bool(rate.items()) if isinstance(rate, PauliChannel) else rate > 0
