"""Pictures of repeaters: loss and codes, chains, and which generation is the cheapest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qnet.repeaters.chains import Chain
    from qnet.repeaters.one_way.hop import OneWayCode
    from qnet.repeaters.one_way.line import OneWayLine
    from qnet.results import Result

__all__ = ["plot_chain", "plot_codes", "plot_comparison", "plot_one_way"]

_NAMES = {"length_km": "distance (km)", "gate_error": "gate error ε_G", "coupling": "coupling efficiency η_c"}
_GENERATIONS = ("first", "second", "second encoded", "second simulated", "third")
_SHADES = {
    "first": "#CC79A7",
    "second": "#56B4E9",
    "second encoded": "#0072B2",
    "second simulated": "#009E73",
    "third": "#E69F00",
}


def plot_codes(
    codes: Sequence[OneWayCode], *, simulated: Mapping[str, Any] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one hop's success against the transmission of a photon, and the limit of half the photons.

    Args:
        codes: One-way codes.
        simulated: By the name of a code pairs (transmission, Figure) to mark.
        ax: Axes to draw on; those of a new figure if not given.

    Example:
        >>> from qnet.repeaters.one_way import ParityCode
        >>> axes = plot_codes([ParityCode(n=2, m=2), ParityCode(n=13, m=6)])
        >>> [line.get_label() for line in axes.get_lines()][:2]
        ['parity:2,2', 'parity:13,6']
    """
    import numpy as np

    eta = np.linspace(0.3, 1.0, 281)
    with styled():
        axes = new_axes(height=4.0) if ax is None else ax
        for k, code in enumerate(codes):
            colour = COLOURS[k % len(COLOURS)]
            axes.plot(eta, code.hop(eta).success, label=code.name, color=colour, linewidth=1.6)
            for place, figure in (simulated or {}).get(code.name, ()):
                axes.errorbar(place, figure.value, yerr=figure.stderr, fmt="o", color=colour, capsize=3)
        axes.plot(eta, eta, color="#777777", linewidth=1.0, linestyle=":", label="a bare photon")
        axes.axvline(0.5, color="#777777", linestyle="--", linewidth=1.0)
        axes.text(0.5, 0.02, " half is lost: no code helps", fontsize=8, color="#666666")
        axes.set(
            xlabel="transmission of a photon", ylabel="success of a hop", ylim=(0, 1.02), xlim=(0.3, 1.0)
        )
        axes.legend(loc="upper left", fontsize=9)
    return axes


def plot_one_way(line: OneWayLine, *, ax: Axes | None = None) -> Axes:
    """Draw success and secret bits of a one-way line's code against the spacing of its stations.

    Example:
        >>> from qnet.repeaters.one_way import OneWayLine, ParityCode
        >>> axes = plot_one_way(OneWayLine(code=ParityCode(n=13, m=6), length_km=1000, spacing_km=1.5))
        >>> axes.get_title(loc="left")
        'parity:13,6 over 1000 km'
    """
    from dataclasses import replace

    import numpy as np

    longest = min(max(4 * line.spacing_km, line.attenuation_length_km / 4), line.length_km)
    spacings = np.geomspace(max(line.spacing_km / 8, longest / 200), longest, 160)
    lines = [replace(line, spacing_km=float(spacing)) for spacing in spacings]
    with styled():
        axes = new_axes(height=4.0) if ax is None else ax
        axes.plot(spacings, [one.success for one in lines], label="success", color=COLOURS[0])
        if line.errors.flip:
            axes.plot(spacings, [one.fidelity for one in lines], label="fidelity", color=COLOURS[1])
        axes.plot(spacings, [one.secret_bits for one in lines], label="secret bits a block", color=COLOURS[2])
        axes.plot(line.spacing_km, line.success, "o", color=COLOURS[0])
        axes.set(xlabel="spacing of the stations (km)", xscale="log", ylim=(0, 1.03))
        axes.set_title(f"{line.code.name} over {line.length_km:g} km")
        axes.legend(loc="best", fontsize=9)
    return axes


