"""Logical Bell pairs over links: known answers, what they cost, and how far they reach."""

from math import sqrt

import pytest
import sinter

from circuits.codes.link import Link
from circuits.codes.named import steane
from circuits.codes.surface import rotated_surface
from circuits.codes.surgery import logical_bell_pair
from circuits.codes.swapping import encoded_swapping
from circuits.noise import CircuitNoise
from circuits.noise.channels import in_sequence, relaxation
from decoders import LookupDecoder, collect, process_pool
from qnet.repeaters import (
    BelowThreshold,
    EncodedLink,
    LogicalPair,
    OutOfReach,
    Unresolved,
    distance_for,
    extrapolated,
    purify_first,
    simulated_pairs,
)
from qnet.repeaters.chains import Chain
from qnet.repeaters.purifying import affordable
from qnet.repeaters.schemes import named_scheme
from qnet.repeaters.thresholds import check_threshold, verdict

CLEAN = "uniform:0"


def _flips(q: float) -> tuple[float, float, float, float]:
    """A pair whose X and Z errors are independent."""
    return (1 - q) ** 2, q * (1 - q), q * q, q * (1 - q)


def _steane_error(q: float) -> float:
    p = 1 - q
    return 21 * q**2 * p**5 + 7 * q**3 * p**4 + 28 * q**4 * p**3 + 7 * q**6 * p + q**7


@pytest.mark.parametrize("q", [0.01, 0.03, 0.1])
def test_a_steane_pair_under_independent_flips_has_its_closed_form(q):
    """X of one block and Z of the other flip with q, each decoded by itself: 1 − F = 1 − (1 − e)²."""
    link, e = EncodedLink(scheme="steane", weights=_flips(q), noise=CLEAN), _steane_error(q)
    model = link.task().detector_error_model
    assert LookupDecoder().compile_decoder_for_dem(dem=model).failure == pytest.approx(
        1 - (1 - e) ** 2, abs=1e-9
    )
    (pair,) = simulated_pairs([link], precision=None, max_shots=60_000, seed=1)
    assert pair.infidelity.value == pytest.approx(1 - (1 - e) ** 2, abs=4 * pair.infidelity.stderr)
    expected = (e * (1 - e), e * e, e * (1 - e))
    for value, stderr, exact in zip(pair.errors, pair.stderrs, expected, strict=True):
        assert abs(value - exact) < 4.5 * max(stderr, sqrt(exact / 60_000))
    assert (pair.pairs, pair.source, link.decoded_by) == (7, "measured", "lookup")


def _chain_fidelity(stations, code, decoder, link):
    circuit = encoded_swapping(stations, code, link=link)
    task = sinter.Task(circuit=circuit)
    (stats,) = collect([task], decoders=decoder, max_shots=30_000, seed=2, progress=False)
    found = 1 - stats.errors / stats.shots
    return found, sqrt(found * (1 - found) / stats.shots)


def test_a_simulated_chain_of_exact_pairs_multiplies_their_correlations():
    """One station, without local noise, decoded exactly, against (1 + Σ λ²)/4."""
    e = _steane_error(0.05)
    expected = Chain.of(LogicalPair(e_x=e * (1 - e), e_y=e * e, e_z=e * (1 - e)), 2).fidelity.value
    found, stderr = _chain_fidelity(1, steane(), "lookup", Link(weights=_flips(0.05)))
    assert found == pytest.approx(expected, abs=4 * stderr)
    assert expected < 1 - 1.5 * (1 - (1 - e) ** 2)


def test_a_simulated_chain_of_three_stations_is_the_formula_of_its_measured_links():
    """Every link is decoded by itself where local operations are perfect, so that its errors are a pair's."""
    link = EncodedLink(scheme="transversal:rotated_surface:3", weights=_flips(0.05), noise=CLEAN)
    (pair,) = simulated_pairs([link], precision=None, max_shots=60_000, seed=1)
    expected = Chain.of(pair, 4).fidelity
    found, stderr = _chain_fidelity(3, rotated_surface(3), "pymatching", Link(weights=_flips(0.05)))
    assert found == pytest.approx(expected.value, abs=4 * sqrt(stderr**2 + expected.stderr**2))
    assert found < 1 - 3 * pair.infidelity.value


