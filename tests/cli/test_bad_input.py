"""Every mistake gets one line that says what, the value and the mend; exit code 2."""

import re

import pytest

MISTAKES = [
    (("run", "teleprtation"), "there is no protocol 'teleprtation'; did you mean teleportation"),
    (("draw", "chhs"), "there is no protocol 'chhs'; did you mean chsh"),
    (("list", "chhs"), "there is no protocol 'chhs'; did you mean chsh"),
    (("run", "chsh", "--sampler", "stm"), "there is no sampler 'stm'; did you mean 'stim'"),
    (("run", "chsh", "--sampler", "fake_torinoo"), "did you mean 'fake_torino'"),
    (("run", "chsh", "--sampler", "stim"), r"'ry' on qubits \[1\].*not Clifford.*run the circuit on Aer"),
    (
        ("run", "chsh", "--shots", "0"),
        "--shots 0 leaves nothing to measure; give a whole number of at least 1",
    ),
    (("run", "chsh", "--shots", "-3"), "--shots -3 leaves nothing to measure"),
    (("run", "chsh", "--shots", "many"), "Invalid value for '--shots': 'many' is no whole number"),
    (("run", "chsh", "--seed", "1.5"), "Invalid value for '--seed': '1.5' is no whole number"),
    (("run", "chsh", "--seed", "-1"), "--seed -1 is negative; give a whole number from 0 up"),
    (("demo", "--seed", "-1"), "--seed -1 is negative; give a whole number from 0 up"),
    (("run", "swapping", "--set", "stations=0"), "stations=0 .* from 1 to 10000"),
    (
        ("run", "swapping", "--set", "stations=two"),
        "stations='two' does not read; give a whole number",
    ),
    (("run", "swapping", "--set", "station=2"), "has no parameter 'station'; did you mean stations"),
    (("run", "swapping", "--set", "stations"), "--set 'stations' has no '='; write --set NAME=VALUE"),
    (("run", "swapping", "--set", "stations=2", "--set", "stations=3"), "--set stations is given twice"),
    (("run", "swapping", "--set", "fidelity=1.2"), "fidelity=1.2 is out of range; give a number from 0 to 1"),
    (("run", "swapping", "--set", "fidelity=nan"), "fidelity=nan is out of range"),
    (
        ("run", "swapping", "--set", "weights=0.5,0.5"),
        r"weights=\(0.5, 0.5\) are no mixture of Bell states; give four",
    ),
    (
        ("run", "swapping", "--set", "corrections=none"),
        "corrections='none' is unknown; choose one of feedforward",
    ),
    (("run", "b92", "--set", "x=1"), "b92 has no parameter 'x'"),
    (
        ("run", "chsh", "--noise", "uniform:2"),
        "--noise uniform:2: '2' is no probability; give one from 0 to 1",
    ),
    (("run", "chsh", "--noise", "uniform:x"), "'x' is no probability"),
    (("run", "chsh", "--noise", "unifrom:0.1"), "--noise unifrom:0.1 is unknown; did you mean uniform:0.1"),
    (("run", "chsh", "--noise", "si1000"), r"--noise si1000 is unknown; did you mean si1000:0.001"),
    (
        ("run", "chsh", "--noise", "ibm_torino"),
        r"--noise ibm_torino is unknown; give uniform:P, si1000:P or a fake_\*",
    ),
    (("run", "chsh", "--noise", "fake_torinoo"), "did you mean 'fake_torino'"),
    (("run", "chsh", "--sampler", "fake_fez", "--noise", "fake_torino"), "are two devices; name one of them"),
    (("run", "chsh", "--plot", "chsh.gif"), "'chsh.gif' ends in '.gif'; end it in .png, .svg or .pdf"),
    (("run", "chsh", "--plot", "chsh"), "'chsh' has no suffix"),
    (("run", "chsh", "--plot", "no/where.png"), "there is no folder 'no'; make it first"),
    (("draw", "chsh", "--output", "no/where.png"), "there is no folder 'no'; make it first"),
    (
        ("export", "ghz", "--format", "qpy", "--output", "no/ghz.qpy"),
        "there is no folder 'no'; make it first",
    ),
    (("demo", "--output", "no/demo.png"), "there is no folder 'no'; make it first"),
    (("export", "chsh", "--format", "stim"), "'ry' .*not Clifford"),
    (
        ("export", "ghz", "--format", "qasm"),
        "Invalid value for '--format': 'qasm' is not one of 'qasm3', 'stim', 'qpy'",
    ),
    (("export", "ghz"), "Missing option '--format'"),
    (("prove", "chsh"), "not Clifford"),
    (("prove",), "give either the name of a protocol or --all"),
    (("prove", "ghz", "--all"), "give either the name of a protocol or --all"),
    (("prove", "--all", "--set", "stations=2"), "--all proves the protocols as they are; leave --set out"),
    (("run",), "Missing argument 'protocol'"),
    (("rnu",), "No such command 'rnu'. Did you mean 'run'"),
    (("run", "chsh", "--shot", "3"), "No such option: --shot"),
    (("run", "chsh", "extra"), "unexpected extra argument"),
]


@pytest.mark.parametrize(
    ("arguments", "message"), MISTAKES, ids=lambda x: " ".join(x) if isinstance(x, tuple) else ""
)
def test_a_mistake_is_told_in_one_line(qnet, tmp_path, arguments, message):
    called = qnet(*arguments)
    assert called.code == 2
    assert re.search(message, called.err, re.IGNORECASE), called.err
    assert called.err.startswith("qnet: ")
    assert called.err.count("\n") == 1
    assert called.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("arguments", "message"), MISTAKES[::3])
def test_with_json_the_mistake_is_an_object_on_stdout_too(qnet, arguments, message):
    called = qnet(*arguments, "--json")
    assert called.code == 2
    error = called.json["error"]
    assert set(error) == {"type", "message"}
    assert called.err == f"qnet: {error['message']}\n"


@pytest.mark.parametrize(
    "arguments", [("--json",), ("--json", "rnu"), ("run", "--json", "--shot", "1", "chsh")]
)
def test_json_anywhere_makes_parse_errors_objects(qnet, arguments):
    called = qnet(*arguments)
    assert called.code == 2
    assert called.json["error"]["message"]


def test_an_output_that_is_a_folder(qnet, tmp_path):
    (tmp_path / "there.png").mkdir()
    called = qnet("draw", "ghz", "--output", "there.png")
    assert (called.code, called.err) == (2, "qnet: output 'there.png' is a folder; give the name of a file\n")


def test_binary_has_no_place_in_json(qnet):
    called = qnet("export", "ghz", "--format", "qpy", "--json")
    assert called.code == 2
    assert called.json["error"]["message"] == "QPY is binary; give --output FILE, or a pipe"


def test_debug_shows_the_traceback(qnet):
    called = qnet("run", "swapping", "--set", "stations=0", "--debug")
    assert called.code == 2
    assert called.err.startswith("Traceback (most recent call last):")
    assert "stations=0" in called.err.splitlines()[-1]
