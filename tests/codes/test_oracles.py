"""The exact oracles against published counts, closed forms and each other."""

import math

import pytest
import stim

from circuits.codes import (
    colour,
    five_qubit,
    four_two_two,
    parity,
    repetition,
    rotated_surface,
    shor,
    steane,
)
from circuits.codes.oracles import (
    maximum_likelihood_failure,
    post_selected,
    uncorrectable_erasures,
    weight_enumerators,
)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (five_qubit(), 2.233185e-2),
        (steane(), 3.436104e-2),
        (rotated_surface(3), 2.926141e-2),
    ],
    ids=lambda x: str(x)[:12],
)
def test_maximum_likelihood_failure_at_five_percent(code, failure):
    assert maximum_likelihood_failure(code, 0.05) == pytest.approx(failure, rel=1e-6)


@pytest.mark.parametrize("p", [0.001, 0.02, 0.1])
def test_five_qubit_failure_by_multiplying_strings(p):
    """The code is perfect: what is corrected is a stabilizer times at most one single-qubit error."""
    generators = [stim.PauliString(check) for check in five_qubit().checks]
    stabilizers = [stim.PauliString(5)]
    for generator in generators:
        stabilizers += [generator * s for s in stabilizers]
    single = [stim.PauliString(5)]
    single += [stim.PauliString("I" * q + letter + "I" * (4 - q)) for q in range(5) for letter in "XYZ"]
    weights = [(error * s).weight for error in single for s in stabilizers]
    corrected = sum((p / 3) ** w * (1 - p) ** (5 - w) for w in weights)
    assert maximum_likelihood_failure(five_qubit(), p) == pytest.approx(1 - corrected, abs=1e-12)


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        (five_qubit(), (0, 0, 0, 10, 5, 1)),
        (steane(), (0, 0, 0, 7, 28, 21, 7, 1)),
        (colour(3), (0, 0, 0, 7, 28, 21, 7, 1)),
        (four_two_two(), (0, 0, 6, 4, 1)),
    ],
    ids=lambda x: str(x)[:12],
)
def test_uncorrectable_erasures_by_weight(code, counts):
    assert uncorrectable_erasures(code) == counts


@pytest.mark.parametrize(("n", "m"), [(2, 2), (2, 3), (3, 2), (3, 3)])
@pytest.mark.parametrize("e", [0.1, 0.35])
def test_parity_code_erasures_are_the_closed_form(n, m, e):
    """A photon of every block arrives and one block whole: (1 − e^m)^n − (1 − e^m − (1 − e)^m)^n
    (Muralidharan et al., arXiv:1310.5291, eq. 2)."""
    counts = uncorrectable_erasures(parity(n, m))
    failure = sum(c * e**w * (1 - e) ** (n * m - w) for w, c in enumerate(counts))
    success = (1 - e**m) ** n - (1 - e**m - (1 - e) ** m) ** n
    assert 1 - failure == pytest.approx(success, abs=1e-12)


def test_surface_code_erasures_of_one_basis():
    counts = uncorrectable_erasures(rotated_surface(3), "Z")
    half = [sum(c * e**w * (1 - e) ** (9 - w) for w, c in enumerate(counts)) / 2 for e in (0.3, 0.5)]
    assert half == pytest.approx([0.07744663799999997, 0.25], abs=1e-6)


def test_post_selected_four_two_two():
    kept = post_selected(four_two_two(), 0.01)
    assert kept.accepted == pytest.approx(0.960793, abs=5e-7)
    assert kept.error == pytest.approx(2.049372e-4, rel=1e-6)


@pytest.mark.parametrize("code", [shor(), repetition(4), rotated_surface(2, 4)], ids=lambda c: c.name)
def test_enumerators_count_every_error_once(code):
    counts = weight_enumerators(code)
    weights = [math.comb(code.n, w) * 3**w for w in range(code.n + 1)]
    assert counts.sum(axis=(0, 1)).tolist() == weights
    assert (counts.sum(axis=2) == 2 ** (code.n - code.k)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: maximum_likelihood_failure(steane(), 1.5), "p = 1.5"),
        (lambda: post_selected(steane(), -0.1), "p = -0.1"),
        (lambda: uncorrectable_erasures(steane(), "Y"), "basis = 'Y'"),
        (lambda: weight_enumerators(colour(5)), "colour:5 has 19 qubits"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
