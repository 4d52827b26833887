"""Purification with double selection, with what each side does by itself."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._pairs import pairs_or_default

__all__ = ["double_selection", "double_selection_alice", "double_selection_bob"]


def double_selection(*, pair: QuantumCircuit | Sequence[QuantumCircuit] | None = None) -> QuantumCircuit:
    """Purify one pair by a second pair, which a third pair checks in turn (Fujii and Yamamoto).

    Use it where one more pair is cheaper than another round: the X errors of the kept pair are found by
    the first sacrificed pair, whose own Z errors, which would spread to the kept pair, are found by the
    second. What is left at first order is a Z error of the kept pair itself.
    `bell_diagonal.double_selection_map` is the map of the weights.

    Args:
        pair: Circuit that prepares a pair, used for all three, or three circuits (kept, first
            sacrificed, second sacrificed). Perfect Φ+ pairs if not given.

    Returns:
        A Clifford circuit on the registers `alice` (3 qubits) and `bob` (3 qubits), index 0 of each is the
        kept pair. Each side does CX(0→1) and CX(2→1), measures its qubit 1 in Z (the bits `alice_z`,
        `bob_z`) and its qubit 2 in X (the bits `alice_x`, `bob_x`). The kept pair counts only when the
        sides' Z outcomes are equal and their X outcomes too, which `metadata["keep"]` says.

    Raises:
        ValueError: If `pair` is no two-qubit preparation, or not three of them.

    Example:
        >>> double_selection().metadata["keep"]
        [[0, 1], [2, 3]]
        >>> print(double_selection_alice().draw("text"))  # doctest: +NORMALIZE_WHITESPACE
        <BLANKLINE>
          alice_0: ──■──────────────────
                   ┌─┴─┐┌───┐     ┌─┐
          alice_1: ┤ X ├┤ X ├─────┤M├───
                   └───┘└─┬─┘┌───┐└╥┘┌─┐
          alice_2: ───────■──┤ H ├─╫─┤M├
                             └───┘ ║ └╥┘
        alice_z: 1/════════════════╩══╬═
                                   0  ║
        alice_x: 1/═══════════════════╩═
                                      0

    Source:
        K. Fujii and K. Yamamoto, Phys. Rev. A 80, 042308 (2009), arXiv:0811.2639.
    """
    alice, bob = QuantumRegister(3, "alice"), QuantumRegister(3, "bob")
    bits = [ClassicalRegister(1, name) for name in ("alice_z", "bob_z", "alice_x", "bob_x")]
    circuit = QuantumCircuit(alice, bob, *bits, name="double_selection", metadata={"keep": [[0, 1], [2, 3]]})
    for k, prepared in enumerate(pairs_or_default(pair, 3)):
        circuit.compose(prepared, [alice[k], bob[k]], inplace=True)
    circuit.compose(double_selection_alice(), alice, [*bits[0], *bits[2]], inplace=True)
    circuit.compose(double_selection_bob(), bob, [*bits[1], *bits[3]], inplace=True)
    return circuit


def double_selection_alice() -> QuantumCircuit:
    """Alice's part of double selection.

    Returns:
        A circuit on the register `alice` (kept, first, second sacrificed) with the bits `alice_z` and
        `alice_x`.

    Example:
        >>> dict(double_selection_alice().count_ops())
        {'cx': 2, 'measure': 2, 'h': 1}
    """
    return _half("alice")


def double_selection_bob() -> QuantumCircuit:
    """Bob's part of double selection.

    Returns:
        A circuit on the register `bob` (kept, first, second sacrificed) with the bits `bob_z` and `bob_x`.

    Example:
        >>> [register.name for register in double_selection_bob().cregs]
        ['bob_z', 'bob_x']
    """
    return _half("bob")


def _half(side: str) -> QuantumCircuit:
    bits = ClassicalRegister(1, f"{side}_z"), ClassicalRegister(1, f"{side}_x")
    circuit = QuantumCircuit(QuantumRegister(3, side), *bits, name=f"double_selection_{side}")
    circuit.cx(0, 1)
    circuit.cx(2, 1)
    circuit.h(2)
    circuit.measure([1, 2], [0, 1])
    return circuit
