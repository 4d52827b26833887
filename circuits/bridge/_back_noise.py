"""Stim's noise as Aer's error instructions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

_ORDER = {width: ["".join(letters) for letters in product("IXYZ", repeat=width)][1:] for width in (1, 2)}


def error_instruction(errors: Mapping[str, float]) -> Any:
    """The error with these Pauli strings (first letter: first qubit) at these probabilities."""
    return _instruction(tuple(errors.items()))


def channel_errors(name: str, arguments: Sequence[float]) -> dict[str, float] | None:
    """The Pauli strings of one of Stim's channels; None for what is no such channel."""
    if name in ("X_ERROR", "Y_ERROR", "Z_ERROR"):
        return {name[0]: arguments[0]}
    if name in ("DEPOLARIZE1", "DEPOLARIZE2"):
        order = _ORDER[int(name[-1])]
        return dict.fromkeys(order, arguments[0] / len(order))
    if name in ("PAULI_CHANNEL_1", "PAULI_CHANNEL_2"):
        return dict(zip(_ORDER[int(name[-1])], arguments, strict=True))
    return None


def herald_errors(name: str, arguments: Sequence[float]) -> dict[str, float]:
    """A heralded channel on (qubit, herald): the herald is flipped when it happens."""
    if name == "HERALDED_ERASE":
        arguments = [arguments[0] / 4] * 4
    return {f"{letter}X": p for letter, p in zip("IXYZ", arguments, strict=True)}


def chain_errors(chain: Sequence[tuple[float, Mapping[int, str]]], qubits: Sequence[int]) -> dict[str, float]:
    """A chain of correlated errors as disjoint Pauli strings on these qubits."""
    left, total = 1.0, dict[str, float]()
    for p, letters in chain:
        string = "".join(letters.get(qubit, "I") for qubit in qubits)
        total[string] = total.get(string, 0.0) + left * p
        left *= 1 - p
    return total


@lru_cache(maxsize=1024)
def _instruction(errors: tuple[tuple[str, float], ...]) -> Any:
    from qiskit_aer.noise import pauli_error

    width = len(errors[0][0])
    terms = [(letters[::-1], p) for letters, p in errors if letters.strip("I") and p > 0]
    rest = max(0.0, 1.0 - sum(p for _, p in terms))
    return pauli_error([*terms, ("I" * width, rest)]).to_instruction()
