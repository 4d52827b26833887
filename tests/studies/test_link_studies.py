"""Studies of seams and of stability: their points, their circuits, and what they show."""

from itertools import product

import pytest
from support.command_line import qnet

from circuits.codes import joint_measurement, logical_bell_pair, stability
from circuits.codes.link import Link
from circuits.noise import CircuitNoise
from qnet.cli._studies import KINDS, StudyKinds
from qnet.studies import SeamStudy, StabilityStudy, read_study, run_study

__all__ = ["qnet"]

NOISE = CircuitNoise.uniform_depolarizing(0.002)


@pytest.mark.parametrize(
    ("experiment", "expected"),
    [
        ("bell_pair", lambda **how: logical_bell_pair(3, **how)),
        ("joint_zz", lambda **how: joint_measurement(3, "ZZ", **how)),
        ("joint_xx", lambda **how: joint_measurement(3, "XX", **how)),
    ],
)
@pytest.mark.parametrize("form", ["direct", "bell", "mixed"])
def test_a_seam_is_the_experiment_that_it_says(experiment, expected, form):
    study = SeamStudy(
        distances=(3,),
        noises=("uniform:0.002",),
        seam_noises=(0.04,),
        pair_errors=(0.06,),
        losses=(0.01,),
        experiments=(experiment,),
        forms=(form,),
        rounds="2d",
    )
    (point,) = study.points()
    link = Link.werner(0.94, erasure=0.01, gate_error=0.04)
    assert point.circuit() == expected(form=form, rounds=6, link=link, noise=NOISE)
    assert point.task().json_metadata["pair_error"] == 0.06
    assert point.task().json_metadata["seam_noise"] == 0.04


def test_a_seam_study_has_every_combination_once():
    study = SeamStudy(
        distances=(3, 5), noises=("uniform:0.001",), pair_errors=(0.05, 0.1), losses=(0.02, 0.05),
        decoders=("pymatching", "erasure"), across="loss",
    )  # fmt: skip
    found = [(p.distance, p.pair_error, p.loss, p.decoder, p.row()["p"]) for p in study.points()]
    expected = product((3, 5), (0.05, 0.1), (0.02, 0.05), ("pymatching", "erasure"))
    assert found == [(d, error, loss, decoder, loss) for d, error, loss, decoder in expected]
    assert len({(p.row()["noise"], p.row()["p"], p.row()["code"], p.decoder) for p in study.points()}) == 16
    assert eval(repr(study)) == study


def test_stability_is_the_experiment_that_it_says():
    (point,) = StabilityStudy(distances=(6,), noises=("uniform:0.002",), width=6, basis="X").points()
    assert point.circuit() == stability(6, rounds=6, basis="X", noise=NOISE)
    assert "r" not in point.task().json_metadata


def test_a_distributed_bell_pair_has_a_threshold_of_its_seam(tmp_path, qnet):
    """At 5 % a remote CX the distance helps, at 15 % it does not (Ramette et al., arXiv:2302.01296)."""
    (tmp_path / "seam.toml").write_text(
        'study = "seams"\ndistances = [3, 5]\nnoises = "uniform:0.001"\nseam_noises = [0.05, 0.15]\n'
        "max_shots = 8000\nseed = 2\ndecoders = 'pymatching_plain'"
    )
    called = qnet("sweep", "seam.toml", "--json", "--plot", "seam.png")
    assert called.code == 0
    figures = called.json["figures"]
    assert figures["lambda (p = 0.05)"]["value"] > 1.2
    assert figures["lambda (p = 0.15)"]["value"] < 1
    assert {row["logical_error_rate_per_round"] for row in called.json["rows"]} == {None}
    assert (tmp_path / "seam.png").stat().st_size > 5000


def test_heralds_of_lost_pairs_pay():
    study = SeamStudy(
        distances=(3,), noises=("uniform:0.001",), losses=(0.1,), decoders=("pymatching_plain", "erasure"),
        across="loss", max_shots=6000,
    )  # fmt: skip
    blind, aware = run_study(study, seed=3).rows
    assert aware["errors"] < 0.7 * blind["errors"]


def test_more_rounds_make_a_product_of_checks_better_known():
    study = StabilityStudy(distances=(2, 4, 6), noises=("uniform:0.004",), max_shots=10_000)
    result = run_study(study, seed=4)
    rates = [row["logical_error_rate"] for row in result.rows]
    assert rates[0] > 2 * rates[1] > 4 * rates[2]
    assert result.figures["lambda"].value > 2


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_one(kind):
    found = StudyKinds()[kind]
    assert found.name == kind
    assert set(StudyKinds()) == set(KINDS)
    noises = ("uniform:0.01",)
    study = {
        "codes": {"codes": ("steane",), "noises": noises},
        "one_way_hops": {"codes": ("parity:2,2",), "losses": (0.1,)},
    }.get(kind, {"distances": (3,), "noises": noises})
    made = found(**study)
    for point in made.points():
        assert {"code", "distance", "rounds", "basis", "noise", "p", "decoder"} <= set(point.row())
        assert {"d", "p"} <= set(point.task().json_metadata)


SEAM = 'study = "seams"\ndistances = 3\nnoises = "uniform:0.001"\n'
STABLE = 'study = "stability"\ndistances = 3\nnoises = "uniform:0.001"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SEAM + "pair_errors = 1.5", "pair_errors holds 1.5; give probabilities from 0 to 1"),
        (SEAM + "seam_noises = 0.95", "seam_noises holds 0.95; nothing depolarises beyond 0.9375"),
        (SEAM + 'losses = ["a"]', "losses = ['a'] must be a number or a list of numbers"),
        (SEAM + 'forms = "indirect"', "forms: there is no 'indirect'; choose from direct, bell, mixed"),
        (SEAM + 'experiments = ["joint_yy"]', "there is no 'joint_yy'; choose from bell_pair, joint_zz"),
        (SEAM + 'across = "distance"', "across: there is no 'distance'; choose from seam_noise, pair_error"),
        (SEAM + 'decoders = "erasure"', "losses holds 0, which no herald tells of, and decoder 'erasure' ne"),
        (SEAM + 'rounds = "0d"', "rounds='0d' is none"),
        (SEAM + "codes = 3", "there is no key 'codes'"),
        (SEAM.replace("3", "1", 1), "distances holds 1; patches that are joined have a distance of at leas"),
        (STABLE + "width = 5", "width=5 is odd"),
        (STABLE + 'basis = "both"', "basis='both' is none; choose one of Z, X"),
        (STABLE + 'low_confidence = 0.9\ndecoders = "tesseract"', "'tesseract' has no such level"),
        ('study = "stability"\nnoises = "uniform:0.1"', "the key 'distances' is missing"),
        ('study = "weather"', "is no kind of study; choose one of codes, seams, stability, log"),
    ],
)
def test_a_mistake_in_a_file_is_one_line(tmp_path, qnet, text, message):
    (tmp_path / "bad.toml").write_text(text)
    called = qnet("sweep", "bad.toml")
    assert (called.code, called.err.count("\n")) == (2, 1)
    assert message in called.err


def test_a_file_is_read_by_the_types_of_the_fields(tmp_path):
    (tmp_path / "s.toml").write_text(SEAM + "seam_noises = [0, 0.1]\nprecision = 0.1\nlow_confidence = 0.9")
    study = read_study(tmp_path / "s.toml", StudyKinds()).study
    assert (study.seam_noises, study.distances, study.precision) == ((0.0, 0.1), (3,), 0.1)
    assert study.max_shots == 10_000_000
