"""The exact answers beyond enumeration, against enumeration and against counting."""

from itertools import combinations

import numpy as np
import pytest

from circuits.codes import colour, five_qubit, four_two_two, parity, repetition, rotated_surface, shor, steane
from circuits.codes._gf2 import rank
from circuits.codes._large_oracles import probabilities_by_transform
from circuits.codes.oracles import maximum_likelihood_failure, uncorrectable_erasures, weight_enumerators

SMALL = [five_qubit(), steane(), four_two_two(), shor(), rotated_surface(3), repetition(4), parity(2, 3)]


def by_enumeration(code, p):
    weights = np.arange(code.n + 1)
    return weight_enumerators(code) @ ((p / 3) ** weights * (1 - p) ** (code.n - weights))


@pytest.mark.parametrize("code", SMALL, ids=lambda code: code.name)
@pytest.mark.parametrize("p", [0.0, 0.03, 0.4, 1.0])
def test_the_transform_gives_the_distribution_of_the_enumeration(code, p):
    assert np.allclose(probabilities_by_transform(code, p), by_enumeration(code, p), atol=1e-14)


@pytest.mark.parametrize("code", SMALL, ids=lambda code: code.name)
@pytest.mark.parametrize("basis", [None, "X", "Z"])
def test_the_tree_counts_every_set_once(code, basis):
    logicals = {None: slice(None), "X": slice(code.k), "Z": slice(code.k, None)}[basis]
    whole = np.vstack([code.check_matrix, code.logical_matrix[logicals]])

    def holds(erased):
        columns = [*erased, *(code.n + q for q in erased)]
        return bool(erased) and rank(whole[:, columns]) > rank(code.check_matrix[:, columns])

    expected = [sum(map(holds, combinations(range(code.n), size))) for size in range(code.n + 1)]
    assert uncorrectable_erasures(code, basis) == tuple(expected)


def test_a_parity_code_loses_what_its_blocks_lose():
    """Every block must keep a qubit, and one block all of its qubits."""
    n, m, e = 4, 3, 0.2
    some, whole = 1 - e**m, (1 - e) ** m
    expected = 1 - (some**n - (some - whole) ** n)
    counts = uncorrectable_erasures(parity(n, m))
    size = n * m
    assert sum(c * e**w * (1 - e) ** (size - w) for w, c in enumerate(counts)) == pytest.approx(expected)


def test_a_colour_code_of_distance_five_corrects_two_errors_and_detects_four():
    code = colour(5)
    failures = [maximum_likelihood_failure(code, p) for p in (0.002, 0.001)]
    assert failures[0] / failures[1] == pytest.approx(8, rel=0.05)
    assert uncorrectable_erasures(code)[:5] == (0, 0, 0, 0, 0)
