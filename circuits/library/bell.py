"""Bell pairs, perfect or mixed, and the Bell measurement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._arguments import number, shown

__all__ = ["BELL_STATES", "bell_measurement", "bell_pair"]

BELL_STATES = ("phi+", "psi+", "psi-", "phi-")
_PAULI_ON_B = {"phi+": "I", "psi+": "X", "psi-": "Y", "phi-": "Z"}


def bell_pair(
    state: str = "phi+", *, fidelity: float | None = None, weights: Sequence[float] | None = None
) -> QuantumCircuit:
    """One of the four Bell states on the qubits `a` and `b`, or a Bell-diagonal mixture of them.

    Φ± = (|00⟩ ± |11⟩)/√2 and Ψ± = (|01⟩ ± |10⟩)/√2, up to a global phase. A mixture is prepared by a
    Pauli error on `b` (an Aer `pauli_error` instruction, which Aer runs and `to_stim` translates; it
    goes neither into OpenQASM 3 nor QPY, and not to hardware: `CircuitNoise.strip` takes it off).

    Args:
        state: `"phi+"`, `"psi+"`, `"psi-"` or `"phi-"`.
        fidelity: Weight of `state` in a Werner state about it, in [0, 1]; the three other Bell states
            share the rest equally.
        weights: Four probabilities in the order Φ+, Ψ+, Ψ−, Φ−; not together with `fidelity` or with
            another `state` than `"phi+"`, since they name all four.

    Returns:
        A circuit on two one-qubit registers, `a` and `b`.

    Raises:
        ValueError: If `state` is not one of the four.
        ValueError: If both `fidelity` and `weights` are given, or `weights` with a state other than Φ+.
        ValueError: If `fidelity` lies outside [0, 1].
        ValueError: If `weights` are not four probabilities that sum to one.

    Example:
        >>> from qiskit.quantum_info import Statevector
        >>> Statevector(bell_pair("phi-")).to_dict(decimals=3)
        {np.str_('00'): np.complex128(0.707+0j), np.str_('11'): np.complex128(-0.707+0j)}
        >>> bell_pair(fidelity=0.7).count_ops()["quantum_channel"]
        1
    """
    if state not in BELL_STATES:
        raise ValueError(f"state={state!r} is no Bell state; choose one of {', '.join(BELL_STATES)}")
    if weights is not None and (fidelity is not None or state != "phi+"):
        raise ValueError("weights name all four Bell states; give them without fidelity and without state")
    circuit = QuantumCircuit(QuantumRegister(1, "a"), QuantumRegister(1, "b"), name="bell_pair")
    circuit.h(0)
    circuit.cx(0, 1)
    if state in ("psi+", "psi-"):
        circuit.x(1)
    if state in ("phi-", "psi-"):
        circuit.z(1)
    if fidelity is not None:
        _append_mixture(circuit, _werner(fidelity))
    elif weights is not None:
        _append_mixture(circuit, _checked(weights))
    return circuit


def bell_measurement() -> QuantumCircuit:
    """Which of the four Bell states two qubits are in.

    The two qubits are measured by CX(0→1), H(0) and a read-out of each. On a Bell state the bits are
    certain: (phase, parity) = (0, 0) for Φ+, (1, 0) for Φ−, (0, 1) for Ψ+ and (1, 1) for Ψ−.

    Returns:
        A circuit on the register `pair` (2 qubits) with the one-bit registers `phase` (the outcome of
        X⊗X: 0 for +1, 1 for −1) and `parity` (the outcome of Z⊗Z: 0 for Φ, 1 for Ψ). Since OpenQASM 3
        has a gate called `phase`, Qiskit calls that register `phase_0` there.

    Example:
        >>> print(bell_measurement().draw("text", fold=-1))  # doctest: +NORMALIZE_WHITESPACE
                  ┌───┐┌─┐
          pair_0: ──■──┤ H ├┤M├
                  ┌─┴─┐└┬─┬┘└╥┘
          pair_1: ┤ X ├─┤M├──╫─
                  └───┘ └╥┘  ║
         phase: 1/═══════╬═══╩═
                         ║   0
        parity: 1/═══════╩═════
                         0
    """
    pair = QuantumRegister(2, "pair")
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(pair, phase, parity, name="bell_measurement")
    circuit.cx(pair[0], pair[1])
    circuit.h(pair[0])
    circuit.measure(pair[0], phase[0])
    circuit.measure(pair[1], parity[0])
    return circuit


def _werner(fidelity: float) -> tuple[float, ...]:
    value = number(fidelity)
    if not 0 <= value <= 1:
        raise ValueError(f"fidelity={shown(fidelity)} is no fidelity; give a number from 0 to 1")
    return (value, *[(1 - value) / 3] * 3)


def _checked(weights: Sequence[float]) -> tuple[float, ...]:
    values = tuple(number(w) for w in weights) if isinstance(weights, Iterable) else ()
    if len(values) != 4 or not all(w >= 0 for w in values) or not abs(sum(values) - 1) < 1e-6:
        raise ValueError(
            f"weights={shown(weights)} are no mixture of Bell states; "
            "give four probabilities that sum to 1, in the order phi+, psi+, psi-, phi-"
        )
    return tuple(w / sum(values) for w in values)


def _append_mixture(circuit: QuantumCircuit, weights: tuple[float, ...]) -> None:
    if weights[0] == 1:
        return
    from qiskit_aer.noise import pauli_error

    paulis = (_PAULI_ON_B[state] for state in BELL_STATES)
    circuit.append(pauli_error([(p, w) for p, w in zip(paulis, weights, strict=True) if w > 0]), [1])
