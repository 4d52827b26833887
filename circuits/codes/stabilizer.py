"""A stabilizer code as a value: its checks, its logical operators, its distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from circuits.codes._gf2 import Bits, nullspace, pivots, rank, reduced

__all__ = ["StabilizerCode"]

Coordinates = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class StabilizerCode:
    """A stabilizer code on n qubits, given by Pauli strings.

    Character j of a string acts on qubit j (`I` or `_` for the identity); signs are not written, every
    check is +1 on the code space. Redundant checks are allowed (the toric and bicycle codes have them).
    Logical operators that are not given are found by symplectic Gram-Schmidt
    (Wilde, arXiv:0903.5256).

    Args:
        name: What the code is called.
        checks: Stabilizer generators, Pauli strings of one length.
        logical_x: One Pauli string per logical qubit.
        logical_z: One Pauli string per logical qubit; `logical_x[i]` anticommutes with
            `logical_z[i]` and commutes with all others.
        distance: The least weight of a logical operator where it is known; None otherwise.
        coordinates: A place in the plane for each qubit, for pictures.
        colours: 0, 1 or 2 (red, green, blue) for each check of a colour code.
        source: Where the code was published.

    Raises:
        ValueError: No checks; strings of unequal length or with another letter; coordinates or colours of
            another number; two checks that do not commute; logicals only half given, of the wrong number,
            that anticommute with a check, or that are not conjugate pairs. The message names the
            generator.

    >>> code = StabilizerCode(name="[[4,2,2]]", checks=("XXXX", "ZZZZ"), distance=2)
    >>> code.parameters
    (4, 2, 2)
    """

    name: str
    checks: tuple[str, ...]
    logical_x: tuple[str, ...] = ()
    logical_z: tuple[str, ...] = ()
    distance: int | None = None
    coordinates: tuple[Coordinates, ...] = ()
    colours: tuple[int, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        for field in ("checks", "logical_x", "logical_z"):
            object.__setattr__(self, field, _strings(field, getattr(self, field)))
        if not self.checks:
            raise ValueError("checks is empty: a stabilizer code needs at least one check")
        self._check_lengths()
        self._check_annotations()
        _check_commuting(self.checks)
        if bool(self.logical_x) != bool(self.logical_z):
            raise ValueError("give logical_x and logical_z both, or neither (they are then found)")
        if not self.logical_x and self.k:
            x, z = _find_logicals(_symplectic(self.checks), self.k)
            object.__setattr__(self, "logical_x", x)
            object.__setattr__(self, "logical_z", z)
        self._check_logicals()

    @classmethod
    def from_check_matrices(
        cls, hx: ArrayLike, hz: ArrayLike, *, name: str, **fields: object
    ) -> StabilizerCode:
        """The CSS code whose X-type checks are the rows of `hx` and Z-type checks the rows of `hz`.

        Args:
            hx: (r_x, n) matrix of zeros and ones.
            hz: (r_z, n) matrix of zeros and ones.
            name: What the code is called.
            fields: The other fields of `StabilizerCode`.

        >>> h = [[0, 0, 0, 1, 1, 1, 1], [0, 1, 1, 0, 0, 1, 1], [1, 0, 1, 0, 1, 0, 1]]
        >>> StabilizerCode.from_check_matrices(h, h, name="Steane").checks[0]
        'IIIXXXX'
        """
        checks = [_letters(row, "X") for row in _matrix("hx", hx)]
        checks += [_letters(row, "Z") for row in _matrix("hz", hz)]
        return cls(name=name, checks=tuple(checks), **fields)  # type: ignore[arg-type]

    @property
    def n(self) -> int:
        """The number of physical qubits."""
        return len(self.checks[0])

    @cached_property
    def k(self) -> int:
        """The number of logical qubits, n less the number of independent checks."""
        return self.n - rank(_symplectic(self.checks))

    @property
    def parameters(self) -> tuple[int, int, int | None]:
        """(n, k, d)."""
        return self.n, self.k, self.distance

    @property
    def is_css(self) -> bool:
        """Whether every check is made of X alone or of Z alone."""
        return all(len(set(check) - {"I"}) == 1 for check in self.checks)

    @property
    def check_matrix(self) -> Bits:
        """(number of checks, 2n): the X part, then the Z part, of every check."""
        return _symplectic(self.checks)

    @property
    def logical_matrix(self) -> Bits:
        """(2k, 2n): X part then Z part of the logical X operators, then of the logical Z operators."""
        return _symplectic(self.logical_x + self.logical_z).reshape(-1, 2 * self.n)

    def independent_checks(self) -> tuple[str, ...]:
        """The checks without those that are products of the ones before them."""
        return tuple(self.checks[k] for k in pivots(self.check_matrix))

    def _check_lengths(self) -> None:
        for field in ("checks", "logical_x", "logical_z"):
            for k, string in enumerate(getattr(self, field)):
                if len(string) != self.n:
                    raise ValueError(
                        f"{field}[{k}] = {string!r} acts on {len(string)} qubits, checks[0] on {self.n}:"
                        " all must act on the same number"
                    )

    def _check_annotations(self) -> None:
        for field, what, number in (
            ("coordinates", "qubits", self.n),
            ("colours", "checks", len(self.checks)),
        ):
            found = len(getattr(self, field))
            if found not in (0, number):
                raise ValueError(f"{field} holds {found} entries for {number} {what}: give one each, or none")

    def _check_logicals(self) -> None:
        for field in ("logical_x", "logical_z"):
            strings = getattr(self, field)
            if len(strings) != self.k:
                raise ValueError(
                    f"{field} holds {len(strings)} operators, but {self.n} qubits with "
                    f"{self.n - self.k} independent checks make {self.k} logical qubits"
                )
            for k, j in np.argwhere(_products(_symplectic(strings), self.check_matrix)) if strings else ():
                raise ValueError(
                    f"{field}[{k}] = {strings[k]} anticommutes with checks[{j}] = {self.checks[j]}"
                )
        _check_conjugate(self.logical_x, self.logical_z)


def _strings(field: str, strings: Sequence[str]) -> tuple[str, ...]:
    found = tuple(str(string).replace("_", "I") for string in strings)
    for k, string in enumerate(found):
        if set(string) - set("IXYZ") or not string:
            raise ValueError(f"{field}[{k}] = {string!r} is not a Pauli string: write I, X, Y, Z")
    return found


def _matrix(name: str, matrix: ArrayLike) -> Bits:
    found = np.atleast_2d(np.asarray(matrix))
    if found.size and not np.isin(found, (0, 1)).all():
        raise ValueError(f"{name} holds {found.max()}: a check matrix holds only 0 and 1")
    return found.astype(np.uint8)


def _letters(row: Bits, letter: str) -> str:
    return "".join(letter if bit else "I" for bit in row)


def _symplectic(strings: Sequence[str]) -> Bits:
    if not strings:
        return np.zeros((0, 0), np.uint8)
    letters = np.frombuffer("".join(strings).encode(), dtype=np.uint8).reshape(len(strings), -1)
    x, y, z = (letters == ord(letter) for letter in "XYZ")
    return np.hstack([x | y, y | z]).astype(np.uint8)


def _to_strings(rows: Bits) -> tuple[str, ...]:
    n = rows.shape[1] // 2
    return tuple("".join("IXZY"[row[j] + 2 * row[n + j]] for j in range(n)) for row in rows)


def _commute(a: str, b: str) -> bool:
    return sum(x != y and "I" not in (x, y) for x, y in zip(a, b, strict=True)) % 2 == 0


def _products(a: Bits, b: Bits) -> Bits:
    """Symplectic products: entry (i, j) is 1 where a[i] and b[j] anticommute."""
    n = a.shape[1] // 2
    found = a.astype(np.float64) @ np.hstack([b[:, n:], b[:, :n]]).astype(np.float64).T
    return (found.astype(np.int64) & 1).astype(np.uint8)


def _check_commuting(checks: Sequence[str]) -> None:
    matrix = _symplectic(checks)
    wrong = np.argwhere(np.triu(_products(matrix, matrix)))
    if wrong.size:
        i, j = wrong[0]
        raise ValueError(f"checks[{i}] = {checks[i]} and checks[{j}] = {checks[j]} do not commute")


def _check_conjugate(xs: Sequence[str], zs: Sequence[str]) -> None:
    for i, x in enumerate(xs):
        for j, z in enumerate(zs):
            if _commute(x, z) == (i == j):
                verb = "commutes" if i == j else "anticommutes"
                raise ValueError(f"logical_x[{i}] = {x} {verb} with logical_z[{j}] = {z}")
    for field, strings in (("logical_x", xs), ("logical_z", zs)):
        for i, a in enumerate(strings):
            for j, b in enumerate(strings[:i]):
                if not _commute(a, b):
                    raise ValueError(f"{field}[{i}] = {a} anticommutes with {field}[{j}] = {b}")


def _find_logicals(checks: Bits, k: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Conjugate pairs from the normaliser, X-like operators first where the code is CSS."""
    n = checks.shape[1] // 2
    normaliser = nullspace(np.hstack([checks[:, n:], checks[:, :n]]))
    order = np.argsort(
        [bool(v[n:].any()) + (bool(v[n:].any()) and not v[:n].any()) for v in normaliser],
        kind="stable",
    )
    stack = np.vstack([reduced(checks)[0], normaliser[order]])
    r = rank(checks)
    rest = [stack[i] for i in pivots(stack) if i >= r]
    xs, zs = [], []
    while rest:
        a = rest.pop(0)
        partner = next(i for i, b in enumerate(rest) if _products(a[None], b[None])[0, 0])
        b = rest.pop(partner)
        xs.append(a)
        zs.append(b)
        rest = [_cleared(v, a, b) for v in rest]
    return _to_strings(np.array(xs)), _to_strings(np.array(zs))


def _cleared(v: Bits, a: Bits, b: Bits) -> Bits:
    cleared: Bits = v ^ (a * _products(v[None], b[None])[0, 0]) ^ (b * _products(v[None], a[None])[0, 0])
    return cleared
