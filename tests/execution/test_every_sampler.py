"""One battery that every sampler passes, against the exact distribution of its circuits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter
from qiskit.circuit.classical import expr
from qiskit.primitives import BaseSamplerV2
from qiskit_aer.noise import depolarizing_error, pauli_error
from support.exact import distribution
from support.sampled import assert_sampled_from
from support.third_party import LineBackend

from circuits import bell_pair, teleportation
from circuits.noise import CircuitNoise
from qnet.execution import Outcomes, StimSampler, execute, sampler

NOISELESS = CircuitNoise.uniform_depolarizing(0.0)
SHOTS = 3000

SAMPLERS: dict[str, Callable[..., BaseSamplerV2]] = {
    "aer": lambda **k: sampler("aer", **k),
    "stim": lambda **k: sampler("stim", **k),
    "StimSampler": StimSampler,
    "fake_manila": lambda **k: sampler("fake_manila", noise=NOISELESS, **k),
    "fake_torino": lambda **k: sampler("fake_torino", noise=NOISELESS, **k),
    "fake_torino on stim": lambda **k: sampler("fake_torino", noise=NOISELESS, engine="stim", **k),
    "third party": lambda **k: sampler(LineBackend(), **k),
    "third party, counts": lambda **k: sampler(LineBackend(counts_only=True), **k),
}
every_sampler = pytest.mark.parametrize("make", SAMPLERS.values(), ids=SAMPLERS)


def _wide() -> QuantumCircuit:
    """Three registers: one wider than a byte, one whose bits are another's in a different order."""
    q, a, wide = QuantumRegister(4, "q"), ClassicalRegister(3, "a"), ClassicalRegister(11, "wide")
    again = ClassicalRegister(bits=[a[2], wide[9], a[0]], name="again")
    circuit = QuantumCircuit(q, a, wide, again)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.x(2)
    circuit.h(3)
    circuit.measure([0, 1, 2, 3], [a[2], wide[9], wide[0], a[0]])
    return circuit


def _dynamic() -> QuantumCircuit:
    q, a, b = QuantumRegister(3, "q"), ClassicalRegister(2, "a"), ClassicalRegister(2, "b")
    circuit = QuantumCircuit(q, a, b)
    circuit.h([0, 1])
    circuit.measure([0, 1], a)
    with circuit.if_test(expr.bit_xor(expr.index(a, 0), expr.index(a, 1))) as otherwise:
        circuit.x(2)
    with otherwise:
        circuit.z(2)
    circuit.measure(2, b[0])
    circuit.reset(0)
    circuit.h(0)
    circuit.cx(0, 1)
    with circuit.if_test((a[1], 1)):
        circuit.x(1)
    circuit.measure(1, b[1])
    return circuit


def _with_errors() -> QuantumCircuit:
    """Error instructions on pairs that no device couples, lopsided, one of them just before the end."""
    circuit = QuantumCircuit(4, 4)
    circuit.h(0)
    circuit.cx(0, 3)
    circuit.append(pauli_error([("IX", 0.2), ("ZI", 0.3), ("II", 0.5)]), [3, 1])
    circuit.cx(1, 2)
    circuit.h([0, 3])
    circuit.append(depolarizing_error(0.3, 1), [0])
    circuit.append(pauli_error([("IX", 0.1), ("XX", 0.25), ("II", 0.65)]), [2, 0])
    circuit.measure(range(4), range(4))
    return circuit


def _teleported() -> QuantumCircuit:
    circuit = teleportation(pair=bell_pair(fidelity=0.8))
    start = circuit.copy_empty_like()
    start.x(0)
    start.compose(circuit, inplace=True)
    out = ClassicalRegister(1, "out")
    start.add_register(out)
    start.measure(2, out[0])
    return start


CIRCUITS = {
    "registers": _wide(),
    "feed-forward": _dynamic(),
    "error instructions": _with_errors(),
    "teleportation over a Werner pair": _teleported(),
}


@every_sampler
@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=CIRCUITS)
def test_outcomes_are_those_of_the_circuit(make: Any, circuit: QuantumCircuit) -> None:
    (outcomes,) = execute([circuit], make(seed=11), shots=SHOTS)
    assert_sampled_from(outcomes.bits, distribution(circuit))


@every_sampler
def test_bits_of_a_register_are_in_the_order_of_its_integer(make: Any) -> None:
    q, low, high = QuantumRegister(3), ClassicalRegister(2, "low"), ClassicalRegister(12, "high")
    circuit = QuantumCircuit(q, low, high)
    circuit.x([0, 2])
    circuit.measure([0, 1, 2], [low[1], high[3], high[10]])
    data = make(seed=1).run([circuit], shots=3).result()[0].data
    assert data.low.get_int_counts() == {0b10: 3}
    assert data.high.get_int_counts() == {1 << 10: 3}
    assert data.high.array.shape == (3, 2)


