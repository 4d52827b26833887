"""`qnet code memory` and `qnet decode`: rates within error, files in and out, and what is refused."""

from math import comb

import pytest
import sinter
import stim

from circuits.codes import rotated_surface
from circuits.codes.memory import memory
from circuits.noise import CircuitNoise

CONTRACT = {"command", "parameters", "seed", "figures", "versions", "elapsed_s", "rows"}


def repetition(p: float, n: int = 3) -> str:
    """A repetition code read once, without noise but for flips of its data."""
    lines = [f"X_ERROR({p}) {' '.join(map(str, range(n)))}", f"M {' '.join(map(str, range(n)))}"]
    lines += [f"DETECTOR rec[{k - n}] rec[{k + 1 - n}]" for k in range(n - 1)]
    return "\n".join([*lines, "OBSERVABLE_INCLUDE(0) rec[-1]"])


def lossy(e: float) -> str:
    """Two qubits, one observable on the first; a loss is heralded."""
    return f"""
        R 0 1
        HERALDED_ERASE({e}) 0
        X_ERROR(0.01) 0
        DETECTOR[herald] rec[-1]
        CX 0 1
        M 1
        DETECTOR rec[-1]
        M 0
        OBSERVABLE_INCLUDE(0) rec[-1]
    """


def within(figure, expected, sigmas=5):
    return abs(figure["value"] - expected) < sigmas * figure["stderr"]


def test_the_json_of_a_memory_keeps_the_contract(qnet):
    called = qnet("code", "memory", "--distance", "3", "--shots", "3000", "--seed", "3", "--json")
    assert (called.code, called.err) == (0, "")
    answer = called.json
    assert set(answer) >= CONTRACT
    assert (answer["command"], answer["seed"], answer["shots"]) == ("code memory", 3, 3000)
    assert answer["parameters"] == {
        "code": "rotated_surface:3",
        "distance": 3,
        "rounds": 3,
        "basis": "Z",
        "noise": "uniform:0.005",
        "decoder": "pymatching",
        "extraction": "bare",
        "low_confidence": None,
        "shots": 3000,
        "max_errors": None,
        "precision": None,
    }
    (row,) = answer["rows"]
    rate = answer["figures"]["logical_error_rate"]
    assert rate["value"] == row["errors"] / row["shots"]
    assert row["lower"] < rate["value"] < row["upper"]


def test_the_rate_of_a_memory_is_that_of_sinter(qnet):
    asked = ("--distance", "3", "--noise", "uniform:0.01", "--decoder", "pymatching_plain")
    answer = qnet("code", "memory", *asked, "--shots", "40000", "--seed", "1", "--json").json
    circuit = memory(rotated_surface(3), rounds=3, noise=CircuitNoise.uniform_depolarizing(0.01))
    matching = sinter.BUILT_IN_DECODERS["pymatching"].compile_decoder_for_dem(
        dem=circuit.detector_error_model(decompose_errors=True)
    )
    events, flips = circuit.compile_detector_sampler(seed=2).sample(
        40_000, separate_observables=True, bit_packed=True
    )
    errors = (matching.decode_shots_bit_packed(bit_packed_detection_event_data=events) != flips).mean()
    figure = answer["figures"]["logical_error_rate"]
    assert abs(figure["value"] - errors) < 5 * 2**0.5 * figure["stderr"]


def test_a_memory_of_mixed_checks_shows_both_bases(qnet):
    asked = ("--code", "five_qubit", "--rounds", "1", "--decoder", "lookup", "--shots", "2000")
    answer = qnet("code", "memory", *asked, "--seed", "1", "--json").json
    assert answer["parameters"]["basis"] == "both"
    assert "low_confidence_rate" in answer["figures"]
    assert "logical_error_rate_per_round" not in answer["figures"]


