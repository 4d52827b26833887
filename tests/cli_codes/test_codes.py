"""`qnet code list`, `show`, `export` and `failure`: known answers, and one line for every mistake."""

import json

import pytest
import stim

from circuits.codes import StabilizerCode, golay, rotated_surface, steane
from circuits.codes.naming import CODES

CONTRACT = {"command", "parameters", "seed", "figures", "versions", "elapsed_s"}


def test_every_code_is_listed_with_its_parameters(qnet):
    called = qnet("code", "list", "--json")
    assert (called.code, called.err) == (0, "")
    rows = {row["name"]: row for row in called.json["rows"]}
    assert list(rows) == list(CODES)
    assert [rows["golay"][key] for key in "nkd"] == list(golay().parameters)
    assert rows["five_qubit"]["css"] is False
    text = qnet("code", "list").out
    assert all(name in text for name in ("golay", "five_qubit", "parity:n,m"))


def test_no_command_shows_which_there_are(qnet):
    called = qnet("code")
    assert (called.code, called.err) == (0, "")
    assert all(name in called.out for name in ("list", "show", "draw", "export", "failure", "memory"))
    assert "a command is missing" in qnet("code", "--json").json["error"]["message"]
    assert "Did you mean 'show'?" in qnet("code", "shw").err


@pytest.mark.parametrize("command", ["code memory", "code failure", "code export", "decode", "sweep"])
def test_every_help_has_examples(qnet, command):
    called = qnet(*command.split(), "--help")
    assert called.code == 0
    assert f"qnet {command} " in called.out.partition("Examples:")[2]


def test_a_code_is_shown_with_its_checks(qnet):
    answer = qnet("code", "show", "steane", "--json").json
    assert answer["checks"] == list(steane().checks)
    assert set(answer) >= CONTRACT
    text = qnet("code", "show", "steane").out
    assert all(check in text for check in steane().checks)
    assert "[[7, 1, 3]]" in text


@pytest.mark.parametrize(
    ("arguments", "figure", "value"),
    [
        (("five_qubit", "--p", "0.05"), "failure", 2.233185e-2),
        (("steane", "--p", "0.05"), "failure", 3.436104e-2),
        (("rotated_surface:3", "--p", "0.05"), "failure", 2.926141e-2),
        (("four_two_two", "--p", "0.01", "--detection"), "accepted", 0.960793),
        (("four_two_two", "--p", "0.01", "--detection"), "error", 2.049372e-4),
    ],
)
def test_known_failures(qnet, arguments, figure, value):
    answer = qnet("code", "failure", *arguments, "--json").json
    assert answer["figures"][figure]["value"] == pytest.approx(value, rel=1e-6)
    assert answer["figures"][figure]["stderr"] is None
    assert f"{value:.6e}"[:6] in qnet("code", "failure", *arguments).out


@pytest.mark.parametrize(
    ("code", "weights"),
    [("five_qubit", (0, 0, 0, 10, 5, 1)), ("steane", (0, 0, 0, 7, 28, 21, 7, 1))],
)
@pytest.mark.parametrize("p", [0.0, 0.1, 0.37, 1.0])
def test_uncorrectable_losses(qnet, code, weights, p):
    answer = qnet("code", "failure", code, "--p", str(p), "--erasure", "--json").json
    n = len(weights) - 1
    expected = sum(count * p**lost * (1 - p) ** (n - lost) for lost, count in enumerate(weights))
    assert answer["figures"]["uncorrectable"]["value"] == pytest.approx(expected, abs=1e-12)
    assert tuple(row["uncorrectable"] for row in answer["rows"]) == weights


@pytest.mark.parametrize("options", [(), ("--detection",)])
def test_failure_is_drawn(qnet, tmp_path, options):
    called = qnet("code", "failure", "shor", "--p", "0.02", *options, "--plot", "failure.png")
    assert called.code == 0
    assert (tmp_path / "failure.png").stat().st_size > 5000


def test_a_code_is_exported_as_json_that_makes_it_again(qnet):
    found = json.loads(qnet("code", "export", "parity:2,3").out)
    code = StabilizerCode(
        name=found["name"],
        checks=tuple(found["checks"]),
        logical_x=tuple(found["logical_x"]),
        logical_z=tuple(found["logical_z"]),
        distance=found["d"],
    )
    assert code.parameters == (6, 1, 2)


def test_a_memory_is_exported_as_a_stim_circuit_and_its_model(qnet, tmp_path):
    options = ("rotated_surface:3", "--noise", "uniform:0.01", "--rounds", "2", "--format")
    circuit = stim.Circuit(qnet("code", "export", *options, "stim").out)
    assert len(circuit.shortest_graphlike_error()) == 3
    assert qnet("code", "export", *options, "dem", "--output", "memory.dem").code == 0
    model = stim.DetectorErrorModel.from_file(tmp_path / "memory.dem")
    expected = circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)
    assert model.approx_equals(expected, atol=1e-9)


