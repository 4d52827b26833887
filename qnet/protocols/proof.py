"""Exact proofs of Clifford protocols by stabilizer flows, or the Pauli error that refutes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from qnet.protocols._flow_space import FlowSpace, Pauli, Surplus
from qnet.protocols._proved_flow import ProvedFlow
from qnet.protocols._refutation import CounterExample, refuted
from qnet.protocols.claims import Claim, FlowText, bit_labels, parse_flow, qubit_labels

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from circuits.bridge.translation import Translation
    from circuits.library.corrections import PauliFrame

__all__ = ["CounterExample", "Proof", "Provable", "ProvedFlow", "prove", "prove_circuit"]


class Provable(Protocol):
    """An experiment that says what its circuits do."""

    def claims(self) -> Iterable[tuple[str, QuantumCircuit, Claim]]:
        """What to call each circuit, the circuit, and its claim."""
        ...


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The outcome of a proof: every flow, and for a circuit that is wrong what is wrong with it.

    Attributes:
        flows: Every claimed flow, with the one found.
        counterexamples: For every circuit that fails, the errors that it makes; empty when all flows hold.
    """

    flows: tuple[ProvedFlow, ...]
    counterexamples: tuple[CounterExample, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything that was claimed is true."""
        return not self.counterexamples and all(flow.holds for flow in self.flows)

    @property
    def counterexample(self) -> CounterExample | None:
        """The first of the errors; None when there is none."""
        return self.counterexamples[0] if self.counterexamples else None

    def __add__(self, other: Proof) -> Proof:
        return Proof(
            flows=self.flows + other.flows, counterexamples=self.counterexamples + other.counterexamples
        )


def prove(experiment: Provable) -> Proof:
    """Prove that the protocol of an experiment does what it says, for all inputs and all outcomes.

    Every Clifford circuit is fixed by the Pauli operators that it carries from its inputs to its outputs,
    together with the outcomes that flip their signs. The proof compares these with what the experiment
    claims; the Pauli frame is applied and post-selected parities count as even. Noise and imperfect
    pairs are taken off first: what is proved is the protocol.

    Args:
        experiment: An experiment of `qnet.protocols`, or any object with `claims()`.

    Returns:
        The proof; `holds` says how it ended, `counterexample` what is wrong.

    Raises:
        ValueError: If `experiment` claims nothing; `prove_circuit` proves a circuit with a claim beside it.
        NotClifford: If the protocol is not Clifford (`chsh`, `e91`); it can only be sampled.

    Example:
        >>> from qnet.protocols.teleportation import Teleportation
        >>> proof = prove(Teleportation(corrections="frame"))
        >>> proof.holds
        True
        >>> print(proof.flows[0].claimed, "|", proof.flows[0].flow)
        X[message] -> X[bob] | X__ -> __X xor rec[0]

    Source:
        D. Gottesman, arXiv:quant-ph/9807006 (the Heisenberg picture); flows as in Stim: C. Gidney,
        Quantum 5, 497 (2021), arXiv:2103.02202.
    """
    if isinstance(experiment, type) or not hasattr(experiment, "claims"):
        raise ValueError(
            f"experiment={experiment!r} claims nothing; give an experiment such as Teleportation(), "
            "or a circuit and its claim to prove_circuit"
        )
    total = Proof(flows=())
    for label, circuit, claim in experiment.claims():
        total = total + prove_circuit(circuit, claim, name=label)
    return total


def prove_circuit(circuit: QuantumCircuit, claim: Claim, *, name: str = "") -> Proof:
    """Prove that a circuit does what is claimed of it, in whichever form its corrections are.

    Args:
        circuit: A Clifford circuit; its `metadata` may hold a Pauli frame and parities to keep
            (`circuits.pauli_frame`). Noise is taken off.
        claim: Its inputs, its outputs and its flows.
        name: What to call it in the proof; the circuit's own name if not given.

    Returns:
        The proof.

    Raises:
        NotClifford: If the circuit is not Clifford.
        NotTranslatable: If it has no counterpart in Stim for another reason.
        ValueError: If `circuit` is no circuit, or `claim` no claim.
        ValueError: If the claim names a qubit or bit that the circuit does not have.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> circuit = QuantumCircuit(2)
        >>> _ = circuit.h(0), circuit.cx(0, 1), circuit.z(1)
        >>> claim = Claim(outputs=("q[0]", "q[1]"), flows=("1 -> X[q[0]]*X[q[1]]", "1 -> Z[q[0]]*Z[q[1]]"))
        >>> print(prove_circuit(circuit, claim).counterexample)
        the output suffers Z on q[1], always: 1 -> X[q[0]]*X[q[1]] is in fact 1 -> -XX
    """
    if not isinstance(claim, Claim):
        raise ValueError(f"claim={claim!r} is no Claim; give Claim(inputs=…, outputs=…, flows=…)")
    label = name or getattr(circuit, "name", "")
    case = _Case.of(circuit, claim)
    if case.space.contradiction():
        found = CounterExample(
            circuit=label, pauli=(), bits=(), parity=0, reason="no shot is ever kept: the parities contradict"
        )
        flows = tuple(ProvedFlow(circuit=label, claimed=one, flow="", holds=False) for one in claim.flows)
        return Proof(flows=flows, counterexamples=(found,))
    surpluses = [case.surplus(parse_flow(one)) for one in claim.flows]
    flows = tuple(
        ProvedFlow(
            circuit=label,
            claimed=text,
            flow="" if one is None else _trimmed(str(one.flow)),
            holds=one is not None and not one.measurements and not one.negative,
        )
        for text, one in zip(claim.flows, surpluses, strict=True)
    )
    if all(flow.holds for flow in flows):
        return Proof(flows=flows)
    return Proof(flows=flows, counterexamples=refuted(label, claim, flows, surpluses, case))


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A circuit in Stim with the places of its qubits and bits."""

    space: FlowSpace
    qubits: Mapping[str, int]
    bits: Mapping[str, int]
    frame: PauliFrame
    records: tuple[tuple[tuple[int, ...], bool], ...]

    @classmethod
    def of(cls, circuit: QuantumCircuit, claim: Claim) -> _Case:
        import stim

        from circuits.bridge import translate
        from circuits.library import pauli_frame

        made: Translation = translate(circuit)
        qubits = _places(qubit_labels(circuit))
        inputs = {_place("qubit", label, qubits) for label in claim.inputs}
        whole = stim.Circuit()
        whole.append("I", range(circuit.num_qubits))
        whole.append("R", [q for q in range(circuit.num_qubits) if q not in inputs])
        frame = pauli_frame(circuit)
        keep = [_parity(made.records, parity) for parity in frame.keep]
        return cls(
            space=FlowSpace(whole + made.circuit.without_noise(), keep),
            qubits=qubits,
            bits=_places(bit_labels(circuit)),
            frame=frame,
            records=made.records,
        )

    def surplus(self, flow: FlowText) -> Surplus | None:
        """How the circuit's flow differs from the claimed one, the Pauli frame being applied."""
        start, end = self.pauli(flow.start), self.pauli(flow.end)
        odd: set[int] = set()
        for label in flow.bits:
            bit = _place("bit", label, self.bits)
            odd ^= {bit, *self.frame.bits.get(bit, ())}
        for q, letter in end.items():
            for frame, anticommuting in ((self.frame.x, "YZ"), (self.frame.z, "XY")):
                if letter in anticommuting:
                    odd ^= set(frame.get(q, ()))
        expected, constant = _parity(self.records, odd)
        found = self.space.surplus(start, end, expected)
        if found is None:
            return None
        negative = found.negative ^ flow.negative ^ constant
        return Surplus(measurements=found.measurements, negative=negative, flow=found.flow)

    def pauli(self, terms: Iterable[tuple[str, str]]) -> Pauli:
        return {_place("qubit", label, self.qubits): letter for label, letter in terms}

    def bits_of(self, measurements: Iterable[int]) -> tuple[str, ...]:
        """Labels of the bits that hold these measurements, or their places in the record."""
        plain = [(parity[0], k) for k, parity in enumerate(self.records) if not parity[1]]
        home = dict(reversed(plain))
        labels = {k: label for label, k in reversed(list(self.bits.items()))}
        ordered = sorted(measurements, key=lambda m: home.get((m,), len(home) + m))
        return tuple(labels[home[m,]] if (m,) in home else f"rec[{m}]" for m in ordered)


def _parity(
    records: tuple[tuple[tuple[int, ...], bool], ...], bits: Iterable[int]
) -> tuple[frozenset[int], bool]:
    odd: set[int] = set()
    constant = False
    for bit in bits:
        odd ^= set(records[bit][0])
        constant ^= records[bit][1]
    return frozenset(odd), constant


def _places(labels: tuple[str, ...]) -> dict[str, int]:
    return {**{label: k for k, label in enumerate(labels)}, **{str(k): k for k in range(len(labels))}}


def _place(what: str, label: str, places: Mapping[str, int]) -> int:
    if label not in places:
        known = ", ".join(name for name in places if not name.isdigit())
        raise ValueError(f"the claim names the {what} {label!r}, which the circuit lacks; it has {known}")
    return places[label]


def _trimmed(flow: str) -> str:
    """Identities written as 1."""
    start, _, rest = flow.partition(" -> ")
    end, *bits = rest.split(" xor ")
    sign, end = ("-", end[1:]) if end.startswith("-") else ("", end)
    parts = [sign + ("1" if not end.strip("_") else end), *bits]
    return f"{'1' if not start.strip('_') else start} -> {' xor '.join(parts)}"
