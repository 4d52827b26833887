"""Error correction on hardware: code experiments exported to Qiskit, and decoded where they were designed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.protocols._code_circuit import CodeCircuit, kept
from qnet.protocols._code_figures import decoded, detected
from qnet.protocols._fields import check_choice, check_decoder, check_probability, check_whole

if TYPE_CHECKING:
    import stim
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes
    from qnet.protocols.claims import Claim
    from qnet.results import Figure

__all__ = ["DetectionMemory", "EncodedSwapping", "RepetitionMemory"]


@dataclass(frozen=True, kw_only=True)
class RepetitionMemory(CodeCircuit):
    """A logical bit in a repetition code, kept for some rounds and decoded by matching.

    The figures are `logical_error_rate` after decoding, `raw_error_rate` without (a single data qubit's
    flip), and `detection_fraction`, how often a detector fires; the rows have the rate of each detector. On
    a device or fake device `predicted_…` stand beside them: the same under the noise that it reports
    (`CircuitNoise.from_backend`).

    Args:
        distance: Number of data qubits, at least 2.
        rounds: Rounds of syndrome extraction, at least 1.
        basis: "Z" keeps |0⟩ against flips of the bit, "X" keeps |+⟩ against flips of the phase.
        decoder: Decodes the detectors, any of `decoders.sinter_decoders()` by name.
        p: Probability of each error in the decoder's own model, a uniform depolarising one.

    Raises:
        ValueError: If `distance` or `rounds` is too small, `basis` or `decoder` another, or `p` no
            probability.

    Example:
        >>> from circuits.noise import CircuitNoise
        >>> from qnet.execution import run, sampler
        >>> stim = sampler("stim", noise=CircuitNoise.uniform_depolarizing(0.01), seed=1)
        >>> figures = run(RepetitionMemory(), stim, shots=2000, seed=1).figures
        >>> figures["logical_error_rate"].value < figures["raw_error_rate"].value
        True

    Source:
        Google Quantum AI, Nature 595, 383 (2021), arXiv:2102.06132.
    """

    name: ClassVar[str] = "repetition_memory"
    summary: ClassVar[str] = "a repetition-code memory, decoded from its counts"

    distance: int = 3
    rounds: int = 2
    basis: str = "Z"
    decoder: str = "pymatching"
    p: float = 0.01

    def __post_init__(self) -> None:
        check_whole("distance", self.distance, least=2, most=1000)
        check_whole("rounds", self.rounds, least=1, most=1000)
        check_choice("basis", self.basis, ("Z", "X"))
        check_decoder(self.decoder)
        check_probability("p", self.p, inside=True)

    def experiment(self, noise: Any = None) -> stim.Circuit:
        """The memory as Stim knows it, with detectors and its observable."""
        from circuits.codes import memory, repetition

        code = repetition(self.distance, basis=self.basis)
        return memory(code, rounds=self.rounds, basis=self.basis, noise=noise)

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The rates, decoded.

        Raises:
            NothingKept: If there are no shots.
        """
        from circuits.noise import CircuitNoise

        prior = self.experiment(CircuitNoise.uniform_depolarizing(self.p))
        return decoded(self.circuit(), prior, outcomes[0], decoder=self.decoder)

    def claims(self) -> Iterable[tuple[str, QuantumCircuit, Claim]]:
        """Detectors and the observable are certain, and the memory keeps whatever it is given."""
        from circuits.codes import repetition

        code = repetition(self.distance, basis=self.basis)
        yield from super().claims()
        yield kept(self, (code.logical_x if self.basis == "X" else code.logical_z)[0])


