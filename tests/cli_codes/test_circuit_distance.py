"""The circuit distance, told with memories, exported circuits and shown codes."""

import pytest
import stim


@pytest.mark.parametrize(
    ("options", "lower", "upper"),
    [
        (("--code", "surface:3"), 3, None),
        (("--code", "surface:4", "--noise", "uniform:0", "--loss", "0.1", "--rounds", "2"), 4, None),
        (("--code", "golay", "--decoder", "vacuous", "--rounds", "1", "--extraction", "steane"), 5, 7),
        (("--code", "steane", "--decoder", "lookup", "--rounds", "1", "--extraction", "flag"), 3, None),
        (("--code", "steane", "--decoder", "vacuous", "--rounds", "2"), 2, None),
    ],
)
def test_the_circuit_distance_is_told(qnet, options, lower, upper):
    called = qnet("code", "memory", *options, "--shots", "10", "--json")
    figure = called.json["figures"]["circuit_distance"]
    assert (figure["value"], figure.get("bound"), figure["stderr"]) == (lower, upper, None)


def test_the_circuit_distance_stands_beside_the_rates_and_above_an_exported_circuit(qnet, tmp_path):
    asked = ("--rounds", "2", "--extraction", "flag", "--noise", "uniform:0.001")
    called = qnet("code", "memory", "--code", "steane", *asked, "--decoder", "lookup", "--shots", "10")
    assert "circuit distance 3 (enumeration)" in called.out.splitlines()
    for format_, mark in (("stim", "#"), ("dem", "#"), ("qasm3", "//")):
        text = qnet("code", "export", "steane", *asked, "--format", format_).out
        assert text.startswith(f"{mark} circuit distance 3 (enumeration)\n")
    assert "circuit distance, 1 round, bare: 2 (enum" in qnet("code", "show", "steane").out
    told = qnet("code", "export", "surface:5", "--format", "stim", "--output", "m.stim", "--loss", "0.1")
    assert told.out == "stim: m.stim, circuit distance 5 (graphlike)\n"
    assert stim.Circuit.from_file(tmp_path / "m.stim").num_detectors == 24 * 5 + 25 * 5
    huge = qnet("code", "memory", "--code", "surface:15", "--rounds", "15", "--shots", "10", "--json")
    assert huge.json["figures"]["circuit_distance"]["value"] is None