@pytest.mark.parametrize(
    "scheme", ["surgery", "mixed_surgery", "bell_surgery", "transversal:rotated_surface"]
)
@pytest.mark.parametrize(("weights", "left"), [((0.8, 0.2, 0.0, 0.0), "e_x"), ((0.8, 0.0, 0.0, 0.2), "e_z")])
def test_errors_are_told_apart(scheme, weights, left):
    """Pairs with X errors alone leave logical X errors alone; so with Z."""
    link = EncodedLink(scheme=scheme, distance=3, weights=weights, noise=CLEAN)
    (pair,) = simulated_pairs([link], precision=None, max_shots=3000, seed=3)
    assert getattr(pair, left) > 0.005
    assert pair.infidelity.value == getattr(pair, left)


def test_a_link_without_noise_makes_perfect_pairs_of_which_nothing_is_sampled():
    (pair,) = simulated_pairs([EncodedLink(distance=5, noise=CLEAN)])
    assert (pair.infidelity.value, pair.exact, pair.source) == (0.0, True, "exact")


@pytest.mark.parametrize(
    ("scheme", "distance", "pairs", "at_once"),
    [
        ("surgery", 3, 15, 5),
        ("surgery", 4, 32, 8),
        ("surgery", 5, 45, 9),
        ("bell_surgery", 5, 25, 5),
        ("mixed_surgery", 5, 35, 7),
        ("steane", None, 7, 7),
        ("golay", None, 23, 23),
        ("transversal:rotated_surface", 5, 25, 25),
    ],
)
def test_pairs_and_the_time_that_they_take(scheme, distance, pairs, at_once):
    """d(2d − 1) for the plain seam of odd d, 2d² for even; every pair is a herald of the circuit."""
    link = EncodedLink(
        scheme=scheme,
        distance=distance,
        heralded_loss=0.1,
        pair_rate_hz=1000.0,
        round_s=1e-3,
        decoder="vacuous",
    )
    heralds = [i for i in link.circuit().flattened() if i.name == "DETECTOR" and i.tag == "herald"]
    assert (link.pairs, len(heralds), link.way.pairs_at_once) == (pairs, pairs, at_once)
    assert link.time_s == pytest.approx(pairs / 1000 + link.way.rounds * 1e-3)
    purified = EncodedLink(scheme=scheme, distance=distance, fidelity=0.9, purify="dejmps", noise=CLEAN)
    assert purified.pairs == pytest.approx(pairs * 2 / 0.875556, rel=1e-6)


def test_the_circuit_is_the_experiment_with_ageing_pairs_and_idling_data():
    link = EncodedLink(distance=3, fidelity=0.97, seam_noise=0.02, heralded_loss=0.05)
    noise = CircuitNoise.uniform_depolarizing(0.001)
    expected = Link.werner(0.97, erasure=0.05, gate_error=0.02)
    assert link.circuit() == logical_bell_pair(3, link=expected, noise=noise)
    # As fast as the average times alone, where the waits are short.
    slow = EncodedLink(distance=3, fidelity=0.97, pair_rate_hz=1e5, t1_s=3.0, t2_s=1.0)
    found = dict(slow.circuit_noise().before_round.items())
    whole = dict(in_sequence([(0.001, 1), (relaxation(5e-5, 3.0, 1.0), 1)]).items())
    assert found == pytest.approx(whole, rel=1e-3)
    assert slow.link().weights[0] == pytest.approx(0.97 - 0.96 * 2e-5 * (2 * 2 / 1.0 + 2 / 3.0) / 4, abs=1e-8)


def test_waiting_costs_fidelity():
    fast, slow = (
        EncodedLink(distance=3, fidelity=0.98, pair_rate_hz=rate, t2_s=1.0) for rate in (1e4, 200.0)
    )
    found = simulated_pairs([fast, slow], max_shots=20_000, precision=None, seed=4)
    assert found[1].infidelity.value > 1.5 * found[0].infidelity.value
    assert (found[0].time_s, found[1].time_s) == (0.0015, 0.075)


