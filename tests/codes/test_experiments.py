"""Code experiments: deterministic without noise, of the right distance, and as Stim's own with noise."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pymatching
import pytest
import stim

from circuits.codes import colour, five_qubit, four_two_two, parity, repetition, rotated_surface, shor, steane
from circuits.codes.link import Link
from circuits.codes.memory import bell_memory, memory
from circuits.codes.schedule import Schedule
from circuits.codes.surgery import logical_bell_pair, pairs_per_round
from circuits.noise import CircuitNoise

CSS = [
    rotated_surface(2),
    rotated_surface(3),
    rotated_surface(3, 5),
    steane(),
    colour(5),
    repetition(4),
    shor(),
    parity(2, 3),
    four_two_two(),
]


@pytest.mark.parametrize("code", CSS, ids=lambda code: code.name)
@pytest.mark.parametrize("basis", ["X", "Z"])
@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_memory_is_certain_without_noise(code, basis, rounds):
    """Stim's error analysis refuses a circuit with a detector or observable that is not certain."""
    circuit = memory(code, rounds=rounds, basis=basis)
    assert circuit.detector_error_model().num_errors == 0
    of_basis = sum(basis in check for check in code.checks)
    assert circuit.num_detectors == (rounds - 1) * len(code.checks) + 2 * of_basis
    assert circuit.num_observables == code.k


@pytest.mark.parametrize("extraction", ["bare", "flag", "steane"])
def test_detectors_of_a_colour_code_have_their_colour(extraction):
    """An error X on one data qubit flips Z checks of one, two or three different colours."""
    circuit = memory(colour(3), rounds=2, extraction=extraction)
    marks = circuit.get_detector_coordinates()
    colours = [mark[3] for mark in marks.values()]
    assert {len(mark) for mark in marks.values()} == {4}
    assert set(colours) == ({0, 1, 2, 3, 4, 5} if extraction == "bare" else {-1, 0, 1, 2, 3, 4, 5})
    noisy = stim.Circuit(f"X_ERROR(0.1) {' '.join(map(str, range(7)))}")
    at = next(k for k, op in enumerate(circuit) if op.name == "SHIFT_COORDS")
    model = (circuit[:at] + noisy + circuit[at:]).detector_error_model()
    errors = [error for error in model.flattened() if error.type == "error"]
    assert len(errors) == 7
    for error in errors:
        shades = [marks[t.val][3] for t in error.targets_copy() if t.is_relative_detector_id()]
        assert len(set(shades)) == len(shades) > 0
        assert set(shades) <= {3, 4, 5}


@pytest.mark.parametrize("code", [*CSS[:4], five_qubit()], ids=lambda code: code.name)
@pytest.mark.parametrize("rounds", [1, 3])
def test_bell_memory_is_certain_without_noise(code, rounds):
    circuit = bell_memory(code, rounds=rounds)
    assert circuit.detector_error_model().num_errors == 0
    assert circuit.num_detectors == (rounds + 1) * len(code.checks)
    assert circuit.num_observables == 2 * code.k


@pytest.mark.parametrize(
    ("width", "height", "basis", "distance"),
    [(3, 3, "X", 3), (3, 3, "Z", 3), (5, 5, "Z", 5), (3, 5, "Z", 3), (3, 5, "X", 5), (4, 2, "X", 2)],
)
def test_surface_memory_reaches_its_distance(width, height, basis, distance):
    """A Z memory is broken by logical X, whose weight is the width; hooks do not shorten it."""
    noisy = memory(
        rotated_surface(width, height),
        rounds=3,
        basis=basis,
        noise=CircuitNoise.uniform_depolarizing(0.001),
    )
    assert len(noisy.shortest_graphlike_error()) == distance


def test_bare_steane_memory_has_distance_two():
    """One bare ancilla a check: a hook and one more error are enough, whatever the code's distance."""
    noisy = memory(steane(), rounds=2, noise=CircuitNoise.uniform_depolarizing(0.001))
    assert len(noisy.shortest_graphlike_error(ignore_ungraphlike_errors=True)) == 2


KNOBS = (
    "after_clifford_depolarization",
    "before_round_data_depolarization",
    "before_measure_flip_probability",
    "after_reset_flip_probability",
)


@pytest.mark.parametrize("basis", ["Z", "X"])
@pytest.mark.parametrize("distance", [3, 5])
@pytest.mark.parametrize("rates", [(0.005,) * 4, (0.002, 0.003, 0.005, 0.007), (0.0, 0.01, 0.0, 0.0)])
def test_memory_has_the_error_model_of_stims_own(distance, basis, rates):
    """Error for error, by the places of the checks; our patch is Stim's turned round."""
    given = dict(zip(KNOBS, rates, strict=True))
    task = f"surface_code:rotated_memory_{basis.lower()}"
    theirs = stim.Circuit.generated(task, distance=distance, rounds=distance, **given)
    noise = CircuitNoise.generated(**given)
    assert noise == CircuitNoise.uniform_depolarizing(0.005) or len(set(rates)) > 1
    code = rotated_surface(distance)
    turned = replace(code, logical_x=(code.logical_x[0][::-1],), logical_z=(code.logical_z[0][::-1],))
    ours = memory(turned, rounds=distance, basis=basis, noise=noise)
    expected = _placed(theirs)
    tries = [_placed(ours, _as_stim(distance, turn)) for turn in range(8)]
    found = next(one for one in tries if one.keys() == expected.keys())
    assert len(found) > 8
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("distance", "expected"), [(3, 1.732e-2), (5, 1.410e-2)])
def test_memory_fails_as_often_as_is_known(distance, expected):
    noise, shots = CircuitNoise.uniform_depolarizing(0.005), 100_000
    circuit = memory(rotated_surface(distance), rounds=distance, noise=noise)
    failed = _failures(circuit, shots)[:, 0].mean()
    assert abs(failed - expected) < 4 * np.sqrt(expected / shots) + 0.005 * expected


