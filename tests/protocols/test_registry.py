"""The experiments by name, their fields from text, and what they refuse."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import qnet.protocols
from qnet.errors import QnetError
from qnet.protocols import (
    B92,
    BB84,
    DEJMPS,
    GHZ,
    PROTOCOLS,
    BellPair,
    RawBits,
    Teleportation,
    UnknownProtocol,
    from_text,
    protocol,
    raw_bits,
)

NAMES = [
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


def test_the_protocols_by_name() -> None:
    assert list(PROTOCOLS) == NAMES
    with pytest.raises(TypeError, match="does not support item assignment"):
        PROTOCOLS["more"] = GHZ  # type: ignore[index]


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_is_a_frozen_value(name: str) -> None:
    experiment = PROTOCOLS[name]()
    assert experiment.name == name
    assert 10 < len(experiment.summary) < 70
    assert "\n" not in experiment.summary
    assert (
        eval(repr(experiment), vars(qnet.protocols) | {type(experiment).__name__: type(experiment)})
        == experiment
    )
    assert hash(experiment) == hash(PROTOCOLS[name]())
    assert dataclasses.replace(experiment) == experiment
    for field in dataclasses.fields(experiment):
        assert field.kw_only
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
            setattr(experiment, field.name, None)


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_has_its_circuits(name: str) -> None:
    experiment = PROTOCOLS[name]()
    circuits = experiment.circuits()
    assert (
        len({circuit.name for circuit in circuits}) == len(circuits)
        or hasattr(experiment, "table")
        or name
        in (
            "superdense_coding",
            "chsh",
        )
    )
    assert all(circuit.num_clbits > 0 for circuit in circuits)
    assert experiment.circuit().num_qubits <= circuits[0].num_qubits
    assert experiment.circuits() == circuits


def test_names_may_be_spelt_with_hyphens_or_by_a_word_of_their_own() -> None:
    assert protocol("entanglement-swapping") is PROTOCOLS["entanglement_swapping"]
    assert protocol(" Swapping ") is PROTOCOLS["entanglement_swapping"]
    assert protocol("GHZ") is GHZ
    assert protocol("superdense") is PROTOCOLS["superdense_coding"]
    assert protocol("BB84") is BB84
    assert protocol("repetition-memory") is PROTOCOLS["repetition_memory"]
    assert protocol("encoded") is PROTOCOLS["encoded_swapping"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("teleportaton", "there is no protocol 'teleportaton'; did you mean teleportation?"),
        ("bb94", "there is no protocol 'bb94'; did you mean bb84?"),
        ("swaping", "there is no protocol 'swaping'; did you mean entanglement_swapping?"),
        ("repetition_memry", "there is no protocol 'repetition_memry'; did you mean repetition_memory?"),
        ("memory", "protocol 'memory' may be any of repetition_memory, detection_memory"),
        ("entanglement", "protocol 'entanglement' may be any of entanglement_swapping, entanglement_pumping"),
        ("xyzzy", "there is no protocol 'xyzzy'; choose one of bell_pair, teleportation"),
        ("", "there is no protocol ''; choose one of"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(UnknownProtocol, match=message.replace("?", r"\?")) as caught:
        protocol(name)
    assert isinstance(caught.value, QnetError)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("experiment", "text", "expected"),
    [
        ("entanglement_swapping", {"stations": "5", "fidelity": "0.95"}, {"stations": 5, "fidelity": 0.95}),
        ("dejmps", {"weights": "0.9,0.05,0.03,0.02"}, {"weights": (0.9, 0.05, 0.03, 0.02)}),
        ("dejmps", {"weights": "(0.9, 0.05, 0.03, 0.02)"}, {"weights": (0.9, 0.05, 0.03, 0.02)}),
        ("teleportation", {"fidelity": "none", "corrections": "frame"}, {"corrections": "frame"}),
        ("bbpssw", {"twirl": "true"}, {"twirl": True}),
        ("bbpssw", {"twirl": "No"}, {"twirl": False}),
        ("bb84", {"z-probability": "0.9"}, {"z_probability": 0.9}),
        ("b92", {}, {}),
    ],
)
def test_fields_are_typed_from_text(experiment: str, text: dict[str, str], expected: dict[str, Any]) -> None:
    cls = PROTOCOLS[experiment]
    made = from_text(cls, text)
    assert made == cls(**expected)
    for name, value in expected.items():
        assert type(getattr(made, name)) is type(value)


@pytest.mark.parametrize(
    ("experiment", "text", "message"),
    [
        (DEJMPS, {"fidelty": "0.9"}, "dejmps has no parameter 'fidelty'; did you mean fidelity?"),
        (DEJMPS, {"n": "3"}, "dejmps has no parameter 'n'; choose one of fidelity, weights"),
        (B92, {"n": "3"}, "b92 has no parameter 'n'; it has none at all"),
        (GHZ, {"n": "three"}, "n='three' does not read; give a whole number"),
        (GHZ, {"n": "3.5"}, "n='3.5' does not read; give a whole number"),
        (DEJMPS, {"fidelity": "high"}, "fidelity='high' does not read; give a number"),
        (DEJMPS, {"weights": "1;0"}, "weights='1;0' does not read; give numbers with commas between them"),
        (PROTOCOLS["bbpssw"], {"twirl": "maybe"}, "twirl='maybe' does not read; give true or false"),
        (DEJMPS, {"fidelity": "1.2"}, "fidelity=1.2 is out of range; give a number from 0 to 1"),
    ],
)
def test_text_that_does_not_do(experiment: Any, text: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("?", r"\?")) as caught:
        from_text(experiment, text)
    assert "\n" not in str(caught.value)


FORM = r"corrections='magic' is unknown; choose one of feedforward, deferred, frame, postselect"
MIXTURE = r"are no mixture of Bell states; give four probabilities that sum to 1"
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    *[
        (name, {"fidelity": 1.5}, "fidelity=1.5 is out of range; give a number from 0 to 1")
        for name in NAMES[:8]
    ],
    *[(name, {"fidelity": float("nan")}, "fidelity=nan is out of range") for name in NAMES[:8]],
    *[(name, {"weights": (0.5, 0.5, 0.5, 0.5)}, MIXTURE) for name in NAMES[:8]],
    *[(name, {"weights": (1.5, -0.5, 0, 0)}, MIXTURE) for name in NAMES[:8]],
    *[(name, {"weights": "flat"}, MIXTURE) for name in NAMES[:8]],
    *[
        (name, {"fidelity": 1.0, "weights": (1, 0, 0, 0)}, "say the same thing twice; give one")
        for name in (*NAMES[:8], "ghz_distribution", "remote_cx", "teledata", "chsh", "bbm92")
    ],
    *[
        (name, {"corrections": "magic"}, FORM)
        for name in ("teleportation", "entanglement_swapping", "ghz_distribution", "remote_cx", "teledata")
    ],
    ("bell_pair", {"state": "phi"}, r"state='phi' is unknown; choose one of phi\+, psi\+, psi-, phi-"),
    ("entanglement_swapping", {"stations": 0}, "stations=0 does not do; give a whole number from 1 to 10000"),
    ("entanglement_swapping", {"stations": 1.5}, "stations=1.5 does not do"),
    ("entanglement_swapping", {"stations": True}, "stations=True does not do"),
    ("entanglement_pumping", {"rounds": 0}, "rounds=0 does not do; give a whole number from 1 to 1000"),
    ("entanglement_pumping", {"step": "x"}, "step='x' is unknown; choose one of dejmps, bbpssw"),
    ("superdense_coding", {"message": "2"}, "message='2' is unknown; choose one of 00, 01, 10, 11"),
    ("bbpssw", {"twirl": 3}, "twirl=3 does not do; give True or False"),
    ("ghz", {"n": 1}, "n=1 does not do; give a whole number from 2 to 1000"),
    ("ghz", {"n": 11}, 'n=11 needs 1024 settings of Pauli operators; give at most 10, or settings="angles"'),
    ("ghz", {"settings": "all"}, "settings='all' is unknown; choose one of paulis, angles"),
    ("ghz_distribution", {"parties": 1}, "parties=1 does not do; give a whole number from 2 to 1000"),
    *[
        (name, {field: 10**9}, f"{field}=1000000000 does not do; give a whole number from")
        for name, field in [
            ("entanglement_swapping", "stations"),
            ("entanglement_pumping", "rounds"),
            ("ghz", "n"),
            ("ghz_distribution", "parties"),
        ]
    ],
    ("ghz_distribution", {"parties": 12}, "parties=12 needs 2048 settings"),
    ("ghz_distribution", {"topology": "ring"}, "topology='ring' is unknown; choose one of star, chain"),
    ("ghz_distribution", {"settings": "all"}, "settings='all' is unknown"),
    *[
        (name, {"z_probability": 1.0}, "z_probability=1.0 is out of range; give a number between 0 and 1")
        for name in ("bb84", "bbm92", "mdi")
    ],
    ("e91", {"fidelity": -0.1}, "fidelity=-0.1 is out of range"),
    ("e91", {"fidelity": "high"}, "fidelity='high' is out of range"),
]


@pytest.mark.parametrize(("name", "fields", "message"), REFUSED, ids=lambda value: str(value))
def test_every_field_is_checked(name: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        PROTOCOLS[name](**fields)
    assert "\n" not in str(caught.value)


def test_numbers_of_numpy_become_plain_ones() -> None:
    made = DEJMPS(weights=np.array([0.7, 0.1, 0.1, 0.1], dtype=np.float32))  # type: ignore[arg-type]
    assert made.weights == pytest.approx((0.7, 0.1, 0.1, 0.1), abs=1e-7)
    assert sum(made.weights or ()) == pytest.approx(1, abs=1e-15)
    assert eval(repr(DEJMPS(fidelity=np.float64(0.9)))) == DEJMPS(fidelity=0.9)


def test_a_list_of_weights_becomes_a_value() -> None:
    made = DEJMPS(weights=[1, 0, 0, 0])  # type: ignore[arg-type]
    assert made.weights == (1.0, 0.0, 0.0, 0.0)
    assert hash(made) == hash(DEJMPS(weights=(1, 0, 0, 0)))
    assert (made.fidelity, DEJMPS().fidelity, Teleportation().fidelity) == (None, 0.9, 1.0)
    assert BellPair(fidelity=0.5).fidelity == 0.5


def test_every_public_name_is_there() -> None:
    assert [name for name in qnet.protocols.__all__ if not hasattr(qnet.protocols, name)] == []
    assert set(qnet.protocols.__all__) <= set(dir(qnet.protocols))
    assert {cls.__name__ for cls in PROTOCOLS.values()} <= set(qnet.protocols.__all__)
    assert callable(raw_bits)
    assert isinstance(RawBits, type)
    with pytest.raises(AttributeError, match="has no attribute 'bb85'"):
        qnet.protocols.bb85  # noqa: B018


def test_listing_the_protocols_imports_no_qiskit() -> None:
    code = (
        "import sys\nfrom qnet.protocols import PROTOCOLS, protocol\n"
        "made = protocol('swapping').summary\n"
        "print([m for m in ('qiskit', 'qiskit_aer', 'matplotlib', 'pymatching') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