def test_a_decoded_file_has_the_rate_of_the_formula(qnet, tmp_path):
    (tmp_path / "r.stim").write_text(repetition(0.1, 5))
    answer = qnet("decode", "r.stim", "--shots", "50000", "--seed", "5", "--json").json
    exact = sum(comb(5, k) * 0.1**k * 0.9 ** (5 - k) for k in (3, 4, 5))
    assert within(answer["figures"]["logical_error_rate"], exact)
    assert set(answer) >= CONTRACT
    assert answer["parameters"]["circuit"] == "r.stim"
    text = qnet("decode", "r.stim", "--shots", "1000").out
    assert "4 detectors, 1 observables, by pymatching" in text
    assert "(drawn)" in text


def test_a_model_can_be_sampled_itself(qnet, tmp_path):
    stim.Circuit(repetition(0.1)).detector_error_model(decompose_errors=True).to_file(tmp_path / "r.dem")
    answer = qnet("decode", "r.dem", "--shots", "50000", "--seed", "5", "--json").json
    assert within(answer["figures"]["logical_error_rate"], 3 * 0.01 * 0.9 + 0.001)


def test_a_decoder_can_be_given_another_model(qnet, tmp_path):
    circuit = "X_ERROR(0.3) 0\nM 0\nDETECTOR rec[-1]\nOBSERVABLE_INCLUDE(0) rec[-1]"
    (tmp_path / "c.stim").write_text(circuit)
    (tmp_path / "wrong.dem").write_text("error(0.1) D0\nlogical_observable L0")
    knowing = qnet("decode", "c.stim", "--shots", "2000", "--json").json["figures"]
    misled = qnet("decode", "c.stim", "--dem", "wrong.dem", "--shots", "2000", "--json").json["figures"]
    assert knowing["logical_error_rate"]["value"] == 0
    assert within(misled["logical_error_rate"], 0.3)


def test_heralds_are_used_by_the_erasure_decoder(qnet, tmp_path):
    (tmp_path / "lossy.stim").write_text(lossy(0.5))
    asked = ("decode", "lossy.stim", "--shots", "4000", "--seed", "1", "--json", "--decoder")
    assert qnet(*asked, "erasure").json["figures"]["logical_error_rate"]["value"] == 0
    assert qnet(*asked, "vacuous").json["figures"]["logical_error_rate"]["value"] > 0.2


def test_errors_end_a_run_before_its_shots(qnet, tmp_path):
    (tmp_path / "r.stim").write_text(repetition(0.2))
    answer = qnet("decode", "r.stim", "--max-errors", "20", "--seed", "1", "--json").json
    assert answer["rows"][0]["errors"] >= 20
    assert answer["shots"] < 10_000
    limited = qnet("decode", "r.stim", "--max-errors", "10000", "--shots", "500", "--json").json
    assert limited["shots"] == 500


def test_a_run_goes_on_from_its_file(qnet, tmp_path):
    (tmp_path / "r.stim").write_text(repetition(0.1))
    asked = ("decode", "r.stim", "--seed", "9", "--json")
    first = qnet(*asked, "--save-resume", "kept.csv", "--shots", "3000").json
    again = qnet(*asked, "--save-resume", "kept.csv", "--shots", "9000").json
    once = qnet(*asked, "--shots", "9000").json
    assert again["rows"][0]["errors"] == once["rows"][0]["errors"] > first["rows"][0]["errors"]
    (kept,) = sinter.read_stats_from_csv_files(tmp_path / "kept.csv")
    assert (kept.shots, kept.errors) == (9000, once["rows"][0]["errors"])


def test_a_file_of_another_circuit_is_refused(qnet, tmp_path):
    for p in (0.1, 0.2):
        (tmp_path / "r.stim").write_text(repetition(p))
        called = qnet("decode", "r.stim", "--save-resume", "kept.csv", "--shots", "100")
    assert called.code == 2
    assert "holds shots of another circuit" in called.err
    assert called.err.count("\n") == 1


def test_the_workers_do_not_change_the_figures(qnet):
    asked = ("code", "memory", "--distance", "3", "--max-errors", "60", "--seed", "8", "--json")
    alone, two = qnet(*asked).json, qnet(*asked, "--workers", "2").json
    assert alone["figures"] == two["figures"]


