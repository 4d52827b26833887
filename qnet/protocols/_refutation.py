"""From flows that a circuit lacks to the Pauli error that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Protocol

from qnet.protocols._flow_space import FlowSpace, Pauli, Surplus
from qnet.protocols._proved_flow import ProvedFlow
from qnet.protocols.claims import Claim, parse_flow

__all__ = ["CounterExample", "refuted"]

_LETTERS = "XYZ"


@dataclass(frozen=True, kw_only=True)
class CounterExample:
    """An error that a circuit makes where it should make none.

    Attributes:
        circuit: Which circuit.
        pauli: The Pauli error on the output, as (qubit label, letter); empty when a classical bit is
            wrong, or when what is wrong is no Pauli error.
        bits: The outcomes on whose parity it depends; empty when it always happens, or never can be told.
        parity: The parity of `bits` with which it happens.
        reason: What is wrong, in words.
    """

    circuit: str
    pauli: tuple[tuple[str, str], ...]
    bits: tuple[str, ...]
    parity: int
    reason: str

    def __str__(self) -> str:
        return self.reason


class _Case(Protocol):
    @property
    def space(self) -> FlowSpace: ...
    @property
    def qubits(self) -> Mapping[str, int]: ...
    def pauli(self, terms: Iterable[tuple[str, str]]) -> Pauli: ...
    def bits_of(self, measurements: Iterable[int]) -> tuple[str, ...]: ...


def refuted(
    name: str, claim: Claim, flows: Sequence[ProvedFlow], surpluses: Sequence[Surplus | None], case: _Case
) -> tuple[CounterExample, ...]:
    """The errors which explain the flows that do not hold."""
    lost = [
        _lost(name, claim, text, case)
        for text, surplus in zip(claim.flows, surpluses, strict=True)
        if surplus is None
    ]
    known = [
        (text, proved, surplus)
        for text, proved, surplus in zip(claim.flows, flows, surpluses, strict=True)
        if surplus is not None
    ]
    return (*_errors(name, claim, known, case), *lost)


def _errors(
    name: str, claim: Claim, known: Sequence[tuple[str, ProvedFlow, Surplus]], case: _Case
) -> list[CounterExample]:
    """One error for every set of outcomes that share it."""
    causes = sorted({m for _, _, one in known for m in one.measurements})
    columns = {cause: tuple(cause in one.measurements for _, _, one in known) for cause in causes}
    constant = tuple(one.negative for _, _, one in known)
    found = []
    for syndrome in dict.fromkeys([*columns.values(), constant]):
        if any(syndrome):
            members = [cause for cause, column in columns.items() if column == syndrome]
            always = syndrome == constant
            found.append(_error(name, claim, known, syndrome, case.bits_of(members), always, case))
    return found


def _error(
    name: str,
    claim: Claim,
    known: Sequence[tuple[str, ProvedFlow, Surplus]],
    syndrome: tuple[bool, ...],
    bits: tuple[str, ...],
    always: bool,
    case: _Case,
) -> CounterExample:
    pauli = _explanation(claim, [text for text, _, _ in known], syndrome)
    text, proved, _ = next(one for one, wrong in zip(known, syndrome, strict=True) if wrong)
    parity = 0 if bits and always else 1
    when = f"when {' xor '.join(bits)} = {parity}" if bits else "always"
    what = "*".join(f"{letter} on {label}" for label, letter in pauli)
    effect = f"the output suffers {what}" if pauli else "a classical bit is flipped"
    return CounterExample(
        circuit=name,
        pauli=pauli,
        bits=bits,
        parity=parity if bits else 0,
        reason=f"{effect}, {when}: {text} is in fact {proved.flow}",
    )


def _explanation(
    claim: Claim, texts: Sequence[str], syndrome: tuple[bool, ...]
) -> tuple[tuple[str, str], ...]:
    """The smallest Pauli on the outputs that flips exactly the ends of these flows; empty if none does.

    Among equals it is the one on the last outputs, which is where corrections go.
    """
    ends = [dict(parse_flow(text).end) for text in texts]
    for weight in range(1, min(len(claim.outputs), 3) + 1):
        for labels in combinations(reversed(claim.outputs), weight):
            for letters in product(_LETTERS, repeat=weight):
                pauli = tuple(zip(labels, letters, strict=True))
                if all(_flips(pauli, end) == wrong for end, wrong in zip(ends, syndrome, strict=True)):
                    return pauli
    return ()


def _flips(pauli: tuple[tuple[str, str], ...], end: Mapping[str, str]) -> bool:
    return sum(label in end and end[label] != letter for label, letter in pauli) % 2 == 1


def _lost(name: str, claim: Claim, text: str, case: _Case) -> CounterExample:
    """What becomes of the start of a flow that does not reach its end."""
    flow = parse_flow(text)
    outputs = [case.qubits[label] for label in claim.outputs if label in case.qubits]
    found = case.space.becomes(case.pauli(flow.start), outputs) if flow.start else None
    if found is None:
        reason = f"{text} does not hold for any signs: its end is random, whatever was measured"
    else:
        labels = {case.qubits[label]: label for label in claim.outputs}
        becomes = "*".join(f"{letter}[{labels[q]}]" for q, letter in sorted(found.items()))
        start = "*".join(f"{letter}[{label}]" for label, letter in flow.start)
        reason = f"{text} does not hold for any signs: {start} becomes {becomes}"
    return CounterExample(circuit=name, pauli=(), bits=(), parity=0, reason=reason)
