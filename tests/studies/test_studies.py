"""Studies as values: their points, their noise, and the circuits that they make."""

from collections import Counter
from dataclasses import dataclass
from itertools import product

import pytest
import sinter
import stim

from circuits.codes import five_qubit, rotated_surface
from circuits.codes.memory import bell_memory, memory
from circuits.noise import CircuitNoise
from qnet.results import Figure
from qnet.studies import (
    CodeStudy,
    NamedNoise,
    circuit_of_model,
    error_model,
    named_noise,
    read_study,
    run_study,
)
from qnet.studies.fits import fitted
from qnet.studies.models import RandomDetectors
from qnet.studies.rates import counted, error_figures, per_round


def test_a_study_has_every_combination_once():
    study = CodeStudy(
        codes=("rotated_surface", "steane", "steane"),
        distances=(3, 5),
        noises=("uniform:0.001", "si1000:0.002"),
        decoders=("pymatching", "lookup"),
        rounds="2d",
    )
    points = study.points()
    names = {"rotated_surface:3": 3, "rotated_surface:5": 5, "steane": 3}
    expected = set(product(names, ("uniform:0.001", "si1000:0.002"), ("pymatching", "lookup")))
    assert {(point.code, str(point.noise), point.decoder) for point in points} == expected
    assert len(points) == len(expected)
    assert {(point.code, point.distance, point.rounds) for point in points} == {
        (name, d, 2 * d) for name, d in names.items()
    }


@pytest.mark.parametrize(
    ("code", "basis", "expected"),
    [
        (
            "rotated_surface:3",
            "X",
            lambda noise: memory(rotated_surface(3), rounds=3, basis="X", noise=noise),
        ),
        ("rotated_surface:3", "both", lambda noise: bell_memory(rotated_surface(3), rounds=3, noise=noise)),
        ("five_qubit", None, lambda noise: bell_memory(five_qubit(), rounds=3, noise=noise)),
    ],
)
def test_a_point_is_the_experiment_that_it_says(code, basis, expected):
    (point,) = CodeStudy(codes=(code,), noises=("si1000:0.004",), basis=basis).points()
    assert point.circuit() == expected(CircuitNoise.si1000(0.004))
    task = point.task()
    assert task.json_metadata == {
        "code": code,
        "d": 3,
        "r": 3,
        "b": basis or "both",
        "noise": "si1000",
        "p": 0.004,
    }


def test_studies_compare_by_value_and_their_repr_makes_them_again():
    study = CodeStudy(codes=("steane",), noises=("uniform:0.01",), max_errors=7)
    assert eval(repr(study)) == study
    assert CodeStudy(codes=["steane"], noises=["uniform:0.01"], max_errors=7) == study


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"max_shots": None}, "the study would never end; give max_shots, max_errors or precision"),
        ({"distances": tuple(range(2, 230)), "noises": ("uniform:0.1",) * 100}, "10000 are the most"),
        ({"rounds": True}, "rounds=True is none"),
        ({"basis": "X", "codes": ("five_qubit",)}, "the checks of five_qubit mix X and Z; give 'both'"),
    ],
)
def test_a_study_that_cannot_be_run_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        CodeStudy(**{"codes": ("repetition",), "distances": (3,), "noises": ("uniform:0.1",), **changes})


@pytest.mark.parametrize("text", ["uniform:0.005", "si1000:1", "uniform:0", "uniform:1e-05"])
def test_noise_is_written_as_it_is_read(text):
    assert str(named_noise(text)) == text
    assert named_noise(text) == NamedNoise(model=text.partition(":")[0], p=float(text.partition(":")[2]))


def test_noise_is_the_circuit_noise_of_its_name():
    assert named_noise("uniform:0.01").circuit_noise() == CircuitNoise.uniform_depolarizing(0.01)
    assert named_noise("si1000:0.01").circuit_noise() == CircuitNoise.si1000(0.01)


def symptoms(model):
    """Probability by what an error flips, without its decomposition."""
    found = {}
    for error in model.flattened():
        if error.type == "error":
            key = frozenset()
            for target in error.targets_copy():
                if not target.is_separator():
                    key ^= {str(target)}
            p, before = error.args_copy()[0], found.get(key, 0.0)
            found[key] = p * (1 - before) + before * (1 - p)
    return found


def test_a_circuit_made_of_a_model_has_that_model():
    circuit = memory(rotated_surface(3), rounds=2, noise=CircuitNoise.uniform_depolarizing(0.01))
    model = circuit.detector_error_model(decompose_errors=True)
    made = circuit_of_model(model).detector_error_model()
    assert symptoms(made) == pytest.approx(symptoms(model))
    assert made.get_detector_coordinates() == model.get_detector_coordinates()


def test_tags_stay_when_a_model_becomes_a_circuit():
    model = stim.DetectorErrorModel("error[link](0.25) D0 ^ D1 L2\ndetector[herald](1, 2) D1")
    assert symptoms(circuit_of_model(model).detector_error_model()) == {frozenset({"D0", "D1", "L2"}): 0.25}
    text = str(circuit_of_model(model))
    assert "DETECTOR[herald](1, 2)" in text
    assert "E[link](0.25)" in text


def test_random_detectors_are_named():
    circuit = stim.Circuit("H 0 1\nM 0 1\nDETECTOR rec[-1]\nDETECTOR rec[-2] rec[-2]")
    with pytest.raises(RandomDetectors, match=r"file\.stim has .* random without noise: D0;"):
        error_model(circuit, "pymatching", what="file.stim")


