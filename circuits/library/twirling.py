"""The twelve bilateral rotations that turn any pair into a Werner pair of the same fidelity."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import QuantumRegister

__all__ = ["BILATERAL_ROTATIONS", "bilateral_rotation"]

BILATERAL_ROTATIONS = 12

_PAULIS = ("id", "x", "y", "z")
_CYCLES = ((), ("s", "h"), ("h", "sdg"))
_CONJUGATE = {"s": "sdg", "sdg": "s"}


def bilateral_rotation(index: int) -> QuantumCircuit:
    """One of the twelve rotations U ⊗ U* of the twirl about Φ+.

    The rotations U are those of the tetrahedron: rotation 4·c + p is the Pauli operator number p of
    (1, X, Y, Z), followed by the cyclic change of the axes number c of (none, X → Y → Z, X → Z → Y, up to
    signs). U ⊗ U* leaves Φ+ as it is. The uniform mixture over the twelve is the twirl over all U: any
    two-qubit state, Bell-diagonal or not, becomes the Werner state of its fidelity with Φ+. The twelve are
    Bennett's bilateral rotations B_x, B_y, B_z and their products, written for Φ+ in place of Ψ−.

    Compose it after a preparation to twirl one pair: `bell_pair(...).compose(bilateral_rotation(7))`.

    Args:
        index: Which rotation, 0 (none at all) to 11.

    Returns:
        A Clifford circuit on two one-qubit registers, `a` (which gets U) and `b` (which gets U*).

    Raises:
        ValueError: If `index` is not a whole number from 0 to 11.

    Example:
        >>> print(bilateral_rotation(5).draw("text"))
           ┌───┐ ┌───┐ ┌───┐
        a: ┤ X ├─┤ S ├─┤ H ├
           ├───┤┌┴───┴┐├───┤
        b: ┤ X ├┤ Sdg ├┤ H ├
           └───┘└─────┘└───┘

    Source:
        C. H. Bennett et al., Phys. Rev. A 54, 3824 (1996), arXiv:quant-ph/9604024 (the twirl by
        twelve rotations).
    """
    cycle, pauli = divmod(checked_rotation("index", index), 4)
    circuit = QuantumCircuit(
        QuantumRegister(1, "a"), QuantumRegister(1, "b"), name=f"bilateral_rotation_{index}"
    )
    if pauli:
        getattr(circuit, _PAULIS[pauli])([0, 1])
    for gate in _CYCLES[cycle]:
        getattr(circuit, gate)(0)
        getattr(circuit, _CONJUGATE.get(gate, gate))(1)
    return circuit


def checked_rotation(name: str, index: int) -> int:
    """The index as an int, when there is a rotation of that number."""
    whole = hasattr(index, "__index__") and not isinstance(index, bool)
    if not whole or not 0 <= index < BILATERAL_ROTATIONS:
        raise ValueError(
            f"{name}={index!r} is none of the twelve bilateral rotations; give a whole number from 0 to 11"
        )
    return int(index)
