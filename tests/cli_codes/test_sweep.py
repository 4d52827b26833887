"""`qnet sweep`: a study in, points, thresholds and Λ out; every mistake names its key."""

import pytest
import sinter

from qnet.studies import read_study, run_study

STUDY = """
title = "Crossing"
codes = ["repetition"]
distances = [3, 5]
rounds = 1
noises = {uniform = [0.02, 0.04]}
decoders = ["pymatching", "vacuous"]
max_shots = 1500
seed = 4
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_a_study_has_a_row_for_every_point(qnet, study):
    called = qnet("sweep", "study.toml", "--json")
    assert (called.code, called.err) == (0, "")
    answer = called.json
    assert (answer["command"], answer["experiment"], answer["seed"]) == ("sweep", "Crossing", 4)
    found = {(row["code"], row["p"], row["decoder"]) for row in answer["rows"]}
    assert len(found) == len(answer["rows"]) == 8
    assert answer["shots"] == sum(row["shots"] for row in answer["rows"]) == 8 * 1500
    names = [f"lambda ({decoder}, p = {p})" for decoder in ("pymatching", "vacuous") for p in (0.02, 0.04)]
    assert list(answer["figures"]) == names
    assert answer["figures"]["lambda (pymatching, p = 0.02)"]["value"] > 2
    assert abs(answer["figures"]["lambda (vacuous, p = 0.02)"]["value"] - 1) < 0.5


def test_python_gives_the_figures_of_the_command(qnet, study):
    answer = qnet("sweep", "study.toml", "--json").json
    asked = read_study(study)
    result = run_study(asked.study, seed=asked.seed)
    assert answer["figures"] == result.as_dict()["figures"]


def test_the_option_comes_before_the_seed_of_the_file(qnet, study):
    assert qnet("sweep", "study.toml", "--seed", "11", "--json").json["seed"] == 11


def test_a_study_is_drawn_told_and_kept(qnet, study, tmp_path, monkeypatch):
    monkeypatch.delenv("COLUMNS")
    called = qnet("sweep", "study.toml", "--plot", "study.svg", "--save-resume", "study.csv")
    assert called.code == 0
    assert "8 points, 12000 shots, seed 4" in called.out
    assert "basis Z, noise uniform, rounds 1" in called.out
    assert "…" not in called.out.partition("figure")[0]
    assert "picture: study.svg" in called.out
    assert "<svg" in (tmp_path / "study.svg").read_text(encoding="utf-8")
    kept = sinter.read_stats_from_csv_files(tmp_path / "study.csv")
    assert sum(stats.shots for stats in kept) == 12000
    assert {stats.json_metadata["d"] for stats in kept} == {3, 5}
    again = qnet("sweep", "study.toml", "--save-resume", "study.csv")
    assert again.out.splitlines()[:9] == called.out.splitlines()[:9]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("distance = [3]", "there is no key 'distance'; did you mean distances?"),
        ("xyzzy = 1", "there is no key 'xyzzy'; choose from study, seed, codes"),
        ("codes = 3", "codes = 3 must be a text or a list of texts"),
        ('codes = ["sureface"]', "there is no code 'sureface'; did you mean rotated_surface?"),
        ("codes = []", "codes is empty; give at least one"),
        ('codes = ["colour"]\ndistances = [4]', "a triangular colour code has an odd distance"),
        ('distances = [3, "five"]', "distances = [3, 'five'] must be a whole number or a list of them"),
        ("distances = [true]", "distances = [True] must be a whole number"),
        ("distances = [0]", "distances holds 0; give whole numbers from 1 on"),
        ('noises = ["unifrom:0.1"]', "noise unifrom:0.1 is unknown; did you mean uniform:0.1?"),
        ('noises = ["uniform:2"]', "noise uniform:2: '2' is no probability"),
        ('noises = {uniform = ["a"]}', "noises.uniform = ['a'] must be a number or a list of numbers"),
        ("noises = {uniform = nan}", "is no probability"),
        ('decoders = ["blossom"]', "there is no decoder 'blossom'; choose one of vacuous"),
        ('rounds = "two"', "rounds='two' is none; give a number from 1 on, or 'd'"),
        ("rounds = 1.5", "rounds = 1.5 must be a whole number or a text such as 'd'"),
        ('basis = "Y"', "basis='Y' is none; choose one of Z, X, both"),
        ("max_shots = 0", "max_shots=0 is no number of them"),
        ("max_shots = 1e6", "max_shots = 1000000.0 must be a whole number"),
        ("precision = 0", "precision=0.0 is no relative error"),
        ("seed = -1", "seed = -1 is no seed"),
        ('study = "weather"', "study = 'weather' is no kind of study; choose one of codes"),
        ("codes = [", "is no TOML"),
        ('extraction = "bear"', "extraction='bear' is none; choose one of bare, flag, steane"),
        ("noises = []", "noises is empty"),
    ],
)
def test_a_mistake_in_a_file_is_one_line_that_names_it(qnet, tmp_path, line, message):
    needed = {"codes": 'codes = ["repetition:3"]', "noises": 'noises = ["uniform:0.01"]'}
    keys = {part.partition("=")[0].strip() for part in line.splitlines()}
    lines = [text for key, text in needed.items() if key not in keys]
    (tmp_path / "bad.toml").write_text("\n".join([*lines, line]), encoding="utf-8")
    called = qnet("sweep", "bad.toml")
    assert called.code == 2
    assert message in called.err
    assert "bad.toml" in called.err
    assert called.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('noises = "uniform:0.1"', "the key 'codes' is missing; give codes = [\"rotated_surface\"]"),
        ('codes = "steane"', "the key 'noises' is missing"),
        ("\xff", "is no TOML"),
    ],
)
def test_a_file_that_lacks_something_is_refused(qnet, tmp_path, content, message):
    (tmp_path / "bad.toml").write_bytes(content.encode("latin-1"))
    called = qnet("sweep", "bad.toml")
    assert (called.code, message in called.err) == (2, True)


def test_a_file_that_is_not_there_is_told(qnet):
    assert "study 'no.toml' is not there; give a TOML file" in qnet("sweep", "no.toml").err
    assert "study '.' is a folder" in qnet("sweep", ".").err


def test_what_a_file_says_is_never_run(qnet, tmp_path):
    (tmp_path / "bad.toml").write_text(
        "codes = ['''__import__(\"pathlib\").Path(\"made\").touch()''']\nnoises = [\"uniform:0.1\"]"
    )
    assert qnet("sweep", "bad.toml").code == 2
    assert not (tmp_path / "made").exists()
