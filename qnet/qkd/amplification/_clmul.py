"""Carry-less multiplication for compiled loops: the instruction PCLMULQDQ, by LLVM's name for it."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["clmul", "field_product", "fold"]

# Numba's signatures and LLVM's declarations have no types of their own.
_types: Any = types
_declared: Any = cgutils.get_or_insert_function
_WORD, _BYTE, _INDEX = ir.IntType(64), ir.IntType(8), ir.IntType(32)
_PAIR = ir.VectorType(_WORD, 2)
_LOW_LOW, _HIGH_LOW = ir.Constant(_BYTE, 0x00), ir.Constant(_BYTE, 0x01)

# x⁶⁴ + x⁴ + x³ + x + 1 without its leading term.
_MODULUS = ir.Constant(_PAIR, [0x1B, 0])


def _clmul(typing: Any, a: Any, b: Any) -> Any:
    """The product of two polynomials over GF(2) in 64-bit words: its low and its high word."""

    def made(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        product = _multiply(builder, _vector(builder, args[0]), _vector(builder, args[1]), _LOW_LOW)
        words = [builder.extract_element(product, ir.Constant(_INDEX, i)) for i in (0, 1)]
        return context.make_tuple(builder, signature.return_type, words)

    return _types.UniTuple(_types.uint64, 2)(_types.uint64, _types.uint64), made


def _field_product(typing: Any, a: Any, b: Any) -> Any:
    """The product of two elements of GF(2⁶⁴)."""

    def made(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        product = _multiply(builder, _vector(builder, args[0]), _vector(builder, args[1]), _LOW_LOW)
        return _folded(builder, product)

    return _types.uint64(_types.uint64, _types.uint64), made


def _fold(typing: Any, low: Any, high: Any) -> Any:
    """The element of GF(2⁶⁴) that a polynomial of two words stands for."""

    def made(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = builder.insert_element(_vector(builder, args[0]), args[1], ir.Constant(_INDEX, 1))
        return _folded(builder, whole)

    return _types.uint64(_types.uint64, _types.uint64), made


def _vector(builder: Any, word: Any) -> Any:
    return builder.insert_element(ir.Constant(_PAIR, [0, 0]), word, ir.Constant(_INDEX, 0))


def _multiply(builder: Any, a: Any, b: Any, halves: Any) -> Any:
    shape = ir.FunctionType(_PAIR, [_PAIR, _PAIR, _BYTE])
    instruction = _declared(builder.module, shape, "llvm.x86.pclmulqdq")
    return builder.call(instruction, [a, b, halves])


def _folded(builder: Any, product: Any) -> Any:
    # The high word times x⁶⁴ is the high word times the modulus's rest; that overflows by at most four bits.
    once = _multiply(builder, product, _MODULUS, _HIGH_LOW)
    twice = _multiply(builder, once, _MODULUS, _HIGH_LOW)
    return builder.extract_element(builder.xor(builder.xor(product, once), twice), ir.Constant(_INDEX, 0))


clmul: Any = intrinsic(_clmul)
field_product: Any = intrinsic(_field_product)
fold: Any = intrinsic(_fold)
