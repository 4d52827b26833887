"""`qnet run`: samplers, noise, settings, seeds and pictures."""

from math import hypot, sqrt

import pytest


def test_the_table_has_figure_error_and_ideal(qnet):
    called = qnet("run", "swapping", "--sampler", "stim", "--set", "fidelity=0.95", "--seed", "7")
    title, head, row, foot = called.out.splitlines()
    assert title == "entanglement_swapping (stations=1, fidelity=0.95, corrections=feedforward)"
    assert head.split() == ["figure", "measured", "ideal", "unit"]
    name, value, _, error, ideal = row.split()
    assert (name, ideal) == ("fidelity", "0.90333")
    assert abs(float(value) - 0.903333) < 5 * float(error)
    assert foot.startswith("stim, 4096 shots, seed 7, ")
    assert called.err == ""


def test_a_drawn_seed_is_printed_and_repeats_the_run(qnet):
    first = qnet("run", "bell_pair", "--set", "fidelity=0.9", "--shots", "500", "--json").json
    again = qnet(
        "run", "bell_pair", "--set", "fidelity=0.9", "--shots", "500", "--json", "--seed", str(first["seed"])
    )
    assert again.json["figures"] == first["figures"]
    assert "(drawn)" in qnet("run", "bell_pair", "--shots", "10").out


def test_uniform_noise_has_the_strength_that_is_asked_for(qnet):
    """Both engines against each other, and against first order: 1 % at each of four to eight places."""
    figures = []
    for engine in ("aer", "stim"):
        asked = ("--sampler", engine, "--noise", "uniform:0.01", "--shots", "20000", "--seed", "3")
        figures.append(qnet("run", "bell_pair", *asked, "--json").json["figures"]["fidelity"])
    one, two = figures
    assert abs(one["value"] - two["value"]) < 5 * hypot(one["stderr"], two["stderr"])
    assert all(0.92 < figure["value"] < 0.96 for figure in figures)


def test_stronger_noise_is_worse(qnet):
    values = [
        qnet(
            "run",
            "teleportation",
            "--sampler",
            "stim",
            "--noise",
            f"si1000:{p}",
            "--shots",
            "5000",
            "--seed",
            "1",
            "--json",
        ).json["figures"]["fidelity"]["value"]
        for p in (0, 0.002, 0.01)
    ]
    assert values[0] == pytest.approx(1.0, abs=1e-9)
    assert values[0] > values[1] > values[2]


@pytest.mark.parametrize(
    "engine", [(), ("--sampler", "aer"), ("--sampler", "stim"), ("--sampler", "fake_manila")]
)
def test_the_noise_of_a_device_means_the_device(qnet, engine):
    answer = qnet(
        "run", "bell_pair", *engine, "--noise", "fake_manila", "--shots", "2000", "--seed", "2", "--json"
    ).json
    figure = answer["figures"]["fidelity"]
    assert answer["sampler"] == "fake_manila"
    assert 5 * figure["stderr"] < 1 - figure["value"] < 0.3


def test_postselection_tells_the_kept_share(qnet):
    """In each of the three bases one bit, or the parity of two, must be even."""
    answer = qnet(
        "run",
        "teleportation",
        "--sampler",
        "stim",
        "--set",
        "corrections=postselect",
        "--seed",
        "1",
        "--json",
    )
    kept = answer.json["figures"]["kept"]
    assert kept["ideal"] == 0.5
    assert abs(kept["value"] - 0.5) < 5 * sqrt(0.25 / (6 * 4096))


@pytest.mark.parametrize(("suffix", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_picture_by_its_suffix(qnet, tmp_path, suffix, magic):
    called = qnet("run", "chsh", "--shots", "100", "--plot", f"chsh.{suffix}")
    assert called.code == 0
    assert called.out.splitlines()[-1] == f"picture: chsh.{suffix}"
    assert (tmp_path / f"chsh.{suffix}").read_bytes().startswith(magic)
    assert len(list(tmp_path.iterdir())) == 1
