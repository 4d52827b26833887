"""The pairs that a protocol spends: given, or perfect ones."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit

from circuits.library.bell import bell_pair

__all__ = ["pair_or_default", "pairs_or_default"]


def pair_or_default(pair: QuantumCircuit | None) -> QuantumCircuit:
    """The circuit that prepares a pair: the one given, or a perfect Φ+."""
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