@every_sampler
def test_parameter_arrays_keep_their_shape(make: Any) -> None:
    a, b = Parameter("a"), Parameter("b")
    circuit = QuantumCircuit(2, 2)
    circuit.rx(a, 0)
    circuit.rz(b, 0)
    circuit.ry(b, 1)
    circuit.measure([0, 1], [0, 1])
    half = np.pi * np.array([[[0, 0], [1, 0], [0, 1]], [[1, 1], [0.5, 0], [0, 0.5]]])
    result = make(seed=5).run([(circuit, half, 2000), circuit.assign_parameters([0, np.pi])]).result()
    found = result[0].data.c
    assert (found.shape, found.num_shots, result[0].metadata["shots"]) == ((2, 3), 2000, 2000)
    for index in np.ndindex(2, 3):
        bound = circuit.assign_parameters(half[index])
        part = Outcomes.from_data(_Part(found[index]), circuit)
        assert_sampled_from(part.bits, distribution(bound))
    assert result[1].data.c.get_counts() == {"10": 1024}


class _Part:
    def __init__(self, array: Any) -> None:
        self.data, self.metadata = {"c": array}, {}


def _coins() -> QuantumCircuit:
    circuit = QuantumCircuit(2)
    circuit.h([0, 1])
    circuit.measure_all()
    return circuit


@every_sampler
def test_runs_and_pubs_draw_anew_and_a_seed_repeats(make: Any) -> None:
    first, again = make(seed=9), make(seed=9)
    runs = [s.run([_coins(), _coins()], shots=64).result() for s in (first, first, again)]
    drawn = [pub.data.meas.array.tobytes() for run in runs for pub in run]
    assert len(set(drawn[:4])) == 4
    assert drawn[4:] == drawn[:2]
    assert make(seed=10).run([_coins()], shots=64).result()[0].data.meas.array.tobytes() not in drawn


@every_sampler
def test_parameter_sets_of_one_pub_draw_apart(make: Any) -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.ry(Parameter("t"), 0)
    circuit.measure(0, 0)
    data = make(seed=2).run([(circuit, [[np.pi / 2], [np.pi / 2]], 128)]).result()[0].data.c
    assert data[0].array.tobytes() != data[1].array.tobytes()


@every_sampler
def test_shots_are_the_pubs_then_the_runs_then_the_samplers(make: Any) -> None:
    circuit = _coins()
    made = make(seed=3, default_shots=17)
    result = made.run([(circuit, None, 5), circuit], shots=9).result()
    assert [pub.data.meas.num_shots for pub in result] == [5, 9]
    assert made.run([circuit]).result()[0].data.meas.num_shots == 17


@every_sampler
@pytest.mark.parametrize("shots", [0, -3, 2.5, True, "many"])
def test_shots_that_are_no_positive_number_are_refused(make: Any, shots: Any) -> None:
    with pytest.raises(ValueError, match=f"shots={shots!r} must be a positive whole number"):
        make().run([_coins()], shots=shots)
    with pytest.raises(ValueError, match=f"shots of PUB 1={shots!r} must be a positive whole number"):
        make().run([_coins(), (_coins(), None, shots)])


@every_sampler
def test_a_wrong_seed_is_refused_before_anything_runs(make: Any) -> None:
    for seed in (1.5, "7", True):
        with pytest.raises(ValueError, match=f"seed={seed!r} must be a whole number from 0, or None"):
            make(seed=seed)
    with pytest.raises(ValueError, match="seed=-1 must not be negative"):
        make(seed=-1)


@pytest.mark.parametrize("name", ["aer", "stim", "fake_manila", LineBackend()])
@pytest.mark.parametrize("noise", [0.01, "si1000:0.001", {}])
def test_what_is_no_noise_is_refused(name: Any, noise: Any) -> None:
    with pytest.raises(ValueError, match=f"noise={noise!r} must be a CircuitNoise, such as"):
        sampler(name, noise=noise)


@every_sampler
def test_unbound_parameters_are_named(make: Any) -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.rx(Parameter("theta"), 0)
    circuit.measure(0, 0)
    with pytest.raises(ValueError, match="PUB 0 has unbound parameters: theta; bind them"):
        make().run([circuit])
    with pytest.raises(ValueError, match="PUB 1 has unbound parameters: theta; bind them"):
        make().run([(circuit, [0.0]), (circuit, {"phi": 0.0})])
    with pytest.raises(ValueError, match="PUB 0 gives the parameter theta a value that is not finite"):
        make().run([(circuit, [[0.0], [np.nan]])])


@every_sampler
@pytest.mark.parametrize("name", ["items", "keys", "shape", "values", "size", "ndim", "_data", "self"])
def test_a_register_that_results_cannot_hold_is_named(make: Any, name: str) -> None:
    circuit = QuantumCircuit(QuantumRegister(1), ClassicalRegister(1, name))
    circuit.measure(0, 0)
    with pytest.raises(ValueError, match=f"cannot hold a register called '{name}'; rename it"):
        make().run([circuit])


@every_sampler
def test_a_circuit_without_measurements_gives_zeros_or_nothing(make: Any) -> None:
    circuit = QuantumCircuit(1, 2)
    circuit.x(0)
    assert make().run([circuit], shots=4).result()[0].data.c.get_counts() == {"00": 4}
    bare = QuantumCircuit(1)
    bare.x(0)
    with pytest.warns(UserWarning, match="no classical registers"):
        result = make().run([bare], shots=4).result()
    assert len(result[0].data) == 0


@every_sampler
def test_metadata_of_the_circuit_comes_along(make: Any) -> None:
    circuit = _coins()
    circuit.metadata = {"corrections": "frame"}
    pub = make().run([circuit], shots=2).result()[0]
    assert pub.metadata["circuit_metadata"] == {"corrections": "frame"}
