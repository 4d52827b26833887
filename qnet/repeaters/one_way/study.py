"""`HopStudy`: hops of one-way repeaters under loss, as a study for `qnet sweep`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.repeaters._checks import probability, whole
from qnet.repeaters.one_way.hop import StationErrors
from qnet.repeaters.one_way.naming import one_way_code
from qnet.repeaters.one_way.simulation import hop_task
from qnet.repeaters.one_way.tree import TreeCode
from qnet.results import Figure
from qnet.studies.study import check_limits

if TYPE_CHECKING:
    import sinter

    from qnet.repeaters.one_way.hop import OneWayCode

__all__ = ["HopPoint", "HopStudy"]


@dataclass(frozen=True, kw_only=True)
class HopPoint:
    """One code at one loss.

    Args:
        code: The code.
        loss: 1 − η of a photon in a hop.
        hops: How many hops.
    """

    code: OneWayCode
    loss: float
    hops: int = 1

    @property
    def success(self) -> float:
        """The closed form: no logical operator is lost in any hop."""
        eta = 1 - self.loss
        code = self.code
        each = code.correctable(eta) if isinstance(code, TreeCode) else code.hop(eta).success
        return float(each) ** self.hops

    def row(self) -> dict[str, Any]:
        """What tells the point from others, for tables."""
        return {
            "code": self.code.name.replace(":", " "),
            "distance": None,
            "rounds": self.hops,
            "basis": "both",
            "noise": "loss",
            "p": self.loss,
            "decoder": "peeling",
            "photons": self.code.photons,
            "success_closed": self.success,
        }

    def task(self) -> sinter.Task:
        """The hops as an experiment, whose decoder tells which shots no decoder can know."""
        task, _ = hop_task(self.code, 1 - self.loss, StationErrors(), self.hops)
        task.json_metadata.update(p=self.loss, d=0)
        return task

    def resolved(self, stats: sinter.TaskStats) -> dict[str, Figure]:
        """`success`: the share of blocks that no station has to give up."""
        from qnet.studies.rates import share

        return {"success": share(stats.shots - stats.custom_counts.get("low_confidence", 0), stats.shots)}


@dataclass(frozen=True, kw_only=True)
class HopStudy:
    """One-way codes at losses, decoded exactly, beside their closed forms.

    Args:
        codes: Texts such as `"parity:13,6"` or `"tree:4,3,2"`, of at most 400 photons.
        losses: 1 − η of a photon in a hop, above 0.
        hops: How many hops.
        max_shots: A point ends with so many shots.
        max_errors: A point ends with the chunk that brings it so many errors; a block that is given up is
            wrong in every second or fourth shot.
        precision: A point ends when the standard error of its error rate is this fraction of it.
        title: What pictures are called.

    Raises:
        ValueError: If an argument is not as described.

    Example:
        >>> study = HopStudy(codes=("parity:2,2",), losses=(0.1, 0.2))
        >>> [(point.row()["code"], round(point.row()["success_closed"], 4)) for point in study.points()]
        [('parity 2,2', 0.9477), ('parity 2,2', 0.8192)]
    """

    codes: tuple[str, ...]
    losses: tuple[float, ...]
    hops: int = 1
    max_shots: int | None = 100_000
    max_errors: int | None = None
    precision: float | None = None
    title: str = ""

    name: ClassVar[str] = "one_way_hops"

    def __post_init__(self) -> None:
        for field in ("codes", "losses"):
            object.__setattr__(self, field, tuple(getattr(self, field)))
            if not getattr(self, field):
                raise ValueError(f"{field} is empty; give at least one")
        for loss in self.losses:
            probability("losses", loss)
            if not loss:
                raise ValueError("losses holds 0, where there is nothing to simulate; give losses above 0")
        whole("hops", self.hops)
        check_limits(self)
        self.points()

    def points(self) -> tuple[HopPoint, ...]:
        """Every code at every loss, once."""
        every = (
            HopPoint(code=one_way_code(code), loss=loss, hops=self.hops)
            for code in self.codes
            for loss in self.losses
        )
        return tuple(dict.fromkeys(every))


if TYPE_CHECKING:
    from qnet.studies.kinds import Study

    _check: Study = HopStudy(codes=("parity:2,2",), losses=(0.1,))
