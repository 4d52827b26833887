"""`Detector`: the threshold detectors of a receiver, with what makes them err."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["AFTERPULSE_LAWS", "Detector"]

AFTERPULSE_LAWS = ("next pulse", "same pulse")


@dataclass(frozen=True, kw_only=True)
class Detector:
    """The threshold detectors of one receiver, all alike.

    A click says that there was at least one photon, or a dark count, or an afterpulse. Two detectors read one
    bit in the basis that a modulator chooses; four read two bases, between which a beam splitter chooses.

    Args:
        efficiency: Probability that a photon which reaches the receiver makes its detector click, optics
            included; above 0, at most 1.
        dark_count_probability: Probability of a click without light, per detector and pulse.
        misalignment: Probability e_d that a photon goes to the wrong detector; at most ½.
        afterpulse_probability: Probability that a click is followed by another without light.
        dead_time_pulses: For how many pulses after a click the receiver (all of its detectors) sees nothing.
        count: How many detectors there are, 2 or 4.
        afterpulse_law: `"next pulse"`: the afterpulse falls into the first live pulse after its click, in the
            same detector. `"same pulse"`: it is counted in the pulse of its own click, with a random
            result, as in the simulations of Lim et al. 2014.

    Raises:
        ValueError: If `efficiency` is not above 0 and at most 1.
        ValueError: If a probability is out of range.
        ValueError: If `dead_time_pulses` is not a whole number of at least 0.
        ValueError: If `count` is neither 2 nor 4.
        ValueError: If `afterpulse_law` is none of the two.

    Example:
        >>> round(Detector(efficiency=0.1, dark_count_probability=0.01).background_yield, 6)
        0.0199
    """

    efficiency: float = math.nan
    dark_count_probability: float = 0.0
    misalignment: float = 0.0
    afterpulse_probability: float = 0.0
    dead_time_pulses: int = 0
    count: int = 2
    afterpulse_law: str = "next pulse"

    def __post_init__(self) -> None:
        _probability("efficiency", self.efficiency, 1.0, above_zero=True)
        _probability("dark_count_probability", self.dark_count_probability, 1.0, below_high=True)
        _probability("misalignment", self.misalignment, 0.5)
        _probability("afterpulse_probability", self.afterpulse_probability, 1.0, below_high=True)
        if self.dead_time_pulses != int(self.dead_time_pulses) or self.dead_time_pulses < 0:
            raise ValueError(
                f"dead_time_pulses={self.dead_time_pulses!r} must be a whole number of at least 0"
            )
        if self.count not in (2, 4):
            raise ValueError(f"count={self.count!r} is no number of detectors; give 2 or 4")
        if self.afterpulse_law not in AFTERPULSE_LAWS:
            raise ValueError(
                f"afterpulse_law={self.afterpulse_law!r} is unknown; give one of {', '.join(AFTERPULSE_LAWS)}"
            )

    @property
    def background_yield(self) -> float:
        """The probability Y₀ that a pulse without light makes one of two detectors click."""
        return 1 - (1 - self.dark_count_probability) ** 2

    @classmethod
    def from_background(cls, background_yield: float, **others: float) -> Detector:
        """A receiver of which Y₀, the probability of a click in a pulse without light, is known."""
        _probability("background_yield", background_yield, 1.0, below_high=True)
        dark = -float(math.expm1(0.5 * math.log1p(-background_yield)))
        return cls(dark_count_probability=dark, **others)  # type: ignore[arg-type]


def _probability(
    name: str, value: float, high: float, *, above_zero: bool = False, below_high: bool = False
) -> None:
    good = (value > 0 if above_zero else value >= 0) and (value < high if below_high else value <= high)
    if not good:
        low = "above 0" if above_zero else "at least 0"
        top = f"{'below' if below_high else 'at most'} {high:g}"
        raise ValueError(f"{name}={value!r} is out of range; give one {low} and {top}")
