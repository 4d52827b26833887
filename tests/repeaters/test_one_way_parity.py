"""Parity codes under loss and wrong outcomes: formula, enumeration and Stim."""

from itertools import product

import numpy as np
import pytest

from circuits.codes.named import parity
from circuits.codes.oracles import uncorrectable_erasures
from qnet.repeaters.one_way import OneWayLine, ParityCode, StationErrors, hop_circuit, simulated_hops
from qnet.repeaters.one_way.decoding import VoteDecoder


def enumerated(n: int, m: int, eta: float, flip: float) -> tuple[float, float, float]:
    """Success, e_x, e_z over every pattern of losses and of wrong outcomes of one letter."""
    success = wrong_z = wrong_x = 0.0
    chances = {"lost": 1 - eta, "right": eta * (1 - flip), "wrong": eta * flip}
    for pattern in product(chances, repeat=n * m):
        blocks = [pattern[b * m : (b + 1) * m] for b in range(n)]
        chance = float(np.prod([chances[one] for one in pattern]))
        whole = [block for block in blocks if "lost" not in block]
        if not whole or any(set(block) == {"lost"} for block in blocks):
            continue
        success += chance
        right = 1.0
        for block in blocks:
            right *= 1 - 2 * voted([one == "wrong" for one in block if one != "lost"])
        wrong_z += chance * (1 - right) / 2
        wrong_x += chance * voted([block.count("wrong") % 2 == 1 for block in whole])
    return success, wrong_z / success, wrong_x / success


def voted(votes: list[bool]) -> float:
    against = sum(votes)
    return 0.5 if 2 * against == len(votes) else float(2 * against > len(votes))


@pytest.mark.parametrize(("n", "m"), [(2, 2), (3, 2), (2, 3), (1, 4), (4, 1), (2, 4)])
@pytest.mark.parametrize(("eta", "flip"), [(0.9, 0.04), (0.6, 0.2), (0.85, 0.0)])
def test_a_hop_is_what_enumeration_says(n: int, m: int, eta: float, flip: float) -> None:
    hop = ParityCode(n=n, m=m).hop(eta, flip)
    found = float(hop.success), float(hop.e_x), float(hop.e_z)
    assert found == pytest.approx(enumerated(n, m, eta, flip), rel=1e-11, abs=1e-14)


@pytest.mark.parametrize(("n", "m"), [(2, 2), (3, 4), (5, 3), (7, 2)])
def test_the_formula_counts_the_erasures_that_no_decoder_mends(n: int, m: int) -> None:
    counts = uncorrectable_erasures(parity(n, m))
    for eta in (0.3, 0.5, 0.9):
        failed = sum(c * (1 - eta) ** k * eta ** (n * m - k) for k, c in enumerate(counts))
        assert float(ParityCode(n=n, m=m).hop(eta).success) == pytest.approx(1 - failed, abs=1e-12)


def test_known_values() -> None:
    assert float(ParityCode(n=2, m=2).hop(0.9).success) == pytest.approx(0.9477, abs=1e-12)
    line = OneWayLine(code=ParityCode(n=23, m=5), length_km=1000, spacing_km=1.5, attenuation_length_km=20)
    assert round(line.success, 5) == 0.97025


@pytest.mark.parametrize(
    ("n", "m", "eta", "errors", "hops"),
    [
        (2, 2, 0.9, StationErrors(), 1),
        (6, 4, 0.8, StationErrors(), 2),
        (3, 2, 0.9, StationErrors(gate=0.02, measurement=0.01, preparation=0.01), 1),
        (5, 1, 0.95, StationErrors(measurement=0.05), 1),
        (4, 3, 0.9, StationErrors(gate=0.03), 3),
        (3, 3, 1.0, StationErrors(gate=0.05), 1),
    ],
)
def test_stim_agrees(n: int, m: int, eta: float, errors: StationErrors, hops: int) -> None:
    code = ParityCode(n=n, m=m)
    found = simulated_hops(code, transmission=eta, errors=errors, hops=hops, shots=30_000, seed=11)
    hop = code.hop(eta, errors.flip)
    expected = {
        "success": float(hop.success) ** hops,
        "e_x": (1 - (1 - 2 * float(hop.e_x)) ** hops) / 2,
        "e_z": (1 - (1 - 2 * float(hop.e_z)) ** hops) / 2,
    }
    for name, value in expected.items():
        figure = getattr(found, name)
        assert abs(figure.value - value) <= 5 * figure.stderr, (name, figure, value)


def test_the_stations_votes_give_up_where_peeling_does() -> None:
    from decoders import PeelingDecoder

    circuit = hop_circuit(parity(3, 2), transmission=0.7)
    model = circuit.detector_error_model(approximate_disjoint_errors=True)
    events, flips = circuit.compile_detector_sampler(seed=4).sample(4000, separate_observables=True)
    packed = np.packbits(events, axis=1, bitorder="little")
    votes = VoteDecoder(n=3, m=2).compile_decoder_for_dem(dem=model)
    found = votes.decode_shots_bit_packed(bit_packed_detection_event_data=packed)
    peeled = PeelingDecoder().compile_decoder_for_dem(dem=model)
    lost = peeled.decode_shots_with_confidence(bit_packed_detection_event_data=packed).low_confidence
    assert (found[:, 1].astype(bool) == lost).all()
    assert 500 < lost.sum() < 3500
    right = np.packbits(flips, axis=1, bitorder="little")[:, 0]
    assert (found[~lost, 0] == right[~lost]).all()


