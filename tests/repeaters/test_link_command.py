"""`qnet repeater link`, and studies of logical pairs by `qnet sweep`."""

import pytest
from support.command_line import qnet

from qnet.repeaters import EncodedLink, LinkStudy, simulated_pairs

__all__ = ["qnet"]

FIGURES = ("infidelity", "e_x", "e_y", "e_z", "pairs")


def test_a_link_has_its_figures(qnet, tmp_path):
    arguments = "--scheme surgery --distance 5 --seam-noise 0.03 --heralded-loss 0.2 --noise uniform:0.001"
    called = qnet("repeater", "link", *arguments.split(), "--shots", "1500", "--seed", "7", "--json")
    assert called.code == 0
    figures = called.json["figures"]
    assert {"value", "stderr", "unit"} <= set(figures["infidelity"])
    assert figures["pairs"]["value"] == 45
    parts = sum(figures[name]["value"] for name in ("e_x", "e_y", "e_z"))
    assert figures["infidelity"]["value"] == pytest.approx(parts, abs=1e-12)
    assert 0.05 < parts < 0.2
    parameters = called.json["parameters"]
    assert (parameters["scheme"], parameters["distance"], parameters["seam_noise"]) == ("surgery", 5, 0.03)
    assert called.json["rows"][0]["decoder"] == "erasure"
    assert (called.json["seed"], called.json["shots"]) == (7, 1500)
    link = EncodedLink(distance=5, seam_noise=0.03, heralded_loss=0.2)
    (pair,) = simulated_pairs([link], precision=None, max_shots=1500, seed=7)
    assert tuple(figures[f"e_{x}"]["value"] for x in "xyz") == pair.errors


def test_a_link_is_told_and_drawn(qnet, tmp_path):
    called = qnet(
        "repeater", "link", "--fidelity", "0.95", "--purify", "dejmps", "--pair-rate", "1e4", "--t2", "1",
        "--max-errors", "50", "--plot", "link.png", "--save-resume", "kept.csv",
    )  # fmt: skip
    assert called.code == 0
    for word in ("surgery:3, measured, decoded by pymatching", "e_z", "time", "(drawn)", "picture: link.png"):
        assert word in called.out
    assert (tmp_path / "link.png").stat().st_size > 5000
    assert (tmp_path / "kept.csv").read_text().count("\n") >= 2


def test_the_shots_follow_from_the_precision(qnet):
    called = qnet(
        "repeater",
        "link",
        "--seam-noise",
        "0.1",
        "--precision",
        "0.05",
        "--workers",
        "2",
        "--json",
        "--seed",
        "3",
    )
    found = called.json["figures"]["infidelity"]
    assert 0.03 < found["stderr"] / found["value"] <= 0.05


def test_what_is_extrapolated_is_marked(qnet):
    called = qnet(
        "repeater", "link", "--seam-noise", "0.05", "--distance", "11", "--extrapolate", "--precision", "0.2",
        "--json", "--seed", "4",
    )  # fmt: skip
    assert called.json["rows"][0]["source"] == "extrapolated"
    found = called.json["figures"]["infidelity"]
    assert 3e-4 < found["value"] < 4e-3
    assert found["stderr"] > 0.2 * found["value"]


def test_a_target_is_reached_or_not(qnet):
    called = qnet("repeater", "link", "--seam-noise", "0.05", "--target", "0.03", "--json", "--seed", "5")
    assert called.json["rows"][0]["scheme"] == "surgery:5"
    called = qnet("repeater", "link", "--seam-noise", "0.05", "--target", "1e-8", "--max-distance", "5")
    assert (called.code, called.err.count("\n")) == (2, 1)
    assert "no distance up to 5 reaches 1 − F = 1e-08: by Λ =" in called.err


def test_a_link_below_threshold_is_one_line(qnet):
    called = qnet("repeater", "link", "--seam-noise", "0.4", "--distance", "4", "--shots", "2000")
    assert (called.code, called.err.count("\n")) == (2, 1)
    assert "surgery:4 is below threshold: 1 − F = 0." in called.err
    assert "times what d = 2 and 4 bear; better pairs or another code or scheme" in called.err
    called = qnet("repeater", "link", "--scheme", "steane", "--fidelity", "0.8", "--noise", "uniform:0")
    assert (called.code, called.err.count("\n")) == (0, 1)
    assert "steane:3 is below threshold: 1 − F = 0.3" in called.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--scheme teleportation", "scheme='teleportation' is none; choose one of surgery, mixed_surgery"),
        ("--fidelity 1.1", "'1.1' is no share; give a number from 0 to 1"),
        ("--heralded-loss 1.2", "'1.2' is no share"),
        ("--distance 1", "distance=1 must be a whole number of at least 2"),
        ("--noise uniform:0.001 --decoder peeling", "decoder='peeling' needs heralds"),
        ("--purify twice", "purify='twice' is none; choose one of dejmps, five_qubit, five_qubit_detect"),
        ("--target 1e-3 --max-distance 4", "--max-distance 4 leaves fewer than two distances"),
        ("--scheme golay --distance 5", "distance=5 is not that of golay, which is 7"),
        ("--shots 0", "--shots 0 leaves nothing to count"),
        ("--noise uniform:0 --seam-noise 0.0001 --distance 7 --shots 1000", "no error in 1000 shots"),
        ("--pair-rate 0", "pair_rate_hz=0.0 must be above 0 pairs a second"),
    ],
)
def test_a_mistake_is_one_line(qnet, arguments, message):
    called = qnet("repeater", "link", *arguments.split())
    assert (called.code, called.err.count("\n")) == (2, 1)
    assert message in called.err


def test_studies_resolve_the_errors(tmp_path, qnet):
    (tmp_path / "study.toml").write_text(
        'study = "logical_pairs"\ndistances = [3, 5]\nnoises = "uniform:0.001"\n'
        'schemes = ["surgery", "steane"]\nseam_noises = [0.03, 0.05]\nmax_shots = 600\nseed = 2'
    )
    called = qnet("sweep", "study.toml", "--json", "--plot", "study.png")
    assert called.code == 0
    rows = called.json["rows"]
    assert [row["code"] for row in rows] == ["surgery:3"] * 2 + ["surgery:5"] * 2 + ["steane:3"] * 2
    for row in rows:
        assert row["logical_error_rate"] == pytest.approx(row["e_x"] + row["e_y"] + row["e_z"])
        assert row["infidelity"] == row["logical_error_rate"]
    assert [row["pairs"] for row in rows] == [15, 15, 45, 45, 7, 7]
    figures = called.json["figures"]
    assert any(name.startswith("lambda") and figure["value"] > 1.5 for name, figure in figures.items())
    assert (tmp_path / "study.png").stat().st_size > 5000


def test_a_study_has_every_link_once():
    study = LinkStudy(
        distances=(3, 5),
        noises=("uniform:0.001",),
        schemes=("surgery", "golay"),
        fidelities=(0.9, 0.99),
        purifications=("none", "dejmps"),
        across="infidelity",
    )
    found = [(p.link.label, p.row()["p"], p.link.purify) for p in study.points()]
    assert len(found) == len(set(found)) == 3 * 2 * 2
    assert ("golay:7", 0.1, "dejmps") in found
    with pytest.raises(ValueError, match="across: there is no 'pairs'; choose from seam_noise, infidelity"):
        LinkStudy(distances=(3,), noises=("uniform:0.001",), across="pairs")
