"""`CodeStudy`: memories of codes × distances × noises × decoders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.studies.choosing import check_decoders
from qnet.studies.noises import NamedNoise, named_noise
from qnet.studies.points import BASES, CodePoint, code_at

__all__ = ["CodeStudy", "check_limits", "check_rounds", "rounds_at", "whole_numbers"]

EXTRACTIONS = ("bare", "flag", "steane")
MOST_POINTS = 10_000
_ROUNDS = re.compile(r"(\d*)d")


@dataclass(frozen=True, kw_only=True)
class CodeStudy:
    """Memory experiments of every code at every distance, under every noise, with every decoder.

    Args:
        codes: Names of codes or of families, as `circuits.codes.naming.named_code` reads them.
        noises: Texts such as `"uniform:0.005"`.
        distances: Of the families; codes of one size are taken as they are.
        decoders: Names of decoders.
        rounds: A number, or a multiple of the distance: `"d"`, `"3d"`.
        basis: `"Z"`, `"X"`, or `"both"` at once through a noiseless reference. None: Z, and both for codes
            whose checks mix X and Z.
        extraction: How syndromes are extracted: `"bare"`, `"flag"` or `"steane"`.
        max_shots: A point ends with so many shots.
        max_errors: A point ends with the chunk that brings it so many errors.
        precision: A point ends when the standard error of its error rate is this fraction of it.
        title: What pictures are called.
        low_confidence: Decoders flag the shots whose answer has at most this probability; None for their own
            way, which of most decoders is none.

    Raises:
        ValueError: If an argument is not as described, names nothing known, or asks for a code that there
            is not; if there are more than 10 000 points.

    Example:
        >>> study = CodeStudy(codes=("surface", "five_qubit"), distances=(3, 5), noises=("uniform:0.005",))
        >>> [(point.code, point.rounds, point.basis) for point in study.points()]
        [('rotated_surface:3', 3, 'Z'), ('rotated_surface:5', 5, 'Z'), ('five_qubit', 3, 'both')]
    """

    codes: tuple[str, ...]
    noises: tuple[str, ...]
    distances: tuple[int, ...] = ()
    decoders: tuple[str, ...] = ("pymatching",)
    rounds: int | str = "d"
    basis: str | None = None
    extraction: str = "bare"
    max_shots: int | None = 100_000
    max_errors: int | None = None
    precision: float | None = None
    title: str = ""
    low_confidence: float | None = None

    name: ClassVar[str] = "codes"

    def __post_init__(self) -> None:
        for field in ("codes", "noises", "distances", "decoders"):
            object.__setattr__(self, field, tuple(getattr(self, field)))
        for field in ("codes", "noises", "decoders"):
            if not getattr(self, field):
                raise ValueError(f"{field} is empty; give at least one")
        whole_numbers("distances", self.distances)
        check_rounds(self.rounds)
        if self.basis is not None and self.basis not in BASES:
            raise ValueError(f"basis={self.basis!r} is none; choose one of {', '.join(BASES)}")
        if self.extraction not in EXTRACTIONS:
            raise ValueError(
                f"extraction={self.extraction!r} is none; choose one of {', '.join(EXTRACTIONS)}"
            )
        check_limits(self)
        check_decoders(self.decoders, self.low_confidence)
        if self._count() > MOST_POINTS:
            raise ValueError(f"the study has {self._count()} points; {MOST_POINTS} are the most")
        self.points()

    def points(self) -> tuple[CodePoint, ...]:
        """Every point once, decoders innermost."""
        found: dict[CodePoint, None] = {}
        noises = [named_noise(text) for text in self.noises]
        for text in self.codes:
            for code, distance in _members(text, self.distances):
                for noise, decoder in product(noises, self.decoders):
                    point = self._point(code, distance, noise, decoder)
                    found[point] = None
        return tuple(found)

    def _point(self, code: Any, distance: int, noise: NamedNoise, decoder: str) -> CodePoint:
        basis = self.basis or ("Z" if code.is_css else "both")
        if basis != "both" and not code.is_css:
            raise ValueError(f"basis={basis!r}: the checks of {code.name} mix X and Z; give 'both'")
        return CodePoint(
            code=code.name,
            distance=distance,
            rounds=rounds_at(self.rounds, distance),
            basis=basis,
            noise=noise,
            decoder=decoder,
            extraction=self.extraction,
            low_confidence=self.low_confidence,
        )

    def _count(self) -> int:
        return len(self.codes) * max(len(self.distances), 1) * len(self.noises) * len(self.decoders)


def _members(text: str, distances: Iterable[int]) -> Iterator[tuple[Any, int]]:
    """The codes that a text stands for: a family at every distance, a code of one size once."""
    from circuits.codes.naming import CODES, family_of

    family = family_of(text)
    scalable = ":" not in text and CODES[family].per_distance is not None
    chosen = tuple(distances)
    if scalable and chosen:
        for distance in chosen:
            yield code_at(text, distance)
    else:
        yield code_at(text)


def whole_numbers(name: str, values: Iterable[Any]) -> None:
    """Refuse what is no whole number from 1 on.

    Raises:
        ValueError: If there is one; it is named.
    """
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} holds {value!r}; give whole numbers from 1 on")


def check_rounds(rounds: int | str) -> None:
    """Refuse rounds that are neither a number nor a multiple of the distance.

    Raises:
        ValueError: If they are not.
    """
    text = isinstance(rounds, str) and _ROUNDS.fullmatch(rounds) is not None
    number = isinstance(rounds, int) and not isinstance(rounds, bool)
    if not (text or number) or rounds in (0, "0d") or (number and int(rounds) < 1):
        raise ValueError(f"rounds={rounds!r} is none; give a number from 1 on, or 'd', '2d' …")


def rounds_at(rounds: int | str, distance: int) -> int:
    """How many rounds those are at a distance.

    Example:
        >>> rounds_at("2d", 5), rounds_at(4, 5)
        (10, 4)
    """
    if isinstance(rounds, int):
        return rounds
    times = _ROUNDS.fullmatch(rounds)
    assert times is not None
    return max(int(times[1] or 1) * distance, 1)


def check_limits(study: Study) -> None:
    """Refuse a study whose points would never end, or end at nothing.

    Raises:
        ValueError: If a limit is none, or there is no limit.
    """
    for field in ("max_shots", "max_errors"):
        value = getattr(study, field)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise ValueError(f"{field}={value!r} is no number of them; give a whole number from 1 on")
    precision = study.precision
    if precision is not None and not (isinstance(precision, float | int) and 0 < precision < 1):
        raise ValueError(f"precision={precision!r} is no relative error; give one such as 0.05 for 5 %")
    if study.max_shots is None and study.max_errors is None and precision is None:
        raise ValueError("the study would never end; give max_shots, max_errors or precision")


if TYPE_CHECKING:
    from qnet.studies.kinds import Study

    _check: Study = CodeStudy(codes=("steane",), noises=("uniform:0.1",))
