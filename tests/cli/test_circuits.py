"""`qnet prove`, `qnet draw` and `qnet export`."""

import io

import pytest
import stim
from qiskit import qasm3, qpy
from typer.main import get_command

import qnet.protocols
from circuits.bridge import to_stim
from circuits.library import teleportation
from qnet.cli import main
from qnet.cli._app import app


def test_a_proof_names_every_flow(qnet):
    lines = qnet("prove", "teleportation", "--set", "corrections=frame").out.splitlines()
    assert lines[:2] == ["✓ teleportation: X[message] -> X[bob]", "✓ teleportation: Z[message] -> Z[bob]"]
    assert lines[2] == "proved: 2 flows hold for every input and every outcome"
    answer = qnet("prove", "teleportation", "--json").json
    assert answer["holds"] is True
    assert answer["counterexample"] is None
    assert [row["claimed"] for row in answer["rows"]] == ["X[message] -> X[bob]", "Z[message] -> Z[bob]"]


def test_a_wrong_circuit_is_refuted_with_exit_code_1(qnet, monkeypatch):
    """Teleportation without Bob's correction of the phase."""
    right = teleportation()
    wrong = right.copy_empty_like()
    for item in list(right.data)[:-1]:
        wrong.append(item)
    monkeypatch.setattr(qnet_teleportation(), "circuit", lambda self: wrong)
    called = qnet("prove", "teleportation")
    assert called.code == 1
    assert "✗ teleportation: X[message] -> X[bob]" in called.out
    assert called.out.splitlines()[-1] == "refuted: the circuit does not do what it says"
    answer = qnet("prove", "teleportation", "--json")
    assert answer.code == 1
    assert answer.json["holds"] is False
    assert "Z on bob" in answer.json["counterexample"]


def qnet_teleportation():
    return qnet.protocols.PROTOCOLS["teleportation"]


def test_all_are_proved_but_those_that_are_not_clifford(qnet):
    called = qnet("prove", "--all", "--json")
    verdicts = {row["protocol"]: row["verdict"] for row in called.json["rows"]}
    assert called.code == 0
    assert set(verdicts) == set(qnet_protocols())
    assert {name for name, verdict in verdicts.items() if verdict == "not Clifford"} == {"chsh", "e91"}
    assert "refuted" not in verdicts.values()


def qnet_protocols():
    return qnet.protocols.PROTOCOLS


def test_a_drawing_is_text_within_the_terminal(qnet):
    called = qnet("draw", "teleportation")
    assert "message:" in called.out
    assert max(map(len, called.out.splitlines())) <= 80
    assert qnet("draw", "teleportation", "--json").json["text"].strip() == called.out.strip()


@pytest.mark.parametrize("command", ["list", "draw", "export"])
def test_the_examples_of_the_help_work(qnet, command):
    epilog = get_command(app).commands[command].epilog
    for example in epilog.split("\n\n")[1:]:
        assert qnet(*example.split()[1:]).code == 0, example


@pytest.mark.parametrize(("suffix", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_drawing_by_its_suffix_outside_of_pyplot(qnet, tmp_path, suffix, magic):
    from matplotlib import pyplot

    assert qnet("draw", "dejmps", "--output", f"dejmps.{suffix}").out == f"picture: dejmps.{suffix}\n"
    assert (tmp_path / f"dejmps.{suffix}").read_bytes().startswith(magic)
    assert pyplot.get_fignums() == []


def test_stim_text_is_the_circuit(qnet):
    text = qnet("export", "teleportation", "--format", "stim").out
    assert stim.Circuit(text) == to_stim(teleportation())


def test_openqasm_comes_back(qnet, tmp_path):
    called = qnet("export", "teleportation", "--format", "qasm3", "--output", "t.qasm")
    assert called.out == "qasm3: t.qasm\n"
    loaded = qasm3.loads((tmp_path / "t.qasm").read_text())
    assert to_stim(loaded) == to_stim(teleportation())


def test_qpy_goes_to_a_file_or_a_pipe(tmp_path, capsysbinary):
    main(["export", "teleportation", "--format", "qpy", "--output", str(tmp_path / "t.qpy")])
    capsysbinary.readouterr()
    main(["export", "teleportation", "--format", "qpy"])
    piped = capsysbinary.readouterr().out
    for content in (piped, (tmp_path / "t.qpy").read_bytes()):
        (loaded,) = qpy.load(io.BytesIO(content))
        assert loaded == teleportation()


def test_imperfect_pairs_are_told_where_the_format_holds_no_noise(qnet):
    called = qnet("export", "dejmps", "--format", "qasm3")
    assert called.err == "qnet: the imperfect pairs are written as perfect ones; this format holds no noise\n"
    assert qasm3.loads(called.out).num_qubits == 4
    noisy = qnet("export", "dejmps", "--format", "stim")
    assert noisy.err == ""
    assert "PAULI_CHANNEL_1" in noisy.out or "DEPOLARIZE1" in noisy.out