def test_a_cluster_gives_the_same_figures(qnet):
    from distributed import LocalCluster

    asked = ("code", "memory", "--distance", "3", "--shots", "4000", "--seed", "8", "--json")
    options = {"n_workers": 1, "processes": False, "protocol": "tcp", "dashboard_address": ":0"}
    with LocalCluster(**options) as cluster:
        called = qnet(*asked, "--cluster", cluster.scheduler_address)
    assert (called.code, called.err) == (0, "")
    assert called.json["figures"] == qnet(*asked).json["figures"]


def test_nobody_at_the_address_is_told(qnet, monkeypatch):
    monkeypatch.setattr("qnet.cli._workers.PATIENCE_S", 0.5)
    called = qnet("code", "memory", "--distance", "3", "--cluster", "tcp://127.0.0.1:9")
    assert called.code == 2
    assert "--cluster tcp://127.0.0.1:9 does not answer" in called.err
    assert called.err.count("\n") == 1


def test_a_rate_is_drawn(qnet, tmp_path):
    (tmp_path / "r.stim").write_text(repetition(0.1))
    assert qnet("decode", "r.stim", "--shots", "500", "--plot", "r.png").code == 0
    assert (tmp_path / "r.png").stat().st_size > 5000


RANDOM = "H 0\nM 0\nDETECTOR(1, 2) rec[-1]\nM 1\nOBSERVABLE_INCLUDE(0) rec[-1]"
STEANE_LIKE = "CORRELATED_ERROR(0.1) X0 X1 X2\nM 0 1 2\n" + "\n".join(
    [*(f"DETECTOR rec[-{k}]" for k in (1, 2, 3)), "OBSERVABLE_INCLUDE(0) rec[-1]"]
)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("CNOTT 0 1", (), "'c.stim' is no circuit of Stim's: Gate not found: 'CNOTT'"),
        ("\xff\xfe", (), "'c.stim' is no circuit of Stim's"),
        (RANDOM, (), "c.stim has detectors or observables that are random without noise: D0 [coords (1, 2)]"),
        (RANDOM, ("--decoder", "erasure"), "random without noise: D0"),
        ("M 0\nDETECTOR rec[-1]", (), "c.stim declares no observable"),
        (
            repetition(0.1),
            ("--decoder", "erasure"),
            "no detector of the error model carries the tag 'herald'",
        ),
        (repetition(0.1), ("--decoder", "tesserract"), "did you mean tesseract?"),
        (repetition(0.1), ("--dem", "no.dem"), "'no.dem' is not there; give a .stim or .dem file"),
        (repetition(0.1), ("--dem", "c.stim"), "'c.stim' is no detector error model of Stim's"),
        (repetition(0.1), ("--dem", "other.dem"), "the error model has 9 detectors, c.stim 2"),
        (STEANE_LIKE, (), "flips more than two detectors at once"),
        (repetition(0.1), ("--shots", "1e5"), "'1e5' is no whole number"),
    ],
)
def test_a_mistake_is_one_line(qnet, tmp_path, content, options, message):
    (tmp_path / "c.stim").write_bytes(content.encode("latin-1"))
    (tmp_path / "other.dem").write_text("error(0.1) D8 L0")
    called = qnet("decode", "c.stim", *options)
    assert called.code == 2
    assert message in called.err
    assert called.err.count("\n") == 1
    assert called.out == ""


@pytest.mark.parametrize(
    ("path", "message"), [("no.stim", "'no.stim' is not there"), (".", "'.' is a folder; give a .stim")]
)
def test_a_missing_file_is_told(qnet, path, message):
    called = qnet("decode", path)
    assert called.code == 2
    assert message in called.err


@pytest.mark.parametrize("command", [("decode", "r.stim"), ("code", "memory", "--distance", "3")])
def test_a_precision_ends_a_run(qnet, tmp_path, command):
    (tmp_path / "r.stim").write_text(repetition(0.1))
    answer = qnet(*command, "--precision", "0.1", "--seed", "3", "--json").json
    figure = answer["figures"]["logical_error_rate"]
    assert answer["parameters"]["precision"] == 0.1
    assert 0.03 < figure["stderr"] / figure["value"] <= 0.1
    assert answer["shots"] < 100_000


