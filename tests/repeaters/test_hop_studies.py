"""One-way hops by `qnet sweep`: counted success beside the closed forms."""

import pytest
from support.command_line import qnet

from qnet.repeaters import HopStudy

__all__ = ["qnet"]


def test_counted_success_is_the_closed_form(tmp_path, qnet):
    (tmp_path / "hops.toml").write_text(
        'study = "one_way_hops"\ncodes = ["parity:3,2", "tree:2,2", "parity:4,4"]\nlosses = [0.1, 0.3]\n'
        "max_shots = 20000\nseed = 4"
    )
    called = qnet("sweep", "hops.toml", "--json", "--plot", "hops.png")
    assert called.code == 0
    rows = called.json["rows"]
    assert [row["code"] for row in rows[::2]] == ["parity 3,2", "tree 2,2", "parity 4,4"]
    first = (1 - 0.3**2) ** 3 - (1 - 0.3**2 - 0.7**2) ** 3
    assert rows[1]["success_closed"] == pytest.approx(first, abs=1e-12)
    for row in rows:
        stderr = (row["success_closed"] * (1 - row["success_closed"]) / 20_000) ** 0.5
        assert row["success"] == pytest.approx(row["success_closed"], abs=5 * stderr)
        given_up = 1 - row["success"]
        assert given_up / 2 < row["logical_error_rate"] + 5 * stderr
        assert row["logical_error_rate"] < 0.75 * given_up + 5 * stderr
    assert (tmp_path / "hops.png").stat().st_size > 5000


def test_hops_multiply_and_points_come_once():
    one, three = (
        HopStudy(codes=("parity:3,2", "parity:3,2"), losses=(0.1,), hops=hops).points() for hops in (1, 3)
    )
    assert (len(one), len(three)) == (1, 1)
    assert three[0].row()["success_closed"] == pytest.approx(one[0].row()["success_closed"] ** 3)
    assert three[0].task().circuit.num_observables == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"codes": ()}, "codes is empty; give at least one"),
        ({"losses": (0.0,)}, "losses holds 0, where there is nothing to simulate"),
        ({"losses": (1.1,)}, "losses=1.1 is out of range"),
        ({"codes": ("parity:3",)}, "code 'parity:3' does not read"),
        ({"hops": 0}, "hops=0 must be a whole number of at least 1"),
    ],
)
def test_what_is_no_study_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        HopStudy(**{"codes": ("parity:2,2",), "losses": (0.1,), **given})
