"""`run` and `execute`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pytest
import qiskit_ibm_runtime
from qiskit import QuantumCircuit
from qiskit.circuit.library import DCXGate
from qiskit.primitives import BackendSamplerV2, StatevectorSampler
from qiskit_aer.primitives import SamplerV2
from qiskit_ibm_runtime.fake_provider import FakeManilaV2

from circuits import bell_pair
from qnet.execution import Experiment, Outcomes, execute, run, sampler
from qnet.results import Figure


@dataclass(frozen=True, kw_only=True)
class Coin:
    """A biased coin, thrown with two circuits."""

    angle: float = 1.0
    label: str = "plain"
    name = "coin"

    def circuits(self) -> list[QuantumCircuit]:
        made = []
        for sign in (1, -1):
            circuit = QuantumCircuit(1, 1)
            circuit.ry(sign * self.angle, 0)
            circuit.measure(0, 0)
            made.append(circuit)
        return made

    def interpret(self, outcomes: Sequence[Outcomes]) -> Mapping[str, Figure]:
        bits = np.concatenate([part.bits[:, 0] for part in outcomes])
        p = float(bits.mean())
        stderr = sqrt(p * (1 - p) / len(bits))
        return {"heads": Figure(p, stderr=stderr, ideal=np.sin(self.angle / 2) ** 2), "n": Figure(len(bits))}


class Drawn(Coin):
    """All shots to one circuit or the other, drawn."""

    def allocation(self, shots: int, rng: np.random.Generator) -> list[int]:
        n = int(rng.integers(shots))
        return [n, shots - n] if n > 1 else [0, shots]


def test_a_result_says_what_it_was_made_of() -> None:
    result = run(Coin(angle=0.5), "aer", shots=3000, seed=4)
    heads = result.figures["heads"]
    assert abs(heads.value - np.sin(0.25) ** 2) < 5 * heads.stderr  # type: ignore[operator]
    assert result.figures["n"].value == 6000
    assert (result.experiment, result.sampler, result.seed, result.shots) == ("coin", "aer", 4, 3000)
    assert result.parameters == {"angle": 0.5, "label": "plain"}
    assert set(result.versions) == {"qnet", "qiskit", "aer", "stim", "numpy", "python"}
    assert result.versions["numpy"] == np.__version__
    assert result.elapsed_s > 0


def test_a_named_sampler_makes_the_same_result_from_the_same_seed() -> None:
    first, again, other = (run(Coin(), "aer", shots=500, seed=seed) for seed in (1, 1, 2))
    assert first.figures == again.figures
    assert first.figures != other.figures


def test_a_seed_is_drawn_and_told() -> None:
    first, second = run(Coin(), "aer", shots=10), run(Coin(), "aer", shots=10)
    assert first.seed != second.seed
    assert run(Coin(), "aer", shots=10, seed=first.seed).figures == first.figures


@pytest.mark.parametrize(
    "machine",
    [SamplerV2(seed=1), StatevectorSampler(seed=1), sampler("aer", seed=1)],
    ids=lambda s: type(s).__name__,
)
def test_any_sampler_runs_an_experiment(machine: Any) -> None:
    heads = run(Coin(angle=1.2), machine, shots=4000, seed=0).figures["heads"]
    assert abs(heads.value - heads.ideal) < 5 * heads.stderr  # type: ignore[operator]


def test_a_backend_inside_qiskits_own_sampler_is_transpiled_for() -> None:
    from support.third_party import LineBackend

    machine = BackendSamplerV2(backend=LineBackend(), options={"seed_simulator": 5})
    heads = run(Coin(angle=1.2), machine, shots=4000, seed=0).figures["heads"]
    assert abs(heads.value - heads.ideal) < 5 * heads.stderr  # type: ignore[operator]


@pytest.mark.parametrize("machine", [SamplerV2(seed=2), SamplerV2.from_backend(FakeManilaV2(), seed=2)])
def test_gates_are_opened_for_aers_own_sampler(machine: Any) -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.x(0)
    circuit.append(DCXGate(), [0, 1])
    circuit.iswap(0, 1)
    circuit.measure([0, 1], [0, 1])
    (outcomes,) = execute([circuit], machine, shots=500)
    assert (outcomes.bits == [1, 0]).all(axis=1).mean() > 0.85


def test_an_experiment_may_allot_its_shots() -> None:
    assert run(Drawn(), "aer", shots=77, seed=3).figures["n"].value == 77


@pytest.mark.parametrize("shots", [0, -1, 1.5, None])
def test_shots_are_checked(shots: Any) -> None:
    with pytest.raises(ValueError, match=f"shots={shots!r} must be a positive whole number"):
        run(Coin(), "aer", shots=shots)
    with pytest.raises(ValueError, match=f"shots={shots!r} must be a positive whole number"):
        execute(Coin().circuits(), sampler("aer"), shots=shots)


def test_wrong_lists_of_shots_and_seeds_are_named() -> None:
    with pytest.raises(ValueError, match="shots has 3 numbers for 2 circuits; give one per circuit"):
        execute(Coin().circuits(), sampler("aer"), shots=[1, 2, 3])
    with pytest.raises(ValueError, match=r"shots\[1\]=-2 must be a non-negative whole number"):
        execute(Coin().circuits(), sampler("aer"), shots=[1, -2])
    with pytest.raises(ValueError, match="seed=-1 must not be negative"):
        run(Coin(), "aer", shots=1, seed=-1)
    with pytest.raises(ValueError, match="seed=-1 must not be negative"):
        sampler("stim", seed=-1)


def test_a_circuit_without_shots_is_not_run() -> None:
    none, some = execute(Coin().circuits(), sampler("aer"), shots=np.array([0, 4]))
    assert (none.bits.shape, some.bits.shape) == ((0, 1), (4, 1))


def test_what_is_no_experiment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"experiment=3 has no circuits\(\) and interpret\(\)"):
        run(3, "stim")  # type: ignore[arg-type]


def test_a_class_in_place_of_an_experiment_is_named() -> None:
    with pytest.raises(ValueError, match=r"^experiment=Coin is a class; give Coin\(…\)$"):
        run(Coin, "stim")  # type: ignore[arg-type]


def test_ibms_own_sampler_is_not_given_error_instructions() -> None:
    with pytest.warns(DeprecationWarning, match="SamplerV2"):
        machine = qiskit_ibm_runtime.SamplerV2(mode=FakeManilaV2())
    with pytest.raises(ValueError, match="SamplerV2 of qiskit-ibm-runtime runs no error instructions"):
        execute([bell_pair(fidelity=0.9)], machine, shots=10)


def test_the_protocol_is_recognised() -> None:
    assert isinstance(Coin(), Experiment)
    assert not isinstance(object(), Experiment)
