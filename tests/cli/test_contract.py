"""The JSON of every protocol, and what Python gives for the same call."""

from dataclasses import fields

import pytest

from qnet.execution import run
from qnet.protocols import PROTOCOLS

NOT_CLIFFORD = {"chsh", "e91"}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_json_of_a_run_has_what_the_contract_says(qnet, name):
    engine = "aer" if name in NOT_CLIFFORD else "stim"
    answer = qnet("run", name, "--sampler", engine, "--shots", "400", "--seed", "5", "--json").json
    assert answer["command"] == "run"
    assert answer["experiment"] == name
    assert (answer["seed"], answer["shots"], answer["sampler"]) == (5, 400, engine)
    assert set(answer["parameters"]) == {field.name for field in fields(PROTOCOLS[name])}
    assert {"qnet", "qiskit", "stim", "aer", "numpy", "python"} <= set(answer["versions"])
    assert answer["elapsed_s"] > 0
    assert answer["figures"]
    for figure in answer["figures"].values():
        assert {"value", "stderr", "unit"} <= set(figure)
        assert set(figure) <= {"value", "stderr", "unit", "ideal", "bound"}


@pytest.mark.parametrize("name", ["teleportation", "chsh", "bb84"])
def test_python_gives_the_figures_of_the_command(qnet, name):
    answer = qnet("run", name, "--shots", "300", "--seed", "11", "--json").json
    result = run(PROTOCOLS[name](), "aer", shots=300, seed=11)
    assert answer["figures"] == {key: figure.as_dict() for key, figure in result.figures.items()}


def test_nan_becomes_null(qnet):
    lopsided = ("--set", "z_probability=0.999", "--shots", "50", "--seed", "1")
    answer = qnet("run", "bb84", "--sampler", "stim", *lopsided, "--json").json
    assert answer["figures"]["qber_x"]["value"] is None
    assert answer["figures"]["qber"]["value"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--json"),
        ("list", "swapping", "--json"),
        ("prove", "teleportation", "--json"),
        ("prove", "--all", "--json"),
        ("draw", "teleportation", "--json"),
        ("export", "teleportation", "--format", "qasm3", "--json"),
    ],
)
def test_commands_without_figures_keep_the_contract_too(qnet, arguments):
    called = qnet(*arguments)
    assert called.code == 0
    assert called.err == ""
    answer = called.json
    assert answer["command"] == arguments[0]
    assert {"parameters", "seed", "figures", "versions", "elapsed_s"} <= set(answer)
    assert answer["figures"] == {}
    assert 0 < answer["elapsed_s"] < 60


def test_versions_name_every_part(qnet):
    versions = qnet("--version", "--json").json["versions"]
    assert set(versions) >= {"qnet", "python", "qiskit", "aer", "ibm-runtime", "stim", "pymatching", "sinter"}
    assert "not installed" not in versions.values()
    lines = qnet("--version").out.splitlines()
    assert lines == [f"{name} {number}" for name, number in versions.items()]
