"""Numbers as the tables show them."""

from __future__ import annotations

from math import floor, isfinite, log10

__all__ = ["brief", "measured", "plain", "rate"]


def measured(value: float | None, stderr: float | None) -> str:
    """A value with its standard error, to two digits of the error.

    Example:
        >>> measured(0.90333, 0.00123), measured(1.0, 0.0), measured(2.5, None), measured(1e-4, 2e-6)
        ('0.9033 ± 0.0012', '1.0000 ± 0', '2.5', '0.0001 ± 2.0e-06')
    """
    if value is None or not isfinite(value):
        return "–"
    if stderr is None or not isfinite(stderr):
        return plain(value)
    if stderr == 0:
        return f"{value:.4f} ± 0"
    digits = 1 - floor(log10(stderr))
    if digits > 6 or (abs(value) < 1e-3 and value):
        return f"{value:.4g} ± {stderr:.1e}"
    return f"{value:.{max(digits, 0)}f} ± {stderr:.{max(digits, 0)}f}"


def brief(value: float | None, stderr: float | None) -> str:
    """A value with its standard error to one digit of the error, at most 15 characters for |value| < 10.

    Example:
        >>> brief(0.90333, 0.00123), brief(2.8291, 0.016), brief(0.0, 1e-5), brief(1.0, 0.0), brief(None, 1)
        ('0.903 ± 0.001', '2.83 ± 0.02', '0 ± 1e-05', '1 ± 0', '–')
        >>> brief(0.500312, 0.00003)
        '0.50031 ± 3e-05'
    """
    if value is None or stderr is None or not (isfinite(value) and isfinite(stderr)):
        return plain(value)
    if value == 0 or stderr == 0:
        return f"{value:.4g} ± {stderr:.0e}" if stderr else f"{value:.4g} ± 0"
    digits = max(-floor(log10(stderr)), 0)
    return (
        f"{value:.{min(digits, 5)}f} ± {stderr:.{digits}f}" if digits < 5 else f"{value:.5f} ± {stderr:.0e}"
    )


def plain(value: float | None, digits: int = 5) -> str:
    """A number to five significant digits, or a dash where there is none.

    Example:
        >>> plain(2.8284271), plain(2.8284271, digits=3), plain(None), plain(1.0)
        ('2.8284', '2.83', '–', '1')
    """
    return "–" if value is None or not isfinite(value) else f"{value:.{digits}g}"


def rate(per_second: float | None) -> str:
    """Shots a second, to two digits.

    Example:
        >>> rate(17_300_000), rate(2_440), rate(730), rate(None)
        ('17 M', '2.4 k', '730', '–')
    """
    if per_second is None or not isfinite(per_second) or per_second <= 0:
        return "–"
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if per_second >= size:
            scaled = per_second / size
            return f"{scaled:.1f} {unit}" if scaled < 10 else f"{scaled:.0f} {unit}"
    return f"{per_second:.0f}"
