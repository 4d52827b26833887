"""`StabilityStudy`: how well a product of checks is known through time, the dual of a memory."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.studies.choosing import check_decoders
from qnet.studies.noises import NamedNoise, named_noise
from qnet.studies.study import check_limits, whole_numbers

if TYPE_CHECKING:
    import sinter
    import stim

__all__ = ["StabilityPoint", "StabilityStudy"]


@dataclass(frozen=True, kw_only=True)
class StabilityPoint:
    """A stability experiment, whose distance is its number of rounds.

    Args:
        width: Sides of the patch.
        rounds: Rounds of syndrome extraction.
        basis: `"Z"` or `"X"`, the kind of the checks whose product is watched.
        noise: Noise of all operations.
        decoder: A decoder by name.
        low_confidence: The decoder flags the shots whose answer has at most this probability.

    Example:
        >>> point = StabilityPoint(width=4, rounds=5, basis="Z", decoder="pymatching",
        ...                        noise=NamedNoise(model="uniform", p=0.01))
        >>> point.row()["code"]
        'stability:4'
    """

    width: int
    rounds: int
    basis: str
    noise: NamedNoise
    decoder: str
    low_confidence: float | None = None

    def circuit(self) -> stim.Circuit:
        """The experiment."""
        from circuits.codes.stability import stability

        return stability(self.width, rounds=self.rounds, basis=self.basis, noise=self.noise.circuit_noise())

    def row(self) -> dict[str, Any]:
        """What tells the point from others, for tables."""
        return {
            "code": f"stability:{self.width}",
            "distance": self.rounds,
            "rounds": self.rounds,
            "basis": self.basis,
            "noise": self.noise.family,
            "p": self.noise.p,
            "decoder": self.decoder,
        }

    def task(self) -> sinter.Task:
        """The point as sinter wants it, with the error model that its decoder takes."""
        import sinter

        from qnet.studies.models import error_model

        circuit = self.circuit()
        metadata = {
            "experiment": "stability",
            "width": self.width,
            "d": self.rounds,
            "b": self.basis,
            "noise": self.noise.family,
            "p": self.noise.p,
        }
        if self.low_confidence is not None:
            metadata["low_confidence"] = self.low_confidence
        return sinter.Task(
            circuit=circuit,
            decoder=self.decoder,
            detector_error_model=error_model(circuit, self.decoder, what="stability"),
            json_metadata=metadata,
        )


@dataclass(frozen=True, kw_only=True)
class StabilityStudy:
    """Stability experiments of every number of rounds, under every noise, with every decoder.

    Args:
        distances: Numbers of rounds, against which the experiment protects as a memory does by its distance.
        noises: Texts such as `"uniform:0.005"`.
        width: Even sides of the patch.
        basis: `"Z"` or `"X"`, the kind of the checks whose product is watched.
        decoders: Names of decoders.
        max_shots: A point ends with so many shots.
        max_errors: A point ends with the chunk that brings it so many errors.
        precision: A point ends when the standard error of its error rate is this fraction of it.
        title: What pictures are called.
        low_confidence: Decoders flag the shots whose answer has at most this probability.

    Raises:
        ValueError: If an argument is not as described.

    Example:
        >>> study = StabilityStudy(distances=(3, 5), noises=("uniform:0.003",))
        >>> [(point.rounds, point.circuit().num_observables) for point in study.points()]
        [(3, 1), (5, 1)]
    """

    distances: tuple[int, ...]
    noises: tuple[str, ...]
    width: int = 4
    basis: str = "Z"
    decoders: tuple[str, ...] = ("pymatching",)
    max_shots: int | None = 100_000
    max_errors: int | None = None
    precision: float | None = None
    title: str = ""
    low_confidence: float | None = None

    name: ClassVar[str] = "stability"

    def __post_init__(self) -> None:
        for field in ("distances", "noises", "decoders"):
            object.__setattr__(self, field, tuple(getattr(self, field)))
            if not getattr(self, field):
                raise ValueError(f"{field} is empty; give at least one")
        whole_numbers("distances", self.distances)
        whole_numbers("width", (self.width,))
        if self.width % 2:
            raise ValueError(f"width={self.width} is odd; a patch with four edges of one kind has even sides")
        if self.basis not in ("Z", "X"):
            raise ValueError(f"basis={self.basis!r} is none; choose one of Z, X")
        check_limits(self)
        check_decoders(self.decoders, self.low_confidence)
        self.points()

    def points(self) -> tuple[StabilityPoint, ...]:
        """Every point once, decoders innermost."""
        made = product(self.distances, map(named_noise, self.noises), self.decoders)
        return tuple(
            dict.fromkeys(
                StabilityPoint(
                    width=self.width,
                    rounds=rounds,
                    basis=self.basis,
                    noise=noise,
                    decoder=decoder,
                    low_confidence=self.low_confidence,
                )
                for rounds, noise, decoder in made
            )
        )


if TYPE_CHECKING:
    from qnet.studies.kinds import Study

    _check: Study = StabilityStudy(distances=(3,), noises=("uniform:0.1",))
