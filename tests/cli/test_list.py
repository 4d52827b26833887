"""`qnet list`."""

from dataclasses import fields

from qnet.protocols import PROTOCOLS

GOLDEN = [
    "bell_pair",
    "teleportation",
    "entanglement_swapping",
    "superdense_coding",
    "bbpssw",
    "dejmps",
    "double_selection",
    "entanglement_pumping",
    "ghz",
    "ghz_distribution",
    "remote_cx",
    "teledata",
    "chsh",
    "bb84",
    "six_state",
    "b92",
    "sarg04",
    "e91",
    "bbm92",
    "mdi",
    "repetition_memory",
    "detection_memory",
    "encoded_swapping",
]


def test_the_protocols_are_listed_with_their_summaries(qnet):
    called = qnet("list")
    heads = [line.split()[0] for line in called.out.splitlines() if line and not line.startswith(" ")]
    assert heads == ["protocol", *GOLDEN, "qnet"]
    assert max(map(len, called.out.splitlines())) <= 80
    assert PROTOCOLS["dejmps"].summary in called.out


def test_the_rows_have_every_parameter_with_its_default(qnet):
    rows = {row["name"]: row for row in qnet("list", "--json").json["rows"]}
    assert list(rows) == GOLDEN
    for name, experiment in PROTOCOLS.items():
        made = experiment()
        assert [one["name"] for one in rows[name]["parameters"]] == [
            field.name for field in fields(experiment)
        ]
        for one in rows[name]["parameters"]:
            default = getattr(made, one["name"])
            assert one["default"] == (list(default) if isinstance(default, tuple) else default)


def test_the_parameters_of_one(qnet):
    lines = qnet("list", "swapping").out.splitlines()
    assert lines[0] == f"entanglement_swapping: {PROTOCOLS['entanglement_swapping'].summary}"
    assert lines[2].split() == ["stations", "1", "int"]
