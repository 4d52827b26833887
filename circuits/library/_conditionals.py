"""Conditionals with Pauli bodies, read as sums of products of classical bits.

A cube is a Pauli that is applied when some bits are one and some are zero. Every conditional with Pauli
bodies is a list of cubes, and every cube a sum modulo two of products of bits.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from qiskit import QuantumCircuit
from qiskit.circuit import Barrier, ClassicalRegister, Clbit, Delay, IfElseOp, Qubit

from circuits.errors import NotTranslatable
from circuits.library._pauli_push import pauli_of

__all__ = ["Cube", "cubes_of"]

_WIDEST = 12


@dataclass(frozen=True, kw_only=True)
class Cube:
    """The Pauli (x, z) on a qubit, applied when all bits of `ones` are 1 and all of `zeros` are 0."""

    ones: frozenset[int]
    zeros: frozenset[int]
    qubit: int
    x: int
    z: int

    def measured(self, known: Container[int]) -> Cube | None:
        """The cube when every bit that is not known is 0, or None when it then never applies."""
        if not all(bit in known for bit in self.ones):
            return None
        zeros = frozenset(bit for bit in self.zeros if bit in known)
        return Cube(ones=self.ones, zeros=zeros, qubit=self.qubit, x=self.x, z=self.z)

    def read_from(self, source: Mapping[int, int]) -> Cube | None:
        """The cube on the bits that these copy, or None when it asks one of them to be both 0 and 1."""
        ones = frozenset(source[bit] for bit in self.ones)
        zeros = frozenset(source[bit] for bit in self.zeros)
        return None if ones & zeros else Cube(ones=ones, zeros=zeros, qubit=self.qubit, x=self.x, z=self.z)

    def products(self) -> Iterator[frozenset[int]]:
        """The products of bits whose sum modulo two is 1 exactly when the cube applies."""
        zeros = sorted(self.zeros)
        if len(zeros) > _WIDEST:
            raise NotTranslatable(
                f"a condition asks {len(zeros)} bits at once to be zero, which is more than {_WIDEST}; "
                "use corrections='feedforward' or 'deferred'"
            )
        for size in range(len(zeros) + 1):
            for chosen in combinations(zeros, size):
                yield self.ones | frozenset(chosen)


def cubes_of(
    operation: IfElseOp,
    qubits: tuple[int, ...],
    bits: Mapping[Clbit, int],
    clbits: tuple[int, ...],
    where: str,
) -> list[Cube]:
    """The cubes of a conditional on these qubits, whose conditions read the given bits."""
    return _if_else(operation, qubits, bits, clbits, (frozenset(), frozenset()), where)


_Literals = tuple[frozenset[int], frozenset[int]]


def _if_else(
    operation: IfElseOp,
    qubits: tuple[int, ...],
    bits: Mapping[Clbit, int],
    clbits: tuple[int, ...],
    given: _Literals,
    where: str,
) -> list[Cube]:
    ones, zeros = _literals(operation, bits, where)
    then, otherwise = operation.params[0], operation.params[1]
    found = _body(then, qubits, bits, clbits, (given[0] | ones, given[1] | zeros), where)
    if otherwise is None:
        return found
    if len(ones) + len(zeros) == 1:
        return found + _body(otherwise, qubits, bits, clbits, (given[0] | zeros, given[1] | ones), where)
    always = _body(otherwise, qubits, bits, clbits, given, where)
    undone = _body(otherwise, qubits, bits, clbits, (given[0] | ones, given[1] | zeros), where)
    return found + always + undone


def _literals(operation: IfElseOp, bits: Mapping[Clbit, int], where: str) -> _Literals:
    condition = operation.condition
    if not isinstance(condition, tuple):
        raise NotTranslatable(
            f"the condition of {where} is an expression; only single bits and register equality have "
            "other forms of correction: use corrections='feedforward'"
        )
    target, value = condition
    members = list(target) if isinstance(target, ClassicalRegister) else [target]
    pairs = [(bits[bit], int(value) >> k & 1) for k, bit in enumerate(members)]
    if int(value) >> len(members):
        return frozenset({bits[members[0]]}), frozenset({bits[members[0]]})
    return frozenset(b for b, v in pairs if v), frozenset(b for b, v in pairs if not v)


def _body(
    body: QuantumCircuit,
    qubits: tuple[int, ...],
    bits: Mapping[Clbit, int],
    clbits: tuple[int, ...],
    given: _Literals,
    where: str,
) -> list[Cube]:
    if given[0] & given[1]:
        return []
    place: dict[Qubit, int] = dict(zip(body.qubits, qubits, strict=True))
    inner = {**bits, **dict(zip(body.clbits, clbits, strict=True))}
    found: list[Cube] = []
    for item in body.data:
        q = tuple(place[bit] for bit in item.qubits)
        if isinstance(item.operation, Barrier | Delay):
            continue
        if isinstance(item.operation, IfElseOp):
            c = tuple(inner[bit] for bit in item.clbits)
            found += _if_else(item.operation, q, inner, c, given, where)
            continue
        paulis = pauli_of(item.operation)
        if paulis is None:
            raise NotTranslatable(
                f"the body of {where} holds {item.operation.name!r}, which is no Pauli gate; "
                "only Pauli corrections have other forms: use corrections='feedforward'"
            )
        found += [
            Cube(ones=given[0], zeros=given[1], qubit=k, x=x, z=z)
            for k, (x, z) in zip(q, paulis, strict=True)
            if x or z
        ]
    return found
