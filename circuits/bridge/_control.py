"""Control flow: what is decided is followed, what depends on outcomes becomes conditional Paulis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qiskit.circuit import BoxOp, Clbit, ForLoopOp, IfElseOp, QuantumCircuit, SwitchCaseOp
from qiskit.circuit.classical import expr
from qiskit.circuit.controlflow import CASE_DEFAULT

from circuits.bridge._boolean import ONE, ZERO, Poly, equal, negate, times, word
from circuits.bridge._expressions import condition_of, value_of
from circuits.bridge._frame import Frame, letters_when, multiply_when
from circuits.bridge._memory import Memory
from circuits.bridge._refusal import Refused
from circuits.bridge._sinks import Branch, difference
from circuits.errors import NotTranslatable

if TYPE_CHECKING:
    from circuits.bridge._walk import Walk

Case = tuple[Poly, QuantumCircuit | None]


def follow(walk: Walk, operation: Any, qubits: list[int], clbits: Sequence[Clbit]) -> None:
    """Carry out one control-flow operation."""
    if isinstance(operation, IfElseOp):
        _if_else(walk, operation, qubits, clbits)
    elif isinstance(operation, SwitchCaseOp):
        _choose(walk, _switch_cases(walk, operation), qubits, clbits)
    elif isinstance(operation, ForLoopOp):
        _for_loop(walk, operation, qubits, clbits)
    elif isinstance(operation, BoxOp):
        walk.inside(operation.blocks[0], qubits, clbits, "body, ")
    else:
        _while_loop(walk, operation)


def _if_else(walk: Walk, operation: IfElseOp, qubits: list[int], clbits: Sequence[Clbit]) -> None:
    condition = condition_of(operation.condition, walk.read)
    then, otherwise = operation.params
    if otherwise is None and condition:
        frame = _lone_pauli(then, qubits, condition)
        if frame is not None:
            walk.sink.pauli(frame, walk.place)
            return
    _choose(walk, [(condition, then), (negate(condition), otherwise)], qubits, clbits)


def _lone_pauli(body: QuantumCircuit, qubits: list[int], condition: Poly) -> Frame | None:
    """The usual body, one Pauli gate, read without a branch of its own."""
    if len(body.data) != 1:
        return None
    item = body.data[0]
    if item.name not in ("x", "y", "z") or not item.is_standard_gate():
        return None
    qubit = qubits[body.find_bit(item.qubits[0]).index]
    return {qubit: letters_when(condition, item.name.upper())}


def _switch_cases(walk: Walk, operation: SwitchCaseOp) -> list[Case]:
    target = value_of(operation.target, walk.read)
    cases: list[Case] = []
    left = ONE
    default: QuantumCircuit | None = None
    for labels, body in operation.cases_specifier():
        taken = ZERO
        for label in labels:
            if label is CASE_DEFAULT:
                default = body
            elif not int(label) >> len(target):
                taken = taken ^ equal(target, word(int(label), len(target)))
        if default is not body:
            cases.append((taken, body))
            left = left ^ taken
    return [*cases, (left, default)]


def _choose(walk: Walk, cases: list[Case], qubits: list[int], clbits: Sequence[Clbit]) -> None:
    """Follow the one case that is certain, else all that are possible, and merge them."""

    def follow_body(k: int, body: QuantumCircuit | None) -> None:
        if body is not None:
            walk.inside(body, qubits, clbits, f"body {k}, ")

    possible = [
        (k, condition, body)
        for k, (condition, body) in enumerate(cases)
        if condition and times(walk.assumed, condition)
    ]
    if len(possible) == 1:
        k, _, body = possible[0]
        follow_body(k, body)
        return
    _merge(walk, [walk.branch(condition, partial(follow_body, k, body)) for k, condition, body in possible])


def _merge(walk: Walk, ends: list[tuple[Poly, Branch, Memory]]) -> None:
    """One Clifford for all branches, then the Pauli by which each differs from it."""
    reference = min((branch for _, branch, _ in ends), key=lambda branch: len(branch.clifford))
    total: Frame = {}
    for condition, branch, _ in ends:
        multiply_when(total, condition, branch.frame)
        multiply_when(total, condition, difference(branch, reference))
    for gate, targets in reference.clifford:
        walk.sink.gate(gate, targets)
    walk.sink.pauli(total, walk.place)
    walk.memory.merge([(condition, memory) for condition, _, memory in ends])


def _for_loop(walk: Walk, operation: ForLoopOp, qubits: list[int], clbits: Sequence[Clbit]) -> None:
    indices, parameter, body = operation.params
    for index in indices:
        bound = body
        if isinstance(parameter, expr.Var):
            walk.memory.write(parameter, word(int(index), parameter.type.width), {})
        elif parameter is not None:
            bound = body.assign_parameters({parameter: index}, strict=False)
        walk.inside(bound, qubits, clbits, f"round {index}, ")


def _while_loop(walk: Walk, operation: Any) -> None:
    condition = getattr(operation, "condition", None)
    if condition is not None and condition_of(condition, walk.read) == ZERO:
        return
    raise Refused(
        NotTranslatable,
        "a loop whose length depends on outcomes has no counterpart in Stim",
        "use a for loop of fixed length, or run it on Aer",
    )
