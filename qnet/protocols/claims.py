"""What a circuit is claimed to do, as stabilizer flows written by the names of its qubits and bits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = ["Claim", "FlowText", "bit_labels", "parse_flow", "qubit_labels"]

_TERM = re.compile(r"([XYZ])\[(\w+(?:\[\d+\])?)\]")
_LABEL = re.compile(r"\w+(?:\[\d+\])?")


@dataclass(frozen=True, kw_only=True)
class FlowText:
    """A flow, taken apart.

    Attributes:
        start: The Pauli operators before the circuit, as (qubit label, letter).
        end: Those after it.
        negative: Whether the flow has a minus sign.
        bits: Labels of the classical bits whose parity flips the sign.
    """

    start: tuple[tuple[str, str], ...]
    end: tuple[tuple[str, str], ...]
    negative: bool
    bits: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a Clifford circuit does, by its stabilizer flows.

    A flow `START -> END` says that the operator START before the circuit becomes the operator END after
    it, corrections included: those that are left to the Pauli frame are applied before the comparison.
    Operators are products such as `X[alice]*Z[station[3]]`, or `1`; END may have a sign and a parity of
    bits: `1 -> -1 xor bit` says that `bit` is always 1, `1 -> 1 xor a xor b` that two bits are equal.
    A label is the name of a register, with an index if it has more than one element, or the plain index
    of a qubit or bit in the circuit.

    Args:
        flows: The flows, at least one.
        inputs: Labels of the qubits whose state comes from outside. All others start in |0⟩.
        outputs: Labels of the qubits whose state is what the circuit is for.

    Raises:
        ValueError: If `flows`, `inputs` or `outputs` is a text by itself.
        ValueError: If there are no flows.
        ValueError: If a flow does not read as above.
        ValueError: If a flow starts on a qubit that is no input, or ends on one that is no output.

    Example:
        >>> claim = Claim(inputs=("message",), outputs=("bob",),
        ...               flows=("X[message] -> X[bob]", "Z[message] -> Z[bob]"))
        >>> parse_flow(claim.flows[0]).end
        (('bob', 'X'),)
    """

    flows: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("flows", "inputs", "outputs"):
            if isinstance(getattr(self, name), str):
                raise ValueError(f"{name}={getattr(self, name)!r} is one text; give a tuple of them")
        if not self.flows:
            raise ValueError("flows=() claims nothing; give at least one flow, such as 'X[a] -> X[b]'")
        for text in self.flows:
            flow = parse_flow(text)
            _check_within(text, "starts", flow.start, "inputs", self.inputs)
            _check_within(text, "ends", flow.end, "outputs", self.outputs)


def parse_flow(text: str) -> FlowText:
    """Take a flow apart.

    Args:
        text: The flow, as `Claim` describes it.

    Returns:
        Its parts.

    Raises:
        ValueError: If it does not read as such.

    Example:
        >>> parse_flow("1 -> -1 xor bob_bit")
        FlowText(start=(), end=(), negative=True, bits=('bob_bit',))
    """
    start, arrow, rest = text.partition("->")
    end, *bits = (part.strip() for part in re.split(r"\bxor\b", rest))
    negative = end.startswith("-")
    good = bool(arrow) and all(_LABEL.fullmatch(bit) for bit in bits)
    first, last = _product(start.strip()), _product(end.removeprefix("-").strip())
    if not good or first is None or last is None:
        raise ValueError(f"the flow {text!r} does not read; write it like 'X[a] -> -X[b]*Z[c[1]] xor bit'")
    return FlowText(start=first, end=last, negative=negative, bits=tuple(bits))


def qubit_labels(circuit: QuantumCircuit) -> tuple[str, ...]:
    """A label for every qubit of a circuit, in their order."""
    return tuple(_labels(circuit.qubits, circuit.qregs))


def bit_labels(circuit: QuantumCircuit) -> tuple[str, ...]:
    """A label for every classical bit of a circuit, in their order."""
    return tuple(_labels(circuit.clbits, circuit.cregs))


def _labels(bits: list, registers: list) -> list[str]:  # type: ignore[type-arg]
    names = {
        bit: register.name if len(register) == 1 else f"{register.name}[{k}]"
        for register in reversed(registers)
        for k, bit in enumerate(register)
    }
    return [names.get(bit, str(k)) for k, bit in enumerate(bits)]


def _product(text: str) -> tuple[tuple[str, str], ...] | None:
    if text == "1":
        return ()
    factors = [_TERM.fullmatch(factor.strip()) for factor in text.split("*")]
    terms = [(match[2], match[1]) for match in factors if match]
    repeated = len({label for label, _ in terms}) < len(terms)
    return None if len(terms) < len(factors) or repeated else tuple(terms)


def _check_within(
    text: str, verb: str, terms: tuple[tuple[str, str], ...], name: str, labels: tuple[str, ...]
) -> None:
    for label, _ in terms:
        if label not in labels:
            raise ValueError(
                f"the flow {text!r} {verb} on {label!r}, which is not among {name}={labels}; add it"
            )
