"""First and second generation in closed form: pair maps, perfect codes, nested lines."""

from itertools import product

import numpy as np
import pytest

from qnet.repeaters.conditions import Conditions
from qnet.repeaters.delivery import Delivery
from qnet.repeaters.first_generation import NestedPurification, NestedPurifications
from qnet.repeaters.pair_maps import purified, swap_errors, swapped
from qnet.repeaters.second_generation import GOLAY, STEANE, PerfectCode, SwappedPairs, swapping_lines
from qnet.repeaters.third_generation import OneWayLines
from qnet.results import Figure

WERNER = (0.95, 0.05 / 3, 0.05 / 3, 0.05 / 3)


def test_swapping_and_purification_by_their_reference_values() -> None:
    both = swapped(WERNER, WERNER)
    assert both[0] == pytest.approx(0.903333, abs=5e-7)
    plain = purified(both, both, rotated=False)
    assert plain.success == pytest.approx(0.879417, abs=5e-7)
    assert plain.weights == pytest.approx((0.929080, 0.002361, 0.002361, 0.066197), abs=5e-7)
    again = purified(plain.weights, WERNER)
    assert (again.success, again.weights[0]) == pytest.approx((0.902679, 0.977829), abs=5e-7)
    assert purified(WERNER, plain.weights).weights[0] == pytest.approx(0.977829, abs=5e-7)
    assert purified(plain.weights, WERNER, rotated=False).weights[0] == pytest.approx(0.918391, abs=5e-7)


def test_a_noisy_swap_by_its_reference_values() -> None:
    found = swap_errors(0.05, 0.1)
    assert found == pytest.approx((0.780133, 0.098533, 0.0228, 0.098533), abs=5e-7)


@pytest.mark.parametrize(("gate", "readout"), [(0.03, 0.0), (0.0, 0.02), (0.05, 0.01)])
def test_noisy_purification_is_what_the_circuit_does(gate: float, readout: float) -> None:
    """DEJMPS in Stim: Bell-diagonal inputs, a CX with noise and flipped outcomes at both nodes."""
    import stim

    kept, spent = (0.9, 0.05, 0.02, 0.03), (0.86, 0.02, 0.04, 0.08)
    circuit = stim.Circuit("R 0 1 2 3\nH 0 2\nCX 0 1 2 3")
    for qubit, weights in ((1, kept), (3, spent)):
        circuit.append("PAULI_CHANNEL_1", [qubit], weights[1:])
    circuit += stim.Circuit("SQRT_X 0 2\nSQRT_X_DAG 1 3\nCX 0 2 1 3")
    circuit.append("DEPOLARIZE2", [0, 2], gate)
    circuit.append("DEPOLARIZE2", [1, 3], gate)
    circuit.append("M", [2, 3], readout)
    circuit += stim.Circuit("MXX 0 1\nMZZ 0 1")
    shots = 200_000
    bits = circuit.compile_sampler(seed=3).sample(shots)
    agree = bits[:, 0] == bits[:, 1]
    made = purified(kept, spent, gate_error=gate, measurement_error=readout)
    assert abs(agree.mean() - made.success) < 5 * np.sqrt(made.success * (1 - made.success) / shots)
    phase, parity = bits[agree, 2], bits[agree, 3]
    states = [(0, 0), (0, 1), (1, 1), (1, 0)]
    for weight, (minus, odd) in zip(made.weights, states, strict=True):
        share = np.mean((phase == minus) & (parity == odd))
        assert abs(share - weight) < 5 * np.sqrt(weight * (1 - weight) / agree.sum())


def decoded_wrongly(flips: np.ndarray, checks: list[int], leaders: dict[int, int]) -> bool:
    """Whether the syndrome's leader turns flips into an odd word."""
    word = int("".join(map(str, flips)), 2)
    syndrome = sum(((word & check).bit_count() & 1) << k for k, check in enumerate(checks))
    return (word ^ leaders[syndrome]).bit_count() % 2 == 1


