"""An exact simulator of small dynamic circuits, written apart from the bridge and from Aer.

Every measurement outcome is followed in a branch of its own: a branch is the value of the classical
bits, and the unnormalised density matrix that goes with them. Control flow and classical expressions
are interpreted here, so that it can stand as the reference for what translates or runs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, Clbit, ForLoopOp, IfElseOp, SwitchCaseOp
from qiskit.circuit.classical import expr
from qiskit.circuit.controlflow import CASE_DEFAULT
from qiskit.quantum_info import DensityMatrix, Kraus, Operator, SuperOp

Bits = tuple[int, ...]
Branches = dict[Bits, np.ndarray]

_Z = np.diag([1.0, 0.0]).astype(complex), np.diag([0.0, 1.0]).astype(complex)
_LOWER = np.array([[0, 1], [0, 0]], dtype=complex)
_KRAUS: dict[int, tuple[Any, list[np.ndarray]]] = {}
"""Kraus operators by the identity of their channel, which is kept alive beside them."""

_BINARY = {
    "BIT_AND": lambda a, b: a & b,
    "BIT_OR": lambda a, b: a | b,
    "BIT_XOR": lambda a, b: a ^ b,
    "LOGIC_AND": lambda a, b: int(bool(a) and bool(b)),
    "LOGIC_OR": lambda a, b: int(bool(a) or bool(b)),
    "EQUAL": lambda a, b: int(a == b),
    "NOT_EQUAL": lambda a, b: int(a != b),
    "LESS": lambda a, b: int(a < b),
    "LESS_EQUAL": lambda a, b: int(a <= b),
    "GREATER": lambda a, b: int(a > b),
    "GREATER_EQUAL": lambda a, b: int(a >= b),
    "ADD": lambda a, b: a + b,
    "SUB": lambda a, b: a - b,
    "MUL": lambda a, b: a * b,
    "SHIFT_LEFT": lambda a, b: a << b,
    "SHIFT_RIGHT": lambda a, b: a >> b,
}


def branches(
    circuit: QuantumCircuit, initial: DensityMatrix | np.ndarray | None = None
) -> dict[Bits, DensityMatrix]:
    """Every reachable value of the classical bits (in the order of `circuit.clbits`), with its
    unnormalised density matrix over all qubits (Qiskit's order); the traces sum to one."""
    n = circuit.num_qubits
    start = np.zeros((2**n, 2**n), dtype=complex)
    start[0, 0] = 1
    if initial is not None:
        start = np.asarray(getattr(initial, "data", initial), dtype=complex)
    clbits = {bit: k for k, bit in enumerate(circuit.clbits)}
    qubits = {bit: k for k, bit in enumerate(circuit.qubits)}
    found = _run(circuit, qubits, clbits, {(0,) * len(clbits): start}, n)
    return {bits: DensityMatrix(rho) for bits, rho in sorted(found.items())}


def distribution(circuit: QuantumCircuit) -> dict[Bits, float]:
    """The exact probability of every value of the classical bits (those above 1e-12)."""
    found = {bits: float(np.real(rho.trace())) for bits, rho in branches(circuit).items()}
    return {bits: p for bits, p in found.items() if p > 1e-12}


def reduced(circuit: QuantumCircuit, qubits: Sequence[int]) -> DensityMatrix:
    """The state of some qubits (the first named is the least significant) when all outcomes are forgotten."""
    total = sum(rho.data for rho in branches(circuit).values())
    return trace_to(DensityMatrix(total), qubits)


def trace_to(rho: DensityMatrix, qubits: Sequence[int]) -> DensityMatrix:
    """The (unnormalised) reduced state of some qubits, the first named the least significant."""
    n = rho.num_qubits
    tensor = rho.data.reshape([2] * (2 * n))
    row = [n - 1 - q for q in reversed(qubits)]
    rest = [axis for axis in range(n) if axis not in row]
    order = [*row, *rest, *[n + axis for axis in row], *[n + axis for axis in rest]]
    k, m = 2 ** len(row), 2 ** len(rest)
    return DensityMatrix(np.einsum("arbr->ab", tensor.transpose(order).reshape(k, m, k, m)))


def _run(circuit: QuantumCircuit, qubits: dict, clbits: dict, now: Branches, n: int) -> Branches:
    for item in circuit.data:
        now = _step(item.operation, [qubits[q] for q in item.qubits], list(item.clbits), clbits, now, n)
    return now


def _step(op: Any, q: list[int], c: list[Clbit], clbits: dict, now: Branches, n: int) -> Branches:
    if op.name in ("barrier", "delay"):
        return now
    if op.name == "measure":
        return _merge(
            (_with(bits, clbits[c[0]], value), _apply(rho, _Z[value], q, n))
            for bits, rho in now.items()
            for value in (0, 1)
        )
    if op.name == "reset":
        return {bits: _apply(rho, _Z[0], q, n) + _apply(rho, _LOWER, q, n) for bits, rho in now.items()}
    if isinstance(op, IfElseOp | SwitchCaseOp | ForLoopOp):
        return _merge(pair for bits, rho in now.items() for pair in _control(op, q, c, clbits, bits, rho, n))
    if op.name == "store":
        targets = [op.lvalue.var] if isinstance(op.lvalue.var, Clbit) else list(op.lvalue.var)
        return _merge((_stored(bits, targets, op.rvalue, clbits), rho) for bits, rho in now.items())
    if op.name in ("quantum_channel", "kraus", "superop"):
        ops = _kraus(op)
        return {bits: sum(_apply(rho, k, q, n) for k in ops) for bits, rho in now.items()}
    if c or op.name == "initialize":
        return _composite(op, q, c, clbits, now, n)
    matrix = Operator(op).data
    return {bits: _apply(rho, matrix, q, n) for bits, rho in now.items()}


def _kraus(op: Any) -> list[np.ndarray]:
    error = getattr(op, "_quantum_error", None)
    key = id(op if error is None else error)
    if key not in _KRAUS:
        found = Kraus(SuperOp(error) if error is not None else op).data
        _KRAUS[key] = (op, found if isinstance(found, list) else found[0])
    return _KRAUS[key][1]


def _composite(op: Any, q: list[int], c: list[Clbit], clbits: dict, now: Branches, n: int) -> Branches:
    body = op.definition
    inner_q = {bit: q[k] for k, bit in enumerate(body.qubits)}
    inner_c = {bit: clbits[c[k]] for k, bit in enumerate(body.clbits)}
    return _run(body, inner_q, inner_c, now, n)


def _control(
    op: Any, q: list[int], c: list[Clbit], clbits: dict, bits: Bits, rho: np.ndarray, n: int
) -> list[tuple[Bits, np.ndarray]]:
    if isinstance(op, ForLoopOp):
        indices, parameter, body = op.params
        now = {bits: rho}
        for index in indices:
            bound = body if parameter is None else body.assign_parameters({parameter: index})
            now = _body(bound, q, c, clbits, now, n)
        return list(now.items())
    body = _chosen(op, bits, clbits)
    return [(bits, rho)] if body is None else list(_body(body, q, c, clbits, {bits: rho}, n).items())


def _body(
    body: QuantumCircuit, q: list[int], c: list[Clbit], clbits: dict, now: Branches, n: int
) -> Branches:
    inner_q = {bit: q[k] for k, bit in enumerate(body.qubits)}
    inner_c = {**clbits, **{bit: clbits[c[k]] for k, bit in enumerate(body.clbits)}}
    return _run(body, inner_q, inner_c, now, n)


def _chosen(op: Any, bits: Bits, clbits: dict) -> QuantumCircuit | None:
    if isinstance(op, IfElseOp):
        taken = _condition(op.condition, bits, clbits)
        return op.params[0] if taken else op.params[1]
    value = _value(op.target, bits, clbits)
    for label, body in op.cases_specifier():
        for case in label if isinstance(label, tuple) else (label,):
            if case is CASE_DEFAULT or int(case) == value:
                return body
    return None


def _condition(condition: Any, bits: Bits, clbits: dict) -> bool:
    if isinstance(condition, tuple):
        return _value(condition[0], bits, clbits) == int(condition[1])
    return bool(_value(condition, bits, clbits))


def _value(node: Any, bits: Bits, clbits: dict) -> int:
    if isinstance(node, Clbit):
        return bits[clbits[node]]
    if isinstance(node, ClassicalRegister):
        return sum(bits[clbits[bit]] << k for k, bit in enumerate(node))
    if isinstance(node, expr.Var):
        return _value(node.var, bits, clbits)
    if isinstance(node, expr.Value):
        return int(node.value)
    if isinstance(node, expr.Cast):
        inner = _value(node.operand, bits, clbits)
        return int(bool(inner)) if node.type.kind.__name__ == "Bool" else inner
    if isinstance(node, expr.Unary):
        inner = _value(node.operand, bits, clbits)
        if node.op.name == "LOGIC_NOT":
            return int(not inner)
        return (~inner) & ((1 << getattr(node.type, "width", 1)) - 1)
    if isinstance(node, expr.Index):
        return (_value(node.target, bits, clbits) >> _value(node.index, bits, clbits)) & 1
    if isinstance(node, expr.Binary):
        value = int(_BINARY[node.op.name](_value(node.left, bits, clbits), _value(node.right, bits, clbits)))
        return value & ((1 << node.type.width) - 1) if hasattr(node.type, "width") else value
    raise TypeError(f"the reference simulator does not know {node!r}")


def _with(bits: Bits, index: int, value: int) -> Bits:
    return (*bits[:index], int(value), *bits[index + 1 :])


def _stored(bits: Bits, targets: list[Clbit], node: Any, clbits: dict) -> Bits:
    value = _value(node, bits, clbits)
    for k, bit in enumerate(targets):
        bits = _with(bits, clbits[bit], value >> k & 1)
    return bits


def _merge(pairs: Iterable[tuple[Bits, np.ndarray]]) -> Branches:
    total: Branches = {}
    for bits, rho in pairs:
        if np.real(np.trace(rho)) > 1e-14:
            total[bits] = total[bits] + rho if bits in total else rho
    return total


def _apply(rho: np.ndarray, matrix: np.ndarray, q: list[int], n: int) -> np.ndarray:
    """K rho K^dagger with K on the named qubits (Qiskit's order: the first is least significant)."""
    k = len(q)
    tensor = np.asarray(matrix, dtype=complex).reshape([2] * (2 * k))
    axes = [n - 1 - x for x in reversed(q)]
    out = np.tensordot(tensor, rho.reshape([2] * (2 * n)), axes=(range(k, 2 * k), axes))
    out = np.moveaxis(out, range(k), axes)
    out = np.tensordot(tensor.conj(), out, axes=(range(k, 2 * k), [n + a for a in axes]))
    out = np.moveaxis(out, range(k), [n + a for a in axes])
    return out.reshape(2**n, 2**n)
