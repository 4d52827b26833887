"""`qnet qkd`: known answers, the contract of the output, and one line for every mistake."""

import csv
import math

import pytest

from qnet.bounds import plob
from qnet.qkd.presets import preset
from qnet.qkd.registry import RATES, rate_protocol

CONTRACT = {"command", "parameters", "seed", "figures", "versions", "elapsed_s"}
WANG = [
    option
    for pair in ("efficiency=0.5", "dark_count_probability=1e-9", "misalignment=0.03", "f_ec=1.15")
    for option in ("--set", pair)
]


def test_one_point_has_the_rate_its_bound_and_the_optimum(qnet):
    called = qnet("qkd", "rate", "twin-field", "--length", "300", *WANG, "--json")
    assert (called.code, called.err) == (0, "")
    answer = called.json
    assert set(answer) >= CONTRACT
    assert answer["command"] == "qkd rate"
    rate = answer["figures"]["rate"]
    assert rate["value"] == pytest.approx(3.8587e-6, rel=1e-4)
    assert (rate["stderr"], rate["unit"]) == (None, "bit/pulse")
    assert rate["bound"] == pytest.approx(-math.log2(1 - 1e-3), rel=1e-9)
    assert set(answer["figures"]) >= {"gain", "qber", "phase_error_rate"}
    parameters = answer["parameters"]
    assert parameters["optimised"]["intensity"] == pytest.approx(0.4542, abs=2e-3)
    assert parameters["detector"]["efficiency"] == 0.5
    assert (parameters["length_km"], parameters["preset"], parameters["block"]) == (300, "snspd-metro", None)


def test_what_is_set_is_not_optimised(qnet):
    fixed = ["--set", "intensity=0.2", "--length", "300"]
    answer = qnet("qkd", "rate", "twin-field", *WANG, *fixed, "--json").json
    assert list(answer["parameters"]["optimised"]) == ["sending_probability"]
    assert answer["parameters"]["intensity"] == 0.2
    assert answer["figures"]["rate"]["value"] < 3.8e-6


def test_a_finite_key_has_a_length_a_proof_and_its_failure_probabilities(qnet):
    asked = ("qkd", "rate", "bb84", "--length", "20", "--finite", "1e6")
    answer = qnet(*asked, "--json").json
    endless = qnet("qkd", "rate", "bb84", "--length", "20", "--json").json
    figures = answer["figures"]
    assert figures["length"]["value"] == int(figures["length"]["value"]) > 0
    assert figures["rate"]["value"] == pytest.approx(figures["length"]["value"] / figures["pulses"]["value"])
    assert figures["rate"]["value"] < endless["figures"]["rate"]["value"]
    block = answer["parameters"]["block"]
    assert (block["bits"], block["bound"]) == (1e6, rate_protocol("bb84").bound)
    assert "Tomamichel" in block["proof"]
    text = qnet(*asked).out
    assert "proof: Tomamichel" in text
    smaller = qnet(*asked, "--set", "epsilon=1e-20", "--json").json
    assert smaller["figures"]["length"]["value"] < figures["length"]["value"]
    assert sum(
        smaller["parameters"]["block"]["epsilon"][part]
        for part in ("secrecy", "correctness", "authentication", "smoothing")
    ) == pytest.approx(1e-20)


def test_blocks_may_be_given_in_pulses(qnet):
    answer = qnet("qkd", "rate", "bb84", "--length", "20", "--pulses", "1e8", "--json").json
    assert answer["figures"]["pulses"]["value"] == 1e8
    assert answer["parameters"]["block"]["pulses"] == 1e8


def test_a_curve_is_rows_a_table_and_a_picture(qnet, tmp_path):
    asked = ("qkd", "rate", "sarg04", "--curve", "0:300:50", "--csv", "s.csv", "--plot", "s.svg")
    called = qnet(*asked, "--json")
    rows = called.json["rows"]
    assert [row["length_km"] for row in rows] == [0, 50, 100, 150, 200, 250, 300]
    assert called.json["figures"]["reach_km"]["value"] == max(r["length_km"] for r in rows if r["rate"] > 0)
    with (tmp_path / "s.csv").open() as file:
        read = list(csv.DictReader(file))
    assert [float(row["rate"]) for row in read] == [row["rate"] for row in rows]
    assert float(read[1]["intensity"]) == rows[1]["intensity"]
    single = qnet("qkd", "rate", "sarg04", "--length", "100", "--json").json
    assert rows[2]["rate"] == pytest.approx(single["figures"]["rate"]["value"], rel=1e-3)
    drawn = (tmp_path / "s.svg").read_text()
    assert "<svg" in drawn
    text = qnet(*asked).out
    assert "intensity" in text
    assert "reaches" in text