def test_steanes_blocks_by_enumeration() -> None:
    q = 0.07
    checks = [0b0001111, 0b0110011, 0b1010101]
    leaders = {0: 0}
    for k in range(7):
        leaders[sum(((1 << k & c).bit_count() & 1) << i for i, c in enumerate(checks))] = 1 << k
    total = sum(
        q ** sum(flips) * (1 - q) ** (7 - sum(flips))
        for flips in product((0, 1), repeat=7)
        if decoded_wrongly(np.array(flips), checks, leaders)
    )
    written = 21 * q**2 * (1 - q) ** 5 + 7 * q**3 * (1 - q) ** 4 + 28 * q**4 * (1 - q) ** 3
    written += 7 * q**6 * (1 - q) + q**7
    assert STEANE.logical_error(q) == pytest.approx(total, rel=1e-12)
    assert STEANE.logical_error(q) == pytest.approx(written, rel=1e-12)


def test_golays_blocks_by_drawing() -> None:
    from circuits.codes.named import golay

    code = golay()
    checks = [int("".join("1" if one == "Z" else "0" for one in c), 2) for c in code.checks if "Z" in c]
    leaders: dict[int, int] = {}
    for weight in range(4):
        from itertools import combinations

        for places in combinations(range(23), weight):
            word = sum(1 << place for place in places)
            leaders[sum(((word & c).bit_count() & 1) << k for k, c in enumerate(checks))] = word
    assert len(leaders) == 2**11
    rng, shots, q = np.random.default_rng(1), 20_000, 0.12
    drawn = (rng.random((shots, 23)) < q).astype(int)
    share = np.mean([decoded_wrongly(flips, checks, leaders) for flips in drawn])
    expected = GOLAY.logical_error(q)
    assert abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / shots)


@pytest.mark.parametrize("code", [STEANE, GOLAY])
def test_half_flipped_blocks_say_nothing(code: PerfectCode) -> None:
    assert code.logical_error(0.5) == pytest.approx(0.5)
    assert code.logical_error(1.0) == pytest.approx(1.0)


def test_what_a_station_reads_is_as_wrong_as_in_the_circuit() -> None:
    """One qubit of each of four blocks, each half of a Bell pair with a reference that sees no noise."""
    import stim

    here = Conditions(length_km=10, gate_error=0.04, coupling=1.0)
    error, readout, weights = here.gate_error, here.readout, here.weights
    blocks, references = [0, 1, 2, 3], [4, 5, 6, 7]
    circuit = stim.Circuit("R 0 1 2 3 4 5 6 7 8 9 10 11\nH 0 1 2 3 8 10\nCX 0 4 1 5 2 6 3 7 8 9 10 11")
    circuit.append("DEPOLARIZE1", blocks, error)
    circuit.append("PAULI_CHANNEL_1", [9, 11], weights[1:])
    for control, target, near, far in ((0, 1, 8, 9), (2, 3, 10, 11)):
        circuit.append("CX", [control, near])
        circuit.append("DEPOLARIZE2", [control, near], error)
        circuit.append("M", [near], readout)
        circuit.append("CX", [stim.target_rec(-1), far])
        circuit.append("CX", [far, target])
        circuit.append("DEPOLARIZE2", [far, target], error)
        circuit.append("MX", [far], readout)
        circuit.append("CZ", [stim.target_rec(-1), control])
    circuit.append("CX", [1, 2])
    circuit.append("DEPOLARIZE2", [1, 2], error)
    circuit.append("MX", [1], readout)
    circuit.append("M", [2], readout)
    letters = {"X": [5, 6, 7], "Z": [4, 5, 6]}
    for letter, which in letters.items():
        whole = circuit.copy()
        whole.append("MX" if letter == "X" else "M", which)
        where = -5 if letter == "X" else -4
        whole.append("DETECTOR", [stim.target_rec(k) for k in (where, -3, -2, -1)])
        shots = 400_000
        share = whole.compile_detector_sampler(seed=9).sample(shots).mean()
        expected = STEANE.flip(here)
        assert abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / shots), letter
    assert len(references) == len(blocks)


