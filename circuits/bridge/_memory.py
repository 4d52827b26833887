"""The classical bits and variables while a circuit is followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiskit.circuit import ClassicalRegister, Clbit
from qiskit.circuit.classical import expr

from circuits.bridge._boolean import ZERO, Poly, Word, outcome, times
from circuits.bridge._refusal import Refused
from circuits.errors import NotTranslatable


class Memory:
    """Values by bit or variable; a branch writes to a layer of its own over what it found."""

    def __init__(self, below: Memory | None = None) -> None:
        self._below = below
        self.own: dict[Any, int | Word] = {}

    def record(self, bit: Clbit, record: int) -> None:
        """A measurement outcome, the last of which stays."""
        self.own[bit] = record

    def read(self, name: Clbit | expr.Var) -> Word:
        layer: Memory | None = self
        while layer is not None:
            found = layer.own.get(name)
            if found is not None:
                return (outcome(found),) if isinstance(found, int) else found
            layer = layer._below
        if isinstance(name, Clbit):
            return (ZERO,)
        raise Refused(
            NotTranslatable,
            f"the variable {getattr(name, 'name', name)!r} has no value",
            "give it one with add_var or store; inputs cannot be translated",
        )

    def write(self, target: Any, value: Word, scope: Mapping[Any, Any]) -> None:
        """Store a word in a bit, a register, a variable, or a bit of one of them."""
        if isinstance(target, expr.Index):
            place, target = _fixed(target.index), target.target
            members = self._members(target, scope)
            if members is None:
                old = self.read(target)
                self.own[target] = (*old[:place], *value, *old[place + 1 :])
            else:
                self.own[members[place]] = value
            return
        members = self._members(target, scope)
        if members is None:
            self.own[target] = value
            return
        for bit, poly in zip(members, value, strict=True):
            self.own[bit] = (poly,)

    def _knows(self, name: Any) -> bool:
        """False for a variable that only lives inside a branch."""
        if isinstance(name, Clbit) or name in self.own:
            return True
        return self._below is not None and self._below._knows(name)

    def _members(self, target: Any, scope: Mapping[Any, Any]) -> list[Clbit] | None:
        """The bits behind a classical bit or register; None for a variable."""
        if isinstance(target.var, Clbit | ClassicalRegister):
            bits = [target.var] if isinstance(target.var, Clbit) else list(target.var)
            return [scope.get(bit, bit) for bit in bits]
        return None

    def merge(self, cases: list[tuple[Poly, Memory]]) -> None:
        """Take over what exclusive, exhaustive branches wrote, each under its condition."""
        for name in {name for _, memory in cases for name in memory.own if self._knows(name)}:
            values = [(condition, memory.read(name)) for condition, memory in cases]
            total: Word = (ZERO,) * len(values[0][1])
            for condition, value in values:
                total = tuple(t ^ times(condition, v) for t, v in zip(total, value, strict=True))
            self.own[name] = total


def _fixed(index: Any) -> int:
    if isinstance(index, expr.Value):
        return int(index.value)
    raise Refused(NotTranslatable, "it stores at an index that is no number", "store at a fixed index")
