"""Interpretation without sampling: exact distributions in, the ideal figures out.

The distributions come from density matrices of the circuits, the ideals from closed forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import isnan, sqrt
from typing import Any

import numpy as np
import pytest
from qiskit import QuantumCircuit
from support.exact import distribution

from circuits.library import FORMS
from qnet.execution import Outcomes
from qnet.protocols import (
    B92,
    BB84,
    BBM92,
    BBPSSW,
    CHSH,
    DEJMPS,
    E91,
    GHZ,
    MDI,
    PROTOCOLS,
    SARG04,
    BellPair,
    DoubleSelection,
    EntanglementPumping,
    EntanglementSwapping,
    GHZDistribution,
    NothingKept,
    RemoteCX,
    RepetitionMemory,
    SixState,
    SuperdenseCoding,
    Teledata,
    Teleportation,
)

LOPSIDED = (0.6, 0.2, 0.15, 0.05)
KEYS = (
    BB84(),
    BB84(z_probability=0.9),
    SixState(),
    B92(),
    SARG04(),
    E91(fidelity=0.9),
    BBM92(fidelity=0.94),
    BBM92(weights=LOPSIDED, z_probability=0.7),
    MDI(z_probability=0.6),
)
OTHERS = (
    BellPair(fidelity=0.8),
    BellPair(state="psi-", fidelity=0.7),
    BellPair(state="psi+", weights=LOPSIDED),
    *[Teleportation(weights=LOPSIDED, corrections=form) for form in FORMS],
    Teleportation(fidelity=0.0),
    *[EntanglementSwapping(weights=LOPSIDED, corrections=form) for form in FORMS],
    EntanglementSwapping(fidelity=0.95),
    *[EntanglementSwapping(stations=2, fidelity=0.9, corrections=form) for form in ("frame", "postselect")],
    SuperdenseCoding(weights=LOPSIDED),
    BBPSSW(fidelity=0.6),
    BBPSSW(weights=LOPSIDED),
    BBPSSW(weights=LOPSIDED, twirl=True),
    DEJMPS(weights=LOPSIDED),
    DoubleSelection(weights=LOPSIDED),
    EntanglementPumping(rounds=1, weights=LOPSIDED),
    EntanglementPumping(rounds=2, weights=LOPSIDED),
    EntanglementPumping(rounds=2, step="bbpssw", fidelity=0.8),
    GHZ(n=2),
    GHZ(n=4),
    GHZ(n=4, settings="angles"),
    *[GHZDistribution(topology="chain", weights=LOPSIDED, corrections=form) for form in FORMS],
    GHZDistribution(weights=LOPSIDED),
    RepetitionMemory(),
    RepetitionMemory(distance=2, rounds=3, basis="X", decoder="lookup"),
    GHZDistribution(parties=2, weights=LOPSIDED, corrections="postselect"),
    GHZDistribution(topology="chain", weights=LOPSIDED, corrections="postselect", settings="angles"),
    GHZDistribution(parties=2, topology="chain", weights=LOPSIDED, settings="angles"),
    *[RemoteCX(weights=LOPSIDED, corrections=form) for form in FORMS],
    *[Teledata(weights=LOPSIDED, corrections=form) for form in ("feedforward", "postselect")],
    CHSH(weights=LOPSIDED),
    CHSH(fidelity=0.85),
)


def exact(circuit: QuantumCircuit, chance: float = 1.0) -> Outcomes:
    """The exact distribution as weighted outcomes; bits that cannot differ from 0 are still columns."""
    found = distribution(circuit)
    weights = chance * np.array(list(found.values()))
    return Outcomes(bits=np.array(list(found), dtype=np.uint8), weights=weights)


def figures_of(experiment: Any) -> dict[str, Any]:
    chances = experiment.probabilities() if hasattr(experiment, "probabilities") else None
    circuits = experiment.circuits()
    weights: Sequence[float] = np.ones(len(circuits)) if chances is None else chances
    return dict(experiment.interpret([exact(c, w) for c, w in zip(circuits, weights, strict=True)]))


@pytest.mark.parametrize("experiment", [*KEYS, *OTHERS], ids=repr)
def test_exact_outcomes_give_the_ideal_figures(experiment: Any) -> None:
    figures = figures_of(experiment)
    assert figures
    for name, figure in figures.items():
        assert figure.ideal is not None, name
        assert abs(figure.value - figure.ideal) < 1e-8, (name, figure)


def test_every_protocol_is_among_them() -> None:
    """Those on codes are too large for a density matrix, but for the repetition code."""
    on_codes = {"detection_memory", "encoded_swapping"}
    assert {experiment.name for experiment in (*KEYS, *OTHERS)} == set(PROTOCOLS) - on_codes


@pytest.mark.parametrize(
    ("experiment", "name", "value"),
    [
        (EntanglementSwapping(fidelity=0.95), "fidelity", 0.903333333),
        (EntanglementSwapping(stations=2, fidelity=0.9), "fidelity", 0.25 + 0.75 * (2.6 / 3) ** 3),
        (Teleportation(fidelity=0.9), "fidelity", 2.8 / 3),
        (BBPSSW(fidelity=0.8), "success_probability", 0.768888889),
        (BBPSSW(fidelity=0.8), "yield", 0.384444444),
        (BBPSSW(fidelity=0.8), "fidelity", 0.838150289),
        (DEJMPS(weights=(0.9, 0.0, 0.1, 0.0)), "success_probability", 1.0),
        (DEJMPS(weights=(0.9, 0.0, 0.1, 0.0)), "fidelity", 0.82),
        (CHSH(fidelity=0.9), "chsh_s", 2 * sqrt(2) * 2.6 / 3),
        (RemoteCX(fidelity=0.9), "process_fidelity", 0.9),
        (RemoteCX(fidelity=0.9), "average_fidelity", 4.6 / 5),
        (SuperdenseCoding(fidelity=0.9), "success_probability", 0.9),
    ],
    ids=lambda value: repr(value) if hasattr(value, "name") else str(value),
)
def test_known_answers(experiment: Any, name: str, value: float) -> None:
    assert figures_of(experiment)[name].value == pytest.approx(value, abs=1e-8)


def test_only_the_postselected_form_has_a_kept_share() -> None:
    for form in FORMS:
        assert ("kept" in figures_of(Teleportation(corrections=form))) == (form == "postselect")


@pytest.mark.parametrize(
    "experiment", [Teleportation(corrections="postselect"), DEJMPS(), BB84(), E91(), CHSH()], ids=repr
)
def test_weights_count_as_shots(experiment: Any) -> None:
    """An outcome of weight 3 gives the value of three equal ones, whose error is smaller."""
    rng = np.random.default_rng(5)
    circuits = experiment.circuits()
    bits = [rng.integers(2, size=(200, c.num_clbits), dtype=np.uint8) for c in circuits]
    weights = [rng.integers(1, 4, size=200) for _ in circuits]
    weighted = experiment.interpret([Outcomes(bits=b, weights=w) for b, w in zip(bits, weights, strict=True)])
    repeated = experiment.interpret(
        [Outcomes(bits=np.repeat(b, w, axis=0)) for b, w in zip(bits, weights, strict=True)]
    )
    for name, figure in weighted.items():
        assert figure.value == pytest.approx(repeated[name].value)
        assert figure.stderr > repeated[name].stderr > 0


@pytest.mark.parametrize(
    "experiment",
    [
        DEJMPS(),
        EntanglementPumping(),
        Teleportation(corrections="postselect"),
        RemoteCX(corrections="postselect"),
    ],
    ids=lambda e: e.name,
)
def test_nothing_kept_is_an_error_by_name(experiment: Any) -> None:
    circuits = experiment.circuits()
    lost = [_one_lost_shot(c) for c in circuits]
    with pytest.raises(NothingKept, match="no shot was kept, so that there is no figure; take more shots"):
        experiment.interpret(lost)
    none = [Outcomes(bits=np.zeros((0, c.num_clbits), dtype=np.uint8)) for c in circuits]
    with pytest.raises(NothingKept, match="no shot was kept"):
        experiment.interpret(none)


def _one_lost_shot(circuit: QuantumCircuit) -> Outcomes:
    bits = np.zeros((1, circuit.num_clbits), dtype=np.uint8)
    keep = circuit.metadata["keep"]
    if keep:
        bits[0, keep[0][0]] = 1
    return Outcomes(bits=bits)


def test_no_sifted_signal_is_an_error_and_a_basis_without_one_has_no_error_rate() -> None:
    def sent(*settings: int) -> list[Outcomes]:
        return [
            Outcomes(bits=np.zeros((3 if k in settings else 0, 1), dtype=np.uint8))
            for k in range(len(BB84().circuits()))
        ]

    order = list(product((0, 1), "ZX", "ZX"))
    with pytest.raises(NothingKept, match="no signal of bb84 was sifted, so that there is no key; send more"):
        BB84().interpret(sent(order.index((0, "Z", "X"))))
    figures = BB84().interpret(sent(order.index((1, "Z", "Z"))))
    assert figures["qber_z"].value == 1
    assert isnan(figures["qber_x"].value)


def test_e91_without_one_of_its_settings_has_no_chsh_value() -> None:
    outcomes = [exact(c) for c in E91().circuits()]
    outcomes[0] = Outcomes(bits=np.zeros((0, 2), dtype=np.uint8))
    figures = E91().interpret(outcomes)
    assert isnan(figures["chsh_s"].value)
    assert figures["qber"].value == pytest.approx(0, abs=1e-12)


def test_rotations_of_a_twirl_count_equally_however_many_shots_each_had() -> None:
    experiment = BBPSSW(weights=LOPSIDED, twirl=True)
    outcomes = [exact(c, 1.0 + k % 5) for k, c in enumerate(experiment.circuits())]
    figures = experiment.interpret(outcomes)
    for name in ("fidelity", "success_probability"):
        assert figures[name].value == pytest.approx(figures[name].ideal, abs=1e-8)


def test_an_eavesdropper_on_bb84_shows_as_in_theory() -> None:
    """Eve measures everything in Z and resends: no errors in Z, one half in X."""
    circuits = BB84().circuits()
    for circuit in circuits:
        place = next(k for k, item in enumerate(circuit.data) if item.operation.name == "barrier")
        eve = QuantumCircuit(1)
        circuit.data[place] = circuit.data[place].replace(operation=_dephasing(eve))
    figures = BB84().interpret([exact(c, 1 / 8) for c in circuits])
    assert figures["qber_z"].value == pytest.approx(0, abs=1e-12)
    assert figures["qber_x"].value == pytest.approx(0.5)
    assert figures["qber"].value == pytest.approx(0.25)


def _dephasing(circuit: QuantumCircuit) -> Any:
    from qiskit_aer.noise import pauli_error

    circuit.append(pauli_error([("I", 0.5), ("Z", 0.5)]), [0])
    return circuit.data[0].operation