def test_a_memory_is_exported_as_qasm_that_qiskit_loads(qnet):
    from qiskit import qasm3

    text = qnet("code", "export", "repetition:3", "--rounds", "2", "--format", "qasm3").out
    circuit = qasm3.loads(text)
    assert (circuit.num_qubits, circuit.count_ops()["measure"]) == (5, 7)


def test_a_code_without_noise_exports_a_noiseless_memory(qnet):
    circuit = stim.Circuit(qnet("code", "export", "surface:3", "--format", "stim").out)
    assert circuit.detector_error_model().num_errors == 0
    assert circuit.num_detectors == 8 * 3
    assert circuit.num_qubits == rotated_surface(3).n + 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "sureface:3"), "there is no code 'sureface:3'; did you mean rotated_surface:3?"),
        (("show", "parity:4"), "code 'parity:4' lacks its numbers; write it as parity:n,m"),
        (("failure", "surface:5", "--p", "0.1"), "has 25 qubits and encodes 1: exact answers go to 24"),
        (
            ("failure", "golay", "--p", "0.1", "--erasure"),
            "golay has 23 qubits: counting erasures goes to 20",
        ),
        (("failure", "steane", "--p", "1.5"), "'1.5' is no probability; give one from 0 to 1"),
        (("failure", "steane", "--p", "nan"), "'nan' is no probability"),
        (("failure", "steane"), "Missing option '--p'"),
        (("failure", "steane", "--p", "0.1", "--erasure", "--detection"), "give one"),
        (("failure", "steane", "--p", "0.1", "--plot", "x.gif"), "end it in .png, .svg or .pdf"),
        (("export", "steane", "--format", "dem"), "give --noise uniform:0.001"),
        (("export", "five_qubit", "--format", "stim", "--basis", "Z"), "mix X and Z; give 'both'"),
        (("export", "steane", "--output", "nowhere/x.json"), "there is no folder 'nowhere'"),
        (("memory", "--code", "colour", "--distance", "4"), "has an odd distance"),
        (("memory", "--code", "rotated_surface"), "or give a distance"),
        (("memory", "--code", "surface:3", "--distance", "3"), "has its numbers already"),
        (("memory", "--distance", "3", "--noise", "unifrom:0.1"), "did you mean uniform:0.1?"),
        (("memory", "--distance", "3", "--noise", "uniform:2"), "is no probability; give one from 0 to 1"),
        (("memory", "--distance", "3", "--noise", "uniform"), "did you mean uniform:0.001?"),
        (("memory", "--distance", "3", "--rounds", "0"), "rounds=0 is none; give a number from 1 on"),
        (("memory", "--distance", "3", "--rounds", "many"), "rounds='many' is none"),
        (("memory", "--distance", "3", "--basis", "Y"), "basis='Y' is none; choose one of Z, X, both"),
        (("memory", "--distance", "3", "--decoder", "pymatchin"), "did you mean pymatching?"),
        (("memory", "--distance", "3", "--extraction", "bear"), "choose one of bare, flag, steane"),
        (("memory", "--distance", "3", "--shots", "0"), "--shots 0 leaves nothing to count"),
        (("memory", "--distance", "3", "--max-errors", "-1"), "--max-errors -1 leaves nothing"),
        (("memory", "--distance", "3", "--workers", "0"), "--workers 0 leaves nobody to work"),
        (("memory", "--distance", "3", "--seed", "-1"), "--seed -1 is negative"),
        (("memory", "--distance", "three"), "'three' is no whole number"),
        (("memory", "--distance", "3", "--cluster", "tcp://127.0.0.1:1", "--workers", "2"), "give one of"),
        (("memory", "--distance", "3", "--save-resume", "nowhere/x.csv"), "there is no folder 'nowhere'"),
    ],
)
def test_a_mistake_is_one_line(qnet, arguments, message):
    called = qnet("code", *arguments)
    assert called.code == 2
    assert message in called.err
    assert called.err.count("\n") == 1
    assert called.out == ""
    told = qnet("code", *arguments, "--json")
    assert message in told.json["error"]["message"]


def test_a_code_is_drawn_as_text_and_as_a_picture(qnet, tmp_path):
    text = qnet("code", "draw", "rotated_surface:2,3").out
    assert text.splitlines()[1:4] == ["0 1", "2 3", "4 5"]
    assert all(f"check {k} " in text for k in range(5))
    assert qnet("code", "draw", "colour:5", "--output", "colour.svg").out == "picture: colour.svg\n"
    assert "<svg" in (tmp_path / "colour.svg").read_text(encoding="utf-8")
    answer = qnet("code", "draw", "five_qubit", "--json").json
    assert answer["text"].splitlines()[1:3] == ["check 0    X0 Z1 Z2 X3", "check 1    X1 Z2 Z3 X4"]
    assert set(answer) >= CONTRACT