def plot_chain(chain: Chain, *, ax: Axes | None = None) -> Axes:
    """Draw the fidelity at the ends, and the secret share, against how many of the chain's links are joined.

    Bands are one standard error.

    Example:
        >>> from qnet.repeaters.chains import Chain
        >>> from qnet.repeaters.logical_pair import LogicalPair
        >>> axes = plot_chain(Chain.of(LogicalPair(e_x=1e-3, e_y=0.0, e_z=1e-3), 20))
        >>> axes.get_xlabel()
        'links'
    """
    from dataclasses import replace

    import numpy as np

    most = chain.links
    counts = np.unique(np.round(np.geomspace(1, most, 40)).astype(int)).tolist()
    parts = [replace(chain, pairs=chain.pairs[:count]) for count in counts]
    with styled():
        axes = new_axes(height=4.0) if ax is None else ax
        named = (("fidelity", COLOURS[0]), ("secret_fraction", COLOURS[2]))
        for name, colour in named:
            figures = [getattr(part, name) for part in parts]
            values = np.array([figure.value for figure in figures])
            errors = np.array([figure.stderr or 0.0 for figure in figures])
            marker = "o" if len(counts) < 12 else None
            axes.plot(counts, values, label=name.replace("_", " "), color=colour, marker=marker)
            axes.fill_between(counts, values - errors, values + errors, color=colour, alpha=0.25, linewidth=0)
        axes.set(xlabel="links", ylim=(0, 1.03))
        axes.legend(loc="best", fontsize=9)
    return axes


def plot_comparison(result: Result, *, ax: Axes | None = None) -> Axes:
    """Draw what `compare_generations` found: a map over two axes, or secret bits along one.

    On a map colours say which generation is the cheapest, with its boundaries; hatched cells are those whose
    choice is within two standard errors. The broken line is the gate error at which an encoded pair breaks
    even with a bare one; the pale dots at the left edge say what is cheapest without noise. Grey lines
    inside are the powers of ten of the cost coefficient. Along one axis every generation has its curve,
    dotted without noise, with error bars where links were simulated, beside the bounds.

    Raises:
        ValueError: If the result is of a single point.

    Example:
        >>> from qnet.repeaters.comparison import compare_generations
        >>> from qnet.repeaters.conditions import Conditions
        >>> here = Conditions(length_km=1000, gate_error=1e-3, coupling=0.9)
        >>> axes = plot_comparison(compare_generations(here, lengths_km=[200, 2000]))
        >>> axes.get_xscale(), axes.get_yscale()
        ('log', 'log')
    """
    long = [name for name in ("gate_error", "coupling", "length_km") if len(result.parameters[name]) > 1]
    if not long:
        raise ValueError("the comparison is of a single point; give an axis START:STOP to draw along")
    with styled():
        axes = new_axes(width=7.4, height=4.6) if ax is None else ax
        _along(axes, result, long[0]) if len(long) == 1 else _map(axes, result, long[0], long[1])
        axes.set_title(_title(result, long))
    return axes


def _title(result: Result, long: Sequence[str]) -> str:
    fixed = {"length_km": "{:g} km", "gate_error": "ε_G = {:g}", "coupling": "η_c = {:g}"}
    parts = [text.format(result.parameters[name][0]) for name, text in fixed.items() if name not in long]
    return ", ".join([*parts, f"t₀ = {result.parameters['gate_time_s']:g} s"])


def _map(axes: Axes, result: Result, x: str, y: str) -> None:
    import numpy as np
    from matplotlib.colors import ListedColormap

    xs, ys = (result.parameters[name] for name in (x, y))
    best = {(row[x], row[y]): row for row in result.rows if row["cheapest"]}
    number = {name: float(k) for k, name in enumerate(_GENERATIONS)}
    grid = np.array([[number.get(best[a, b]["generation"], np.nan) for a in xs] for b in ys])
    cost = np.array([[best[a, b].get("cost_coefficient") or np.nan for a in xs] for b in ys], dtype=float)
    colours = ListedColormap([_SHADES[name] for name in _GENERATIONS])
    axes.grid(visible=False)
    axes.pcolormesh(xs, ys, grid, cmap=colours, vmin=-0.5, vmax=4.5, shading="nearest", alpha=0.8)
    _boundaries(axes, xs, ys, grid)
    if np.isfinite(cost).sum() > 3:
        lines = axes.contour(xs, ys, np.log10(cost), levels=np.arange(-8, 9), colors="white", linewidths=0.7)
        axes.clabel(lines, fmt=lambda power: f"$10^{{{power:.0f}}}$", fontsize=7)
    _uncertain(axes, xs, ys, best, x, y)
    axes.set(
        xlabel=_NAMES[x],
        ylabel=_NAMES[y],
        xscale="linear" if x == "coupling" else "log",
        yscale="log" if y == "length_km" else "linear",
        xlim=(xs[0], xs[-1]),
        ylim=(ys[0], ys[-1]),
    )
    if x == "gate_error":
        limit = result.figures["break_even_gate_error"].value
        if isfinite(limit) and xs[0] < limit < xs[-1]:
            axes.axvline(limit, color="black", linestyle="--", linewidth=1.2, label="encoding breaks even")
        quiet = [best[xs[0], b]["noiseless_generation"] for b in ys]
        shades = [_SHADES.get(name, "white") for name in quiet]
        axes.scatter(
            [xs[0]] * len(ys), ys, c=shades, s=28, edgecolors="black", linewidths=0.6, clip_on=False, zorder=4
        )
    _direct(axes, xs, ys, best)
    _legend(axes, grid)


