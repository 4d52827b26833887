"""The error rate of a point, with the rates that its counts leave likely."""

from __future__ import annotations

import math
from collections.abc import Callable

import sinter

__all__ = ["error_rate", "likelihood_interval"]


def error_rate(
    stats: sinter.TaskStats, *, max_likelihood_factor: float = 1000.0, rounds: float | None = None
) -> sinter.Fit:
    """Errors per shot that was kept, or per round, with its likelihood interval.

    Args:
        stats: What was counted; discarded shots are left out.
        max_likelihood_factor: How many times less likely than the best rate the ends of the interval make
            what was counted; 1000 is about 3.7 standard deviations.
        rounds: If given, the rate of one of so many rounds that flip independently:
            p = (1 − (1 − 2ε)^rounds)/2.

    Returns:
        `low`, `best` and `high`; without a shot 0, ½ and 1.

    Raises:
        ValueError: If `max_likelihood_factor` is below 1, or `rounds` not above 0.

    Example:
        >>> stats = sinter.TaskStats(strong_id="", decoder="", json_metadata=None, shots=10_000, errors=100)
        >>> rate = error_rate(stats)
        >>> f"{rate.low:.4f} {rate.best:.4f} {rate.high:.4f}"
        '0.0067 0.0100 0.0142'
        >>> f"{error_rate(stats, rounds=10).best:.6f}"
        '0.001009'
    """
    if rounds is not None and not rounds > 0:
        raise ValueError(f"rounds={rounds!r} is no number of rounds; give one above 0")
    fit = likelihood_interval(
        errors=stats.errors,
        shots=stats.shots - stats.discards,
        max_likelihood_factor=max_likelihood_factor,
    )
    if rounds is None:
        return fit
    low, best, high = (_per_round(rate, rounds) for rate in (fit.low, fit.best, fit.high))
    return sinter.Fit(low=low, best=best, high=high)


def likelihood_interval(*, errors: int, shots: int, max_likelihood_factor: float = 1000.0) -> sinter.Fit:
    """The rates at which a binomial count is at most so many times less likely than at errors/shots.

    The interval of `sinter.fit_binomial`, worked out to double precision: sinter's sums large logarithms
    in single precision, and above some 10⁸ shots its intervals are wrong.

    Args:
        errors: How many shots failed.
        shots: Of how many.
        max_likelihood_factor: Ratio of likelihoods at the ends of the interval, at least 1.

    Returns:
        `low`, `best` and `high`; without a shot 0, ½ and 1.

    Raises:
        ValueError: If `max_likelihood_factor` is below 1.
        ValueError: If `errors` is not from 0 to `shots`.

    Example:
        >>> fit = likelihood_interval(errors=0, shots=1000)
        >>> fit.low, fit.best, round(fit.high, 6)
        (0.0, 0.0, 0.006884)
    """
    if not max_likelihood_factor >= 1:
        raise ValueError(f"max_likelihood_factor={max_likelihood_factor!r} is below 1; 1000 is usual")
    if not 0 <= errors <= shots:
        raise ValueError(
            f"errors={errors!r} does not lie between 0 and shots={shots!r}; give counts of shots"
        )
    if shots == 0:
        return sinter.Fit(low=0.0, best=0.5, high=1.0)
    allowed = math.log(max_likelihood_factor) / shots
    high = _upper(errors / shots, allowed)
    low = 1.0 - _upper(1 - errors / shots, allowed) if errors == shots else _lower(errors / shots, allowed)
    return sinter.Fit(low=low, best=errors / shots, high=high)


def _upper(best: float, allowed: float) -> float:
    """The rate above the best at which the likelihood has fallen by `allowed` a shot, in logarithms."""
    if best == 0:
        return -math.expm1(-allowed)
    if best == 1:
        return 1.0
    return best * (1 + _crossed(best, allowed, 0.0, (1 - best) / best))


def _lower(best: float, allowed: float) -> float:
    return 0.0 if best == 0 else best * (1 + _crossed(best, allowed, 0.0, -1.0))


def _crossed(best: float, allowed: float, near: float, far: float) -> float:
    """Where, between two relative shifts of the rate, the loss of likelihood is the allowed one."""

    def loss(shift: float) -> float:
        # Relative entropy of the best rate to the shifted one, without a difference of near numbers.
        return -best * _log1p(shift) - (1 - best) * _log1p(-best * shift / (1 - best))

    return _bisected(lambda shift: loss(shift) < allowed, near, far)


def _log1p(x: float) -> float:
    return math.log1p(x) if x > -1 else -math.inf


def _bisected(is_near: Callable[[float], bool], near: float, far: float) -> float:
    middle = (near + far) / 2
    while middle not in (near, far):
        near, far = (middle, far) if is_near(middle) else (near, middle)
        middle = (near + far) / 2
    return near


def _per_round(rate: float, rounds: float) -> float:
    """A rate above ½ stands for a flip of every shot's meaning: mirrored, as sinter does."""
    if rate > 0.5:
        return 1 - _per_round(1 - rate, rounds)
    return -math.expm1(_log1p(-2 * rate) / rounds) / 2
