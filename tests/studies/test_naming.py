"""The names of the codes, and what is said about wrong ones."""

import pytest

from circuits.codes import colour, parity, rotated_surface
from circuits.codes.naming import CODES, UnknownCode, named_code


@pytest.mark.parametrize("family", CODES.values(), ids=list(CODES))
def test_every_code_is_built_from_the_name_that_it_gives_itself(family):
    code = named_code(family.example or family.name)
    assert named_code(code.name) == code
    assert code.name.partition(":")[0] == family.name


def test_numbers_are_read_in_the_order_of_the_builder():
    assert named_code("rotated_surface:3,5") == rotated_surface(3, 5)
    assert named_code(" Parity:4, 3 ") == parity(4, 3)
    assert named_code("rotated-surface:3") == rotated_surface(3)


def test_a_distance_chooses_the_member_of_a_family():
    assert named_code("colour", 5) == colour(5)
    assert named_code("parity", 3) == parity(3, 3)
    assert named_code("steane", 3).name == "steane"


@pytest.mark.parametrize(
    ("text", "distance", "message"),
    [
        ("sureface:3", None, "there is no code 'sureface:3'; did you mean rotated_surface:3?"),
        ("color:5", None, "there is no code 'color:5'; did you mean colour:5?"),
        ("xyzzy", None, "there is no code 'xyzzy'; choose one of repetition, rotated_surface"),
    ],
)
def test_an_unknown_code_is_told_with_the_nearest_name(text, distance, message):
    with pytest.raises(UnknownCode) as caught:
        named_code(text, distance)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "distance", "message"),
    [
        ("parity:4", None, "code 'parity:4' lacks its numbers; write it as parity:n,m"),
        ("steane:3", None, "code 'steane:3' does not read; write it as steane"),
        ("rotated_surface:3,", None, "does not read; write it as rotated_surface:d_x\\[,d_z\\]"),
        ("rotated_surface:3,5,7", None, "does not read"),
        ("rotated_surface:99", None, "rotated_surface:99 has about 9801 qubits; 1000 are the most"),
        ("colour:4", None, "a triangular colour code has an odd distance"),
        ("colour", 4, "a triangular colour code has an odd distance"),
        ("colour:5", 5, "code 'colour:5' has its numbers already; leave out the distance"),
        ("steane", 5, "code 'steane' has the distance 3, not 5; leave it out"),
    ],
)
def test_wrong_numbers_are_told(text, distance, message):
    with pytest.raises(ValueError, match=message):
        named_code(text, distance)
