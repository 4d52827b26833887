"""Boolean functions of measurement outcomes, as polynomials over GF(2).

A polynomial is a set of monomials, a monomial a set of record indices: `{{}, {0, 1}}` is
1 + r0·r1. The form is unique, so a function is affine exactly when no monomial has two outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from circuits.bridge._refusal import Refused
from circuits.errors import NotTranslatable

Monomial = frozenset[int]
Poly = frozenset[Monomial]
Word = tuple[Poly, ...]

ZERO: Poly = frozenset()
ONE: Poly = frozenset({frozenset()})
_LIMIT = 1 << 16


def outcome(record: int) -> Poly:
    """The outcome of one measurement."""
    return frozenset({frozenset({record})})


def negate(a: Poly) -> Poly:
    """1 + a."""
    return a ^ ONE


def times(a: Poly, b: Poly) -> Poly:
    """The product, which is the logical AND."""
    if a == ONE or not b:
        return b
    if b == ONE or not a:
        return a
    if len(a) * len(b) > _LIMIT:
        raise Refused(
            NotTranslatable,
            "its condition joins too many outcomes at once",
            "test fewer bits, or only parities of them",
        )
    total: set[Monomial] = set()
    for left in a:
        for right in b:
            total ^= {left | right}
    return frozenset(total)


def either(a: Poly, b: Poly) -> Poly:
    """The logical OR."""
    return negate(times(negate(a), negate(b)))


def every(polys: Iterable[Poly]) -> Poly:
    """The logical AND of all; the simplest first, so that a constant ends it early."""
    total = ONE
    for poly in sorted(polys, key=len):
        total = times(total, poly)
        if not total:
            break
    return total


def is_constant(a: Poly) -> bool:
    return not a or a == ONE


def affine_part(a: Poly) -> Poly:
    """The monomials of at most one outcome."""
    return frozenset(monomial for monomial in a if len(monomial) < 2)


def is_affine(a: Poly) -> bool:
    return all(len(monomial) < 2 for monomial in a)


def word(value: int, width: int) -> Word:
    """A constant unsigned integer as its bits, the least significant first."""
    return tuple(ONE if value >> k & 1 else ZERO for k in range(width))


def constant(bits: Sequence[Poly]) -> int | None:
    """The value of a word that depends on no outcome, else None."""
    if not all(is_constant(bit) for bit in bits):
        return None
    return sum(1 << k for k, bit in enumerate(bits) if bit)


def resize(bits: Word, width: int) -> Word:
    return (*bits[:width], *[ZERO] * (width - len(bits)))


def equal(a: Word, b: Word) -> Poly:
    """Whether two words are the same."""
    width = max(len(a), len(b))
    return every(negate(x ^ y) for x, y in zip(resize(a, width), resize(b, width), strict=True))


def less(a: Word, b: Word) -> Poly:
    """Whether a < b, compared from the least significant bit up."""
    width = max(len(a), len(b))
    below = ZERO
    for x, y in zip(resize(a, width), resize(b, width), strict=True):
        same = negate(x ^ y)
        below = times(same, below) ^ times(negate(x), y)
    return below


def add(a: Word, b: Word, carry: Poly = ZERO) -> Word:
    """The sum a + b + carry, modulo 2 to the width of a."""
    total = []
    for x, y in zip(a, resize(b, len(a)), strict=True):
        total.append(x ^ y ^ carry)
        carry = times(x, y) ^ times(carry, x ^ y)
    return tuple(total)


def subtract(a: Word, b: Word) -> Word:
    """The difference a - b, modulo 2 to the width of a."""
    return add(a, tuple(negate(bit) for bit in resize(b, len(a))), ONE)


def multiply(a: Word, b: Word) -> Word:
    """The product a · b, modulo 2 to the width of a."""
    total = word(0, len(a))
    for k, bit in enumerate(resize(b, len(a))):
        if bit:
            total = add(total, tuple(times(bit, x) for x in shift(a, k)))
    return total


def shift(a: Word, places: int) -> Word:
    """A shift to the left (to the right where `places` is negative), of the same width."""
    if places < 0:
        return resize(a[-places:], len(a))
    return resize((*[ZERO] * min(places, len(a)), *a), len(a))
