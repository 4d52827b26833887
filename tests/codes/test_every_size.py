"""Every builder at odd and even distances, one round and several, both bases, and rectangles."""

import pytest

from circuits.codes import (
    circuit_distance,
    encoded_swapping,
    four_two_two,
    memory,
    repetition,
    rotated_surface,
    transversal_cx,
)
from circuits.codes.link import Link
from circuits.noise import CircuitNoise

UNIFORM = CircuitNoise.uniform_depolarizing(0.001)


@pytest.mark.parametrize("basis", ["X", "Z"])
@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize(("width", "height"), [(2, 2), (4, 4), (6, 6), (2, 5), (5, 2), (4, 3)])
def test_surface_memory(width, height, rounds, basis):
    """A Z memory is broken by logical X, along the width; an X memory by logical Z, along the height."""
    code = rotated_surface(width, height)
    found = circuit_distance(memory(code, rounds=rounds, basis=basis, noise=UNIFORM))
    assert found.lower == found.upper == (width if basis == "Z" else height)


@pytest.mark.parametrize("basis", ["X", "Z"])
@pytest.mark.parametrize("rounds", [1, 3])
@pytest.mark.parametrize("distance", [2, 3, 6, 9])
def test_repetition_memory(distance, rounds, basis):
    circuit = memory(repetition(distance, basis=basis), rounds=rounds, basis=basis, noise=UNIFORM)
    assert str(circuit_distance(circuit)) == f"{distance} (graphlike)"


@pytest.mark.parametrize("stations", [0, 1, 5, 12])
@pytest.mark.parametrize("basis", ["X", "Z"])
def test_long_chains(stations, basis):
    links = [Link.werner(0.9 + 0.005 * k, erasure=0.01) for k in range(stations + 1)]
    made = encoded_swapping(stations, repetition(3, basis=basis), basis=basis, link=links, noise=UNIFORM)
    assert circuit_distance(made, search=False).lower == 3
    detecting = encoded_swapping(stations, four_two_two(), extraction="flag", link=links, noise=UNIFORM)
    assert circuit_distance(detecting, search=False).lower == 2


@pytest.mark.parametrize(("distance", "rounds"), [(2, 2), (3, 2), (4, 1)])
def test_transversal_gates(distance, rounds):
    made = transversal_cx(rotated_surface(distance), rounds=rounds, link=Link.werner(0.95), noise=UNIFORM)
    assert circuit_distance(made, search=False).lower == distance
