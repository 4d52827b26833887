"""Which generation is the cheapest: orders that must hold, the map's shape, uncertainty, what is kept."""

from dataclasses import replace

import numpy as np
import pytest

from qnet.bounds import plob, repeater_capacity
from qnet.repeaters.chains import Chain
from qnet.repeaters.comparison import Candidates, KeptPairs, compare_generations, simulated_source
from qnet.repeaters.comparison.limits import bound_bits_per_s, break_even_error
from qnet.repeaters.conditions import Conditions
from qnet.repeaters.delivery import Delivery
from qnet.repeaters.errors import OutOfReach
from qnet.repeaters.logical_pair import LogicalPair
from qnet.repeaters.one_way import OneWaySearch, ParityCode, StationErrors
from qnet.repeaters.second_generation import GOLAY, STEANE, SwappedPairs
from qnet.results import Figure

HERE = Conditions(length_km=1000, gate_error=1e-3, coupling=0.9)


def cheapest(length: float, error: float, coupling: float) -> str:
    here = Conditions(length_km=length, gate_error=error, coupling=coupling)
    best = Candidates().best(here)
    return min(best.values(), key=lambda one: one.cost_coefficient.value).generation


@pytest.mark.parametrize(
    ("length", "error", "coupling", "generation"),
    [
        (1000, 1e-3, 1.0, "third"),
        (10_000, 1e-3, 0.99, "third"),
        (1000, 1e-4, 0.5, "second"),
        (10_000, 1e-3, 0.5, "second encoded"),
        (1000, 2e-2, 0.5, "first"),
        (10_000, 2e-2, 0.9, "first"),
    ],
)
def test_the_map_has_muralidharans_shape(
    length: float, error: float, coupling: float, generation: str
) -> None:
    assert cheapest(length, error, coupling) == generation


def test_noise_and_loss_never_help() -> None:
    def costs(here: Conditions) -> dict[str, float]:
        return {name: one.cost_coefficient.value for name, one in Candidates().best(here).items()}

    base = costs(HERE)
    for worse in (
        replace(HERE, gate_error=2e-3),
        replace(HERE, coupling=0.85),
        replace(HERE, length_km=1500),
    ):
        for name, cost in costs(worse).items():
            assert cost >= base[name] * 0.97, (worse, name)


def test_rates_stay_below_the_bounds() -> None:
    for name, one in Candidates().best(replace(HERE, gate_error=0.0, coupling=1.0)).items():
        bound = bound_bits_per_s(HERE, max(round(one.hops) - 1, 0))
        assert one.secret_bits_per_s.value <= bound, name


def test_bounds_are_those_of_the_fibre() -> None:
    eta = np.exp(-1000 / 20)
    assert bound_bits_per_s(HERE) == pytest.approx(float(plob(eta)) * 1e6)
    assert bound_bits_per_s(HERE, 9) == pytest.approx(float(repeater_capacity(eta, 9)) * 1e6)


@pytest.mark.parametrize("code", [STEANE, GOLAY])
def test_break_even_is_where_the_two_are_alike(code: object) -> None:
    limit = break_even_error(HERE, code)  # type: ignore[arg-type]
    here = replace(HERE, gate_error=limit)
    assert code.pair(here).infidelity.value == pytest.approx(  # type: ignore[attr-defined]
        SwappedPairs().pair(here).infidelity.value, rel=1e-9
    )


def test_a_grid_has_rows_for_every_point_and_the_same_rows_from_two_workers() -> None:
    from decoders.collection import process_pool

    axes = {"gate_errors": [1e-4, 3e-2], "couplings": [0.4, 0.95]}
    made = compare_generations(HERE, **axes)
    places = {(row["gate_error"], row["coupling"]) for row in made.rows}
    assert len(places) == 4
    assert sum(row["cheapest"] for row in made.rows) == 4
    for row in made.rows:
        one = [
            other
            for other in made.rows
            if (other["gate_error"], other["coupling"]) == (row["gate_error"], row["coupling"])
        ]
        if row["cheapest"]:
            assert row["cost_coefficient"] == min(other["cost_coefficient"] for other in one)
    with process_pool(2) as pool:
        again = compare_generations(HERE, **axes, executor=pool)
    assert again.rows == made.rows


def test_a_point_without_a_key_says_so() -> None:
    made = compare_generations(replace(HERE, gate_error=0.3))
    assert [row["generation"] for row in made.rows] == ["none"]
    assert made.rows[0]["noiseless_generation"] in ("second", "third")


