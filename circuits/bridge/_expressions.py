"""Conditions and classical expressions of Qiskit as Boolean functions of the outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qiskit.circuit import ClassicalRegister, Clbit
from qiskit.circuit.classical import expr, types

from circuits.bridge._boolean import (
    ZERO,
    Poly,
    Word,
    add,
    constant,
    either,
    equal,
    less,
    multiply,
    negate,
    resize,
    shift,
    subtract,
    times,
    word,
)
from circuits.bridge._refusal import Refused
from circuits.errors import NotTranslatable

Read = Callable[[Any], Word]
"""Gives the value of a classical bit or of a variable."""


def condition_of(condition: Any, read: Read) -> Poly:
    """The Boolean function of an `if`: a pair (bit or register, value) or an expression."""
    if isinstance(condition, tuple):
        bits = value_of(condition[0], read)
        value = int(condition[1])
        return ZERO if value >> len(bits) else equal(bits, word(value, len(bits)))
    return truth(value_of(condition, read))


def truth(bits: Word) -> Poly:
    """Whether a word is not zero."""
    return bits[0] if len(bits) == 1 else negate(equal(bits, word(0, len(bits))))


def value_of(node: Any, read: Read) -> Word:
    """The bits of a classical value, the least significant first."""
    if isinstance(node, Clbit):
        return read(node)
    if isinstance(node, ClassicalRegister):
        return tuple(bit for member in node for bit in read(member))
    if isinstance(node, expr.Var):
        return value_of(node.var, read) if isinstance(node.var, Clbit | ClassicalRegister) else read(node)
    if isinstance(node, expr.Value):
        return word(_whole(node.value), _width(node.type))
    if isinstance(node, expr.Cast):
        inner = value_of(node.operand, read)
        return (truth(inner),) if _is_bool(node.type) else resize(inner, _width(node.type))
    if isinstance(node, expr.Index):
        return _index(value_of(node.target, read), value_of(node.index, read))
    if isinstance(node, expr.Unary):
        return _unary(node.op, value_of(node.operand, read))
    if isinstance(node, expr.Binary):
        return _binary(node, value_of(node.left, read), value_of(node.right, read))
    raise _unknown(type(node).__name__)


def _whole(value: Any) -> int:
    if isinstance(value, bool | int):
        return int(value)
    raise _unknown(f"the value {value!r}")


def _is_bool(kind: types.Type) -> bool:
    return isinstance(kind, types.Bool)


def _width(kind: types.Type) -> int:
    if isinstance(kind, types.Bool):
        return 1
    if isinstance(kind, types.Uint):
        return int(kind.width)
    raise _unknown(f"a value of type {kind!r}")


def _index(target: Word, index: Word) -> Word:
    place = constant(index)
    if place is not None:
        return (target[place] if place < len(target) else ZERO,)
    total = ZERO
    for k, bit in enumerate(target):
        total ^= times(equal(index, word(k, len(index))), bit)
    return (total,)


def _unary(op: expr.Unary.Op, a: Word) -> Word:
    if op == expr.Unary.Op.LOGIC_NOT:
        return (negate(truth(a)),)
    if op == expr.Unary.Op.BIT_NOT:
        return tuple(negate(bit) for bit in a)
    raise _unknown(op.name)


_BITWISE: dict[expr.Binary.Op, Callable[[Poly, Poly], Poly]] = {
    expr.Binary.Op.BIT_AND: times,
    expr.Binary.Op.BIT_OR: either,
    expr.Binary.Op.BIT_XOR: lambda x, y: x ^ y,
}
_TESTS: dict[expr.Binary.Op, Callable[[Word, Word], Poly]] = {
    expr.Binary.Op.LOGIC_AND: lambda a, b: times(truth(a), truth(b)),
    expr.Binary.Op.LOGIC_OR: lambda a, b: either(truth(a), truth(b)),
    expr.Binary.Op.EQUAL: equal,
    expr.Binary.Op.NOT_EQUAL: lambda a, b: negate(equal(a, b)),
    expr.Binary.Op.LESS: less,
    expr.Binary.Op.LESS_EQUAL: lambda a, b: negate(less(b, a)),
    expr.Binary.Op.GREATER: lambda a, b: less(b, a),
    expr.Binary.Op.GREATER_EQUAL: lambda a, b: negate(less(a, b)),
}
_SUMS: dict[expr.Binary.Op, Callable[[Word, Word], Word]] = {
    expr.Binary.Op.ADD: add,
    expr.Binary.Op.SUB: subtract,
    expr.Binary.Op.MUL: multiply,
}


def _binary(node: expr.Binary, a: Word, b: Word) -> Word:
    if node.op in _TESTS:
        return (_TESTS[node.op](a, b),)
    width = _width(node.type)
    a = resize(a, width)
    if node.op in _BITWISE:
        return tuple(_BITWISE[node.op](x, y) for x, y in zip(a, resize(b, width), strict=True))
    if node.op in _SUMS:
        return _SUMS[node.op](a, b)
    if node.op in (expr.Binary.Op.SHIFT_LEFT, expr.Binary.Op.SHIFT_RIGHT):
        return _shift(a, b, 1 if node.op == expr.Binary.Op.SHIFT_LEFT else -1)
    divisor, dividend = constant(b), constant(a)
    if divisor and dividend is not None:
        return word(dividend // divisor, width)
    raise _unknown(node.op.name)


def _shift(a: Word, b: Word, sign: int) -> Word:
    places = constant(b)
    if places is not None:
        return shift(a, sign * min(places, len(a)))
    total = word(0, len(a))
    for k in range(min(len(a), 1 << len(b))):
        chosen = equal(b, word(k, len(b)))
        total = tuple(t ^ times(chosen, bit) for t, bit in zip(total, shift(a, sign * k), strict=True))
    return total


def _unknown(what: str) -> Refused:
    return Refused(
        NotTranslatable,
        f"its classical expression uses {what}, which is no Boolean function of outcomes",
        "use bits, unsigned integers and their logic",
    )


__all__ = ["Read", "condition_of", "truth", "value_of"]
