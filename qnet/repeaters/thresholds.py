"""Whether a link is above its threshold, and its shots show it; where not, by how much, and what helps."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING

from qnet.repeaters._trials import at_distance, grows, mend, tried
from qnet.repeaters.encoded_link import EncodedLink
from qnet.repeaters.errors import BelowThreshold, Unresolved
from qnet.repeaters.logical_pair import LogicalPair

if TYPE_CHECKING:
    import sinter

__all__ = ["check_resolved", "check_threshold", "is_hopeless", "verdict"]

WANTED = 0.1


def check_resolved(link: EncodedLink, stats: sinter.TaskStats, seed: int | None = 0) -> None:
    """Refuse counts without a single error.

    Raises:
        Unresolved: With the shots that would do, by Λ of smaller distances where there are some.
    """
    kept = stats.shots - stats.discards
    if stats.errors or not kept:
        return
    raise Unresolved(
        f"{link.label} had no error in {kept} shots, so that 1 − F is below about {3 / kept:.1g}; "
        f"{_would_do(link, kept, seed)}"
    )


def _would_do(link: EncodedLink, shots: int, seed: int | None) -> str:
    """By Λ of two smaller distances, of which the larger is taken to have had an error at least."""
    here = link.way.distance
    small = [d for d in (2, 3, 4, 5) if d < here and d % 2 == here % 2]
    least = 10 * shots
    if grows(link) and len(small) == 2:
        first, second = tried([at_distance(link, d) for d in small], seed)
        rates = [max(one.errors, 1) / (one.shots - one.discards) for one in (first, second)]
        if rates[1] < rates[0]:
            rate = rates[1] * (rates[1] / rates[0]) ** ((here - small[1]) / 2)
            if rate < 1 / shots:
                return (
                    f"by d = {small[0]} and {small[1]} it is about {rate:.1g}, which about "
                    f"{1 / (rate * WANTED**2):.1g} shots would resolve to a tenth; take a smaller distance, "
                    f"or extrapolate by Λ"
                )
    return (
        f"{least} shots or more would see some, 100 of which resolve it to a tenth; take more, or a smaller "
        f"distance"
    )


def is_hopeless(pair: LogicalPair) -> bool:
    """Whether the logical pair is for certain not entangled: F is at most ½."""
    infidelity = pair.infidelity
    return infidelity.value - 3 * (infidelity.stderr or 0.0) > 0.5


def verdict(link: EncodedLink, pair: LogicalPair, *, seed: int | None = 0) -> str | None:
    """One line where the link is below its threshold, so that a code makes its pairs worse than they are.

    It says by how much, and what would help. The noise of the link is scaled until the curves of two small
    distances cross; where no noise of the link does that, the local noise is to blame. Blocks, which have no
    other distance, are compared with the bare pair.

    Args:
        link: The link.
        pair: What it makes.
        seed: Of the short runs.

    Returns:
        None for a link that is above its threshold, or so near that a quick look cannot tell.
    """
    bare, made = link.error, pair.infidelity
    if made.value - 3 * (made.stderr or 0.0) <= max(bare, 1e-12):
        return None
    if not grows(link):
        return (
            f"{link.label} is below threshold: 1 − F = {made.value:.3g} is {_times(made.value, bare)} that "
            f"of a bare pair ({bare:.3g}); {mend(link)}"
        )
    low, high = (2, 4) if link.way.distance % 2 == 0 else (3, 5)
    scale = _scale(link, low, high, seed)
    if scale is not None and scale >= 1:
        return None
    if scale is None:
        return (
            f"{link.label} is below threshold by its local noise ({link.noise}) alone: 1 − F = "
            f"{made.value:.3g} grows with the distance however good the link is; better gates, or another "
            f"code, would help"
        )
    return (
        f"{link.label} is below threshold: 1 − F = {made.value:.3g} grows with the distance; the link's "
        f"noise is about {1 / scale:.2g} times what d = {low} and {high} bear; {mend(link)}"
    )


def check_threshold(link: EncodedLink, pair: LogicalPair, *, seed: int | None = 0) -> None:
    """Refuse a link whose logical pair is not entangled at all.

    Raises:
        BelowThreshold: With the line of `verdict`.
    """
    if is_hopeless(pair):
        bare = f"{link.label} is below threshold: 1 − F = {pair.infidelity.value:.3g} leaves no entanglement"
        raise BelowThreshold(verdict(link, pair, seed=seed) or f"{bare}; {mend(link)}")


def _times(a: float, b: float) -> str:
    return f"{a / b:.2g} times" if b > 0 else "more than"


def _scaled(link: EncodedLink, scale: float) -> EncodedLink:
    """The link with its noise times a factor, and the local noise as it is."""
    x, y, z = (min(one * scale, 0.33) for one in link.link().weights[1:])
    return replace(
        link,
        fidelity=None,
        purify=None,
        pair_rate_hz=None,
        weights=(1 - (x + y + z), x, y, z),
        seam_noise=min(link.seam_noise * scale, 15 / 16),
        heralded_loss=min(link.heralded_loss * scale, 1.0),
        gate_loss=min(link.gate_loss * scale, 1.0),
    )


def _scale(link: EncodedLink, low: int, high: int, seed: int | None) -> float | None:
    """By which factor the link's noise may be multiplied until two distances cross; None where by none."""

    def gains(scale: float) -> bool:
        few = tried([at_distance(_scaled(link, scale), d) for d in (low, high)], seed, shots=4000, errors=500)
        small, large = (one.errors / max(one.shots - one.discards, 1) for one in few)
        return bool(large < small)

    if gains(1.0):
        return 1.0
    if not gains(0.02):
        return None
    under, over = 0.02, 1.0
    for _ in range(5):
        middle = sqrt(under * over)
        under, over = (middle, over) if gains(middle) else (under, middle)
    return sqrt(under * over)
