"""Chains of logical pairs: the formula against products of channels, drawn errors, and a simulated chain."""

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest

from qnet.repeaters.chains import Chain, chained_fidelity, expected_maximum, waiting_s
from qnet.repeaters.conditions import Conditions
from qnet.repeaters.logical_pair import LogicalPair
from qnet.repeaters.secrecy import bbm92_fraction

ERRORS = [(0.01, 0.002, 0.03), (0.0, 0.0, 0.05), (0.1, 0.2, 0.3), (0.02, 0.0, 0.0)]


def multiplied(errors: list[tuple[float, float, float]]) -> np.ndarray:
    """Weights of I, X, Y, Z of a product of Pauli errors, by enumeration."""
    bits = [(0, 0), (1, 0), (1, 1), (0, 1)]
    found = np.zeros(4)
    for letters in product(range(4), repeat=len(errors)):
        chance = np.prod([1 - sum(e) if k == 0 else e[k - 1] for k, e in zip(letters, errors, strict=True)])
        x, z = (sum(bits[k][side] for k in letters) % 2 for side in (0, 1))
        found[bits.index((x, z))] += chance
    return found


@pytest.mark.parametrize("errors", ERRORS)
@pytest.mark.parametrize("links", [1, 2, 5])
def test_alike_pairs(errors: tuple[float, float, float], links: int) -> None:
    x, y, z = errors
    expected = multiplied([errors] * links)
    assert float(chained_fidelity(x, y, z, links)) == pytest.approx(expected[0], abs=1e-13)
    chain = Chain.of(LogicalPair(e_x=x, e_y=y, e_z=z), links)
    assert chain.weights == pytest.approx(expected, abs=1e-13)
    assert [one.value for one in chain.errors] == pytest.approx(expected[1:], abs=1e-13)
    assert chain.qber_z.value == pytest.approx(expected[1] + expected[2])
    assert chain.qber_x.value == pytest.approx(expected[2] + expected[3])


def test_unlike_pairs_and_swaps() -> None:
    swap = (0.01, 0.02, 0.005)
    pairs = [LogicalPair(e_x=x, e_y=y, e_z=z) for x, y, z in ERRORS]
    expected = multiplied([*ERRORS, *[swap] * 3])
    assert Chain(pairs=tuple(pairs), swap=swap).weights == pytest.approx(expected, abs=1e-13)


def test_standard_errors_are_those_of_drawn_pairs() -> None:
    """Pairs whose errors are drawn from their standard errors scatter as the chain says."""
    rng = np.random.default_rng(5)
    first = LogicalPair(e_x=0.01, e_y=0.004, e_z=0.02, stderr_x=1e-3, stderr_y=5e-4, stderr_z=2e-3)
    second = replace(first, e_x=0.03, stderr_x=2e-3)
    pairs = (first, first, second, first)
    chain = Chain(pairs=pairs)
    drawn: list[list[float]] = []
    for _ in range(700):
        shaken = {
            pair: replace(
                pair,
                **{
                    f"e_{n}": rng.normal(getattr(pair, f"e_{n}"), getattr(pair, f"stderr_{n}")) for n in "xyz"
                },
            )
            for pair in (first, second)
        }
        one = Chain(pairs=tuple(shaken[pair] for pair in pairs))
        drawn.append([one.fidelity.value, one.qber_z.value, one.qber_x.value, one.secret_fraction.value])
    spread = np.std(drawn, axis=0)
    told = [getattr(chain, name).stderr for name in ("fidelity", "qber_z", "qber_x", "secret_fraction")]
    assert told == pytest.approx(spread, rel=5 / np.sqrt(2 * 700) + 0.02)


def test_exact_pairs_have_no_standard_error() -> None:
    assert Chain.of(LogicalPair(e_x=0.1, e_y=0.0, e_z=0.0), 3).fidelity.stderr is None


