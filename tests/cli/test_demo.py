"""`qnet demo --quick`, once."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace

import pytest
from rich.console import Console

from qnet.cli import main
from qnet.cli.tour.measurement import Measurement
from qnet.cli.tour.stops import DEVICE, SAMPLERS, stops
from qnet.cli.tour.table import tour_table
from qnet.cli.tour.verdict import verdicts


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    picture = tmp_path_factory.mktemp("demo") / "tour.png"
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["demo", "--quick", "--seed", "4", "--json", "--output", str(picture)])
    assert (code, err.getvalue()) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def found(answer):
    names = Measurement.__dataclass_fields__
    return [Measurement(**{name: row[name] for name in names}) for row in answer["rows"]]


def test_every_experiment_runs_on_every_sampler_but_chsh_on_stim(found):
    for stop in stops():
        for sampler in SAMPLERS:
            values = [one.value for one in found if (one.stop, one.sampler) == (stop.title, sampler)]
            assert len(values) == len(stop.figures)
            assert (values == [None]) == (stop.protocol == "chsh" and sampler == "stim")


def test_the_engines_agree_with_closed_forms(found):
    ideals = {
        ("teleport a qubit", "fidelity"): (2 * 0.95 + 1) / 3,
        ("swap over 5 stations", "fidelity"): 0.25 + 0.75 * ((4 * 0.98 - 1) / 3) ** 6,
        ("purify (DEJMPS)", "fidelity"): 0.838150,
        ("purify (DEJMPS)", "success_probability"): 0.768889,
        ("test CHSH", "chsh_s"): 8**0.5,
        ("send BB84 bits", "qber"): 0.0,
        ("send BB84 bits", "sifted_fraction"): 0.5,
    }
    for one in found:
        if one.sampler != DEVICE and one.value is not None and (one.stop, one.figure) in ideals:
            assert abs(one.value - ideals[one.stop, one.figure]) <= 5 * one.stderr + 1e-6


def test_the_device_is_noisy_and_the_larger_code_is_better(found):
    swapped = next(one for one in found if one.sampler == DEVICE and one.stop == "swap over 5 stations")
    assert swapped.value < swapped.ideal - 3 * swapped.stderr
    small, large = (one.value for one in found if one.figure.startswith("errors"))
    assert large < small
    small, large = (one.value for one in found if one.figure.startswith("1 − F"))
    assert large < 0.8 * small


def test_the_json_keeps_the_contract(answer):
    assert answer["command"] == "demo"
    assert answer["seed"] == 4
    assert answer["parameters"]["quick"] is True
    assert all({"value", "stderr", "unit"} <= set(figure) for figure in answer["figures"].values())
    assert len(answer["figures"]) == len(answer["rows"])
    assert all(one["holds"] for one in answer["agreement"])


def test_the_table_fits_in_80_columns(found):
    out = io.StringIO()
    Console(file=out, width=80).print(tour_table(found))
    text = out.getvalue()
    assert "…" not in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert text.count("shots/s") == len(stops()) + 2


def test_a_disagreement_is_told(found):
    wrong = [
        replace(one, value=0.5) if one.stop == "teleport a qubit" and one.sampler == "aer" else one
        for one in found
    ]
    first = verdicts(wrong)[0]
    assert not first.holds
    assert first.text.startswith("Aer and Stim do not agree: fidelity")
    assert str(first).startswith("✗ ")
    assert verdicts(found)[0].holds
