"""Pauli operators pushed through gates, without their signs.

A frame on a gate's qubits is a list of integers `x` and a list `z`: bit j of `x[q]` says that the Pauli
that hangs on condition j has an X on qubit q. All conditions are pushed at once by integer XOR.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from qiskit.circuit import Barrier, Operation
from qiskit.circuit.library import (
    CXGate,
    CYGate,
    CZGate,
    HGate,
    IGate,
    PauliGate,
    SdgGate,
    SGate,
    SwapGate,
    SXdgGate,
    SXGate,
    XGate,
    YGate,
    ZGate,
)

from circuits.library._pauli_matrices import (
    Matrix,
    base_of,
    is_unitary,
    matrix_of,
    pauli_image,
    pauli_matrix,
    pauli_of_matrix,
)

__all__ = ["commutes_with_z", "pauli_of", "push", "z_image"]

_LARGEST_MATRIX = 6
Masks = list[int]
Rule = Callable[[Masks, Masks], None]

_LETTERS = {"I": (0, 0), "X": (1, 0), "Y": (1, 1), "Z": (0, 1)}


def _nothing(x: Masks, z: Masks) -> None:
    return None


def _h(x: Masks, z: Masks) -> None:
    x[0], z[0] = z[0], x[0]


def _s(x: Masks, z: Masks) -> None:
    z[0] ^= x[0]


def _sx(x: Masks, z: Masks) -> None:
    x[0] ^= z[0]


def _cx(x: Masks, z: Masks) -> None:
    x[1] ^= x[0]
    z[0] ^= z[1]


def _cz(x: Masks, z: Masks) -> None:
    z[0], z[1] = z[0] ^ x[1], z[1] ^ x[0]


def _cy(x: Masks, z: Masks) -> None:
    z[0] ^= x[1] ^ z[1]
    x[1] ^= x[0]
    z[1] ^= x[0]


def _swap(x: Masks, z: Masks) -> None:
    x.reverse()
    z.reverse()


_RULES: dict[type, Rule] = {
    IGate: _nothing,
    XGate: _nothing,
    YGate: _nothing,
    ZGate: _nothing,
    PauliGate: _nothing,
    HGate: _h,
    SGate: _s,
    SdgGate: _s,
    SXGate: _sx,
    SXdgGate: _sx,
    CXGate: _cx,
    CYGate: _cy,
    CZGate: _cz,
    SwapGate: _swap,
}
_Z_CONTROLS = {
    CXGate: (0,),
    CYGate: (0,),
    CZGate: (0, 1),
    ZGate: (0,),
    IGate: (0,),
    SGate: (0,),
    SdgGate: (0,),
}


def push(gate: Operation, x: Masks, z: Masks) -> list[int]:
    """Push the frame through the gate, in place.

    Returns the generators that the gate does not turn into a Pauli (k for the X and n + k for the Z
    of qubit k); the frame is untouched if there are any.
    """
    rule = _RULES.get(base_of(gate))
    if rule is not None:
        rule(x, z)
        return []
    if not any(x) and not any(z):
        return []
    if gate.num_qubits <= _LARGEST_MATRIX:
        return _push_by_matrix(gate, x, z)
    return _push_by_definition(gate, x, z)


def pauli_of(gate: Operation) -> list[tuple[int, int]] | None:
    """The (x, z) of a gate on each of its qubits if it is a Pauli operator up to a phase, else None."""
    base = base_of(gate)
    if base in (IGate, XGate, YGate, ZGate):
        return [_LETTERS[{IGate: "I", XGate: "X", YGate: "Y", ZGate: "Z"}[base]]]
    if base is PauliGate:
        return [_LETTERS[letter] for letter in reversed(gate.params[0])]
    if not is_unitary(gate) or gate.num_qubits > _LARGEST_MATRIX:
        return None
    matrix = matrix_of(gate)
    found = None if matrix is None else pauli_of_matrix(matrix)
    if found is None:
        return None
    n = gate.num_qubits
    return [(found >> k & 1, found >> (n + k) & 1) for k in range(n)]


def z_image(gate: Operation, position: int) -> int | None:
    """Where +Z of the qubit at `position` is found after the gate, or None if it is no single +Z."""
    base = base_of(gate)
    if base is SwapGate:
        return 1 - position
    if base in _Z_CONTROLS and position in _Z_CONTROLS[base]:
        return position
    if gate.num_qubits > _LARGEST_MATRIX:
        return _z_image_by_definition(gate, position)
    n, u = gate.num_qubits, matrix_of(gate)
    if u is None:
        return None
    image = u @ pauli_matrix(n, 1 << (n + position)) @ u.conj().T
    for k in range(n):
        if np.allclose(image, pauli_matrix(n, 1 << (n + k)), atol=1e-9):
            return k
    return None


def commutes_with_z(kraus: Sequence[Matrix], position: int) -> bool:
    """Whether every Kraus operator commutes with Z on the qubit at `position`."""
    n = int(kraus[0].shape[0]).bit_length() - 1
    z = pauli_matrix(n, 1 << (n + position))
    return all(np.allclose(k @ z, z @ k, atol=1e-9) for k in kraus)


def _push_by_matrix(gate: Operation, x: Masks, z: Masks) -> list[int]:
    n, generators = gate.num_qubits, [*x, *z]
    rows = _independent(generators)
    images = [pauli_image(gate, pattern) for pattern, _ in rows]
    if None in images:
        return [g for g, mask in enumerate(generators) if mask and pauli_image(gate, 1 << g) is None]
    new = [0] * (2 * n)
    for (_, mask), image in zip(rows, images, strict=True):
        for g in range(2 * n):
            if image is not None and image >> g & 1:
                new[g] ^= mask
    x[:], z[:] = new[:n], new[n:]
    return []


def _independent(generators: Masks) -> list[tuple[int, int]]:
    """Pairs (Pauli pattern, mask), with independent masks, of which the frame is the product."""
    masks: Masks = []
    patterns: Masks = []
    for g, mask in enumerate(generators):
        for k, known in enumerate(masks):
            if mask ^ known < mask:
                mask ^= known
                patterns[k] |= 1 << g
        if mask:
            masks.append(mask)
            patterns.append(1 << g)
    return list(zip(patterns, masks, strict=True))


def _push_by_definition(gate: Operation, x: Masks, z: Masks) -> list[int]:
    n, inner_x, inner_z = gate.num_qubits, list(x), list(z)
    definition = getattr(gate, "definition", None)
    everything = [g for g, mask in enumerate([*x, *z]) if mask]
    if definition is None:
        return everything
    for item in definition.data:
        if isinstance(item.operation, Barrier):
            continue
        q = [definition.find_bit(bit).index for bit in item.qubits]
        part_x, part_z = [inner_x[k] for k in q], [inner_z[k] for k in q]
        if not is_unitary(item.operation) or push(item.operation, part_x, part_z):
            return everything
        for k, one_x, one_z in zip(q, part_x, part_z, strict=True):
            inner_x[k], inner_z[k] = one_x, one_z
    x[:n], z[:n] = inner_x, inner_z
    return []


def _z_image_by_definition(gate: Operation, position: int) -> int | None:
    definition = getattr(gate, "definition", None)
    if definition is None:
        return None
    for item in definition.data:
        q = [definition.find_bit(bit).index for bit in item.qubits]
        if isinstance(item.operation, Barrier) or position not in q:
            continue
        image = z_image(item.operation, q.index(position)) if is_unitary(item.operation) else None
        if image is None:
            return None
        position = q[image]
    return position
