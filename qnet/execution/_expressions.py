"""Classical expressions without `expr.index`, which Aer does not know."""

from __future__ import annotations

from functools import reduce
from typing import Any

from qiskit.circuit.classical import expr


def without_index(node: Any) -> Any:
    """The same expression with every `index` written as a test of masked bits."""
    if isinstance(node, expr.Cast):
        return expr.Cast(without_index(node.operand), node.type, implicit=node.implicit)
    if isinstance(node, expr.Unary):
        return expr.Unary(node.op, without_index(node.operand), node.type)
    if isinstance(node, expr.Binary):
        return expr.Binary(node.op, without_index(node.left), without_index(node.right), node.type)
    if isinstance(node, expr.Index):
        return _bit(without_index(node.target), without_index(node.index))
    return node


def _bit(target: Any, index: Any) -> Any:
    width = target.type.width
    if isinstance(index, expr.Value):
        return _tested(target, int(index.value)) if index.value < width else expr.lift(False)
    places = range(min(width, 1 << index.type.width))
    cases = [expr.logic_and(expr.equal(index, expr.Value(k, index.type)), _tested(target, k)) for k in places]
    return reduce(expr.logic_or, cases)


def _tested(target: Any, place: int) -> Any:
    mask = expr.bit_and(target, expr.Value(1 << place, target.type))
    return expr.not_equal(mask, expr.Value(0, target.type))
