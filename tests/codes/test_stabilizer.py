"""Every named code is what it claims, checked by Stim's tableaus and by enumeration."""

import numpy as np
import pytest
import stim

from circuits.codes import (
    StabilizerCode,
    bivariate_bicycle,
    colour,
    five_qubit,
    four_two_two,
    golay,
    parity,
    repetition,
    rotated_surface,
    shor,
    steane,
)
from circuits.codes.oracles import distance

SMALL = [
    five_qubit(),
    steane(),
    four_two_two(),
    shor(),
    colour(3),
    *(repetition(n, basis=b) for n in (2, 3, 5) for b in "XZ"),
    *(parity(n, m) for n in (1, 2, 3) for m in (1, 2, 3) if n * m > 1),
    *(rotated_surface(x, z) for x, z in ((2, 2), (3, 3), (2, 4), (4, 2), (2, 3), (3, 2))),
]
LARGE = [
    golay(),
    colour(5),
    colour(7),
    rotated_surface(5),
    rotated_surface(4, 7),
    bivariate_bicycle(),
]


@pytest.mark.parametrize("code", SMALL + LARGE, ids=lambda code: code.name)
def test_stim_accepts_checks_and_logicals_as_one_tableau(code):
    """Stim completes checks and conjugate logicals: independent checks + logical Z are a stabilizer state."""
    state = [stim.PauliString(s) for s in code.independent_checks() + code.logical_z]
    tableau = stim.Tableau.from_stabilizers(state)
    assert len(tableau) == code.n == len(code.independent_checks()) + code.k
    for i, x in enumerate(code.logical_x):
        for j, z in enumerate(code.logical_z):
            assert stim.PauliString(x).commutes(stim.PauliString(z)) == (i != j)


@pytest.mark.parametrize("code", SMALL, ids=lambda code: code.name)
def test_claimed_distance_is_the_enumerated_one(code):
    assert distance(code) == code.distance


@pytest.mark.parametrize(("code", "claimed"), [(golay(), 7), (colour(5), 5)], ids=lambda x: str(x)[:12])
def test_distance_of_self_dual_codes_by_all_codewords(code, claimed):
    """The kernel of the X checks is small enough to list: its odd words are the logical operators."""
    rows = [check.replace("Z", "X") for check in code.checks if "X" in check] + [code.logical_x[0]]
    words = np.zeros((1, code.n), dtype=np.uint8)
    for row in rows:
        bits = np.array([letter == "X" for letter in row], dtype=np.uint8)
        words = np.vstack([words, words ^ bits])
    weights = words.sum(axis=1)
    assert weights[weights % 2 == 1].min() == claimed


@pytest.mark.parametrize("width", [2, 3, 4, 5])
@pytest.mark.parametrize("height", [2, 3, 4, 5])
def test_surface_code_logicals_have_the_weights_asked_for(width, height):
    code = rotated_surface(width, height)
    assert (code.n, code.k) == (width * height, 1)
    assert sum(c != "I" for c in code.logical_x[0]) == width
    assert sum(c != "I" for c in code.logical_z[0]) == height


def test_bicycle_code_has_the_published_size():
    assert bivariate_bicycle().parameters == (72, 12, 6)
    assert bivariate_bicycle(12, 6).parameters == (144, 12, 12)


@pytest.mark.parametrize("distance", [3, 5, 7, 9])
def test_faces_of_one_colour_do_not_touch(distance):
    """Three colours, each of which covers every qubit at most once: faces that meet differ."""
    code = colour(distance)
    for letter in "XZ":
        for shade in range(3):
            chosen = [
                check
                for check, c in zip(code.checks, code.colours, strict=True)
                if letter in check and c == shade
            ]
            covered = [sum(check[q] != "I" for check in chosen) for q in range(code.n)]
            assert max(covered) == 1
    assert set(code.colours) == {0, 1, 2}


@pytest.mark.parametrize("code", [*SMALL, colour(5)], ids=lambda code: code.name)
def test_repr_evaluates_to_the_same_code(code):
    assert eval(repr(code)) == code


def test_logicals_are_found_when_they_are_not_given():
    """Found operators commute with the checks and are conjugate pairs, for a code with 12 of them."""
    code = StabilizerCode(name="found", checks=bivariate_bicycle().checks)
    assert code.k == 12 == len(code.logical_x)


def test_distance_of_found_logicals_matches():
    assert distance(StabilizerCode(name="five", checks=five_qubit().checks)) == 3


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"checks": ()}, "checks is empty"),
        (
            {"checks": ("XX", "ZI")},
            r"checks\[0\] = XX and checks\[1\] = ZI do not commute",
        ),
        ({"checks": ("XX", "ZZZ")}, r"checks\[1\] = 'ZZZ' acts on 3 qubits"),
        ({"checks": ("XQ",)}, r"checks\[0\] = 'XQ' is not a Pauli string"),
        ({"checks": ("ZZ",), "logical_x": ("XX",)}, "both, or neither"),
        ({"checks": ("ZZ",), "coordinates": ((0.0, 0.0),)}, "coordinates holds 1 entries for 2 qubits"),
        ({"checks": ("ZZ",), "colours": (0, 1)}, "colours holds 2 entries for 1 checks"),
        (
            {"checks": ("ZZ",), "logical_x": ("XI",), "logical_z": ("ZI",)},
            r"logical_x\[0\] = XI anticommutes",
        ),
        (
            {"checks": ("ZZ",), "logical_x": ("XX",), "logical_z": ("ZZ",)},
            "commutes with logical_z",
        ),
        (
            {"checks": ("ZZ",), "logical_x": ("XX", "XX"), "logical_z": ("ZI",)},
            "holds 2 operators",
        ),
    ],
)
def test_a_wrong_code_is_refused_by_name(fields, message):
    with pytest.raises(ValueError, match=message):
        StabilizerCode(name="wrong", **fields)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: repetition(1), "distance = 1"),
        (lambda: repetition(3, basis="Y"), "basis = 'Y'"),
        (lambda: rotated_surface(3, 1), "d_z = 1"),
        (lambda: colour(4), "distance = 4.*odd"),
        (lambda: parity(1, 1), r"parity\(1, 1\)"),
        (lambda: bivariate_bicycle(0, 3), "orders are at least 1"),
        (
            lambda: StabilizerCode.from_check_matrices([[2, 0]], [[0, 0]], name="x"),
            "hx holds 2",
        ),
        (lambda: distance(golay()), "golay has 23 qubits"),
    ],
)
def test_bad_arguments_name_the_argument(build, message):
    with pytest.raises(ValueError, match=message):
        build()
