"""The choice of a method follows from error rate, length and round-trip time."""

from __future__ import annotations

import pytest

from qnet.qkd.reconciliation import CascadeParameters, LdpcParameters, choose_method

TIMES = (0.0, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0)


@pytest.mark.parametrize("qber", [0.0, 0.01, 0.03, 0.08, 0.11])
@pytest.mark.parametrize("length", [2_000, 100_000, 1_000_000])
def test_dearer_round_trips_never_mean_more_of_them(qber: float, length: int) -> None:
    choices = [choose_method(qber, length, round_trip_s=time) for time in TIMES]
    trips = [one.round_trips for one in choices]
    assert trips == sorted(trips, reverse=True)
    assert isinstance(choices[0].parameters, CascadeParameters)
    assert isinstance(choices[-1].parameters, LdpcParameters)


def test_more_time_never_costs_more_key() -> None:
    leaks = [
        choose_method(0.03, 10**6, round_trip_s=1e-3, time_s=time).efficiency for time in (0.6, 1, 3, 30)
    ]
    assert leaks == sorted(leaks, reverse=True)
    assert leaks[0] > leaks[-1]


def test_the_fastest_is_taken_when_nothing_is_in_time() -> None:
    assert choose_method(0.03, 10**6, round_trip_s=0.1, time_s=0.0).name == "ldpc"
    assert choose_method(0.03, 10**6, round_trip_s=0.0, time_s=0.0).name == "few-rounds"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"qber": 0.3}, r"qber 0\.3 is too high"),
        ({"length": 0}, "length must be at least 1 bit, not 0"),
        ({"round_trip_s": -1.0}, r"round_trip_s must be at least 0 and finite, not -1\.0"),
        ({"time_s": float("inf")}, "time_s must be at least 0 and finite, not inf"),
    ],
)
def test_bad_arguments_are_named(change: dict[str, float], message: str) -> None:
    arguments = {"qber": 0.03, "length": 1000, "round_trip_s": 0.01} | change
    with pytest.raises(ValueError, match=message):
        choose_method(arguments.pop("qber"), int(arguments.pop("length")), **arguments)
