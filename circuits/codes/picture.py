"""A picture of a code: its qubits, its checks, its logical operators."""

from __future__ import annotations

from math import cos, dist, pi, sin
from typing import TYPE_CHECKING

from circuits.codes._extraction import letters
from circuits.codes.stabilizer import StabilizerCode

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_code"]

Place = tuple[float, float]

_COLOURS = {"X": "#D55E00", "Z": "#0072B2", "Y": "#009E73", "mixed": "#CC79A7"}
_LARGEST = 200
_REACH = 3.2


def draw_code(code: StabilizerCode, *, ax: Axes | None = None) -> Axes:
    """Draws a code on axes of matplotlib: in the plane where it lies there, else as a table.

    In the plane every qubit is a numbered dot at its coordinates, and every check a filled shape round its
    qubits, orange for X, blue for Z, purple for mixed ones; where X and Z checks lie on the same qubits
    both are seen, the second one smaller. The first logical X is a solid, the first logical Z a dashed line
    through its qubits.

    A code without coordinates, or with checks that reach further than its neighbours, becomes a table
    with a column for each qubit, a row for each check and, below, for each logical operator; a cell has the
    colour of its letter (Y is green).

    Args:
        code: The code, of at most 200 qubits.
        ax: Where to draw; new axes outside of pyplot when it is not given.

    Returns:
        The axes; `axes.figure.savefig("code.svg")` saves them.

    Raises:
        ValueError: The code has more than 200 qubits.

    >>> from circuits.codes.named import steane
    >>> draw_code(steane()).get_title()
    'steane [[7,1,3]]'
    """
    if code.n > _LARGEST:
        raise ValueError(f"{code.name} has {code.n} qubits: a picture shows at most {_LARGEST}")
    axes = _new_axes() if ax is None else ax
    n, k, d = code.parameters
    axes.set_title(f"{code.name} [[{n},{k}{'' if d is None else f',{d}'}]]")
    if _is_planar(code):
        _draw_plane(axes, code)
    else:
        _draw_table(axes, code)
    return axes


def _is_planar(code: StabilizerCode) -> bool:
    """Whether no check reaches further than a few neighbours."""
    where = code.coordinates
    supports = [[where[q] for q in letters(check)] for check in code.checks] if where else []
    return bool(where) and all(dist(a, b) <= _REACH for corners in supports for a in corners for b in corners)


def _draw_plane(axes: Axes, code: StabilizerCode) -> None:
    for number, check in enumerate(code.checks):
        _draw_check(axes, check, code.coordinates, number)
    for name, strings, style in (("X", code.logical_x, "-"), ("Z", code.logical_z, (0, (4, 2)))):
        for string in strings[:1]:
            x, y = zip(*_route([code.coordinates[q] for q in letters(string)]), strict=True)
            axes.plot(
                x, y, color=_COLOURS[name], linestyle=style, linewidth=2.5, zorder=3, label=f"logical {name}"
            )
    _draw_qubits(axes, code.coordinates)
    axes.set_aspect("equal")
    axes.invert_yaxis()
    axes.set_axis_off()
    if code.k:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, frameon=False)


def _draw_table(axes: Axes, code: StabilizerCode) -> None:
    from matplotlib.colors import ListedColormap

    rows = [*code.checks, *code.logical_x, *code.logical_z]
    cells = [["IXYZ".index(letter) for letter in row] for row in rows]
    colours = ListedColormap(["#F2F2F2", *(_COLOURS[letter] for letter in "XYZ")])
    axes.pcolormesh(cells, cmap=colours, vmin=-0.5, vmax=3.5, edgecolors="white", linewidth=1)
    axes.axhline(len(code.checks), color="black", linewidth=2)
    names = [f"X{_below(i)}" for i in range(code.k)] + [f"Z{_below(i)}" for i in range(code.k)]
    ticks = [*range(len(code.checks)), *names]
    step = max(1, len(rows) // 30)
    axes.set_yticks([r + 0.5 for r in range(0, len(rows), step)], [str(tick) for tick in ticks[::step]])
    step = max(1, code.n // 30)
    axes.set_xticks([q + 0.5 for q in range(0, code.n, step)], [str(q) for q in range(0, code.n, step)])
    axes.set_xlabel("qubit")
    axes.set_ylabel("check, then logical operator")
    axes.invert_yaxis()
    for letter in "XYZ":
        if any(letter in row for row in rows):
            axes.plot([], [], "s", color=_COLOURS[letter], label=letter)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)


def _below(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number + 1))


def _new_axes() -> Axes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def _draw_check(axes: Axes, check: str, places: tuple[Place, ...], number: int) -> None:
    from matplotlib.patches import Polygon

    kinds = set(check) - {"I"}
    colour = _COLOURS[kinds.pop()] if len(kinds) == 1 else _COLOURS["mixed"]
    corners = [places[q] for q in letters(check)]
    shape = _around(corners, 0.12 + 0.06 * ("Z" not in check))
    patch = Polygon(
        shape, closed=True, facecolor=colour, alpha=0.22, edgecolor=colour, linewidth=1.2, zorder=1
    )
    patch.set_gid(f"check-{number}")
    axes.add_patch(patch)


def _draw_qubits(axes: Axes, places: tuple[Place, ...]) -> None:
    x, y = zip(*places, strict=True)
    axes.scatter(x, y, s=160, facecolor="white", edgecolor="black", linewidth=1, zorder=4)
    for q, place in enumerate(places):
        axes.text(*place, str(q), ha="center", va="center", fontsize=7, zorder=5)


def _middle(places: list[Place]) -> Place:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def _around(places: list[Place], margin: float) -> list[Place]:
    """The convex hull of the discs of a radius round the places."""
    points = [
        (x + margin * cos(pi * turn / 6), y + margin * sin(pi * turn / 6))
        for x, y in places
        for turn in range(12)
    ]
    return _hull(points)


def _hull(points: list[Place]) -> list[Place]:
    """Andrew's monotone chain."""
    ordered = sorted(set(points))
    chains: list[list[Place]] = []
    for line in (ordered, ordered[::-1]):
        chain: list[Place] = []
        for point in line:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def _turn(a: Place, b: Place, c: Place) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _route(places: list[Place]) -> list[Place]:
    """A way through the places, from one far out always to the nearest that is left."""
    x, y = _middle(places)
    rest = sorted(places, key=lambda p: -((p[0] - x) ** 2) - (p[1] - y) ** 2)
    way = [rest.pop(0)]
    while rest:
        nearest = min(rest, key=lambda p: dist(p, way[-1]))
        rest.remove(nearest)
        way.append(nearest)
    return way
