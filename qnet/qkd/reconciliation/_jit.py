"""Loops that are compiled to machine code when they are first run, and single instructions that NumPy lacks.

The forests of Cascade are read and written at addresses: where a dozen arrays went from function to
function, numba would count references for longer than the work takes, and compile for a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core.extending import intrinsic

from qnet.qkd._jit import compiled

__all__ = [
    "bit_length",
    "compiled",
    "get8",
    "get32",
    "get64",
    "get_double",
    "get_float",
    "get_real",
    "get_word",
    "inner",
    "popcount",
    "put8",
    "put32",
    "put64",
    "put_float",
    "put_real",
    "put_word",
    "vectorised",
    "whole",
]  # fmt: skip

Getter = Callable[[int, int], int]
Setter = Callable[[int, int, int], None]
Loop = TypeVar("Loop", bound=Callable[..., object])


def vectorised(loop: Loop) -> Loop:
    """A function like those of `inner` whose sums of floats may be taken in any order."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "fastmath": True}
    return cast(Loop, njit(nogil=True, error_model="numpy", **options)(loop))


def inner(loop: Loop) -> Loop:
    """A function that only compiled functions call: it is compiled with them, and costs no wrapper."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Loop, njit(nogil=True, error_model="numpy", **options)(loop))


@inner
def whole(number: Any) -> int:
    """A number as a signed one of 64 bits."""
    return np.int64(number)  # type: ignore[return-value]


def _popcount(typing_context: Any, word: Any) -> Any:
    """The number of ones of a 64-bit word, by the processor's instruction."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        counter = builder.module.declare_intrinsic("llvm.ctpop", [ir.IntType(64)])
        return builder.call(counter, arguments)

    return types.int64(types.uint64), generate


def _bit_length(typing_context: Any, number: Any) -> Any:
    """The length of a number that is above 0, in binary."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zeros = builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))
        return builder.sub(ir.Constant(ir.IntType(64), 64), zeros)

    return types.int64(types.int64), generate


def _reader(stored: Any, read: Any) -> Callable[..., Any]:
    """Reads a number of the type `stored` at an index from an address."""

    def typed(typing_context: Any, base: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = context.get_value_type(stored)
            place = builder.gep(builder.inttoptr(arguments[0], kind.as_pointer()), [arguments[1]])
            return context.cast(builder, builder.load(place), stored, read)

        return read(types.int64, types.int64), generate

    return cast(Callable[..., Any], intrinsic(typed))


def _writer(stored: Any, given: Any) -> Callable[..., Any]:
    """Writes a number as the type `stored` at an index from an address."""

    def typed(typing_context: Any, base: Any, index: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = context.get_value_type(stored)
            place = builder.gep(builder.inttoptr(arguments[0], kind.as_pointer()), [arguments[1]])
            builder.store(context.cast(builder, arguments[2], given, stored), place)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, given), generate

    return cast(Callable[..., Any], intrinsic(typed))


popcount: Callable[[np.uint64], int] = cast(Callable[[np.uint64], int], intrinsic(_popcount))
bit_length: Callable[[int], int] = cast(Callable[[int], int], intrinsic(_bit_length))
get8: Getter = _reader(types.uint8, types.int64)
get32: Getter = _reader(types.int32, types.int64)
get64: Getter = _reader(types.int64, types.int64)
put8: Setter = _writer(types.uint8, types.int64)
put32: Setter = _writer(types.int32, types.int64)
put64: Setter = _writer(types.int64, types.int64)
get_word: Callable[[int, int], np.uint64] = _reader(types.uint64, types.uint64)
put_word: Callable[[int, int, np.uint64], None] = _writer(types.uint64, types.uint64)
get_real: Callable[[int, int], np.float32] = _reader(types.float32, types.float32)
put_real: Callable[[int, int, np.float32], None] = _writer(types.float32, types.float32)
get_float: Callable[[int, int], float] = _reader(types.float32, types.float64)
put_float: Callable[[int, int, float], None] = _writer(types.float32, types.float64)
get_double: Callable[[int, int], float] = _reader(types.float64, types.float64)
