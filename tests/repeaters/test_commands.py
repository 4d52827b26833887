"""`qnet repeater one-way`, `chain`, `compare`: known answers, the output, one line for a mistake."""

import csv

import pytest

CONTRACT = {"command", "parameters", "seed", "figures", "versions", "elapsed_s"}


def test_one_way_at_a_code_and_a_spacing(qnet):
    asked = ["repeater", "one-way", "--code", "parity:23,5", "--spacing", "1.5", "--length", "1000"]
    called = qnet(*asked, "--attenuation-length", "20", "--json")
    assert (called.code, called.err) == (0, "")
    answer = called.json
    assert set(answer) >= CONTRACT
    assert answer["command"] == "repeater one-way"
    assert answer["figures"]["success"]["value"] == pytest.approx(0.97025, abs=5e-6)
    assert answer["figures"]["success"]["stderr"] is None
    assert answer["parameters"]["attenuation_length_km"] == 20
    assert "success" in qnet(*asked).out


def test_one_way_is_optimised_without_a_code(qnet):
    answer = qnet("repeater", "one-way", "--length", "500", "--gate-error", "1e-3", "--json").json
    chosen = answer["parameters"]["chosen"]
    assert chosen["code"].startswith("parity:")
    given = ["--code", chosen["code"], "--spacing", str(chosen["spacing_km"]), "--gate-error", "1e-3"]
    again = qnet("repeater", "one-way", "--length", "500", *given, "--json").json
    assert again["figures"] == answer["figures"]


def test_one_way_is_simulated(qnet):
    asked = ["repeater", "one-way", "--code", "parity:3,3", "--spacing", "2", "--length", "10", "--seed", "5"]
    answer = qnet(*asked, "--gate-error", "0.01", "--shots", "20000", "--json").json
    assert answer["seed"] == 5
    for name in ("simulated_station_success", "simulated_station_e_x", "simulated_station_e_z"):
        figure = answer["figures"][name]
        assert abs(figure["value"] - figure["ideal"]) <= 5 * figure["stderr"]


def test_a_tree(qnet):
    asked = [
        "repeater",
        "one-way",
        "--code",
        "tree:4,14,4",
        "--length",
        "1",
        "--spacing",
        "1",
        "--coupling",
        "0.8",
    ]
    answer = qnet(*asked, "--attenuation-length", "1e12", "--json").json
    assert answer["figures"]["success"]["value"] == pytest.approx(0.990894, abs=5e-7)


def test_a_chain(qnet):
    asked = ["repeater", "chain", "--stations", "9", "--e-x", "0.01", "--e-y", "0.002", "--e-z", "0.03"]
    answer = qnet(*asked, "--json").json
    lam = [1 - 2 * (0.03 + 0.002), 1 - 2 * (0.01 + 0.03), 1 - 2 * (0.01 + 0.002)]
    expected = (1 + sum(one**10 for one in lam)) / 4
    assert answer["figures"]["fidelity"]["value"] == pytest.approx(expected, rel=1e-12)
    assert answer["figures"]["pairs"]["value"] == 10


def test_a_chain_over_a_length_has_a_rate_below_its_bound(qnet):
    asked = ["repeater", "chain", "--stations", "49", "--fidelity", "0.999", "--length", "1000", "--json"]
    bits = qnet(*asked).json["figures"]["secret_bits_per_s"]
    assert 0 < bits["value"] < bits["bound"]


def test_a_chain_of_simulated_links_is_kept(qnet, tmp_path):
    file = tmp_path / "links.csv"
    asked = ["repeater", "chain", "--stations", "3", "--scheme", "surgery", "--distance", "3"]
    asked += ["--seam-noise", "0.05", "--precision", "0.2", "--save-resume", str(file), "--json"]
    first = qnet(*asked, "--seed", "1").json
    second = qnet(*asked, "--seed", "2").json
    assert first["figures"]["fidelity"] == second["figures"]["fidelity"]
    assert first["figures"]["fidelity"]["stderr"] > 0
    assert (first["source"], first["seed"]) == ("measured", 1)


def test_a_chain_takes_the_smallest_distance_that_reaches_its_target(qnet, tmp_path):
    asked = ["repeater", "chain", "--stations", "4", "--seam-noise", "0.02", "--target-fidelity", "0.97"]
    answer = qnet(*asked, "--save-resume", str(tmp_path / "l.csv"), "--seed", "3", "--json").json
    assert answer["figures"]["fidelity"]["value"] >= 0.97
    assert answer["link"].startswith("surgery:")
    assert answer["link"] != "surgery:3"


def test_a_chain_with_a_rate_of_pairs_has_a_time(qnet):
    asked = [
        "repeater",
        "chain",
        "--stations",
        "1",
        "--seam-noise",
        "0.03",
        "--pair-rate",
        "1e4",
        "--precision",
        "0.2",
    ]
    figures = qnet(*asked, "--seed", "2", "--json").json["figures"]
    assert figures["time"]["value"] == pytest.approx(15 / 1e4)
    assert figures["pairs"]["value"] == 30