def stats(d, p, errors, shots=10**6, rounds=1, **counts):
    return sinter.TaskStats(
        strong_id="x",
        decoder="pymatching",
        json_metadata={"d": d, "p": p, "r": rounds},
        shots=shots,
        errors=errors,
        **counts,
    )


def points(*distances_and_noises):
    return [
        CodeStudy(codes=("repetition",), distances=(d,), noises=(f"uniform:{p}",)).points()[0]
        for d, p in distances_and_noises
    ]


def test_threshold_and_lambda_come_out_of_curves_that_have_them():
    grid = list(product((3, 5, 7), (0.007, 0.0075, 0.008, 0.02)))

    def rate(d, p):
        x = (p - 0.0076) * d
        return 0.1 + 3 * x + 20 * x**2 if p < 0.01 else 0.3

    found = fitted(points(*grid), [stats(d, p, round(1e6 * rate(d, p))) for d, p in grid])
    assert found["threshold"].value == pytest.approx(0.0076, rel=0.01)
    assert found["threshold"].stderr < 2e-4
    law = [stats(d, 0.001, round(1e6 * 0.1 * 4 ** (-(d + 1) / 2))) for d in (3, 5, 7)]
    one = fitted(points(*((d, 0.001) for d in (3, 5, 7))), law)
    assert list(one) == ["lambda"]
    assert abs(one["lambda"].value - 4) < 3 * one["lambda"].stderr


def test_curves_that_do_not_cross_have_no_threshold():
    grid = list(product((3, 5), (0.001, 0.002, 0.003)))
    found = fitted(points(*grid), [stats(d, p, round(1e9 * p / d**2)) for d, p in grid])
    assert found["threshold"].value != found["threshold"].value


def test_one_distance_says_nothing_more():
    assert fitted(points((3, 0.01), (3, 0.02)), [stats(3, 0.01, 5), stats(3, 0.02, 9)]) == {}


def test_errors_discards_and_low_confidence_are_told_apart():
    counts = Counter(low_confidence=50, low_confidence_errors=20)
    found = error_figures(stats(3, 0.1, 90, shots=1000, discards=100, custom_counts=counts))
    assert found["logical_error_rate"].value == 0.1
    assert found["discard_rate"].value == 0.1
    assert found["low_confidence_rate"].value == 50 / 900
    assert found["error_rate_at_low_confidence"].value == 0.4
    plain = error_figures(stats(3, 0.1, 90, shots=1000))
    assert list(plain) == ["logical_error_rate"]


def test_no_shot_and_no_error_have_honest_errors():
    nothing = error_figures(stats(3, 0.1, 0, shots=1000))["logical_error_rate"]
    assert (nothing.value, nothing.stderr) == (0, 1e-3)
    all_gone = counted(stats(3, 0.1, 0, shots=10, discards=10))
    assert all_gone["logical_error_rate"] != all_gone["logical_error_rate"]
    assert all_gone["lower"] is None


@pytest.mark.parametrize(("q", "rounds"), [(0.01, 1), (0.03, 5), (0.4, 12)])
def test_the_rate_per_round_makes_that_of_all_rounds(q, rounds):
    total = 0.0
    for _ in range(rounds):
        total = total * (1 - q) + q * (1 - total)
    assert per_round(Figure(total, stderr=1e-3), rounds).value == pytest.approx(q)


def test_surface_codes_are_told_from_worse_ones():
    study = CodeStudy(
        codes=("rotated_surface",), distances=(3, 5), noises=("uniform:0.002", "uniform:0.02"), max_shots=4000
    )
    figures = run_study(study, seed=2).figures
    below, above = figures["lambda (p = 0.002)"], figures["lambda (p = 0.02)"]
    assert below.value > 1.5
    assert above.value < 1


@dataclass(frozen=True, kw_only=True)
class Coin:
    """A study of another room: how often a coin that is flipped with p shows the wrong side."""

    heads: tuple[float, ...]
    max_shots: int | None = 2000
    max_errors: int | None = None
    precision: float | None = None
    title: str = "coins"

    name = "coin"

    def points(self):
        return [CoinPoint(p=p) for p in self.heads]


@dataclass(frozen=True, kw_only=True)
class CoinPoint:
    p: float

    def task(self):
        circuit = stim.Circuit(f"X_ERROR({self.p}) 0\nM 0\nOBSERVABLE_INCLUDE(0) rec[-1]")
        return sinter.Task(circuit=circuit, decoder="vacuous", json_metadata={"d": 1, "p": self.p, "r": 1})

    def row(self):
        named = {"code": "coin", "basis": "Z", "noise": "flip", "decoder": "vacuous"}
        return {**named, "distance": 1, "rounds": 1, "p": self.p}


def test_a_study_of_another_room_is_read_and_run(tmp_path):
    (tmp_path / "coin.toml").write_text('study = "coin"\nheads = [0.1, 0.3]\nseed = 3')
    asked = read_study(tmp_path / "coin.toml", {"codes": CodeStudy, "coin": Coin})
    assert asked.study == Coin(heads=(0.1, 0.3))
    result = run_study(asked.study, seed=asked.seed)
    assert result.parameters["heads"] == (0.1, 0.3)
    for row in result.rows:
        assert abs(row["logical_error_rate"] - row["p"]) < 5 * row["stderr"]