def test_a_nested_line_is_its_steps() -> None:
    here = Conditions(length_km=80, gate_error=2e-3, coupling=0.7)
    line = NestedPurification(levels=2, rounds=(1, 0, 1))
    noise = {"gate_error": 2e-3, "measurement_error": 5e-4}
    swap = swap_errors(2e-3, 5e-4)
    link = purified(here.weights, here.weights, **noise)
    once = swapped(link.weights, link.weights, swap)
    twice = swapped(once, once, swap)
    last = purified(twice, twice, **noise)
    made = line.delivery(here)
    assert made.fidelity.value == pytest.approx(last.weights[0], rel=1e-12)
    assert made.qubits == 8
    p, attempt, light = here.heralding(20), here.attempt_s(20), 2e5
    first = (attempt * (3 - 2 * p) / (p * (2 - p)) + 20 / light + 2e-6) / link.success
    second = 1.5 * first + 20 / light + 2e-6
    third = 1.5 * second + 40 / light + 2e-6
    time = (1.5 * third + 80 / light + 2e-6) / last.success
    assert made.rate_hz == pytest.approx(1 / time, rel=1e-12)


def test_the_cheapest_cost_is_no_more_than_any_other() -> None:
    here = Conditions(length_km=1000, gate_error=1e-3, coupling=0.9)
    lines = swapping_lines(STEANE, here)
    assert len(lines) > 20
    few = swapping_lines(STEANE, here, links=[50])
    assert few[0].hops == 50
    chance = here.heralding(20)
    assert few[0].rate_hz < 1 / (here.attempt_s(20) / chance)
    assert few[0].qubits == 28


def test_encoding_helps_at_small_errors_only() -> None:
    def better(error: float) -> bool:
        here = Conditions(length_km=10, gate_error=error, coupling=1.0)
        return STEANE.pair(here).infidelity.value < SwappedPairs().pair(here).infidelity.value

    assert better(1e-3)
    assert not better(2e-2)


def test_swapped_pairs_are_a_swap() -> None:
    here = Conditions(length_km=10, gate_error=0.03, coupling=1.0)
    expected = swapped(here.weights, swap_errors(0.03, 0.0075))
    pair = SwappedPairs().pair(here)
    assert [1 - sum(pair.errors), *pair.errors] == pytest.approx(expected, rel=1e-12)


def test_cost_counts_qubits_per_bit_and_kilometre() -> None:
    made = Delivery(
        generation="third",
        scheme="x",
        length_km=200,
        spacing_km=4,
        rate_hz=1e3,
        fidelity=Figure(1.0),
        secret_fraction=Figure(0.5, stderr=0.01),
        qubits=10,
    )
    total = 10 * 200 / 4
    assert made.cost_coefficient.value == pytest.approx(total / 500 / 200)
    assert made.cost_coefficient.stderr == pytest.approx(made.cost_coefficient.value * 0.02)
    assert made.secret_bits_per_s_and_station.value == pytest.approx(10)


def test_no_line_where_there_is_no_key() -> None:
    assert OneWayLines().deliveries(Conditions(length_km=1000, gate_error=1e-3, coupling=0.5)) == []


def test_a_line_too_short_for_links_is_one_link() -> None:
    lines = NestedPurifications(shortest_km=5).deliveries(Conditions(length_km=8, gate_error=0, coupling=1))
    assert {line.hops for line in lines} == {1}


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: Conditions(length_km=0, gate_error=0, coupling=1), r"length_km=0 must be above 0 km"),
        (lambda: Conditions(length_km=1, gate_error=1.5, coupling=1), r"gate_error=1\.5 is out of range"),
        (lambda: Conditions(length_km=1, gate_error=0, coupling=1.2), r"coupling=1\.2 is out of range"),
        (lambda: NestedPurification(levels=2, rounds=(1,)), r"must hold 3 numbers"),
        (lambda: NestedPurification(levels=0, rounds=(-1,)), r"rounds=-1 must be a whole number"),
        (lambda: purified(WERNER, WERNER, gate_error=-1), r"gate_error=-1 is out of range"),
        (lambda: STEANE.logical_error(2.0), r"flip=2\.0 is out of range"),
        (
            lambda: swapping_lines(STEANE, Conditions(length_km=9, gate_error=0, coupling=1), links=[0]),
            r"links=0 must be a whole number of at least 1",
        ),
    ],
)
def test_bad_input_is_one_line(call: object, match: str) -> None:
    with pytest.raises(ValueError, match=match) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)