@pytest.mark.parametrize("distance", [2, 3, 4, 5])
def test_logical_bell_pair_reaches_its_distance_for_both_observables(distance):
    noise = CircuitNoise.uniform_depolarizing(0.001)
    noisy = logical_bell_pair(distance, link=Link.werner(0.95), noise=noise)
    assert logical_bell_pair(distance).detector_error_model().num_errors == 0
    for observable in (0, 1):
        alone = _only(noisy, observable)
        assert len(alone.shortest_graphlike_error(ignore_ungraphlike_errors=True)) == distance


@pytest.mark.parametrize(("distance", "pairs"), [(2, 4), (3, 5), (4, 8), (5, 9), (7, 13)])
def test_plain_seam_spends_two_pairs_a_square_and_one_an_edge(distance, pairs):
    """2d − 1 for odd d, as the edge of the seam has one check; 2d for even d, where it has two."""
    assert pairs_per_round(distance) == pairs


def test_seam_errors_below_threshold_fall_with_distance_and_above_rise():
    """Five per cent a remote gate is below the seam's threshold, fifteen above (arXiv:2302.01296)."""
    noise = CircuitNoise.uniform_depolarizing(0.001)
    failed = {
        (fidelity, d): _failures(logical_bell_pair(d, link=Link.werner(fidelity), noise=noise), 20_000)
        .any(axis=1)
        .mean()
        for fidelity in (0.95, 0.85)
        for d in (3, 7)
    }
    assert failed[0.95, 7] < failed[0.95, 3] / 2
    assert failed[0.85, 7] > failed[0.85, 3]


def test_every_lost_pair_fires_one_herald_and_stays_correctable():
    link = Link(erasure=0.1)
    circuit = logical_bell_pair(3, link=link)
    heralds = [k for k, op in enumerate(_detectors(circuit)) if op.tag == "herald"]
    assert len(heralds) == 3 * pairs_per_round(3)
    fired = circuit.compile_detector_sampler(seed=5).sample(20_000)[:, heralds]
    assert abs(fired.mean() - 0.1) < 5 * np.sqrt(0.09 / fired.size)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: memory(steane(), rounds=0), "rounds = 0"),
        (lambda: memory(steane(), rounds=1, basis="Y"), "basis = 'Y'"),
        (lambda: memory(five_qubit(), rounds=1), "five_qubit has mixed checks.*bell_memory"),
        (lambda: logical_bell_pair(1), "a rotated surface code has distances"),
        (lambda: logical_bell_pair(3, rounds=0), "rounds = 0"),
        (lambda: Link.werner(1.2), "fidelity = 1.2"),
        (lambda: Link(erasure=-0.1), "erasure = -0.1"),
        (lambda: Link(weights=(0.5, 0.5, 0.5, 0.5)), "four probabilities"),
        (lambda: Schedule(layers=(((0, 1, "X"), (1, 1, "X")),), name="x"), "uses an ancilla or a qubit"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def _failures(circuit: stim.Circuit, shots: int) -> np.ndarray:
    matching = pymatching.Matching(circuit.detector_error_model(decompose_errors=True))
    fired, flipped = circuit.compile_detector_sampler(seed=11).sample(shots, separate_observables=True)
    return matching.decode_batch(fired).astype(bool) ^ flipped


Errors = dict[tuple[frozenset[tuple[float, ...]], bool], float]


def _placed(circuit: stim.Circuit, move: Callable[[list[float]], tuple[float, ...]] = tuple) -> Errors:
    """Probability of every error by the places of its detectors, and whether it flips the observable."""
    model = circuit.detector_error_model()
    places = model.get_detector_coordinates()
    found = {}
    for error in model.flattened():
        if error.type == "error":
            targets = error.targets_copy()
            fired = frozenset(move(places[t.val]) for t in targets if t.is_relative_detector_id())
            found[fired, any(t.is_logical_observable_id() for t in targets)] = error.args_copy()[0]
    return found


def _as_stim(distance: int, turn: int) -> Callable[[list[float]], tuple[float, ...]]:
    """From the mean place of a check's qubits to Stim's place of its ancilla, one way of eight round."""

    def move(place: list[float]) -> tuple[float, ...]:
        ends = {0.0: -0.5, distance - 1.0: distance - 0.5}
        x, y = (2 * ends.get(v, v) + 1 for v in place[:2])
        x, y = (y, x) if turn & 1 else (x, y)
        return (2 * distance - x if turn & 2 else x, 2 * distance - y if turn & 4 else y, place[2])

    return move


def _only(circuit: stim.Circuit, observable: int) -> stim.Circuit:
    kept = stim.Circuit()
    for op in circuit.flattened():
        if op.name != "OBSERVABLE_INCLUDE" or op.gate_args_copy()[0] == observable:
            kept.append(op)
    return kept


def _detectors(circuit: stim.Circuit) -> list[stim.CircuitInstruction]:
    return [op for op in circuit.flattened() if op.name == "DETECTOR"]
