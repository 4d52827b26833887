"""Superdense coding of all four messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._estimates import average, mean
from qnet.protocols._fields import Weights, check_choice, check_pair, pair_of, weights_of
from qnet.protocols._readout import read
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["SuperdenseCoding"]

_MESSAGES = ("00", "01", "10", "11")


@dataclass(frozen=True, kw_only=True)
class SuperdenseCoding:
    """How often two bits arrive that are sent in one qubit of a pair, averaged over the four messages.

    Args:
        message: The message of the circuit that is drawn and exported; all four are run.
        fidelity: Fidelity of the pair, a Werner state; 1 if neither this nor `weights` is given.
        weights: Weights of a Bell-diagonal pair instead, in the order Φ+, Ψ+, Ψ−, Φ−.

    Raises:
        ValueError: If `message` is none of the four.
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.

    Example:
        >>> from qnet.execution import run
        >>> figure = run(SuperdenseCoding(fidelity=0.9), "stim", shots=1000, seed=1)
        >>> figure = figure.figures["success_probability"]
        >>> figure.ideal, abs(figure.value - 0.9) < 5 * figure.stderr
        (0.9, True)

    Source:
        C. H. Bennett and S. J. Wiesner, Phys. Rev. Lett. 69, 2881 (1992), DOI 10.1103/PhysRevLett.69.2881.
    """

    name: ClassVar[str] = "superdense_coding"
    summary: ClassVar[str] = "two bits in one qubit of a pair"

    message: str = "00"
    fidelity: float | None = None
    weights: Weights | None = None

    def __post_init__(self) -> None:
        check_choice("message", self.message, _MESSAGES)
        check_pair(self, default=1.0)

    def circuit(self) -> QuantumCircuit:
        """The protocol itself, for `message`."""
        return self._protocol(self.message)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """One circuit per message."""
        return [self._protocol(message) for message in _MESSAGES]

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The probability that both bits arrive.

        Raises:
            NothingKept: If a circuit has no shots.
        """
        arrived = []
        for circuit, message, one in zip(self.circuits(), _MESSAGES, outcomes, strict=True):
            reading = read(circuit, one)
            right = reading.codes((0, 1)) == int(message[::-1], 2)
            arrived.append(mean(right.astype(float), reading.weights, low=0, high=1))
        return {"success_probability": average(arrived).figure(ideal=weights_of(self)[0])}

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That both bits of every message arrive."""
        found = []
        for message in _MESSAGES:
            signs = ("-" if bit == "1" else "" for bit in message)
            pairs = zip(signs, ("phase", "parity"), strict=True)
            claim = Claim(flows=tuple(f"1 -> {sign}1 xor {bit}" for sign, bit in pairs))
            found.append((f"{self.name} {message}", self._protocol(message), claim))
        return found

    def _protocol(self, message: str) -> QuantumCircuit:
        from circuits.library import superdense_coding

        return superdense_coding(message, pair=pair_of(self))
