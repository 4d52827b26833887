"""Waiting for heralded pairs: how long it takes, and what it does to pairs and to qubits that hold a code."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from qnet.repeaters._checks import above_zero, at_least_zero
from qnet.repeaters.physical_pairs import Weights, aged

if TYPE_CHECKING:
    from circuits.noise.channels import PauliChannel

__all__ = ["Waiting"]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A link that gives heralded pairs at a rate, one after another, at random times.

    Pair by pair the times between them are exponential, so that `count` pairs take a time of the gamma
    distribution of that shape, whose average of e^(−t/T) is (1 + 1/(rate·T))^(−count). All memories relax by
    T1 and T2, twirled to Paulis (pX = pY = (1 − e^(−t/T1))/4, pZ = (1 − e^(−t/T2))/2 − pX).

    Args:
        rate_hz: Pairs in a second; infinite where none are waited for.
        t1_s: Energy relaxation time of every memory, in seconds.
        t2_s: Coherence time, in seconds, at most 2·T1; None for 2·T1.

    Raises:
        ValueError: If a rate or time is not above 0, or T2 is above 2·T1.

    Example:
        >>> link = Waiting(rate_hz=1000.0, t2_s=1.0)
        >>> link.seconds(9), [round(w, 5) for w in link.pairs((1.0, 0.0, 0.0, 0.0), 9)]
        (0.009, [0.99603, 0.0, 0.0, 0.00397])
    """

    rate_hz: float = inf
    t1_s: float = inf
    t2_s: float | None = None

    def __post_init__(self) -> None:
        if self.rate_hz != inf:
            above_zero("pair_rate_hz", self.rate_hz, "pairs a second")
        for name, value in (("t1_s", self.t1_s), ("t2_s", self._t2_s)):
            if value != inf:
                above_zero(name, value, "s")
        if self._t2_s > 2 * self.t1_s:
            raise ValueError(f"t2_s={self.t2_s!r} is above twice t1_s={self.t1_s!r}; no memory is like that")

    @property
    def _t2_s(self) -> float:
        return 2 * self.t1_s if self.t2_s is None else self.t2_s

    @property
    def harms(self) -> bool:
        """Whether waiting takes time, and memories lose anything in it."""
        return self.rate_hz != inf and (self.t1_s, self._t2_s) != (inf, inf)

    def seconds(self, count: float) -> float:
        """The average time that so many pairs take."""
        at_least_zero("count", count)
        return count / self.rate_hz

    def _kept(self, count: float, time_s: float) -> float:
        """The average of e^(−t/T) over the time that so many pairs take."""
        return float((1 + 1 / (self.rate_hz * time_s)) ** -count) if time_s != inf else 1.0

    def idle(self, count: float) -> PauliChannel:
        """The error of a memory that waits while so many pairs come."""
        from circuits.noise.channels import PauliChannel

        flip = (1 - self._kept(count, self.t1_s)) / 4
        phase = max(0.0, (1 - self._kept(count, self._t2_s)) / 2 - flip)
        return PauliChannel(probabilities={"X": flip, "Y": flip, "Z": phase})

    def pairs(self, weights: Weights, count: int) -> Weights:
        """The average state of so many pairs when the last of them comes.

        The k-th from the last has waited for k pairs; either half relaxes.

        Args:
            weights: The state of a fresh pair.
            count: How many are spent at once.
        """
        if not self.harms:
            return weights
        x, z = (
            sum(self._kept(k, time_s / 2) for k in range(count)) / count for time_s in (self._t2_s, self.t1_s)
        )
        return aged(weights, kept_x=x, kept_z=z)