def simulated(stations: int, shots: int, seed: int) -> LogicalPair:
    """The pair at the ends of a chain of noisy pairs, as Stim samples and matching corrects it."""
    from circuits.codes import Link, encoded_swapping, rotated_surface
    from decoders import PyMatchingDecoder

    circuit = encoded_swapping(stations, rotated_surface(3), link=Link.werner(0.93))
    model = circuit.detector_error_model(decompose_errors=True)
    decoder = PyMatchingDecoder().compile_decoder_for_dem(dem=model)
    events, flips = circuit.compile_detector_sampler(seed=seed).sample(
        shots, separate_observables=True, bit_packed=True
    )
    found = decoder.decode_shots_bit_packed(bit_packed_detection_event_data=events)[:, 0] ^ flips[:, 0]
    shares = [float(np.mean(found == mask)) for mask in (0b10, 0b11, 0b01)]
    errors = [np.sqrt(share * (1 - share) / shots) for share in shares]
    names = [f"{kind}_{letter}" for kind in ("e", "stderr") for letter in "xyz"]
    return LogicalPair(**dict(zip(names, shares + errors, strict=True)), source="measured")


def test_a_simulated_chain_of_three_stations_agrees() -> None:
    """Four links with noisy pairs; the formula is fed with one link that was simulated alone."""
    alone, whole = simulated(0, 300_000, 1), simulated(3, 100_000, 2)
    chain = Chain.of(alone, 4)
    assert alone.infidelity.value > 0.01
    for name, predicted in zip("xyz", chain.errors, strict=True):
        spread = np.hypot(getattr(whole, f"stderr_{name}"), predicted.stderr)
        assert abs(getattr(whole, f"e_{name}") - predicted.value) < 5 * spread, name
    gap = chain.fidelity.value - (1 - whole.infidelity.value)
    assert abs(gap) < 5 * np.hypot(chain.fidelity.stderr, whole.infidelity.stderr)


@pytest.mark.parametrize(("success", "count"), [(0.3, 1), (0.3, 2), (0.7, 6), (1.0, 4), (2e-4, 5), (0.01, 9)])
def test_the_last_of_several(success: float, count: int) -> None:
    """Inclusion and exclusion, which is exact."""
    exact = sum((-1) ** (j + 1) * comb(count, j) / (1 - (1 - success) ** j) for j in range(1, count + 1))
    assert expected_maximum(success, count) == pytest.approx(exact, rel=1e-8)


def test_two_links_are_the_reference_chains_attempts() -> None:
    p = 0.130599
    assert expected_maximum(p, 2) == pytest.approx((3 - 2 * p) / (p * (2 - p)), rel=1e-12)


def test_rounds_follow_each_other() -> None:
    here = Conditions(length_km=100, gate_error=0.0, coupling=0.8)
    once = LogicalPair(e_x=0.0, e_y=0.0, e_z=0.0, pairs=9, rounds=1)
    five = replace(once, pairs=45, rounds=5)
    assert waiting_s(here, five, 4) == pytest.approx(5 * waiting_s(here, once, 4))


def test_the_secret_fraction_is_that_of_bbm92() -> None:
    from qnet.qkd.rates.thresholds import bb84_fraction

    for qber in (0.0, 0.03, 0.1):
        assert float(bbm92_fraction(qber, qber)) == pytest.approx(max(float(bb84_fraction(qber)), 0))
    assert float(bbm92_fraction(0.0, 0.5)) == 0.0
    assert float(bbm92_fraction(0.9, 0.0)) == 0.0


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: Chain(pairs=()), r"pairs is empty: a chain has at least one link"),
        (lambda: Chain.of(LogicalPair(e_x=0, e_y=0, e_z=0), 0), r"links=0: a chain has at least one link"),
        (lambda: chained_fidelity(0.1, 0, 0, 0), r"links=0: a chain has at least one link"),
        (lambda: LogicalPair(e_x=0.6, e_y=0.3, e_z=0.2), r"is above 1; they exclude each other"),
        (lambda: LogicalPair(e_x=-0.1, e_y=0, e_z=0), r"e_x=-0\.1 is out of range"),
        (lambda: expected_maximum(0.0, 2), r"success=0\.0 must be above 0"),
        (lambda: bbm92_fraction(0.1, 0.1, f_ec=0.9), r"f_ec=0\.9 is below 1"),
        (lambda: bbm92_fraction(-0.1, 0.1), r"is out of range"),
    ],
)
def test_bad_input_is_one_line(call: object, match: str) -> None:
    with pytest.raises(ValueError, match=match) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)