@dataclass(frozen=True, kw_only=True)
class DetectionMemory(CodeCircuit):
    """Two logical qubits in the [[4,2,2]] code, kept for some rounds and post-selected on silent detectors.

    The figures are `accepted`, the share of shots kept, and among them `logical_error_rate` (either
    logical qubit wrong); `raw_error_rate` is that of all shots.

    Args:
        rounds: Rounds of syndrome extraction, at least 1.
        basis: "Z" or "X".
        extraction: "flag", which keeps distance 2, or "bare".

    Raises:
        ValueError: If `rounds` is too small, or `basis` or `extraction` another.

    Example:
        >>> from qnet.execution import run
        >>> print(run(DetectionMemory(), "stim", shots=500, seed=1).figures["accepted"])
        1 ± 0.002

    Source:
        N. M. Linke et al., Science Advances 3, e1701074 (2017), arXiv:1611.06946.
    """

    name: ClassVar[str] = "detection_memory"
    summary: ClassVar[str] = "a [[4,2,2]] memory, post-selected on its checks"

    rounds: int = 1
    basis: str = "Z"
    extraction: str = "flag"

    def __post_init__(self) -> None:
        check_whole("rounds", self.rounds, least=1, most=1000)
        check_choice("basis", self.basis, ("Z", "X"))
        check_choice("extraction", self.extraction, ("bare", "flag"))

    def experiment(self, noise: Any = None) -> stim.Circuit:
        """The memory as Stim knows it."""
        from circuits.codes import four_two_two, memory

        code, how = four_two_two(), self.extraction
        return memory(code, rounds=self.rounds, basis=self.basis, extraction=how, noise=noise)

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The rates, post-selected.

        Raises:
            NothingKept: If no shot is kept.
        """
        return detected(self.circuit(), outcomes[0])

    def claims(self) -> Iterable[tuple[str, QuantumCircuit, Claim]]:
        """Detectors and observables are certain, and the memory keeps whatever it is given."""
        from circuits.codes import four_two_two

        code = four_two_two()
        yield from super().claims()
        yield kept(self, (code.logical_x if self.basis == "X" else code.logical_z)[0])


@dataclass(frozen=True, kw_only=True)
class EncodedSwapping(CodeCircuit):
    """Logical Bell pairs swapped by stations, small enough for a device; read in one basis.

    With the repetition code errors are decoded (`logical_error_rate`), with the [[4,2,2]] code detected
    (`accepted`, and `logical_error_rate` of the shots kept); `raw_error_rate` is without either. The pairs
    of the links are made on the device itself. At distance 2 and one station it takes 48 qubits, more than
    Aer holds with the noise of a fake device: run it on Stim with that noise
    (`sampler("fake_torino", engine="stim")`, `--sampler stim --noise fake_torino`).

    Args:
        stations: Stations between the two ends, at least 0.
        distance: 3 or more for the repetition code of that many qubits; 2 for the [[4,2,2]] code.
        basis: "Z" or "X", in which the ends are read. The repetition code's checks are of this letter.
        decoder: Decodes the detectors, any of `decoders.sinter_decoders()` by name.
        p: Probability of each error in the decoder's own model, a uniform depolarising one.

    Raises:
        ValueError: If `stations` or `distance` is too small, `basis` or `decoder` another, or `p` no
            probability.

    Example:
        >>> from qnet.execution import run
        >>> print(run(EncodedSwapping(), "stim", shots=500, seed=1).figures["logical_error_rate"])
        0 ± 0.002

    Source:
        L. Jiang et al., Phys. Rev. A 79, 032325 (2009), arXiv:0809.3629.
    """

    name: ClassVar[str] = "encoded_swapping"
    summary: ClassVar[str] = "logical Bell pairs swapped by stations, read in one basis"

    stations: int = 1
    distance: int = 2
    basis: str = "Z"
    decoder: str = "pymatching"
    p: float = 0.01

    def __post_init__(self) -> None:
        check_whole("stations", self.stations, least=0, most=1000)
        check_whole("distance", self.distance, least=2, most=1000)
        check_choice("basis", self.basis, ("Z", "X"))
        check_decoder(self.decoder)
        check_probability("p", self.p, inside=True)

    @property
    def detects(self) -> bool:
        """Whether errors are detected instead of corrected."""
        return self.distance == 2

    def experiment(self, noise: Any = None) -> stim.Circuit:
        """The chain as Stim knows it."""
        from circuits.codes import Link, encoded_swapping, four_two_two, repetition

        code = four_two_two() if self.detects else repetition(self.distance, basis=self.basis)
        how = "flag" if self.detects else "bare"
        rest = 0.0 if noise is None else self.p / 3
        link = Link(weights=(1 - 3 * rest, rest, rest, rest))
        return encoded_swapping(self.stations, code, basis=self.basis, extraction=how, link=link, noise=noise)

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The rates, post-selected or decoded.

        Raises:
            NothingKept: If no shot is kept.
        """
        from circuits.noise import CircuitNoise

        circuit = self.circuit()
        if self.detects:
            return detected(circuit, outcomes[0])
        prior = self.experiment(CircuitNoise.uniform_depolarizing(self.p))
        return decoded(circuit, prior, outcomes[0], decoder=self.decoder)