def _boundaries(axes: Axes, xs: Sequence[float], ys: Sequence[float], grid: Any) -> None:
    """A line along the edges between cells of different generations."""
    import numpy as np
    from matplotlib.collections import LineCollection

    right, top = _edges(xs), _edges(ys)
    numbers = np.nan_to_num(grid, nan=-1.0)
    lines = []
    for row, column in zip(*np.nonzero(numbers[:, 1:] != numbers[:, :-1]), strict=True):
        lines.append([(right[column + 1], top[row]), (right[column + 1], top[row + 1])])
    for row, column in zip(*np.nonzero(numbers[1:] != numbers[:-1]), strict=True):
        lines.append([(right[column], top[row + 1]), (right[column + 1], top[row + 1])])
    axes.add_collection(LineCollection(lines, colors="black", linewidths=1.2))


def _edges(centres: Sequence[float]) -> Any:
    """The edges of cells, as matplotlib lays them: halfway between centres."""
    import numpy as np

    places = np.asarray(centres, dtype=float)
    middle = (places[1:] + places[:-1]) / 2
    return np.concatenate([[places[0]], middle, [places[-1]]])


def _uncertain(axes: Axes, xs: Any, ys: Any, best: Any, x: str, y: str) -> None:
    """Cells in which the cheapest is not the cheapest by two standard errors."""
    import numpy as np

    unsure = np.array([[(best[a, b].get("margin_sigma") or np.inf) < 2 for a in xs] for b in ys], dtype=float)
    if unsure.any():
        axes.contourf(xs, ys, unsure, levels=[0.5, 1.5], colors="none", hatches=["////"])


def _direct(axes: Axes, xs: Any, ys: Any, best: Any) -> None:
    """Where the best repeater is no better than what light alone could carry at most."""
    import numpy as np

    gain = np.array(
        [
            [(best[a, b].get("secret_bits_per_s") or 0.0) - best[a, b]["plob_bits_per_s"] for a in xs]
            for b in ys
        ]
    )
    if (gain > 0).any() and (gain <= 0).any():
        axes.contour(xs, ys, gain, levels=[0.0], colors="#D55E00", linewidths=1.6, linestyles="-.")
        axes.plot([], [], color="#D55E00", linewidth=1.6, linestyle="-.", label="PLOB bound breaks even")


def _legend(axes: Axes, grid: Any) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    seen = [name for k, name in enumerate(_GENERATIONS) if (grid == k).any()]
    handles: list[Any] = [Patch(color=_SHADES[name], alpha=0.8, label=name) for name in seen]
    handles += [one for one in axes.get_legend_handles_labels()[0] if isinstance(one, Line2D)]
    handles.append(
        Line2D(
            [], [], marker="o", linestyle="", color="white", markeredgecolor="black", label="without noise"
        )
    )
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.02), fontsize=9)


def _along(axes: Axes, result: Result, x: str) -> None:
    import numpy as np

    for name in _GENERATIONS:
        rows = [row for row in result.rows if row["generation"] == name]
        if not rows:
            continue
        places = [row[x] for row in rows]
        errors = [row["secret_bits_per_s_stderr"] or 0.0 for row in rows]
        axes.errorbar(
            places, [row["secret_bits_per_s"] for row in rows], yerr=errors, color=_SHADES[name], label=name
        )
        quiet = [row["noiseless_secret_bits_per_s"] for row in rows]
        axes.plot(places, quiet, color=_SHADES[name], linestyle=":", linewidth=1.2)
    points = {row[x]: row for row in result.rows if row["cheapest"]}
    for key, style, label in (
        ("plob_bits_per_s", "--", "PLOB bound"),
        ("repeater_bound_bits_per_s", "-.", "bound with as many repeaters"),
    ):
        axes.plot(
            list(points), [row[key] for row in points.values()], color="#777777", linestyle=style, label=label
        )
    values = [row["secret_bits_per_s"] for row in result.rows if row.get("secret_bits_per_s")]
    lowest = max(min(values, default=1e-6), 1e-6)
    bounds = [row["repeater_bound_bits_per_s"] for row in points.values()]
    highest = max([value for value in [*values, *bounds] if isfinite(value)], default=1.0)
    axes.plot([], [], color="#777777", linestyle=":", label="without noise")
    axes.set(
        xlabel=_NAMES[x],
        ylabel="secret bits per second",
        yscale="log",
        xscale="linear" if x == "coupling" else "log",
        ylim=(10 ** np.floor(np.log10(lowest)), 10 ** (np.floor(np.log10(highest)) + 1)),
    )
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), fontsize=9)
