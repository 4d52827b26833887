"""`LinkStudy`: logical Bell pairs of links, as a study for `qnet sweep`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.repeaters.encoded_link import EncodedLink
from qnet.results import Figure
from qnet.studies.noises import named_noise
from qnet.studies.study import check_limits, whole_numbers

if TYPE_CHECKING:
    import sinter

__all__ = ["LinkPoint", "LinkStudy"]

ACROSS = ("seam_noise", "infidelity", "loss", "noise")
OWN = ("steane", "golay")


@dataclass(frozen=True, kw_only=True)
class LinkPoint:
    """One link of a study.

    Args:
        link: The link.
        across: Which strength is the point's `p`.
    """

    link: EncodedLink
    across: str = "seam_noise"

    @property
    def strengths(self) -> dict[str, float]:
        """By the names of `across`."""
        return {
            "seam_noise": self.link.seam_noise,
            "infidelity": round(1 - self.link.raw[0], 12),
            "loss": self.link.heralded_loss,
            "noise": named_noise(self.link.noise).p,
        }

    def row(self) -> dict[str, Any]:
        """What tells the point from others, for tables."""
        link, strengths = self.link, self.strengths
        parts = [
            name.replace("_", " ") if name == self.across else f"{name.replace('_', ' ')} {value:g}"
            for name, value in strengths.items()
            if name != "noise" and (value or name == self.across)
        ]
        parts.append(named_noise(link.noise).family if self.across == "noise" else link.noise)
        if link.purify is not None:
            parts.append(f"purified by {link.purify}")
        return {
            "code": link.label,
            "distance": link.way.distance,
            "rounds": link.way.rounds,
            "basis": "both",
            "noise": ", ".join(parts),
            "p": strengths[self.across],
            "decoder": link.decoded_by,
            "pairs": link.pairs,
            "memories": link.memories,
            "time_s": link.time_s,
        }

    def task(self) -> sinter.Task:
        """The link's experiment; its metadata say what a fit reads."""
        task = self.link.task()
        task.json_metadata["p"] = self.row()["p"]
        return task

    def resolved(self, stats: sinter.TaskStats) -> dict[str, Figure]:
        """`infidelity`, `e_x`, `e_y` and `e_z` of what was counted."""
        from qnet.repeaters.simulation import pauli_counts
        from qnet.studies.rates import share

        kept = stats.shots - stats.discards
        found = {name: share(count, kept) for name, count in pauli_counts(stats).items()}
        return {"infidelity": share(stats.errors, kept), **found}


@dataclass(frozen=True, kw_only=True)
class LinkStudy:
    """Logical Bell pairs by every scheme at every distance over every link.

    Args:
        distances: Of schemes that have several; blocks of one size are taken once.
        noises: Noise of all local operations: texts such as `"uniform:0.001"`.
        schemes: `"surgery"`, `"mixed_surgery"`, `"bell_surgery"`, `"steane"`, `"golay"`,
            `"transversal:CODE"`.
        seam_noises: Depolarising errors of the two qubits of each remote gate, after it.
        fidelities: Of the Werner pairs.
        losses: Probabilities that a pair is lost, which is heralded.
        purifications: `"none"`, `"dejmps"`, `"five_qubit"`, `"five_qubit_detect"`.
        decoders: Names of decoders; `"auto"` for the scheme's own.
        across: The strength against which thresholds are fitted and pictures drawn: `"seam_noise"`,
            `"infidelity"` (of the pairs), `"loss"` or `"noise"`.
        pair_rate_hz: Raw pairs in a second; None where time is no matter.
        t1_s: Energy relaxation time of the memories, in seconds.
        t2_s: Their coherence time; None for 2·T1.
        round_s: How long a round of check measurements lasts, in seconds.
        max_shots: A point ends with so many shots.
        max_errors: A point ends with the chunk that brings it so many errors.
        precision: A point ends when the standard error of 1 − F is this fraction of it.
        title: What pictures are called.

    Raises:
        ValueError: If an argument is not as described, or what `EncodedLink` refuses.

    Example:
        >>> study = LinkStudy(distances=(3, 5), noises=("uniform:0.001",), schemes=("surgery", "steane"))
        >>> [point.row()["code"] for point in study.points()]
        ['surgery:3', 'surgery:5', 'steane:3']
    """

    distances: tuple[int, ...]
    noises: tuple[str, ...]
    schemes: tuple[str, ...] = ("surgery",)
    seam_noises: tuple[float, ...] = (0.0,)
    fidelities: tuple[float, ...] = (1.0,)
    losses: tuple[float, ...] = (0.0,)
    purifications: tuple[str, ...] = ("none",)
    decoders: tuple[str, ...] = ("auto",)
    across: str = "seam_noise"
    pair_rate_hz: float | None = None
    t1_s: float = inf
    t2_s: float | None = None
    round_s: float = 0.0
    max_shots: int | None = 100_000
    max_errors: int | None = None
    precision: float | None = None
    title: str = ""

    name: ClassVar[str] = "logical_pairs"

    def __post_init__(self) -> None:
        for field in (
            "distances",
            "noises",
            "schemes",
            "seam_noises",
            "fidelities",
            "losses",
            "purifications",
            "decoders",
        ):
            object.__setattr__(self, field, tuple(getattr(self, field)))
            if not getattr(self, field):
                raise ValueError(f"{field} is empty; give at least one")
        whole_numbers("distances", self.distances)
        if self.across not in ACROSS:
            raise ValueError(f"across: there is no {self.across!r}; choose from {', '.join(ACROSS)}")
        check_limits(self)
        self.points()

    def points(self) -> tuple[LinkPoint, ...]:
        """Every point once, decoders innermost."""
        return tuple(dict.fromkeys(LinkPoint(link=link, across=self.across) for link in self._links()))

    def _links(self) -> Iterable[EncodedLink]:
        for scheme, distance, noise, seam, fidelity, loss, purify, decoder in product(
            self.schemes,
            self.distances,
            self.noises,
            self.seam_noises,
            self.fidelities,
            self.losses,
            self.purifications,
            self.decoders,
        ):
            own = scheme.lower().strip() in OWN or scheme.count(":") > 1
            yield EncodedLink(
                scheme=scheme,
                distance=None if own else distance,
                noise=noise,
                seam_noise=seam,
                fidelity=fidelity,
                heralded_loss=loss,
                purify=None if purify == "none" else purify,
                decoder=None if decoder == "auto" else decoder,
                pair_rate_hz=self.pair_rate_hz,
                t1_s=self.t1_s,
                t2_s=self.t2_s,
                round_s=self.round_s,
            )


if TYPE_CHECKING:
    from qnet.studies.kinds import Study

    _check: Study = LinkStudy(distances=(3,), noises=("uniform:0.1",))