def test_compare_at_a_point_along_an_axis_and_on_a_map(qnet, tmp_path):
    point = qnet("repeater", "compare", "--gate-error", "1e-3", "--coupling", "0.9", "--json").json
    assert set(point) >= CONTRACT | {"rows"}
    assert {row["generation"] for row in point["rows"]} == {"first", "second", "second encoded", "third"}
    assert set(point["figures"]) >= {"cost_coefficient", "secret_bits_per_s", "secret_bits_per_s_and_station"}
    table, picture = tmp_path / "t.csv", tmp_path / "map.svg"
    asked = ["repeater", "compare", "--points", "2", "--csv", str(table), "--plot", str(picture)]
    called = qnet(*asked, "--length", "5000")
    assert (called.code, called.err) == (0, "")
    assert "E encoded" in called.out
    with table.open() as file:
        assert len(list(csv.DictReader(file))) >= 4
    assert picture.read_text().startswith("<?xml")
    along = qnet("repeater", "compare", "--length", "100:1000", "--points", "2", "--gate-error", "1e-3",
                 "--coupling", "0.9", "--plot", str(tmp_path / "d.png"))  # fmt: skip
    assert along.code == 0


def test_pictures_of_lines_and_chains(qnet, tmp_path):
    line = ["repeater", "one-way", "--code", "parity:5,3", "--spacing", "1", "--length", "20"]
    chain = ["repeater", "chain", "--stations", "5", "--fidelity", "0.99"]
    for k, asked in enumerate((line, chain)):
        file = tmp_path / f"{k}.png"
        assert qnet(*asked, "--plot", str(file)).code == 0
        assert file.read_bytes().startswith(b"\x89PNG")


ONE_WAY = ("repeater", "one-way", "--length", "1000")
CHAIN = ("repeater", "chain", "--stations")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((*ONE_WAY, "--coupling", "1.2"), "coupling=1.2 is out of range; it must be above 0 and at most 1"),
        ((*ONE_WAY, "--code", "partiy:2,2", "--spacing", "1"), "did you mean parity:2,2?"),
        ((*ONE_WAY, "--code", "parity:2", "--spacing", "1"), "write parity:n,m"),
        ((*ONE_WAY, "--spacing", "0"), "spacing_km=0.0 must be above 0 km"),
        ((*ONE_WAY, "--optimise", "money"), "choose from photons, qubits, secret-bits"),
        ((*ONE_WAY, "--target-fidelity", "0.99999", "--gate-error", "0.02"), "reaches a fidelity of 0.99999"),
        ((*ONE_WAY, "--target-success", "0.9999", "--largest", "10"), "comes nearest"),
        ((*ONE_WAY, "--coupling", "0.4"), "no code makes up for a loss of half"),
        ((*ONE_WAY, "--gate-error", "2"), "'2' is no share; give a number from 0 to 1"),
        ((*ONE_WAY, "--shots", "0"), "--shots 0 leaves nothing to count"),
        ((*CHAIN, "-1", "--fidelity", "0.9"), "makes a chain of no links"),
        ((*CHAIN, "3", "--e-x", "0.1", "--fidelity", "0.9"), "give the pair's errors, or what it is made of"),
        ((*CHAIN, "3", "--e-x", "0.1", "--distance", "3"), "--e-x, --e-y, --e-z and --distance"),
        ((*CHAIN, "3", "--target-fidelity", "0.2"), "is out of reach of any link"),
        ((*CHAIN, "3", "--e-x", "0.6", "--e-z", "0.6"), "they exclude each other"),
        ((*CHAIN, "3", "--fidelity", "1.1"), "'1.1' is no share"),
        (
            (*CHAIN, "3", "--fidelity", "0.9", "--length", "100", "--coupling", "3"),
            "coupling=3.0 is out of range",
        ),
        (("repeater", "compare", "--coupling", "0.1:1.4", "--points", "2"), "coupling=1.4 is out of range"),
        (("repeater", "compare", "--gate-error", "x"), "give a number, or START:STOP"),
        (("repeater", "compare", "--length", "10:100"), "give a number for one of them"),
        (("repeater", "compare", "--points", "1"), "give at least 2"),
        (("repeater", "compare", "--gate-error", "0:0.1"), "give 0 < START < STOP"),
        (("repeater",), "a command is missing; give one of"),
    ],
)
def test_a_mistake_is_one_line(qnet, asked, said):
    called = qnet(*asked, "--json")
    assert called.code == 2
    assert called.err.count("\n") == 1
    assert said in called.err
    assert set(called.json["error"]) == {"type", "message"}
