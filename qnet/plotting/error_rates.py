"""`plot_error_rates`: logical error rates as the field draws them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any, TypeAlias

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    import sinter
    from matplotlib.axes import Axes

    from decoders.statistics import Suppression, Threshold

__all__ = ["plot_error_rates"]

Reading: TypeAlias = "str | Callable[[sinter.TaskStats], Any]"
_MARKERS = "osD^vPX"


def plot_error_rates(
    stats: Iterable[sinter.TaskStats],
    *,
    x: Reading = "p",
    curve: Reading = "d",
    rounds: Reading | float | None = None,
    max_likelihood_factor: float = 1000.0,
    threshold: Threshold | None = None,
    suppression: Suppression | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw error rates on logarithmic axes: a line a curve, with a band of the rates that stay likely.

    A point without errors has no place on a logarithmic axis: a mark at the upper end of its band points
    down.

    Args:
        stats: What `decoders.collect` returned, or sinter's CSV holds; several of one x and curve add up.
        x: What goes along: a key of `json_metadata`, or a function. Under "d" the axis is linear.
        curve: What makes a curve: a key or a function, `"decoder"` for the decoder's name.
        rounds: If given, rates are per round; a key, a function or a number.
        max_likelihood_factor: Of the band (see `decoders.error_rate`).
        threshold: Marked, with its standard error, if given.
        suppression: The law of Λ, drawn over the distances, if given.
        ax: Axes to draw on; those of a new figure if not given.

    Returns:
        The axes.

    Raises:
        ValueError: If the metadata lacks a key.

    Example:
        >>> import sinter
        >>> def point(d, p):
        ...     return sinter.TaskStats(strong_id="", decoder="", json_metadata={"d": d, "p": p}, shots=10**5,
        ...                             errors=round(1e5 * (100 * p) ** d))
        >>> axes = plot_error_rates([point(d, p) for d in (3, 5) for p in (0.002, 0.004)])
        >>> axes.get_yscale(), [line.get_label() for line in axes.get_lines()]
        ('log', ['d = 3', 'd = 5'])
    """
    curves = _curves(stats, x, curve, rounds)
    with styled():
        axes = new_axes(height=4.2) if ax is None else ax
        for k, (name, points) in enumerate(curves.items()):
            _draw(axes, k, _label(name, curve), points, max_likelihood_factor)
        if suppression is not None:
            _law(axes, suppression, [place for points in curves.values() for place, _, _ in points])
        _frame(axes, x, rounds)
        if threshold is not None:
            _mark(axes, threshold)
        if axes.get_legend_handles_labels()[1]:
            axes.legend()
    return axes


Curve: TypeAlias = "list[tuple[float, sinter.AnonTaskStats, float | None]]"


def _curves(
    stats: Iterable[sinter.TaskStats], x: Reading, curve: Reading, rounds: Reading | float | None
) -> dict[Any, Curve]:
    """Points by curve, in order, those of one place added up."""
    sums: dict[Any, dict[float, tuple[sinter.AnonTaskStats, float | None]]] = defaultdict(dict)
    for point in stats:
        name, place = _read(point, curve, "curve"), float(_read(point, x, "x"))
        per = rounds if rounds is None or isinstance(rounds, int | float) else _read(point, rounds, "rounds")
        known = sums[name].get(place)
        total = point.to_anon_stats() if known is None else known[0] + point.to_anon_stats()
        sums[name][place] = (total, None if per is None else float(per))
    names = sorted(sums, key=lambda name: (isinstance(name, str), name))
    return {name: [(place, *sums[name][place]) for place in sorted(sums[name])] for name in names}


def _read(point: sinter.TaskStats, reading: Reading, name: str) -> Any:
    if callable(reading):
        return reading(point)
    if reading == "decoder":
        return point.decoder
    metadata = point.json_metadata
    if not isinstance(metadata, dict) or reading not in metadata:
        raise ValueError(
            f"{name}={reading!r} is not in the metadata {metadata!r}; name a key that every task has"
        )
    return metadata[reading]


def _label(name: Any, curve: Reading) -> str:
    return str(name) if callable(curve) or isinstance(name, str) else f"{curve} = {name}"


def _draw(axes: Axes, k: int, label: str, points: Curve, factor: float) -> None:
    from decoders.statistics import error_rate

    fits = [(place, error_rate(s, max_likelihood_factor=factor, rounds=per)) for place, s, per in points]
    colour, marker = COLOURS[k % len(COLOURS)], _MARKERS[k % len(_MARKERS)]
    seen = [(place, fit) for place, fit in fits if fit.best > 0 and fit.high < 1]
    none = [(place, fit.high) for place, fit in fits if fit.best == 0]
    axes.plot(
        [place for place, _ in seen],
        [fit.best for _, fit in seen],
        marker=marker,
        markersize=4.5,
        linewidth=1.2,
        color=colour,
        label=label,
    )
    axes.fill_between(
        [place for place, _ in seen],
        [fit.low for _, fit in seen],
        [fit.high for _, fit in seen],
        color=colour,
        alpha=0.22,
        linewidth=0,
    )
    if none:
        axes.scatter([place for place, _ in none], [high for _, high in none], marker=11, color=colour)


def _law(axes: Axes, law: Suppression, places: Sequence[float]) -> None:
    ends = [min(places), max(places)]
    axes.plot(
        ends,
        [law.error_rate(d) for d in ends],
        linestyle="--",
        linewidth=1,
        color="#666666",
        label=f"Λ = {_with_error(law.value, law.stderr)}",
    )


def _mark(axes: Axes, threshold: Threshold) -> None:
    low, high = threshold.value - threshold.stderr, threshold.value + threshold.stderr
    axes.axvspan(low, high, color="#666666", alpha=0.25, linewidth=0)
    axes.axvline(
        threshold.value,
        color="#666666",
        linestyle="--",
        linewidth=1,
        label=f"threshold {_with_error(threshold.value, threshold.stderr)}",
    )


def _with_error(value: float, stderr: float) -> str:
    """Both with as many decimals as leave two digits of the error."""
    decimals = max(1 - floor(log10(stderr)), 0) if stderr > 0 else 6
    return f"{value:.{decimals}f} ± {stderr:.{decimals}f}"


def _frame(axes: Axes, x: Reading, rounds: Reading | float | None) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_yscale("log")
    if x == "d":
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        axes.set_xscale("log")
    axes.grid(visible=True, which="minor", linewidth=0.3)
    names = {"d": "distance d", "p": "physical error rate p"}
    axes.set_xlabel(names.get(x, x) if isinstance(x, str) else "")
    axes.set_ylabel("logical error rate per " + ("shot" if rounds is None else "round"))