def test_results_do_not_depend_on_who_samples_and_are_kept(tmp_path):
    links = [EncodedLink(distance=3, seam_noise=p) for p in (0.03, 0.06)]
    alone = simulated_pairs(links, precision=0.1, seed=5, save_resume=tmp_path / "kept.csv")
    size = (tmp_path / "kept.csv").stat().st_size
    with process_pool(2) as pool:
        assert simulated_pairs(links, precision=0.1, seed=5, executor=pool) == alone
    again = simulated_pairs([*links, links[0]], precision=0.1, seed=6, save_resume=tmp_path / "kept.csv")
    assert again == (*alone, alone[0])
    assert (tmp_path / "kept.csv").stat().st_size == size
    for pair in alone:
        assert pair.infidelity.stderr <= 0.1 * pair.infidelity.value


def test_extrapolation_foresees_what_is_measured_and_says_what_it_is():
    link = EncodedLink(seam_noise=0.05)
    foreseen = extrapolated(link, 7, measured=(3, 5), precision=0.06, seed=7)
    (measured,) = simulated_pairs([EncodedLink(seam_noise=0.05, distance=7)], precision=0.1, seed=8)
    assert (foreseen.source, measured.source, foreseen.pairs) == ("extrapolated", "measured", 91)
    apart = foreseen.infidelity.value - measured.infidelity.value
    assert abs(apart) < 4 * sqrt(foreseen.infidelity.stderr**2 + measured.infidelity.stderr**2)
    assert foreseen.infidelity.stderr > 0.06 * foreseen.infidelity.value


def test_a_target_finds_its_distance():
    link = EncodedLink(seam_noise=0.03)
    pair = distance_for(link, 0.01, seed=9)
    assert pair.scheme == "surgery:5"
    assert pair.infidelity.value <= 0.01
    with pytest.raises(
        OutOfReach, match=r"no distance up to 7 reaches 1 − F = 1e-09: by Λ = .* d = 7 has about"
    ):
        distance_for(link, 1e-9, distances=(3, 5, 7), seed=9)
    with pytest.raises(
        OutOfReach, match=r"steane:3 reaches 1 − F = .*, not 1e-06; better pairs, purification first"
    ):
        distance_for(EncodedLink(scheme="steane", fidelity=0.95, noise=CLEAN), 1e-6, seed=9)


def test_purifying_first_pays_for_bad_pairs_alone():
    """At 50 raw pairs: below the crossover better pairs are worth more than distance, above it less."""
    found = purify_first(EncodedLink(), (0.8, 0.9, 0.95), pairs=50, max_shots=3000, precision=None, seed=10)
    assert [pair.scheme for pair in found.straight] == ["surgery:5"] * 3
    assert [pair.scheme for pair in found.purified] == ["surgery:3"] * 3
    assert max(pair.pairs for pair in found.purified) <= 50
    rows = found.rows()
    assert rows[0]["straight"] > 1.2 * rows[0]["dejmps"]
    assert rows[2]["straight"] < 0.8 * rows[2]["dejmps"]
    assert 0.85 < found.crossover.value < 0.95
    assert 0 < found.crossover.stderr < 0.03


def test_below_threshold_a_link_is_told_by_how_much_and_what_helps():
    bad = EncodedLink(distance=5, seam_noise=0.2)
    (pair,) = simulated_pairs([bad], max_shots=2000, precision=None, seed=11)
    said = verdict(bad, pair)
    assert f"surgery:5 is below threshold: 1 − F = {pair.infidelity.value:.3g} grows" in said
    assert 0.33 < pair.infidelity.value < 0.45
    assert "the link's noise is about 1." in said
    assert "better pairs or another code or scheme (bell_surgery) would help" in said
    good = EncodedLink(distance=5, seam_noise=0.03)
    assert verdict(good, simulated_pairs([good], max_shots=2000, precision=None, seed=11)[0]) is None
    hopeless = LogicalPair(e_x=0.3, e_y=0.1, e_z=0.3, stderr_x=0.01, source="measured", shots=3000)
    with pytest.raises(BelowThreshold, match="below threshold"):
        check_threshold(EncodedLink(scheme="steane", fidelity=0.5), hopeless)
    steane_link = EncodedLink(scheme="steane", fidelity=0.8, noise=CLEAN)
    (pair,) = simulated_pairs([steane_link], max_shots=3000, precision=None, seed=11)
    assert "times that of a bare pair (0.2); better pairs, purification first" in verdict(steane_link, pair)
    with pytest.raises(BelowThreshold, match=r"Λ = 0.* over d = 2 to 4, so that errors do not fall"):
        extrapolated(EncodedLink(seam_noise=0.2), 9, measured=(2, 4), precision=0.1, seed=11)


