"""From counted shots to figures: errors, discards and low confidence apart."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from qnet.results import Figure

if TYPE_CHECKING:
    import sinter

__all__ = ["counted", "error_figures", "per_round"]


def counted(stats: sinter.TaskStats, *, tells: bool = False) -> dict[str, Any]:
    """The counts of a task and its error rate, as a row of a table.

    `lower` and `upper` bound the rates whose likelihood is at least a thousandth of the largest.

    Args:
        stats: What was counted.
        tells: Whether the decoder tells which shots it only guesses, so that none were where none is counted.
    """
    figure, (lower, upper) = logical_error_rate(stats), _interval(stats)
    return {
        "decoder": stats.decoder,
        "shots": stats.shots,
        "errors": stats.errors,
        "discards": stats.discards,
        "low_confidence": _guesses(stats, "low_confidence", tells),
        "low_confidence_errors": _guesses(stats, "low_confidence_errors", tells),
        "logical_error_rate": figure.value,
        "stderr": figure.stderr,
        "lower": lower,
        "upper": upper,
        "worker_seconds": stats.seconds,
    }


def error_figures(
    stats: sinter.TaskStats, *, rounds: int | None = None, tells: bool = False
) -> dict[str, Figure]:
    """The figures of one task.

    Args:
        stats: What was counted.
        rounds: Rounds of a memory, for the error rate per round.
        tells: As in `counted`.

    Returns:
        `logical_error_rate` per kept shot; `logical_error_rate_per_round` where rounds are known;
        `discard_rate` where shots were discarded; for a decoder that tells when it guesses,
        `low_confidence_rate` and the `error_rate_at_low_confidence`.
    """
    rate = logical_error_rate(stats)
    figures = {"logical_error_rate": rate}
    if rounds is not None:
        figures["logical_error_rate_per_round"] = per_round(rate, rounds)
    if stats.discards:
        figures["discard_rate"] = share(stats.discards, stats.shots)
    guesses = _guesses(stats, "low_confidence", tells)
    if guesses is not None:
        figures["low_confidence_rate"] = share(guesses, stats.shots - stats.discards)
        wrong = stats.custom_counts.get("low_confidence_errors", 0)
        figures["error_rate_at_low_confidence"] = share(wrong, guesses)
    return figures


def _guesses(stats: sinter.TaskStats, key: str, tells: bool) -> int | None:
    """Counts of 0 are lost when statistics are added, so that what is missing may be one."""
    known = tells or "low_confidence" in stats.custom_counts
    return int(stats.custom_counts.get(key, 0)) if known else None


def logical_error_rate(stats: sinter.TaskStats) -> Figure:
    """Errors among the shots that were not discarded."""
    return share(stats.errors, stats.shots - stats.discards)


def share(part: int, whole: int) -> Figure:
    """A counted share; where all or none were counted its standard error is that of one count."""
    if not whole:
        return Figure(float("nan"), stderr=None)
    rate = part / whole
    return Figure(rate, stderr=sqrt(max(rate * (1 - rate), 1 / whole) / whole))


def per_round(rate: Figure, rounds: int) -> Figure:
    """The rate of a memory flipping in one round, from that of all rounds: p = (1 − (1 − 2q)^r)/2.

    NaN where the rate is ½ or more, from which no round can be told.

    Example:
        >>> print(per_round(Figure(0.02, stderr=0.001), 4))
        0.005077 ± 0.00026
    """
    left = 1 - 2 * rate.value
    if not left > 0:
        return Figure(float("nan"), stderr=None)
    stderr = None if rate.stderr is None else rate.stderr * left ** (1 / rounds - 1) / rounds
    return Figure((1 - left ** (1 / rounds)) / 2, stderr=stderr)


def _interval(stats: sinter.TaskStats) -> tuple[float | None, float | None]:
    from decoders.statistics import error_rate

    if stats.shots == stats.discards:
        return None, None
    fit = error_rate(stats)
    return float(fit.low), float(fit.high)
