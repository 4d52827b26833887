"""The tables that go with the figures: what each figure is made of, against ideals that are computed."""

from typing import Any

import numpy as np
import pytest

from qnet.execution import run
from qnet.protocols import PROTOCOLS
from qnet.results import Result

WEIGHTS = (0.7, 0.15, 0.05, 0.1)


def table(name: str, engine: str = "stim", **settings: Any) -> tuple[Result, dict[str, float]]:
    """A run, and the values of its rows by name; each row is within 5 σ of its ideal."""
    result = run(PROTOCOLS[name](**settings), engine, shots=4000, seed=11)
    for row in result.rows:
        assert abs(row["value"] - row["ideal"]) < 5 * row["stderr"], row
    return result, {row["name"]: row["value"] for row in result.rows}


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("bell_pair", {"weights": WEIGHTS}),
        ("entanglement_swapping", {"weights": WEIGHTS, "stations": 2}),
        ("entanglement_swapping", {"weights": WEIGHTS, "corrections": "postselect"}),
    ],
)
def test_the_correlators_make_the_fidelity(name: str, settings: dict[str, Any]) -> None:
    result, rows = table(name, **settings)
    fidelity = (1 + rows["⟨XX⟩"] - rows["⟨YY⟩"] + rows["⟨ZZ⟩"]) / 4
    assert result.figures["fidelity"].value == pytest.approx(fidelity, abs=1e-12)


@pytest.mark.parametrize("state", ["phi+", "psi+", "psi-", "phi-"])
def test_the_correlators_of_every_bell_state(state: str) -> None:
    _, rows = table("bell_pair", state=state, fidelity=0.9)
    signs = {"phi+": (1, -1, 1), "psi+": (1, 1, -1), "psi-": (-1, -1, -1), "phi-": (-1, 1, 1)}[state]
    assert [rows[f"⟨{pair}⟩"] for pair in ("XX", "YY", "ZZ")] == pytest.approx(
        np.array(signs) * (4 * 0.9 - 1) / 3, abs=5 * 0.5 / np.sqrt(4000)
    )


def test_the_settings_of_chsh_make_its_value() -> None:
    result, rows = table("chsh", "aer", weights=WEIGHTS)
    total = rows["E(0, 0)"] + rows["E(0, 1)"] + rows["E(1, 0)"] - rows["E(1, 1)"]
    assert result.figures["chsh_s"].value == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("name", ["remote_cx", "teledata"])
@pytest.mark.parametrize("corrections", ["feedforward", "frame"])
def test_the_truth_table_of_a_gate(name: str, corrections: str) -> None:
    result, rows = table(name, weights=WEIGHTS, corrections=corrections)
    assert list(rows) == ["|00⟩ → |00⟩", "|01⟩ → |01⟩", "|10⟩ → |11⟩", "|11⟩ → |10⟩"]
    assert result.figures["truth_table"].value == pytest.approx(np.mean(list(rows.values())), abs=1e-12)


def test_the_six_states_make_the_fidelity_of_teleportation() -> None:
    result, rows = table("teleportation", weights=WEIGHTS)
    assert len(rows) == 6
    assert result.figures["fidelity"].value == pytest.approx(np.mean(list(rows.values())), abs=1e-12)


def test_others_have_no_table() -> None:
    assert run(PROTOCOLS["bb84"](), "stim", shots=100, seed=1).rows == ()
