"""`EncodedLink`: a physical link, and the logical Bell pair that a code makes over it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, nan
from typing import TYPE_CHECKING, Any

from qnet.repeaters._checks import at_least_zero, probability
from qnet.repeaters.physical_pairs import PreparedPair, Weights, prepared, werner_weights
from qnet.repeaters.schemes import Scheme, named_scheme
from qnet.repeaters.waiting import Waiting

if TYPE_CHECKING:
    import sinter
    import stim

    from circuits.codes.link import Link
    from circuits.noise import CircuitNoise

__all__ = ["EncodedLink"]


@dataclass(frozen=True, kw_only=True)
class EncodedLink:
    """A link between two stations, and how a logical Bell pair is made over it.

    Physical pairs come heralded, at a rate, in a Bell-diagonal state; they may be purified, they wait for
    each other, and remote gates spend them. A share of them may be lost after all, of which a herald tells.
    `simulated_pairs` says what comes out.

    Args:
        scheme: `"surgery"`, `"mixed_surgery"`, `"bell_surgery"`, `"steane"`, `"golay"` or
            `"transversal:CODE"`.
        distance: Of surgery, 3 if not given; blocks have their own.
        fidelity: Of Werner pairs; 1 if neither this nor `weights` is given.
        weights: The state of a pair, in the order Φ+, Ψ+, Ψ−, Φ−, instead of a fidelity.
        seam_noise: Depolarising error of the two qubits of each remote gate, after it (`DEPOLARIZE2`).
        heralded_loss: Probability that a pair is lost, and that this is known when it is used.
        gate_loss: Probability of each qubit of a remote gate that it is lost in it, which is known; harsher
            than a lost pair.
        noise: Noise of all local operations: `"uniform:0.001"`, `"si1000:0.001"`.
        purify: `"dejmps"`, `"five_qubit"` or `"five_qubit_detect"`: pairs are purified first.
        pair_rate_hz: Raw pairs in a second; None where time is no matter.
        t1_s: Energy relaxation time of the memories, in seconds.
        t2_s: Their coherence time, at most 2·T1; None for 2·T1.
        round_s: How long a round of check measurements lasts, in seconds.
        rounds: Rounds of the joined patches, d if not given; of blocks before their gates, 1 if not given.
        extraction: Of blocks: `"bare"` or `"flag"`.
        decoder: A decoder by name; the scheme's own if not given (with the heralds, where there are any).

    Raises:
        ValueError: If a figure is none, the scheme, decoder or purification is not known, or both a fidelity
            and weights are given.

    Example:
        >>> link = EncodedLink(distance=5, seam_noise=0.03, noise="uniform:0.001", pair_rate_hz=1e4)
        >>> link.pairs, link.memories, round(link.time_s, 6)
        (45, 59, 0.0045)
    """

    scheme: str = "surgery"
    distance: int | None = None
    fidelity: float | None = None
    weights: Weights | None = None
    seam_noise: float = 0.0
    heralded_loss: float = 0.0
    gate_loss: float = 0.0
    noise: str = "uniform:0.001"
    purify: str | None = None
    pair_rate_hz: float | None = None
    t1_s: float = inf
    t2_s: float | None = None
    round_s: float = 0.0
    rounds: int | None = None
    extraction: str | None = None
    decoder: str | None = None

    def __post_init__(self) -> None:
        if self.weights is not None:
            object.__setattr__(self, "weights", tuple(self.weights))
            if self.fidelity is not None:
                raise ValueError(
                    f"fidelity={self.fidelity!r} and weights={self.weights}: give one of the two"
                )
        probability("heralded_loss", self.heralded_loss)
        probability("gate_loss", self.gate_loss)
        at_least_zero("round_s", self.round_s, "s")
        if not 0 <= self.seam_noise <= 15 / 16:
            raise ValueError(
                f"seam_noise={self.seam_noise!r} is out of range; a depolarising error is from 0 to 0.9375"
            )
        self.physical  # noqa: B018
        self.circuit_noise()
        self.link()
        if self.decoder is not None:
            from qnet.studies.choosing import check_decoders

            check_decoders([self.decoder])
            if self.decoder in ("erasure", "erasure_exact", "peeling") and not self.heralded:
                raise ValueError(
                    f"decoder={self.decoder!r} needs heralds, and heralded_loss is 0; give a loss"
                )

    @cached_property
    def way(self) -> Scheme:
        """The scheme itself."""
        return named_scheme(self.scheme, self.distance, rounds=self.rounds, extraction=self.extraction)

    @property
    def raw(self) -> Weights:
        """The state of a pair as it comes: Φ+, Ψ+, Ψ−, Φ−."""
        return (
            werner_weights(1.0 if self.fidelity is None else self.fidelity)
            if self.weights is None
            else self.weights
        )

    @cached_property
    def physical(self) -> PreparedPair:
        """The pair that is used, and what it took; the local noise is that of purification, too."""
        from qnet.studies.noises import named_noise

        return prepared(self.raw, self.purify, named_noise(self.noise).circuit_noise())

    @property
    def waiting(self) -> Waiting:
        """The wait for pairs that can be used."""
        rate = inf if self.pair_rate_hz is None else self.pair_rate_hz / self.physical.pairs
        return Waiting(rate_hz=rate, t1_s=self.t1_s, t2_s=self.t2_s)

    @property
    def heralded(self) -> bool:
        """Whether heralds tell of losses."""
        return self.heralded_loss > 0 or self.gate_loss > 0 or "loss" in self.noise

    @property
    def error(self) -> float:
        """The error of a bare remote gate: that of the pair, the loss, and the seam noise together."""
        lost = 1 - self.heralded_loss
        kept = (4 * self.link().weights[0] - 1) / 3 * lost * (1 - 16 * self.seam_noise / 15)
        kept *= (1 - self.gate_loss) ** 2
        return 0.75 * (1 - kept)

    @property
    def pairs(self) -> float:
        """Raw pairs that a logical pair takes, on average where they are purified."""
        return (
            self.way.waits * self.way.pairs_at_once * self.physical.pairs
            if self.purify
            else (self.way.waits * self.way.pairs_at_once)
        )

    @property
    def memories(self) -> int:
        """Qubits of a node."""
        more = {None: 0, "dejmps": 1}.get(self.purify, 4)
        return self.way.memories + more

    @property
    def time_s(self) -> float:
        """Seconds that a logical pair takes: waiting, and rounds of checks; NaN where no rate is known."""
        if self.pair_rate_hz is None:
            return nan
        return self.pairs / self.pair_rate_hz + self.way.rounds * self.round_s

    def link(self) -> Link:
        """What the circuit's remote gates spend, the ageing of pairs that wait for each other included."""
        from circuits.codes.link import Link

        weights = self.waiting.pairs(self.physical.weights, self.way.pairs_at_once)
        return Link(
            weights=weights,
            erasure=self.heralded_loss,
            gate_error=self.seam_noise,
            gate_erasure=self.gate_loss,
        )

    def circuit_noise(self) -> CircuitNoise:
        """The local noise, with the idling of data that wait for the pairs of each round.

        The round after surgery, which waits for none, is charged like the others.
        """
        from circuits.noise.channels import in_sequence
        from qnet.studies.noises import named_noise

        noise = named_noise(self.noise).circuit_noise()
        if not (self.way.data_wait and self.waiting.harms):
            return noise
        idle = self.waiting.idle(self.way.pairs_at_once)
        return replace(noise, before_round=in_sequence([(noise.before_round, 1), (idle, 1)]))

    def circuit(self) -> stim.Circuit:
        """The experiment: observable 0 is X⊗X of the logical pair, observable 1 is Z⊗Z."""
        return self.way.circuit(self.link(), self.circuit_noise())

    @property
    def decoded_by(self) -> str:
        """The decoder's name."""
        from qnet.studies.noises import named_noise

        return self.decoder or self.way.decoder(heralded=self.heralded, noisy=named_noise(self.noise).p > 0)

    @property
    def label(self) -> str:
        """The scheme with its distance."""
        return f"{self.way.name}:{self.way.distance}"

    def metadata(self) -> dict[str, Any]:
        """What tells the link from others in a file of counts."""
        known: dict[str, Any] = {
            "experiment": "logical_pair",
            "scheme": self.way.name,
            "d": self.way.distance,
        }
        numbers = {
            "weights": [round(w, 12) for w in self.link().weights],
            "seam_noise": self.seam_noise,
            "loss": self.heralded_loss,
            "gate_loss": self.gate_loss,
            "noise": self.noise,
            "rounds": self.way.rounds,
        }
        return known | numbers

    def task(self) -> sinter.Task:
        """The experiment as sinter wants it, with the error model that its decoder takes."""
        import sinter

        from qnet.studies.models import error_model

        circuit = self.circuit()
        return sinter.Task(
            circuit=circuit,
            decoder=self.decoded_by,
            detector_error_model=error_model(circuit, self.decoded_by, what=self.label),
            json_metadata=self.metadata(),
        )
