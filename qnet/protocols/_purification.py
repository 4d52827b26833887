"""What the experiments on purification share: figures of the kept pair, and what is proved of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qnet.protocols._state_fidelity import Measured, bell_target
from qnet.protocols.claims import Claim, bit_labels
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from circuits.library import Purified
    from qnet.execution import Outcomes

__all__ = ["measured_circuits", "mixture", "purification_claim", "purification_figures", "read_pair"]

_TARGET = bell_target()


def measured_circuits(protocol: QuantumCircuit) -> tuple[QuantumCircuit, ...]:
    """A purification, with the kept pair measured in XX, YY and ZZ."""
    return _TARGET.circuits(protocol, _kept_pair(protocol), corrections="feedforward")


def read_pair(circuits: Sequence[QuantumCircuit], outcomes: Sequence[Outcomes]) -> Measured:
    """The fidelity of the accepted pair, and how often it was accepted.

    Raises:
        NothingKept: If no pair was accepted for one of the correlators.
    """
    return _TARGET.interpret(circuits, outcomes)


def mixture(parts: Sequence[Outcomes]) -> Outcomes:
    """The outcomes of several circuits as those of one which is each of them equally often."""
    if len(parts) == 1:
        return parts[0]
    from qnet.execution import Outcomes

    return Outcomes.concatenate(
        Outcomes(bits=part.bits, weights=part.weights / (part.weights.sum() or 1)) for part in parts
    )


def purification_figures(found: Measured, ideal: Purified, *, pairs: int) -> dict[str, Figure]:
    """Fidelity, success probability, and yield: accepted pairs per pair that went in."""
    probability = float(ideal.success_probability)
    return {
        "fidelity": found.fidelity.figure(ideal=float(ideal.fidelity)),
        "success_probability": found.kept.figure(ideal=probability),
        "yield": found.kept.linear(1 / pairs).figure(ideal=probability / pairs),
    }


def purification_claim(circuit: QuantumCircuit) -> Claim:
    """That perfect pairs are always accepted, and leave Φ+."""
    labels = bit_labels(circuit)
    parities = (circuit.metadata or {}).get("keep", [])
    accepted = [f"1 -> 1 xor {' xor '.join(labels[bit] for bit in parity)}" for parity in parities]
    return _TARGET.claim(circuit, _kept_pair(circuit), extra=accepted)


def _kept_pair(circuit: QuantumCircuit) -> tuple[int, int]:
    registers = {register.name: register for register in circuit.qregs}
    first, second = (circuit.find_bit(registers[side][0]).index for side in ("alice", "bob"))
    return first, second
