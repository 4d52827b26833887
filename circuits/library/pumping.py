"""Entanglement pumping: one kept pair, purified by a fresh pair in every round."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._arguments import whole_number
from circuits.library._pairs import pairs_or_default
from circuits.library.purification import bbpssw_alice, bbpssw_bob, dejmps_alice, dejmps_bob

__all__ = ["PUMPING_STEPS", "entanglement_pumping", "pumping_alice", "pumping_bob"]

PUMPING_STEPS = ("dejmps", "bbpssw")

_HALVES: dict[str, dict[str, Callable[[], QuantumCircuit]]] = {
    "dejmps": {"alice": dejmps_alice, "bob": dejmps_bob},
    "bbpssw": {"alice": bbpssw_alice, "bob": bbpssw_bob},
}


def entanglement_pumping(
    rounds: int, *, step: str = "dejmps", pair: QuantumCircuit | Sequence[QuantumCircuit] | None = None
) -> QuantumCircuit:
    """Purify one pair again and again with fresh pairs, as few memories allow (Dür and Briegel).

    Use it where a node holds the kept pair and one fresh pair at a time. Unlike the recurrence, which
    purifies equal pairs with each other, pumping meets a limit which the fresh pairs set. Each round needs
    its own acceptance. The circuit gives every fresh pair its own two qubits, so that it also runs where
    there is no reset. `bell_diagonal.pumping_map` is the map of the weights.

    Args:
        rounds: Number of fresh pairs, at least 1.
        step: What a round does: `"dejmps"`, or `"bbpssw"` without rotations.
        pair: Circuit that prepares a pair, used for all, or rounds + 1 circuits (the kept pair, then the
            fresh ones). Perfect Φ+ pairs if not given.

    Returns:
        A Clifford circuit on the registers `alice` and `bob` (rounds + 1 qubits each): index 0 is the kept
        pair, index r the fresh pair of round r, whose outcomes are bit r − 1 of `alice_z` and of `bob_z`.
        The kept pair counts only when they are equal in every round, which `metadata["keep"]` says.

    Raises:
        ValueError: If `rounds` is no whole number of at least 1.
        ValueError: If `step` is neither of the two.
        ValueError: If `pair` is no two-qubit preparation, or not rounds + 1 of them.

    Example:
        >>> circuit = entanglement_pumping(3)
        >>> circuit.num_qubits, circuit.metadata["keep"]
        (8, [[0, 3], [1, 4], [2, 5]])

    Source:
        W. Dür and H. J. Briegel, Phys. Rev. Lett. 90, 067901 (2003), arXiv:quant-ph/0210069.
    """
    for_alice, for_bob = pumping_alice(rounds, step=step), pumping_bob(rounds, step=step)
    alice, bob = QuantumRegister(rounds + 1, "alice"), QuantumRegister(rounds + 1, "bob")
    bits = ClassicalRegister(rounds, "alice_z"), ClassicalRegister(rounds, "bob_z")
    keep = [[r, rounds + r] for r in range(rounds)]
    circuit = QuantumCircuit(alice, bob, *bits, name="entanglement_pumping", metadata={"keep": keep})
    for k, prepared in enumerate(pairs_or_default(pair, rounds + 1)):
        circuit.compose(prepared, [alice[k], bob[k]], inplace=True)
    circuit.compose(for_alice, alice, bits[0], inplace=True)
    circuit.compose(for_bob, bob, bits[1], inplace=True)
    return circuit


def pumping_alice(rounds: int, *, step: str = "dejmps") -> QuantumCircuit:
    """Alice's part of entanglement pumping.

    Args:
        rounds: Number of fresh pairs, at least 1.
        step: `"dejmps"` or `"bbpssw"`.

    Returns:
        A circuit on the register `alice` (rounds + 1 qubits, the kept one first) with the bits `alice_z`.

    Raises:
        ValueError: If `rounds` is no whole number of at least 1.
        ValueError: If `step` is neither of the two.

    Example:
        >>> dict(pumping_alice(2).count_ops())
        {'sx': 4, 'cx': 2, 'measure': 2}
    """
    return _half("alice", rounds, step)


def pumping_bob(rounds: int, *, step: str = "dejmps") -> QuantumCircuit:
    """Bob's part of entanglement pumping.

    Args:
        rounds: Number of fresh pairs, at least 1.
        step: `"dejmps"` or `"bbpssw"`.

    Returns:
        A circuit on the register `bob` (rounds + 1 qubits, the kept one first) with the bits `bob_z`.

    Raises:
        ValueError: If `rounds` is no whole number of at least 1.
        ValueError: If `step` is neither of the two.

    Example:
        >>> dict(pumping_bob(2, step="bbpssw").count_ops())
        {'cx': 2, 'measure': 2}
    """
    return _half("bob", rounds, step)


def _half(side: str, rounds: int, step: str) -> QuantumCircuit:
    count = whole_number("rounds", rounds, 1, "pumping takes at least one fresh pair")
    if step not in PUMPING_STEPS:
        raise ValueError(f"step={step!r} is no purification step; choose one of {', '.join(PUMPING_STEPS)}")
    qubits, bits = QuantumRegister(count + 1, side), ClassicalRegister(count, f"{side}_z")
    circuit = QuantumCircuit(qubits, bits, name=f"pumping_{side}")
    for r in range(count):
        circuit.compose(_HALVES[step][side](), [qubits[0], qubits[r + 1]], [bits[r]], inplace=True)
    return circuit
