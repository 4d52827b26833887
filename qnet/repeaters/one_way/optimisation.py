"""The best code and the best spacing of a one-way line, by trying all of them in closed form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

from qnet.repeaters._checks import above_zero, probability, share, whole
from qnet.repeaters.errors import OutOfReach
from qnet.repeaters.one_way.hop import Hop, OneWayCode, StationErrors, majority_errors
from qnet.repeaters.one_way.line import OneWayLine
from qnet.repeaters.one_way.naming import FAMILIES
from qnet.repeaters.one_way.parity import ParityCode, blocks_that_arrive, signed_blocks
from qnet.repeaters.one_way.tree import TreeCode
from qnet.repeaters.secrecy import bbm92_fraction

__all__ = ["GOALS", "OneWaySearch"]

Floats = NDArray[np.float64]

GOALS = ("photons", "qubits", "secret-bits")
LARGEST_SEARCH = 1000
LEAST_BITS = 1e-6
BATCH = 64


@dataclass(frozen=True, kw_only=True)
class OneWaySearch:
    """Every code of a family up to a size, at every spacing of a grid.

    Args:
        length_km: Length of the line.
        family: `"parity"` (all n, m) or `"tree"` (all branching vectors of two and three levels).
        code: Only this code; None for all of the family.
        spacing_km: Only this spacing; None for the grid.
        goal: `"photons"`: fewest photons on all hops per secret bit; `"qubits"`: fewest qubits in all
            stations together; `"secret-bits"`: most secret bits a block.
        attenuation_length_km: Where e⁻¹ of the photons are left.
        coupling: η_c, what is left of a photon from qubit to fibre to qubit.
        errors: What stations do wrong.
        largest: Photons that a block may take, at most 1000.
        spacings: How many spacings are tried, evenly on a logarithmic scale from a fortieth of the
            attenuation length to the attenuation length (and never longer than the line).
        blocks: Numbers n of blocks of parity codes that are tried; None for all.
        least_success: What the line's success must reach.
        least_fidelity: What the delivered pair's fidelity must reach.

    Raises:
        ValueError: If an argument is not as described.

    Example:
        >>> best = OneWaySearch(length_km=1000).best()
        >>> best.code.name, round(best.spacing_km, 2), round(best.success, 3)
        ('parity:6,4', 1.45, 0.761)
    """

    length_km: float
    family: str = "parity"
    code: OneWayCode | None = None
    spacing_km: float | None = None
    goal: str = "photons"
    attenuation_length_km: float = 20.0
    coupling: float = 1.0
    errors: StationErrors = field(default_factory=StationErrors)
    largest: int = 300
    spacings: int = 60
    blocks: Sequence[int] | None = None
    least_success: float = 0.0
    least_fidelity: float = 0.0

    def __post_init__(self) -> None:
        above_zero("length_km", self.length_km, "km")
        above_zero("attenuation_length_km", self.attenuation_length_km, "km")
        share("coupling", self.coupling)
        whole("largest", self.largest, 2)
        whole("spacings", self.spacings)
        if self.largest > LARGEST_SEARCH:
            raise ValueError(f"largest={self.largest} takes long to search; give at most {LARGEST_SEARCH}")
        for name, known in (("family", FAMILIES), ("goal", GOALS)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}={getattr(self, name)!r} is none of {', '.join(known)}")
        if self.spacing_km is not None:
            above_zero("spacing_km", self.spacing_km, "km")
            if self.spacing_km > self.length_km:
                raise ValueError(
                    f"spacing_km={self.spacing_km:g} is longer than the line of {self.length_km:g} km"
                )
        probability("least_success", self.least_success)
        probability("least_fidelity", self.least_fidelity)

    def best(self) -> OneWayLine:
        """The line that does best.

        Raises:
            OutOfReach: If no code of that size at any of the spacings gives a millionth of a secret bit a
                block, or reaches what was asked for; the nearest is named.
        """
        winner, height = None, -np.inf
        near, reached = None, -np.inf
        for batch in self._batches():
            if batch.bound <= height:
                break
            score, short = self._scored(batch)
            place = np.unravel_index(int(np.argmax(score)), score.shape)
            if score[place] > height:
                winner, height = (batch.codes[int(place[0])], int(place[1])), float(score[place])
            place = np.unravel_index(int(np.argmax(short)), short.shape)
            if short[place] > reached:
                near, reached = (batch.codes[int(place[0])], int(place[1])), float(short[place])
        if winner is None:
            raise OutOfReach(self._missed(None if near is None else self._line(*near)))
        return self._line(*winner)

    @property
    def grid_km(self) -> Floats:
        """The spacings that are tried."""
        if self.spacing_km is not None:
            return np.array([self.spacing_km])
        span = np.geomspace(self.attenuation_length_km / 40, self.attenuation_length_km, self.spacings)
        return np.unique(np.minimum(span, self.length_km))

    def _line(self, code: OneWayCode, place: int) -> OneWayLine:
        return OneWayLine(
            code=code,
            length_km=self.length_km,
            spacing_km=float(self.grid_km[place]),
            attenuation_length_km=self.attenuation_length_km,
            coupling=self.coupling,
            errors=self.errors,
        )

    def _batches(self) -> Iterator[_Batch]:
        eta = self.coupling * np.exp(-self.grid_km / self.attenuation_length_km)
        if self.code is not None:
            hop = _stacked([self.code.hop(eta, self.errors.flip)])
            yield _Batch(codes=(self.code,), hop=hop)
            return
        if self.family == "parity":
            yield from _parity_codes(self.largest, eta, self.errors.flip, self.blocks)
            return
        codes = tuple(TreeCode(branching=branching) for branching in _branchings(self.largest))
        whole_set = _Batch(codes=codes, hop=_stacked([code.hop(eta) for code in codes]))
        if not self.errors.flip:
            yield whole_set
            return
        at_best = self._scored(whole_set)[0].max(axis=1)
        order = np.argsort(-at_best, kind="stable")
        for start in range(0, len(codes), BATCH):
            some = [codes[k] for k in order[start : start + BATCH]]
            hop = _stacked([code.hop(eta, self.errors.flip) for code in some])
            yield _Batch(codes=tuple(some), hop=hop, bound=float(at_best[order[start]]))

    def _scored(self, batch: _Batch) -> tuple[Floats, Floats]:
        """Scores of shape (codes, spacings), −∞ where demands are missed, and how near it comes to them."""
        hops, hop = self.length_km / self.grid_km, batch.hop
        success = hop.success**hops
        e_x, e_z = ((1 - np.maximum(1 - 2 * e, 0.0) ** hops) / 2 for e in (hop.e_x, hop.e_z))
        bits = success * bbm92_fraction(e_x, e_z)
        fidelity = 1 - e_x - e_z
        good = (success >= self.least_success) & (fidelity >= self.least_fidelity) & (bits >= LEAST_BITS)
        photons = np.array([code.photons for code in batch.codes])[:, None] * hops
        with np.errstate(divide="ignore"):
            score = {
                "photons": np.log(bits) - np.log(photons),
                "qubits": -np.log(photons) + np.zeros_like(bits),
                "secret-bits": bits,
            }[self.goal]
        near = np.minimum(success / max(self.least_success, 1e-9), 1)
        near = near * np.minimum(fidelity / max(self.least_fidelity, 1e-9), 1)
        return np.where(good, score, -np.inf), near + 1e-3 * bits

    def _missed(self, near: OneWayLine | None) -> str:
        if self.coupling <= 0.5:
            return (
                f"coupling={self.coupling:g} loses half of the photons before any fibre; no code makes up "
                "for a loss of half; improve it beyond 0.5, or take another generation of repeaters"
            )
        asked = [
            f"a {name} of {value:g}"
            for name, value in (("success", self.least_success), ("fidelity", self.least_fidelity))
            if value
        ]
        what = " and ".join(asked) or "a secret bit"
        best = (
            ""
            if near is None
            else f"; {near.code.name} every {near.spacing_km:.2g} km comes nearest, with success "
            f"{near.success:.3g} and fidelity {near.fidelity:.3g}"
        )
        which = f"no {self.family} code of at most {self.largest} photons reaches"
        if self.code is not None:
            which = f"{self.code.name} does not reach"
        return (
            f"{which} {what} over {self.length_km:g} km{best}"
            "; allow larger codes, or better coupling and gates"
        )


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """Codes, and a hop of each at each spacing; none of them, nor of those after, scores above `bound`."""

    codes: Sequence[OneWayCode]
    hop: Hop
    bound: float = np.inf


def _stacked(hops: Sequence[Hop]) -> Hop:
    return Hop(**{name: np.stack([getattr(hop, name) for hop in hops]) for name in ("success", "e_x", "e_z")})


def _parity_codes(largest: int, eta: Floats, flip: float, blocks: Sequence[int] | None) -> Iterator[_Batch]:
    """The parity codes of a size, for each m all n at once."""
    for m in range(1, largest + 1):
        if m > 1 and float(eta.max()) ** m < 1e-4:
            return
        n = np.arange(2 if m == 1 else 1, largest // m + 1)
        if blocks is not None:
            n = np.intersect1d(n, np.asarray(blocks))
        if not n.size:
            continue
        codes = tuple(ParityCode(n=k, m=m) for k in n.tolist())
        yield _Batch(codes=codes, hop=_hops_of_blocks(m, n, eta, flip))


def _hops_of_blocks(m: int, n: NDArray[np.int64], eta: Floats, flip: float) -> Hop:
    """What `ParityCode.hop` says, of shape (numbers n, transmissions)."""
    power, top = n[:, None], int(n[-1])
    whole_block, part = blocks_that_arrive(m, eta)
    success = (whole_block + part) ** power - part**power
    if not flip:
        return Hop(success=success, e_x=np.zeros_like(success), e_z=np.zeros_like(success))
    safe = np.where(success > 0, success, 1.0)
    signed_whole, signed_part = signed_blocks(m, eta, flip)
    e_x = (1 - ((signed_whole + signed_part) ** power - signed_part**power) / safe) / 2
    errors = majority_errors(top, (1 - (1 - 2 * flip) ** m) / 2)
    wholes = whole_block ** np.arange(1, top + 1)[:, None]
    parts = part ** np.arange(top)[:, None]
    e_z = np.zeros_like(success)
    ways, wanted = np.ones(1), {k: row for row, k in enumerate(n.tolist())}
    for k in range(1, top + 1):
        ways = np.convolve(ways, [1.0, 1.0])
        if k in wanted:
            e_z[wanted[k]] = (ways[1:] * errors[:k]) @ (wholes[:k] * parts[k - 1 :: -1][:k])
    e_x, e_z = (np.where(success > 0, np.clip(e, 0, 1), 0.5) for e in (e_x, e_z / safe))
    return Hop(success=success, e_x=e_x, e_z=e_z)


def _branchings(largest: int) -> Iterator[tuple[int, ...]]:
    """Branching vectors of two and three levels whose trees have at most so many photons."""
    for first in range(2, largest + 1):
        for second in range(1, largest // first):
            for third in range((largest // first - 1) // second):
                if third == 0:
                    yield first, second
                elif third <= 2 * log(largest) and second <= 40 and first <= 16:
                    yield first, second, third