def test_too_few_shots_say_how_many_would_do():
    fine = EncodedLink(scheme="steane", fidelity=0.9999, noise=CLEAN)
    with pytest.raises(
        Unresolved, match=r"surgery:7 had no error in 2000 shots.* by d = 3 and 5 it is about .* shots wou"
    ):
        simulated_pairs([EncodedLink(distance=7, seam_noise=0.01)], precision=None, max_shots=2000, seed=12)
    with pytest.raises(
        Unresolved, match=r"steane:3 had no error in 1000 shots.*; 10000 shots or more would see some"
    ):
        simulated_pairs([fine], precision=None, max_shots=1000, seed=12)


def test_a_link_is_a_value():
    link = EncodedLink(scheme="golay", weights=(0.97, 0.01, 0.01, 0.01), heralded_loss=0.1, t2_s=1.0)
    assert eval(repr(link), {"EncodedLink": EncodedLink, "inf": float("inf")}) == link
    assert named_scheme(" Bell-Surgery", 4) == named_scheme("bell_surgery", 4)
    assert affordable(EncodedLink(scheme="bell_surgery"), 30).label == "bell_surgery:5"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: EncodedLink(scheme="stean"), "scheme='stean' is none; did you mean steane?"),
        (lambda: EncodedLink(distance=1), "distance=1 must be a whole number of at least 2"),
        (lambda: EncodedLink(scheme="steane", distance=5), "distance=5 is not that of steane, which is 3"),
        (lambda: EncodedLink(scheme="transversal:four_two_two"), "encodes 2 qubits"),
        (lambda: EncodedLink(scheme="transversal:five_qubit"), "five_qubit has mixed checks"),
        (lambda: EncodedLink(fidelity=1.2), "fidelity=1.2 is out of range"),
        (lambda: EncodedLink(fidelity=0.9, weights=(1, 0, 0, 0)), "give one of the two"),
        (lambda: EncodedLink(heralded_loss=-0.1), "heralded_loss=-0.1 is out of range"),
        (lambda: EncodedLink(seam_noise=0.95), "seam_noise=0.95 is out of range"),
        (lambda: EncodedLink(decoder="erasure"), "decoder='erasure' needs heralds"),
        (lambda: EncodedLink(decoder="matching"), "there is no decoder 'matching'"),
        (lambda: EncodedLink(noise="uniform"), "noise uniform is unknown"),
        (lambda: EncodedLink(extraction="flag"), "extraction='flag' is of transversal blocks"),
        (lambda: EncodedLink(pair_rate_hz=0.0), "pair_rate_hz=0.0 must be above 0"),
        (lambda: distance_for(EncodedLink(), 1.5), "target=1.5 is out of range"),
        (lambda: extrapolated(EncodedLink(), 5), "distance=5 is not beyond measured="),
        (lambda: extrapolated(EncodedLink(scheme="steane"), 9), "scheme='steane' has one distance"),
        (
            lambda: affordable(EncodedLink(), 10),
            "pairs=10 do not make a logical pair of distance 3, which takes 15",
        ),
        (lambda: purify_first(EncodedLink(), (), pairs=100), "fidelities is empty"),
    ],
)
def test_what_is_no_link_is_refused(call, message):
    with pytest.raises(ValueError, match=message.replace("?", r"\?")) as caught:
        call()
    assert "\n" not in str(caught.value)
