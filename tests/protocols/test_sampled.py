"""Known answers within 5 σ, sampled on Aer and on Stim; what is not Clifford is refused by Stim."""

from __future__ import annotations

from typing import Any

import pytest

from circuits.errors import NotClifford
from qnet.execution import run
from qnet.protocols import (
    BB84,
    BBM92,
    BBPSSW,
    CHSH,
    DEJMPS,
    E91,
    GHZ,
    MDI,
    PROTOCOLS,
    BellPair,
    DoubleSelection,
    EntanglementPumping,
    EntanglementSwapping,
    GHZDistribution,
    RemoteCX,
    SixState,
    SuperdenseCoding,
    Teleportation,
)

CLIFFORD = (
    BellPair(fidelity=0.9),
    Teleportation(fidelity=0.9),
    Teleportation(fidelity=0.9, corrections="frame"),
    EntanglementSwapping(stations=5, fidelity=0.97),
    EntanglementSwapping(stations=3, fidelity=0.97, corrections="postselect"),
    SuperdenseCoding(fidelity=0.85),
    BBPSSW(fidelity=0.8),
    DEJMPS(weights=(0.7, 0.05, 0.2, 0.05)),
    DoubleSelection(fidelity=0.9),
    EntanglementPumping(rounds=2, fidelity=0.9),
    GHZ(n=4),
    GHZDistribution(fidelity=0.95, corrections="frame"),
    RemoteCX(fidelity=0.9),
    RemoteCX(fidelity=0.9, corrections="deferred"),
    BB84(z_probability=0.8),
    SixState(),
    BBM92(weights=(0.9, 0.06, 0.0, 0.04)),
    MDI(),
)
ONLY_ON_AER = (CHSH(fidelity=0.95), E91(fidelity=0.97), GHZ(n=3, settings="angles"))


def agrees(experiment: Any, machine: str, shots: int) -> None:
    result = run(experiment, machine, shots=shots, seed=11)
    assert result.experiment == experiment.name
    for name, figure in result.figures.items():
        assert figure.stderr > 0, name
        assert abs(figure.value - figure.ideal) < 5 * figure.stderr, (name, str(figure), figure.ideal)


@pytest.mark.parametrize("experiment", CLIFFORD, ids=repr)
def test_stim_agrees_with_the_known_answers(experiment: Any) -> None:
    agrees(experiment, "stim", 4000)


@pytest.mark.parametrize("experiment", [*CLIFFORD, *ONLY_ON_AER], ids=repr)
def test_aer_agrees_with_the_known_answers(experiment: Any) -> None:
    agrees(experiment, "aer", 500)


@pytest.mark.parametrize("experiment", ONLY_ON_AER, ids=repr)
def test_stim_refuses_what_is_not_clifford(experiment: Any) -> None:
    with pytest.raises(NotClifford, match="not Clifford"):
        run(experiment, "stim", shots=10, seed=1)


@pytest.mark.parametrize("name", sorted(set(PROTOCOLS) - {"chsh", "e91"}))
def test_few_shots_are_enough_for_a_figure(name: str) -> None:
    figures = run(PROTOCOLS[name](), "stim", shots=60, seed=5).figures
    assert all(0 <= figure.value <= 1 + 1e-9 for figure in figures.values())


def test_signals_are_shared_out_among_the_circuits() -> None:
    result = run(BB84(), "stim", shots=1000, seed=3)
    fraction = result.figures["sifted_fraction"]
    assert (fraction.value * 1000) % 1 == pytest.approx(0, abs=1e-9)
    assert fraction.value != 0.5
    assert result.parameters == {"z_probability": 0.5}
