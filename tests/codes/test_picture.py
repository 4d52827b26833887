"""Pictures hold every qubit, check and logical operator of a code, and leave pyplot alone."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from circuits.codes import (
    bivariate_bicycle,
    colour,
    draw_code,
    five_qubit,
    four_two_two,
    golay,
    parity,
    repetition,
    rotated_surface,
    shor,
    steane,
)

PLANE = [repetition(5), rotated_surface(3, 5), steane(), four_two_two(), shor(), parity(2, 3), colour(5)]
TABLES = [five_qubit(), golay(), bivariate_bicycle()]


@pytest.mark.parametrize("code", PLANE, ids=lambda code: code.name)
def test_picture_in_the_plane(code):
    axes = draw_code(code)
    shapes = [patch for patch in axes.patches if isinstance(patch, Polygon)]
    assert len(shapes) == len(code.checks)
    for shape, check in zip(shapes, code.checks, strict=True):
        inside = [shape.get_path().contains_point(place) for place in code.coordinates]
        assert all(inside[q] for q, letter in enumerate(check) if letter != "I")
    assert [text.get_text() for text in axes.texts] == [str(q) for q in range(code.n)]
    x_line, z_line = axes.lines
    for line, logical in ((x_line, code.logical_x[0]), (z_line, code.logical_z[0])):
        passed = {code.coordinates.index(tuple(point)) for point in line.get_xydata().tolist()}
        assert passed == {q for q, letter in enumerate(logical) if letter != "I"}


@pytest.mark.parametrize("code", TABLES, ids=lambda code: code.name)
def test_picture_as_a_table(code):
    (mesh,) = draw_code(code).collections
    cells = np.asarray(mesh.get_array()).reshape(-1, code.n)
    rows = ["".join("IXYZ"[int(cell)] for cell in row) for row in cells]
    assert tuple(rows) == code.checks + code.logical_x + code.logical_z


def test_picture_goes_where_it_is_asked_to(tmp_path):
    figure = Figure()
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    assert draw_code(golay(), ax=axes) is axes
    figure.savefig(tmp_path / "golay.svg")
    assert (tmp_path / "golay.svg").stat().st_size > 1000


def test_neither_codes_nor_pictures_load_pyplot():
    code = (
        "import sys, circuits.codes as c; assert 'matplotlib' not in sys.modules;"
        "c.draw_code(c.steane()); assert 'matplotlib.pyplot' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_code_too_large_for_a_picture_is_refused():
    with pytest.raises(ValueError, match="bivariate_bicycle:12,12 has 288 qubits"):
        draw_code(bivariate_bicycle(12, 12))
