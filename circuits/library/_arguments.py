"""Checks of the arguments that several circuits share."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qiskit import QuantumCircuit

__all__ = ["number", "pair_or_default", "pairs_or_default", "shown", "whole_number"]


def shown(value: object) -> str:
    """What an argument is, on one line: arrays have many."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 120 else f"{text[:117]}..."


def number(value: object) -> float:
    """The value as a float; NaN for what is no real number."""
    try:
        return math.nan if isinstance(value, bool | str) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def whole_number(name: str, value: int, least: int, what: str) -> int:
    """The value as an int, when it is a whole number of at least `least`."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < least:
        raise ValueError(f"{name}={value!r}: {what}; give a whole number of at least {least}")
    return int(value)


def pair_or_default(pair: QuantumCircuit | None) -> QuantumCircuit:
    """The circuit that prepares a pair: the one given, or a perfect Φ+."""
    from circuits.library.bell import bell_pair

    if pair is None:
        return bell_pair()
    if not isinstance(pair, QuantumCircuit):
        raise ValueError(
            f"pair={pair!r} is no circuit; give a two-qubit circuit such as bell_pair(fidelity=0.95)"
        )
    if pair.num_qubits != 2 or pair.num_clbits:
        raise ValueError(
            f"pair has {pair.num_qubits} qubits and {pair.num_clbits} classical bits; "
            "give a circuit that prepares two qubits and measures nothing, such as bell_pair(fidelity=0.95)"
        )
    return pair


def pairs_or_default(
    pair: QuantumCircuit | Sequence[QuantumCircuit] | None, count: int
) -> tuple[QuantumCircuit, ...]:
    """One preparation circuit per link: a single one is used for all of them."""
    if not isinstance(pair, Sequence):
        return (pair_or_default(pair),) * count
    pairs = tuple(pair_or_default(one) for one in pair)
    if len(pairs) != count:
        raise ValueError(
            f"pair holds {len(pairs)} circuits for {count} links; give one circuit, or one per link"
        )
    return pairs
