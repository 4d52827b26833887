"""Writing Stim circuits as text, which Stim reads a hundred times faster than it appends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import stim

from circuits.noise.channels import PauliChannel, Rate, depolarizing

_PAULIS_2 = ["".join(letters) for letters in product("IXYZ", repeat=2)][1:]
_PRODUCTS = ("MPP", "SPP", "SPP_DAG")


class Text:
    """A circuit that is being written."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def append(self, item: stim.CircuitInstruction) -> None:
        """Write an instruction as it is."""
        text = str(item)
        if "(" in text:
            text = instruction_line(item, item.target_groups(), item.gate_args_copy())
        self.lines.append(text)

    def add(self, other: Text) -> None:
        """Write all of another text."""
        self.lines += other.lines

    def repeat(self, count: int, body: Text, tag: str) -> None:
        """Write a block that runs so many times."""
        self.lines.append(f"REPEAT{_tag(tag)} {count} {{")
        self.lines += body.lines
        self.lines.append("}")

    def circuit(self) -> stim.Circuit:
        """The circuit."""
        return stim.Circuit("\n".join(self.lines))


def instruction_line(
    item: stim.CircuitInstruction, groups: Sequence[Sequence[stim.GateTarget]], arguments: Sequence[float]
) -> str:
    """An instruction on some of its targets, with other arguments, which Stim would print with six digits."""
    star = "*" if item.name in _PRODUCTS else " "
    targets = " ".join(star.join(map(_target, group)) for group in groups)
    numbers = f"({','.join(map(_number, arguments))})" if arguments else ""
    return f"{item.name}{_tag(item.tag)}{numbers} {targets}"


def error_lines(rate: Rate, places: Sequence[tuple[int, ...]]) -> list[str]:
    """An error on these qubits, or pairs, or longer groups."""
    width = len(places[0])
    flat = " ".join([str(q) for place in places for q in place])
    if not isinstance(rate, PauliChannel) and width <= 2 and rate <= 1 - 0.25**width:
        return [f"DEPOLARIZE{width}({rate!r}) {flat}"]
    channel = rate if isinstance(rate, PauliChannel) else depolarizing(rate, width)
    errors = dict(channel.items())
    if width > 2:
        return [line for place in places for line in _chain(errors, place)]
    if width == 1 and len(errors) == 1:
        ((letter, p),) = errors.items()
        return [f"{letter}_ERROR({p!r}) {flat}"]
    order = "XYZ" if width == 1 else _PAULIS_2
    numbers = ",".join([repr(errors.get(label, 0.0)) for label in order])
    return [f"PAULI_CHANNEL_{width}({numbers}) {flat}"]


def _chain(errors: dict[str, float], place: tuple[int, ...]) -> list[str]:
    """Disjoint errors: each with its probability if none before it happened."""
    left, lines = 1.0, []
    for k, (label, p) in enumerate(errors.items()):
        targets = " ".join(f"{letter}{q}" for q, letter in zip(place, label, strict=True) if letter != "I")
        name = "ELSE_CORRELATED_ERROR" if k else "CORRELATED_ERROR"
        lines.append(f"{name}({min(1.0, p / left) if left > 0 else 0.0!r}) {targets}")
        left -= p
    return lines


def _target(target: stim.GateTarget) -> str:
    if target.is_combiner:
        return "*"
    if target.is_measurement_record_target:
        return f"rec[{target.value}]"
    if target.is_sweep_bit_target:
        return f"sweep[{target.value}]"
    inverted = "!" if target.is_inverted_result_target else ""
    letter = target.pauli_type if target.pauli_type != "I" else ""
    return f"{inverted}{letter}{target.value}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _tag(tag: str) -> str:
    if not tag:
        return ""
    for raw, escaped in (("\\", "\\B"), ("\n", "\\n"), ("\r", "\\r"), ("]", "\\C")):
        tag = tag.replace(raw, escaped)
    return f"[{tag}]"