def test_matching_that_knows_the_losses_is_as_good_as_voting() -> None:
    """Outcomes that are wrong by themselves: votes and matching are both as good as can be."""
    from decoders import ErasureDecoder
    from decoders.heralds import decomposed_model

    errors = StationErrors(measurement=0.04)
    circuit = hop_circuit(parity(3, 3), transmission=0.9, errors=errors)
    matched = ErasureDecoder(exact=True).compile_decoder_for_dem(dem=decomposed_model(circuit))
    votes = VoteDecoder(n=3, m=3).compile_decoder_for_dem(
        dem=circuit.detector_error_model(approximate_disjoint_errors=True)
    )
    events, flips = circuit.compile_detector_sampler(seed=8).sample(10_000, separate_observables=True)
    packed = np.packbits(events, axis=1, bitorder="little")
    voted_for = votes.decode_shots_bit_packed(bit_packed_detection_event_data=packed)
    kept = voted_for[:, 1] == 0
    right = np.packbits(flips, axis=1, bitorder="little")[kept, 0]
    by_vote = (voted_for[kept, 0] != right).mean()
    answers = matched.decode_shots_bit_packed(bit_packed_detection_event_data=packed[kept])
    by_matching = (answers[:, 0] != right).mean()
    assert abs(by_vote - by_matching) < 5 * np.sqrt(2 * by_vote * (1 - by_vote) / kept.sum())


def test_a_flip_is_the_parity_of_everything_that_may_be_wrong() -> None:
    errors = StationErrors(gate=0.15, measurement=0.1, preparation=0.3)
    odd = 0.0
    parts = [0.08, 0.1, 0.2, 0.2]
    for wrong in product((0, 1), repeat=4):
        chance = np.prod([p if w else 1 - p for p, w in zip(parts, wrong, strict=True)])
        odd += float(chance) * (sum(wrong) % 2)
    assert errors.flip == pytest.approx(odd, rel=1e-12)


@pytest.mark.parametrize("code", [ParityCode(n=13, m=6), ParityCode(n=40, m=8), ParityCode(n=3, m=30)])
def test_half_of_the_photons_is_the_limit(code: ParityCode) -> None:
    """What is lost goes to somebody else: both cannot have the qubit (no cloning)."""
    for eta in np.linspace(0.01, 0.99, 25):
        both = float(code.hop(eta).success + code.hop(1 - eta).success)
        assert both <= 1 + 1e-12


def test_more_photons_help_above_the_limit_only() -> None:
    codes = [ParityCode(n=round(2 * m * 0.75**-m), m=m) for m in (2, 4, 6, 8)]
    above = [float(code.hop(0.75).success) for code in codes]
    below = [float(code.hop(0.25).success) for code in codes]
    assert above == sorted(above)
    assert below == sorted(below, reverse=True)


def test_a_line_multiplies_hops() -> None:
    errors = StationErrors(gate=1e-3)
    line = OneWayLine(
        code=ParityCode(n=9, m=4),
        length_km=12,
        spacing_km=2,
        attenuation_length_km=22,
        coupling=0.97,
        errors=errors,
    )
    eta = 0.97 * np.exp(-2 / 22)
    hop = line.code.hop(eta, errors.flip)
    assert line.transmission == pytest.approx(eta)
    assert line.success == pytest.approx(float(hop.success) ** 6)
    right = 0.0
    for flips in product((0, 1), repeat=6):
        chance = np.prod([hop.e_x if f else 1 - hop.e_x for f in flips])
        right += float(chance) * (sum(flips) % 2)
    assert line.e_x == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: ParityCode(n=0, m=2), r"n=0 must be a whole number of at least 1"),
        (lambda: ParityCode(n=1, m=1), r"encode nothing"),
        (lambda: ParityCode(n=2, m=2).hop(1.2), r"transmission=1\.2 is out of range"),
        (lambda: ParityCode(n=2, m=2).hop(0.9, flip=-0.1), r"flip=-0\.1 is out of range"),
        (lambda: StationErrors(gate=2.0), r"gate=2\.0 is out of range; a probability is from 0 to 1"),
        (
            lambda: OneWayLine(code=ParityCode(n=2, m=2), length_km=100, spacing_km=1, coupling=1.1),
            r"coupling=1\.1 is out of range; it must be above 0 and at most 1",
        ),
        (
            lambda: OneWayLine(code=ParityCode(n=2, m=2), length_km=1, spacing_km=2),
            r"spacing_km=2 is longer than the line of 1 km",
        ),
        (lambda: simulated_hops(ParityCode(n=30, m=20), transmission=0.9), r"600 photons; 400 are the most"),
        (lambda: hop_circuit(parity(2, 2), transmission=0.9, hops=0), r"hops=0 must be a whole number"),
    ],
)
def test_bad_input_is_one_line(call: object, match: str) -> None:
    with pytest.raises(ValueError, match=match) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)


def test_shots_follow_from_the_precision() -> None:
    code = ParityCode(n=3, m=3)
    lossy = simulated_hops(code, transmission=0.8, shots=10**7, precision=0.05, seed=3)
    failed = lossy.shots - lossy.kept
    assert 400 <= failed < 4000
    assert lossy.shots < 10**5
    noisy = simulated_hops(
        code, transmission=0.9, errors=StationErrors(gate=0.05), shots=10**7, precision=0.05, seed=3
    )
    assert noisy.shots < 10**5