@pytest.mark.parametrize("decoder", ["pymatching", "pymatching_plain", "lookup"])
def test_unsure_shots_are_told_apart(qnet, tmp_path, decoder):
    """Three flips of 0.1: of the syndromes with events every answer is right with 0.9."""
    (tmp_path / "r.stim").write_text(repetition(0.1))
    asked = ("decode", "r.stim", "--decoder", decoder, "--shots", "40000", "--seed", "1")
    figures = qnet(*asked, "--low-confidence", "0.95", "--json").json["figures"]
    fired = 1 - 0.9**3 - 0.1**3
    assert within(figures["low_confidence_rate"], fired)
    assert within(figures["error_rate_at_low_confidence"], 3 * 0.01 * 0.9 / fired)
    text = " ".join(qnet(*asked, "--low-confidence", "0.95").out.split())
    assert "guessed" in text
    assert "of them wrong" in text
    sure = qnet(*asked, "--low-confidence", "0.5", "--json").json["figures"]
    assert sure["low_confidence_rate"]["value"] == 0


def test_without_a_level_matching_flags_nothing(qnet):
    plain = qnet("code", "memory", "--distance", "3", "--shots", "2000", "--seed", "1", "--json").json
    asked = ("code", "memory", "--distance", "3", "--shots", "2000", "--seed", "1", "--low-confidence", "0.9")
    sure = qnet(*asked, "--json").json
    assert "low_confidence_rate" not in plain["figures"]
    assert 0 < sure["figures"]["low_confidence_rate"]["value"] < 0.2
    assert sure["parameters"]["low_confidence"] == 0.9
    assert (
        abs(plain["rows"][0]["errors"] - sure["rows"][0]["errors"])
        < 5 * (2 * plain["rows"][0]["errors"]) ** 0.5
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--low-confidence", "0.9", "--decoder", "tesseract"),
            "'tesseract' has no such level; leave it out",
        ),
        (("--low-confidence", "90"), "'90' is no share; give a number from 0 to 1"),
        (("--precision", "0"), "--precision 0 would never be reached"),
        (("--precision", "five"), "'five' is no share"),
    ],
)
@pytest.mark.parametrize("command", [("decode", "r.stim"), ("code", "memory", "--distance", "3")])
def test_a_level_that_there_is_not_is_one_line(qnet, tmp_path, command, options, message):
    (tmp_path / "r.stim").write_text(repetition(0.1))
    called = qnet(*command, *options)
    assert (called.code, called.out, called.err.count("\n")) == (2, "", 1)
    assert message in called.err


def test_losses_of_a_memory_are_heralded_and_used(qnet):
    asked = (
        "code",
        "memory",
        "--distance",
        "3",
        "--noise",
        "uniform:0.001",
        "--shots",
        "8000",
        "--seed",
        "1",
    )
    aware = qnet(*asked, "--loss", "0.05", "--json").json
    assert (aware["parameters"]["decoder"], aware["parameters"]["noise"]) == (
        "erasure",
        "uniform:0.001+loss:0.05",
    )
    blind = qnet(*asked, "--loss", "0.05", "--decoder", "pymatching_plain", "--json").json
    assert aware["rows"][0]["errors"] < 0.6 * blind["rows"][0]["errors"]
    at_gates = qnet(*asked, "--gate-loss", "0.01", "--json").json
    assert at_gates["parameters"]["noise"] == "uniform:0.001+gate_loss:0.01"
    assert at_gates["rows"][0]["errors"] > qnet(*asked, "--json").json["rows"][0]["errors"]


@pytest.mark.parametrize(
    ("noise", "message"),
    [
        ("uniform:0.1+los:0.1", "there is no 'los' to add; give +loss:E or +gate_loss:E"),
        ("uniform:0.1+loss:2", "loss '2' is no probability"),
        ("uniform:0.1+loss:x", "'x' is no probability"),
    ],
)
def test_a_loss_that_is_none_is_refused(qnet, noise, message):
    called = qnet("code", "memory", "--distance", "3", "--noise", noise)
    assert (called.code, called.err.count("\n")) == (2, 1)
    assert message in called.err