def test_an_engine_is_handed_in() -> None:
    class Engine:
        def deliveries(self, conditions: Conditions) -> list[Delivery]:
            return [
                Delivery(
                    generation="first",
                    scheme="engine",
                    length_km=conditions.length_km,
                    spacing_km=50,
                    rate_hz=1e9,
                    fidelity=Figure(0.99, stderr=0.001),
                    secret_fraction=Figure(0.9, stderr=0.01),
                    qubits=2,
                    source="measured",
                )
            ]

    made = compare_generations(HERE, candidates=Candidates(first=Engine()))
    best = next(row for row in made.rows if row["cheapest"])
    assert (best["scheme"], best["source"]) == ("engine", "measured")
    assert best["cost_coefficient_stderr"] == pytest.approx(best["cost_coefficient"] / 90)
    assert best["margin_sigma"] > 2
    assert made.figures["cost_coefficient"].stderr is not None


def test_simulated_links_are_kept_and_carry_their_errors(tmp_path) -> None:
    file = tmp_path / "links.csv"
    first = simulated_source("surgery:3", [4e-3], precision=0.2, seed=1, save_resume=file)
    held = file.read_text()
    again = simulated_source("surgery:3", [4e-3], precision=0.2, seed=2, save_resume=file)
    assert file.read_text() == held
    here = replace(HERE, gate_error=4e-3)
    pair = first.pair(here)
    assert pair == again.pair(here)
    assert pair.source == "measured"
    assert pair.infidelity.stderr is not None
    chain = Chain.of(pair, 10)
    assert chain.fidelity.stderr > pair.infidelity.stderr
    with pytest.raises(ValueError, match=r"gate_error=0\.001 was not simulated"):
        first.pair(HERE)


def test_kept_pairs_take_part() -> None:
    pair = LogicalPair(
        e_x=1e-9, e_y=0, e_z=1e-9, stderr_x=1e-10, stderr_z=1e-10, source="measured", scheme="dream"
    )
    kept = KeptPairs(pairs={1e-3: pair})
    best = Candidates(sources=(SwappedPairs(), kept)).best(replace(HERE, coupling=0.5))
    assert best["second simulated"].scheme == "dream"
    assert best["second simulated"].fidelity.stderr is not None


def test_the_search_finds_what_trying_everything_finds() -> None:
    errors = StationErrors(gate=1e-3)
    search = OneWaySearch(length_km=200, largest=24, spacings=12, errors=errors, coupling=0.97)
    best, height = None, np.inf
    from qnet.repeaters.one_way import OneWayLine

    for n in range(1, 25):
        for m in range(1, 24 // n + 1):
            if n * m == 1:
                continue
            for spacing in search.grid_km:
                line = OneWayLine(
                    code=ParityCode(n=n, m=m),
                    length_km=200,
                    spacing_km=float(spacing),
                    coupling=0.97,
                    errors=errors,
                )
                if line.secret_bits >= 1e-6 and line.photons / line.secret_bits < height:
                    best, height = line, line.photons / line.secret_bits
    assert search.best() == best


@pytest.mark.parametrize("family", ["parity", "tree"])
def test_goals(family: str) -> None:
    shared = {"length_km": 100.0, "family": family, "largest": 40, "spacings": 12}
    photons = OneWaySearch(**shared).best()
    bits = OneWaySearch(**shared, goal="secret-bits").best()
    qubits = OneWaySearch(**shared, goal="qubits", least_success=0.9).best()
    assert bits.secret_bits >= max(photons.secret_bits, qubits.secret_bits)
    assert photons.photons / photons.secret_bits <= min(
        one.photons / one.secret_bits for one in (bits, qubits)
    )
    assert qubits.success >= 0.9
    assert qubits.qubits <= bits.qubits


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: OneWaySearch(length_km=1000, coupling=0.5).best(), r"loses half of the photons"),
        (
            lambda: OneWaySearch(length_km=1000, largest=12, least_success=0.999).best(),
            r"at most 12 photons reaches a success of 0\.999 over 1000 km; parity:\S+ every",
        ),
        (
            lambda: OneWaySearch(
                length_km=1000, largest=30, least_fidelity=0.9999, errors=StationErrors(gate=1e-2)
            ).best(),
            r"reaches a fidelity of 0\.9999",
        ),
    ],
)
def test_what_is_out_of_reach_is_told_with_the_nearest(call: object, match: str) -> None:
    with pytest.raises(OutOfReach, match=match) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: OneWaySearch(length_km=10, goal="speed"), r"goal='speed' is none of photons, qubits"),
        (lambda: OneWaySearch(length_km=10, family="steane"), r"family='steane' is none of parity, tree"),
        (lambda: OneWaySearch(length_km=10, largest=5000), r"give at most 1000"),
        (lambda: OneWaySearch(length_km=10, spacing_km=20), r"longer than the line"),
        (lambda: compare_generations(HERE, couplings=[0.5] * 10_001), r"the grid has 10001 points"),
        (lambda: compare_generations(HERE, couplings=[1.5]), r"coupling=1\.5 is out of range"),
        (lambda: compare_generations(HERE, repeaters=-1), r"repeaters=-1 must be a whole number"),
    ],
)
def test_bad_input_is_one_line(call: object, match: str) -> None:
    with pytest.raises(ValueError, match=match) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)
