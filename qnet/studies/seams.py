"""`SeamStudy`: lattice surgery over a network link, whose pairs are noisy and may be lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.studies.choosing import check_decoders
from qnet.studies.noises import NamedNoise, named_noise
from qnet.studies.study import check_limits, check_rounds, rounds_at, whole_numbers

if TYPE_CHECKING:
    import sinter
    import stim

__all__ = ["SeamPoint", "SeamStudy"]

EXPERIMENTS = ("bell_pair", "joint_zz", "joint_xx")
FORMS = ("direct", "bell", "mixed")
ACROSS = ("seam_noise", "pair_error", "loss", "noise")
_PROBABILITIES = ("seam_noises", "pair_errors", "losses")
NEED_HERALDS = ("erasure", "erasure_exact", "peeling")


@dataclass(frozen=True, kw_only=True)
class SeamPoint:
    """One experiment on two patches whose seam is a link.

    Args:
        experiment: `"bell_pair"`, `"joint_zz"` or `"joint_xx"`.
        form: How checks cross the seam.
        distance: Of each patch.
        rounds: Rounds of the joined patch.
        noise: Noise of all local operations.
        seam_noise: Depolarising error of the two qubits of each remote CX, after it.
        pair_error: 1 − F of the Werner pairs that arrive.
        loss: Heralded loss of a pair.
        decoder: A decoder by name.
        across: Which strength is the point's `p`: `"seam_noise"`, `"pair_error"`, `"loss"` or `"noise"`.
        low_confidence: The decoder flags the shots whose answer has at most this probability.

    Example:
        >>> point = SeamPoint(experiment="bell_pair", form="direct", distance=3, rounds=3, seam_noise=0.05,
        ...                   noise=NamedNoise(model="uniform", p=0.001), decoder="pymatching")
        >>> point.circuit().num_observables
        2
    """

    experiment: str
    form: str
    distance: int
    rounds: int
    noise: NamedNoise
    decoder: str
    seam_noise: float = 0.0
    pair_error: float = 0.0
    loss: float = 0.0
    across: str = "seam_noise"
    low_confidence: float | None = None

    def circuit(self) -> stim.Circuit:
        """The experiment."""
        from circuits.codes.link import Link
        from circuits.codes.surgery import joint_measurement, logical_bell_pair

        link = Link.werner(1 - self.pair_error, erasure=self.loss, gate_error=self.seam_noise)
        noise = self.noise.circuit_noise()
        if self.experiment == "bell_pair":
            return logical_bell_pair(
                self.distance, rounds=self.rounds, form=self.form, link=link, noise=noise
            )
        return joint_measurement(
            self.distance,
            self.experiment.removeprefix("joint_").upper(),
            rounds=self.rounds,
            form=self.form,
            link=link,
            noise=noise,
        )

    def row(self) -> dict[str, Any]:
        """What tells the point from others, for tables."""
        strengths = {name: getattr(self, name) for name in ACROSS if name != "noise"}
        parts = {
            name: name.replace("_", " ") if name == self.across else f"{name.replace('_', ' ')} {value:g}"
            for name, value in strengths.items()
            if value or name == self.across
        }
        parts["noise"] = self.noise.family if self.across == "noise" else str(self.noise)
        strength = self.noise.p if self.across == "noise" else strengths[self.across]
        return {
            "code": f"{self.experiment}[{self.form}]:{self.distance}",
            "distance": self.distance,
            "rounds": self.rounds,
            "basis": "both",
            "noise": ", ".join(parts.values()),
            "p": strength,
            "decoder": self.decoder,
        }

    def task(self) -> sinter.Task:
        """The point as sinter wants it, with the error model that its decoder takes."""
        import sinter

        from qnet.studies.models import error_model

        row, circuit = self.row(), self.circuit()
        metadata = {
            "experiment": self.experiment,
            "form": self.form,
            "d": self.distance,
            "rounds": self.rounds,
            "noise": str(self.noise),
            "seam_noise": self.seam_noise,
            "pair_error": self.pair_error,
            "loss": self.loss,
            "p": row["p"],
        }
        if self.low_confidence is not None:
            metadata["low_confidence"] = self.low_confidence
        return sinter.Task(
            circuit=circuit,
            decoder=self.decoder,
            detector_error_model=error_model(circuit, self.decoder, what=row["code"]),
            json_metadata=metadata,
        )


@dataclass(frozen=True, kw_only=True)
class SeamStudy:
    """Lattice surgery over a link at every distance, in every form, under every noise, with every decoder.

    A shot is wrong when any observable of the experiment comes out wrong: for `"bell_pair"` X⊗X or Z⊗Z of the
    logical Bell pair, so that its rate is 1 − F; for `"joint_zz"` and `"joint_xx"` the outcome, or one of the
    logical operators that the measurement is to keep.

    Args:
        distances: Of each of the two patches.
        noises: Noise of all local operations: texts such as `"uniform:0.001"`.
        seam_noises: Depolarising errors of the two qubits of each remote CX, after it: `DEPOLARIZE2`.
        pair_errors: 1 − F of the Werner pairs of the link.
        losses: Probabilities that a pair is lost, which is heralded.
        across: The strength against which thresholds are fitted and pictures drawn: `"seam_noise"`,
            `"pair_error"`, `"loss"` or `"noise"`.
        forms: How checks cross the seam: `"direct"`, `"bell"`, `"mixed"`.
        experiments: `"bell_pair"`, `"joint_zz"`, `"joint_xx"`.
        decoders: Names of decoders; `erasure` knows of lost pairs.
        rounds: Of the joined patch: a number, or a multiple of the distance: `"d"`, `"2d"`.
        max_shots: A point ends with so many shots.
        max_errors: A point ends with the chunk that brings it so many errors.
        precision: A point ends when the standard error of its error rate is this fraction of it.
        title: What pictures are called.
        low_confidence: Decoders flag the shots whose answer has at most this probability.

    Raises:
        ValueError: If an argument is not as described, or a decoder of heralds is to do without loss.

    Example:
        >>> study = SeamStudy(distances=(3, 5), noises=("uniform:0.001",), seam_noises=(0.05, 0.15))
        >>> for point in study.points():
        ...     print(point.row()["code"], point.row()["p"])
        bell_pair[direct]:3 0.05
        bell_pair[direct]:3 0.15
        bell_pair[direct]:5 0.05
        bell_pair[direct]:5 0.15
    """

    distances: tuple[int, ...]
    noises: tuple[str, ...]
    seam_noises: tuple[float, ...] = (0.0,)
    pair_errors: tuple[float, ...] = (0.0,)
    losses: tuple[float, ...] = (0.0,)
    across: str = "seam_noise"
    forms: tuple[str, ...] = ("direct",)
    experiments: tuple[str, ...] = ("bell_pair",)
    decoders: tuple[str, ...] = ("pymatching",)
    rounds: int | str = "d"
    max_shots: int | None = 100_000
    max_errors: int | None = None
    precision: float | None = None
    title: str = ""
    low_confidence: float | None = None

    name: ClassVar[str] = "seams"

    def __post_init__(self) -> None:
        for field in (*_PROBABILITIES, "distances", "noises", "forms", "experiments", "decoders"):
            object.__setattr__(self, field, tuple(getattr(self, field)))
            if not getattr(self, field):
                raise ValueError(f"{field} is empty; give at least one")
        whole_numbers("distances", self.distances)
        if min(self.distances) < 2:
            raise ValueError("distances holds 1; patches that are joined have a distance of at least 2")
        for field in _PROBABILITIES:
            _probabilities(field, getattr(self, field))
        _members("forms", self.forms, FORMS)
        _members("experiments", self.experiments, EXPERIMENTS)
        _members("across", (self.across,), ACROSS)
        if max(self.seam_noises) > 15 / 16:
            raise ValueError(
                f"seam_noises holds {max(self.seam_noises)!r}; nothing depolarises beyond 0.9375"
            )
        check_rounds(self.rounds)
        check_limits(self)
        check_decoders(self.decoders, self.low_confidence)
        for decoder in self.decoders:
            if decoder in NEED_HERALDS and 0 in self.losses:
                raise ValueError(
                    f"losses holds 0, which no herald tells of, and decoder {decoder!r} needs them"
                )
        self.points()

    def points(self) -> tuple[SeamPoint, ...]:
        """Every point once, decoders innermost."""
        made = product(
            self.experiments,
            self.forms,
            self.distances,
            map(named_noise, self.noises),
            self.seam_noises,
            self.pair_errors,
            self.losses,
            self.decoders,
        )
        return tuple(
            dict.fromkeys(
                SeamPoint(
                    experiment=experiment,
                    form=form,
                    distance=distance,
                    rounds=rounds_at(self.rounds, distance),
                    noise=noise,
                    seam_noise=seam_noise,
                    pair_error=pair_error,
                    loss=loss,
                    decoder=decoder,
                    across=self.across,
                    low_confidence=self.low_confidence,
                )
                for experiment, form, distance, noise, seam_noise, pair_error, loss, decoder in made
            )
        )


def _probabilities(name: str, values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ValueError(f"{name} holds {value!r}; give probabilities from 0 to 1")


def _members(name: str, values: Iterable[str], known: tuple[str, ...]) -> None:
    for value in values:
        if value not in known:
            raise ValueError(f"{name}: there is no {value!r}; choose from {', '.join(known)}")


if TYPE_CHECKING:
    from qnet.studies.kinds import Study

    _check: Study = SeamStudy(distances=(3,), noises=("uniform:0.1",))
