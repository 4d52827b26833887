"""Purification of one pair by another: BBPSSW and DEJMPS, with what each side does by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._pairs import pairs_or_default
from circuits.library.twirling import bilateral_rotation, checked_rotation

__all__ = ["bbpssw", "bbpssw_alice", "bbpssw_bob", "dejmps", "dejmps_alice", "dejmps_bob"]

Pairs: TypeAlias = QuantumCircuit | Sequence[QuantumCircuit] | None
Twirl: TypeAlias = int | Sequence[int] | None


def bbpssw(*, pair: Pairs = None, twirl: Twirl = None) -> QuantumCircuit:
    """Purify one pair by another as Bennett et al. do: a bilateral CNOT, keep equal Z outcomes.

    Use it on Werner pairs, or on any pairs with the twirl. From two Werner pairs of fidelity F, with
    e = (1 − F)/3, the pair is kept with p = F² + 2Fe + 5e² and then has the fidelity (F² + e²)/p. The
    result is not Werner: twirl it (`bilateral_rotation`) before it is purified again.

    The twirl of the protocol is an average: run the circuit for every rotation of each pair and mix the
    outcomes. On pairs that are Werner already no rotation changes anything; on other pairs the two twirls
    must be independent, `twirl=(k1, k2)` over all 144.

    Args:
        pair: Circuit that prepares a pair, used for both, or two circuits (kept, sacrificed). Perfect Φ+
            pairs if not given.
        twirl: Number, 0 to 11, of the bilateral rotation of both pairs, or two numbers (kept,
            sacrificed); no rotation if not given.

    Returns:
        A Clifford circuit on the registers `alice` (2 qubits) and `bob` (2 qubits), index 0 of each is the
        kept pair, index 1 the sacrificed; its outcomes are the bits `alice_z` and `bob_z`. The kept pair
        counts only when they are equal, which `metadata["keep"]` says.

    Raises:
        ValueError: If `twirl` is neither a number from 0 to 11 nor two of them.
        ValueError: If `pair` is no two-qubit preparation, or not two of them.

    Example:
        >>> from circuits.library.bell import bell_pair
        >>> circuit = bbpssw(pair=bell_pair(fidelity=0.8), twirl=(3, 7))
        >>> circuit.metadata["keep"]
        [[0, 1]]
        >>> print(bbpssw_alice().draw("text"))  # doctest: +NORMALIZE_WHITESPACE
        <BLANKLINE>
          alice_0: ──■─────
                   ┌─┴─┐┌─┐
          alice_1: ┤ X ├┤M├
                   └───┘└╥┘
        alice_z: 1/══════╩═
                         0

    Source:
        C. H. Bennett et al., Phys. Rev. Lett. 76, 722 (1996), arXiv:quant-ph/9511027 (the fidelity's
        recurrence).
    """
    return _purified("bbpssw", pair, bbpssw_alice(twirl), bbpssw_bob(twirl))


def bbpssw_alice(twirl: Twirl = None) -> QuantumCircuit:
    """Alice's part of BBPSSW: her halves of the rotations, her CNOT, her measurement.

    Args:
        twirl: As in `bbpssw`; both sides use the same numbers.

    Returns:
        A circuit on the register `alice` (kept, sacrificed) with the bit `alice_z`.

    Raises:
        ValueError: If `twirl` is neither a number from 0 to 11 nor two of them.

    Example:
        >>> dict(bbpssw_alice(twirl=4).count_ops())
        {'s': 2, 'h': 2, 'cx': 1, 'measure': 1}
    """
    return _half("alice", "bbpssw", _rotations(twirl, side=0))


def bbpssw_bob(twirl: Twirl = None) -> QuantumCircuit:
    """Bob's part of BBPSSW: his halves of the rotations, his CNOT, his measurement.

    Args:
        twirl: As in `bbpssw`; both sides use the same numbers.

    Returns:
        A circuit on the register `bob` (kept, sacrificed) with the bit `bob_z`.

    Raises:
        ValueError: If `twirl` is neither a number from 0 to 11 nor two of them.

    Example:
        >>> dict(bbpssw_bob(twirl=4).count_ops())
        {'sdg': 2, 'h': 2, 'cx': 1, 'measure': 1}
    """
    return _half("bob", "bbpssw", _rotations(twirl, side=1))


def dejmps(*, pair: Pairs = None) -> QuantumCircuit:
    """Purify one pair by another as Deutsch et al. do: rotations by π/2, a bilateral CNOT, equal Z outcomes.

    Use it on Bell-diagonal pairs, equal or not, without any twirl; repeated on its own results it is the
    faster recurrence. Alice turns her qubits by Rx(π/2) and Bob his by Rx(−π/2), which exchanges the roles
    of Y and Z errors; the kept pair controls the CNOTs. On Φ+ pairs the errors X and Z of a single qubit
    are found and Y is not. `bell_diagonal.dejmps_map` is the map of the weights.

    Args:
        pair: Circuit that prepares a pair, used for both, or two circuits (kept, sacrificed). Perfect Φ+
            pairs if not given.

    Returns:
        A Clifford circuit on the registers `alice` (2 qubits) and `bob` (2 qubits), index 0 of each is the
        kept pair, index 1 the sacrificed; its outcomes are the bits `alice_z` and `bob_z`. The kept pair
        counts only when they are equal, which `metadata["keep"]` says. The rotations are the gates √X and
        √X† (Rx(±π/2) up to a global phase).

    Raises:
        ValueError: If `pair` is no two-qubit preparation, or not two of them.

    Example:
        >>> print(dejmps_bob().draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                 ┌──────┐
          bob_0: ┤ √Xdg ├──■─────
                 ├──────┤┌─┴─┐┌─┐
          bob_1: ┤ √Xdg ├┤ X ├┤M├
                 └──────┘└───┘└╥┘
        bob_z: 1/══════════════╩═
                               0

    Source:
        D. Deutsch et al., Phys. Rev. Lett. 77, 2818 (1996), arXiv:quant-ph/9604039.
    """
    return _purified("dejmps", pair, dejmps_alice(), dejmps_bob())


def dejmps_alice() -> QuantumCircuit:
    """Alice's part of DEJMPS: Rx(π/2) on both of her qubits, her CNOT, her measurement.

    Returns:
        A circuit on the register `alice` (kept, sacrificed) with the bit `alice_z`.

    Example:
        >>> dict(dejmps_alice().count_ops())
        {'sx': 2, 'cx': 1, 'measure': 1}
    """
    return _half("alice", "dejmps", [("sx", 0), ("sx", 1)])


def dejmps_bob() -> QuantumCircuit:
    """Bob's part of DEJMPS: Rx(−π/2) on both of his qubits, his CNOT, his measurement.

    Returns:
        A circuit on the register `bob` (kept, sacrificed) with the bit `bob_z`.

    Example:
        >>> dict(dejmps_bob().count_ops())
        {'sxdg': 2, 'cx': 1, 'measure': 1}
    """
    return _half("bob", "dejmps", [("sxdg", 0), ("sxdg", 1)])


def _half(side: str, name: str, rotations: Sequence[tuple[str, int]]) -> QuantumCircuit:
    circuit = QuantumCircuit(
        QuantumRegister(2, side), ClassicalRegister(1, f"{side}_z"), name=f"{name}_{side}"
    )
    for gate, qubit in rotations:
        getattr(circuit, gate)(qubit)
    circuit.cx(0, 1)
    circuit.measure(1, 0)
    return circuit


def _purified(name: str, pair: Pairs, for_alice: QuantumCircuit, for_bob: QuantumCircuit) -> QuantumCircuit:
    alice, bob = QuantumRegister(2, "alice"), QuantumRegister(2, "bob")
    bits = ClassicalRegister(1, "alice_z"), ClassicalRegister(1, "bob_z")
    circuit = QuantumCircuit(alice, bob, *bits, name=name, metadata={"keep": [[0, 1]]})
    for k, prepared in enumerate(pairs_or_default(pair, 2)):
        circuit.compose(prepared, [alice[k], bob[k]], inplace=True)
    circuit.compose(for_alice, alice, bits[0], inplace=True)
    circuit.compose(for_bob, bob, bits[1], inplace=True)
    return circuit


def _rotations(twirl: Twirl, *, side: int) -> list[tuple[str, int]]:
    """The gates of one side: (name, 0 for the kept qubit or 1 for the sacrificed one)."""
    if twirl is None:
        return []
    numbers = tuple(twirl) if isinstance(twirl, Iterable) else (twirl, twirl)
    if len(numbers) != 2:
        raise ValueError(
            f"twirl={twirl!r} names {len(numbers)} rotations for two pairs; give one number, or two"
        )
    rotations = [bilateral_rotation(checked_rotation("twirl", number)) for number in numbers]
    return [
        (gate.operation.name, which)
        for which, rotation in enumerate(rotations)
        for gate in rotation.data
        if rotation.find_bit(gate.qubits[0]).index == side
    ]
