"""GHZ states of distant parties, made of pairs by fusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, Clbit, QuantumRegister, Qubit

from circuits.library._arguments import whole_number
from circuits.library._pairs import pairs_or_default
from circuits.library.corrections import with_corrections

__all__ = ["ghz_distribution", "ghz_fusion", "ghz_phase_correction", "ghz_star_centre", "ghz_x_correction"]

Pairs: TypeAlias = QuantumCircuit | Sequence[QuantumCircuit] | None
_TOPOLOGIES = ("star", "chain")


def ghz_distribution(
    parties: int = 3, *, topology: str = "star", corrections: str = "feedforward", pair: Pairs = None
) -> QuantumCircuit:
    """A GHZ state of distant parties, from the pairs that they share with a centre or with neighbours.

    - `"star"`: a centre shares a pair with every party and projects its halves onto a GHZ state. A party
      that the centre finds odd against the first applies X; the first applies Z for an odd phase.
    - `"chain"`: neighbours share pairs. From the second party on, each fuses its two halves (CX and the
      read-out of one), keeps the other, and tells its right neighbour, who applies X before its own turn.

    A fusion is a parity measurement of two qubits of which one is consumed; see de Bone, Ouyang,
    Goodenough and Elkouss, IEEE Trans. Quantum Eng. 1, 4102610 (2020), arXiv:2010.12259.

    Args:
        parties: Number of parties, at least two.
        topology: `"star"` or `"chain"`.
        corrections: `"feedforward"`, `"deferred"` (its gates cross between the nodes: for simulators),
            `"frame"` or `"postselect"`; see `with_corrections`.
        pair: The circuit that prepares a pair, or one for each (n of a star, whose first qubit is the
            centre's; n − 1 of a chain, from left to right); `bell_pair()` by default.

    Returns:
        A circuit whose GHZ state is on `party` (n qubits). Star: `centre` (n) before it, bits `parity`
        (n − 1) and `phase` (1). Chain: `relay` (n − 2, the consumed halves of the inner parties) after
        it, bits `parity` (n − 2); neither for two parties.

    Raises:
        ValueError: If `parties` is not a whole number of at least two.
        ValueError: If `topology` is neither `"star"` nor `"chain"`.
        ValueError: If `corrections` is not one of the four forms.
        ValueError: If `pair` holds something else than two-qubit circuits, or not one for each pair.

    Example:
        >>> from circuits.library import pauli_frame
        >>> pauli_frame(ghz_distribution(4, topology="chain", corrections="frame"))
        PauliFrame(x={2: (0,), 3: (0, 1), 5: (0,)}, z={}, bits={1: (0,)}, keep=())
    """
    parties = whole_number("parties", parties, 2, "a GHZ state is shared by several parties")
    if topology not in _TOPOLOGIES:
        raise ValueError(f"topology={topology!r} is unknown; choose one of {', '.join(_TOPOLOGIES)}")
    circuit = _star(parties, pair) if topology == "star" else _chain(parties, pair)
    return with_corrections(circuit, corrections)


def ghz_star_centre(parties: int = 3) -> QuantumCircuit:
    """What the centre of a star runs: its halves are projected onto a GHZ state, up to signs that it reads.

    Args:
        parties: Number of parties, at least two.

    Returns:
        A circuit on `centre` (n) with the bits `parity` (n − 1: of the parties after the first) and `phase`.

    Raises:
        ValueError: If `parties` is not a whole number of at least two.

    Example:
        >>> dict(ghz_star_centre(3).count_ops())
        {'measure': 3, 'cx': 2, 'h': 1}
    """
    parties = whole_number("parties", parties, 2, "a GHZ state is shared by several parties")
    centre = QuantumRegister(parties, "centre")
    parity, phase = ClassicalRegister(parties - 1, "parity"), ClassicalRegister(1, "phase")
    circuit = QuantumCircuit(centre, parity, phase, name="ghz_star_centre")
    for k in range(1, parties):
        circuit.cx(centre[0], centre[k])
        circuit.measure(centre[k], parity[k - 1])
    circuit.h(centre[0])
    circuit.measure(centre[0], phase[0])
    return circuit


def ghz_fusion() -> QuantumCircuit:
    """What an inner party of a chain runs: CX from the half that it keeps to the other, which it reads.

    Returns:
        A circuit on `party` and `relay` with the bit `parity`, which goes to the right neighbour.

    Example:
        >>> dict(ghz_fusion().count_ops())
        {'cx': 1, 'measure': 1}
    """
    party, relay = QuantumRegister(1, "party"), QuantumRegister(1, "relay")
    circuit = QuantumCircuit(party, relay, ClassicalRegister(1, "parity"), name="ghz_fusion")
    circuit.cx(0, 1)
    circuit.measure(1, 0)
    return circuit


def ghz_x_correction() -> QuantumCircuit:
    """What a party runs that is told a parity: X on `party` if it is odd.

    Example:
        >>> dict(ghz_x_correction().count_ops())
        {'if_else': 1}
    """
    parity = ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(QuantumRegister(1, "party"), parity, name="ghz_x_correction")
    _x_if(circuit, parity[0], circuit.qubits[0])
    return circuit


def ghz_phase_correction() -> QuantumCircuit:
    """What the first party of a star runs: Z on `party` if the phase is odd.

    Example:
        >>> dict(ghz_phase_correction().count_ops())
        {'if_else': 1}
    """
    phase = ClassicalRegister(1, "phase")
    circuit = QuantumCircuit(QuantumRegister(1, "party"), phase, name="ghz_phase_correction")
    _z_if(circuit, phase[0], circuit.qubits[0])
    return circuit


def _star(parties: int, pair: Pairs) -> QuantumCircuit:
    centre, party = QuantumRegister(parties, "centre"), QuantumRegister(parties, "party")
    parity, phase = ClassicalRegister(parties - 1, "parity"), ClassicalRegister(1, "phase")
    circuit = QuantumCircuit(centre, party, parity, phase, name="ghz_distribution")
    for k, prepare in enumerate(pairs_or_default(pair, parties)):
        circuit.compose(prepare, [centre[k], party[k]], inplace=True)
    circuit.compose(ghz_star_centre(parties), centre, [*parity, *phase], inplace=True)
    for k in range(1, parties):
        _x_if(circuit, parity[k - 1], party[k])
    _z_if(circuit, phase[0], party[0])
    return circuit


def _chain(parties: int, pair: Pairs) -> QuantumCircuit:
    inner = parties - 2
    registers = [QuantumRegister(inner, "relay"), ClassicalRegister(inner, "parity")] if inner else []
    circuit = QuantumCircuit(QuantumRegister(parties, "party"), *registers, name="ghz_distribution")
    party, relay = circuit.qubits[:parties], circuit.qubits[parties:]
    for k, prepare in enumerate(pairs_or_default(pair, parties - 1)):
        circuit.compose(prepare, [relay[k - 1] if k else party[0], party[k + 1]], inplace=True)
    for k in range(inner):
        circuit.compose(ghz_fusion(), [party[k + 1], relay[k]], [circuit.clbits[k]], inplace=True)
        _x_if(circuit, circuit.clbits[k], party[k + 2])
    return circuit


def _x_if(circuit: QuantumCircuit, bit: Clbit, qubit: Qubit) -> None:
    with circuit.if_test((bit, 1)):
        circuit.x(qubit)


def _z_if(circuit: QuantumCircuit, bit: Clbit, qubit: Qubit) -> None:
    with circuit.if_test((bit, 1)):
        circuit.z(qubit)
