"""Pictures: what they show, outside of pyplot's state, and files that are whole or not there."""

import os
from dataclasses import replace

import matplotlib
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure as Picture

from qnet.plotting import COLOURS, check_writable, plot, save, styled, write_file
from qnet.results import Figure, Result

FIGURES = {
    "chsh_s": Figure(2.7, stderr=0.1, ideal=2.8, bound=2.0),
    "fidelity": Figure(0.9, stderr=0.02),
    "lost": Figure(float("nan")),
}


def result(**figures):
    return Result(
        experiment="chsh",
        figures=figures or FIGURES,
        parameters={"fidelity": 0.9, "weights": None},
        seed=1,
        shots=100,
        sampler="aer",
        versions={},
        elapsed_s=0.1,
    )


def test_every_finite_figure_is_drawn_with_its_error_and_ideal():
    axes = plot(result())
    assert [label.get_text() for label in axes.get_yticklabels()] == ["chsh_s", "fidelity"]
    (container,) = axes.containers
    assert container.lines[0].get_xdata().tolist() == [2.7, 0.9]
    spans = [segment[:, 0].tolist() for segment in container.lines[2][0].get_segments()]
    assert spans == [pytest.approx([2.6, 2.8]), pytest.approx([0.88, 0.92])]
    marks = {
        one.get_label(): one.get_offsets().tolist()
        for one in axes.collections
        if one.get_label() in ("ideal", "bound")
    }
    assert marks == {"ideal": [[2.8, 0.0]], "bound": [[2.0, 0.0]]}
    assert axes.get_title(loc="left") == "chsh on aer, 100 shots\nfidelity=0.9"


def test_the_rows_are_drawn_below_the_figures():
    row = {"name": "E(0, 0)", "value": 0.7, "stderr": 0.01, "ideal": 0.71}
    axes = plot(replace(result(), rows=(row, {"chunk": 1})))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["chsh_s", "fidelity", "E(0, 0)"]
    (container,) = axes.containers
    assert container.lines[0].get_xdata().tolist() == [2.7, 0.9, 0.7]
    assert [line.get_ydata() for line in axes.lines if len(line.get_xdata()) == 2] == [[1.5, 1.5]]
    texts = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert sorted(texts) == ["bound", "ideal", "measured ± standard error"]


def test_given_axes_are_used_and_pyplot_is_left_alone():
    before = dict(matplotlib.rcParams)
    axes = Picture().add_subplot()
    assert plot(result(), ax=axes) is axes
    plot(result())
    assert pyplot.get_fignums() == []
    assert dict(matplotlib.rcParams) == before


def test_the_style_is_a_context():
    with styled():
        assert [entry["color"] for entry in matplotlib.rcParams["axes.prop_cycle"]] == list(COLOURS)
    assert [entry["color"] for entry in matplotlib.rcParams["axes.prop_cycle"]] != list(COLOURS)


def test_a_picture_is_the_same_each_time(tmp_path):
    for name in ("a.svg", "b.svg"):
        save(plot(result()), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_failed_picture_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_file(b"new", path)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.png"]


def test_permissions_of_the_old_file_stay(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_file(b"new", path)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)


def test_links_are_followed(tmp_path):
    (tmp_path / "link.png").symlink_to("real.png")
    write_file(b"new", tmp_path / "link.png")
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "real.png").read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    check_writable(path, suffixes=None)
    write_file(b"new", path)
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert path.is_fifo()


def test_names_and_files_that_cannot_be_written_are_refused(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"cannot be written \(.*\); choose another name"):
        check_writable(tmp_path / ("a" * 300 + ".png"))
    (tmp_path / "dangling.png").symlink_to("no/where.png")
    with pytest.raises(ValueError, match=r"there is no folder .*no'; make it first"):
        check_writable(tmp_path / "dangling.png")
    (tmp_path / "old.png").write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ValueError, match=r"old.png' may not be written to; choose another"):
        check_writable(tmp_path / "old.png")