def test_one_point_is_drawn_on_its_curve(qnet, tmp_path):
    called = qnet("qkd", "rate", "bb84", "--length", "30", "--plot", "p.png", "--csv", "p.csv")
    assert called.code == 0
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    with (tmp_path / "p.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert float(row["length_km"]) == 30


def test_through_space_the_length_is_a_distance(qnet):
    asked = ("qkd", "rate", "bb84", "--preset", "micius2017")
    near, far = (qnet(*asked, "--length", km, "--json").json for km in ("600", "1200"))
    assert near["parameters"]["transmittance"] == pytest.approx(4 * far["parameters"]["transmittance"])
    assert near["parameters"]["length_km"] == 600
    assert "loss_db_per_km" not in near["parameters"]
    assert qnet(*asked, "--curve", "500:1500:500", "--plot", "space.png").code == 0


def test_protocols_and_bounds_are_compared(qnet, tmp_path):
    asked = ("qkd", "compare", "bb84", "twin-field", "--curve", "0:300:100", "--repeaters", "0,2")
    answer = qnet(*asked, "--json", "--plot", "c.png", "--csv", "c.csv").json
    assert set(answer) >= CONTRACT
    curves = {row["curve"]: row["kind"] for row in answer["rows"]}
    assert curves == {
        "bb84": "protocol",
        "twin-field": "protocol",
        "PLOB bound": "bound",
        "bound with 2 repeaters": "bound",
    }
    plobs = {row["length_km"]: row["rate"] for row in answer["rows"] if row["curve"] == "PLOB bound"}
    assert plobs == pytest.approx({x: float(plob(10 ** (-x / 50))) for x in (100, 200, 300)})
    assert answer["figures"]["reach_km of twin-field"]["value"] == 300
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert len((tmp_path / "c.csv").read_text().splitlines()) == 1 + len(answer["rows"])
    text = qnet(*asked).out
    assert all(name in text for name in curves)


def test_several_blocks_are_several_curves_each_below_the_longer(qnet):
    asked = (
        "qkd",
        "compare",
        "bb84",
        "--finite",
        "1e4",
        "--finite",
        "1e6",
        "--endless",
        "--curve",
        "10:50:20",
    )
    rows = qnet(*asked, "--repeaters", "none", "--json").json["rows"]
    rates = {
        name: [row["rate"] for row in rows if row["curve"] == name]
        for name in ("bb84, 1e+04 bits", "bb84, 1e+06 bits", "bb84, endless")
    }
    assert len(rows) == 9
    for small, middle, large in zip(*rates.values(), strict=True):
        assert 0 < small < middle < large


def test_the_protocols_are_listed_with_what_ends_in_a_finite_key(qnet):
    rows = {row["name"]: row for row in qnet("qkd", "protocols", "--json").json["rows"]}
    assert list(rows) == list(RATES)
    assert rows["bb84"]["finite"] is True
    assert not any(rows[name]["finite"] for name in ("twin-field", "di", "b92", "sarg04"))
    text = qnet("qkd", "protocols").out
    assert all(name in text for name in RATES)
    assert "angle_deg" in qnet("qkd", "protocols", "b92").out
    assert {p["name"] for p in qnet("qkd", "protocols", "b92", "--json").json["rows"][0]["parameters"]} == {
        "source",
        "intensity",
        "angle_deg",
        "f_ec",
    }


@pytest.mark.parametrize("name", list(RATES))
def test_every_protocol_is_reckoned_and_only_those_with_a_proof_have_finite_keys(qnet, name):
    called = qnet("qkd", "rate", name, "--length", "5", "--json")
    assert called.code == 0
    figure = called.json["figures"]["rate"]
    assert 0 <= figure["value"] <= figure["bound"]
    if RATES[name].proof is None:
        refused = qnet("qkd", "rate", name, "--length", "5", "--finite", "1e7", "--json")
        assert refused.code == 2
        assert refused.json["error"]["type"] == "NoFiniteKeyProof"
        assert refused.err.count("\n") == 1
        assert f"{name} has no finite-key proof here" in refused.err


def test_presets_are_listed_with_their_sources(qnet):
    rows = {row["name"]: row for row in qnet("qkd", "presets", "--json").json["rows"]}
    assert rows["gys"]["detector"]["efficiency"] == 0.045
    assert all(row["source"] == preset(name).source for name, row in rows.items())
    assert "lim2014" in qnet("qkd", "presets").out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("rate bb85 --length 5", 2, "there is no key rate of 'bb85'; did you mean bb84?"),
        ("rate bb84", 2, "--length KM or --curve START:STOP:STEP: neither was given"),
        ("rate bb84 --length 5 --curve 0:9:1", 2, "both were given; give one of the two"),
        ("rate bb84 --length far", 2, "'far' is no number"),
        ("rate bb84 --length nan", 2, "'nan' is no number"),
        ("rate bb84 --length -5", 2, "length_km=-5.0 is out of range"),
        ("rate bb84 --curve 0:9", 2, "write START:STOP:STEP, such as 0:400:5"),
        ("rate bb84 --curve 9:0:1", 2, "give 0 <= START < STOP and STEP > 0"),
        ("rate bb84 --curve 0:9:1e-9", 2, "give a step for 2 to 10000 of them"),
        ("rate bb84 --length 5 --preset foo", 2, "there is no preset 'foo'; choose one of gys"),
        ("rate bb84 --length 5 --set effciency=1", 2, "did you mean efficiency?"),
        ("rate bb84 --length 5 --set efficiency=0", 2, "efficiency=0.0 is out of range; give one above 0"),
        ("rate bb84 --length 5 --set f_ec=0.9", 2, "f_ec=0.9 is out of range; it must be at least 1"),
        ("rate bb84 --length 5 --set misalignment=0.6", 2, "misalignment=0.6 is out of range"),
        ("rate bb84 --length 5 --set f_ec=x", 2, "f_ec='x' does not read; give a number"),
        ("rate bb84 --length 5 --set f_ec", 2, "has no '='"),
        ("rate bb84 --length 5 --finite 0", 2, "bits=0.0 is no size of a block"),
        ("rate bb84 --length 5 --finite 1e6 --pulses 1e6", 2, "the block has one size"),
        ("rate bb84 --length 5 --finite 1e6 --set epsilon=0", 2, "epsilon=0.0 is no failure probability"),
        ("rate bb84 --length 5 --finite 1e6 --set secrecy=2", 2, "secrecy=2.0 is no failure probability"),
        ("rate bb84 --length 5 --finite 1e6 --set epsilon=1e-9 --set secrecy=1e-9", 2, "not both"),
        ("rate bb84 --length 50 --finite 100", 1, "gives no key over 10 dB; the shortest that does has"),
        ("rate bb84 --length 5 --plot a.gif", 2, "end it in .png, .svg or .pdf"),
        ("rate bb84 --length 5 --csv nowhere/a.csv", 2, "nowhere"),
        ("rate bb84 --preset micius2017 --length 500 --set loss_db_per_km=1", 2, "a link through space"),
        ("compare bb84 twin-field --finite 1e6 --curve 0:50:25", 2, "twin-field has no finite-key proof"),
        ("compare bb84 --repeaters x", 2, "give whole numbers from 0 up, such as 0,1,3"),
        ("compare bb84 --set angle_deg=3", 2, "has no parameter 'angle_deg'"),
        ("protocols nope", 2, "there is no key rate of 'nope'"),
    ],
)
def test_a_mistake_is_one_line(qnet, arguments, code, told):
    called = qnet("qkd", *arguments.split(), "--json")
    assert called.code == code
    assert told in called.json["error"]["message"]
    assert called.err.count("\n") == 1


@pytest.mark.parametrize("command", ["rate", "compare", "protocols", "presets"])
def test_every_help_has_examples(qnet, command):
    called = qnet("qkd", command, "--help")
    assert called.code == 0
    assert f"qnet qkd {command}" in called.out.partition("Examples:")[2]


def test_a_missing_command_is_told(qnet):
    assert "compare" in qnet("qkd").out
    assert "a command is missing" in qnet("qkd", "--json").json["error"]["message"]
