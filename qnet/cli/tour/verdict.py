"""What of the tour agrees, and what should not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from qnet.cli.tour import link
from qnet.cli.tour.measurement import SIGMAS, Measurement, sigmas_apart
from qnet.cli.tour.memory import DISTANCES
from qnet.cli.tour.stops import DEVICE

__all__ = ["Verdict", "verdicts"]

_SIGMA = "\u00a0σ"
"""With a space at which no line breaks."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One sentence about the tour, and whether it is as it should be."""

    holds: bool
    text: str

    def __str__(self) -> str:
        return f"{'✓' if self.holds else '✗'} {self.text}"


def verdicts(found: Sequence[Measurement]) -> list[Verdict]:
    """What agrees within its errors, what device noise shifts, and whether error correction works."""
    return [_engines(found), _device(found), _bell(found), _memory(found), _link(found)]


def _engines(found: Sequence[Measurement]) -> Verdict:
    """Aer and Stim with the ideal, and with each other."""
    exact = [
        one for one in found if one.sampler != DEVICE and one.value is not None and one.ideal is not None
    ]
    apart = [(one.off, f"{one.figure} on {one.sampler}") for one in exact]
    key = _same_figure
    for _, group in groupby(sorted(exact, key=key), key=key):
        first, *others = group
        apart += [(_distance(first, other), f"{first.figure} between the two") for other in others]
    worst, where = max(apart, default=(0.0, "none"))
    if worst <= SIGMAS:
        text = f"Aer, Stim and the ideal agree: {len(apart)} comparisons, {worst:.1f}{_SIGMA} at most."
        return Verdict(holds=True, text=text)
    return Verdict(holds=False, text=f"Aer and Stim do not agree: {where} is {worst:.1f}{_SIGMA} off.")


def _device(found: Sequence[Measurement]) -> Verdict:
    """The device is noisy: its figures should be worse than the ideal."""
    noisy = [one for one in found if one.sampler == DEVICE and one.ideal is not None]
    shifted = [one for one in noisy if one.off > SIGMAS]
    if not shifted:
        return Verdict(holds=True, text=f"{DEVICE}'s noise is smaller than its errors with so few shots.")
    names = ", ".join(f"{one.stop} by {one.off:.0f}{_SIGMA}" for one in shifted)
    text = f"{DEVICE} is worse than the ideal, as its noise makes it: {names}."
    return Verdict(holds=True, text=text)


def _bell(found: Sequence[Measurement]) -> Verdict:
    """The CHSH value is above 2, on Aer by far; on the device as far as its noise lets it."""
    tested = [one for one in found if one.figure == "chsh_s" and one.value is not None]
    above = [(one.sampler, ((one.value or 0.0) - 2) / (one.stderr or 1.0)) for one in tested]
    names = ", ".join(f"{excess:.0f}{_SIGMA} on {sampler}" for sampler, excess in above)
    return Verdict(
        holds=any(excess > SIGMAS for sampler, excess in above if sampler != DEVICE),
        text=f"Bell's inequality: S is above 2 by {names}.",
    )


def _memory(found: Sequence[Measurement]) -> Verdict:
    """The larger distance makes fewer errors."""
    rates = {one.figure: one for one in found if one.figure.startswith("errors, d")}
    small, large = (rates[f"errors, d = {d}"] for d in DISTANCES)
    if small.value is None or large.value is None:
        return Verdict(holds=False, text="The memory was not measured.")
    fewer = large.value < small.value
    ratio = small.value / large.value if large.value else float("inf")
    counts = f"{ratio:.1f} times fewer" if fewer else "no fewer"
    text = f"The code of distance {DISTANCES[1]} makes {counts} errors than that of {DISTANCES[0]}."
    return Verdict(holds=fewer, text=text)


def _link(found: Sequence[Measurement]) -> Verdict:
    """The larger distance makes the better pair, though many physical ones are lost."""
    values = [one.value for one in found if one.stop == link.TITLE]
    small, large = link.DISTANCES
    if len(values) != 2 or values[0] is None or values[1] is None:
        return Verdict(holds=False, text="The logical Bell pair was not measured.")
    verb = "makes" if values[1] < values[0] else "does not make"
    text = f"With {link.LOSS:.0%} of its pairs lost, distance {large} {verb} a better Bell pair than {small}."
    return Verdict(holds=values[1] < values[0], text=text)


def _same_figure(one: Measurement) -> tuple[str, str]:
    return one.stop, one.figure


def _distance(a: Measurement, b: Measurement) -> float:
    if a.value is None or b.value is None:
        return 0.0
    return sigmas_apart(a.value, a.stderr, b.value, b.stderr)
