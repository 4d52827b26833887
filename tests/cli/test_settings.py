"""Settings typed by the fields of an experiment."""

from dataclasses import dataclass
from typing import Literal

import pytest

from qnet.cli._settings import configured, parameters


@dataclass(frozen=True, kw_only=True)
class Toy:
    """An experiment with a field of every kind."""

    count: int = 1
    share: float = 0.5
    word: str = "a"
    flag: bool = False
    maybe: float | None = 0.5
    either: int | str = 0
    several: tuple[int, ...] = ()
    pair: tuple[float, str] = (0.0, "a")
    choice: Literal["x", "y", 3] = "x"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("count=-7", -7),
        ("share=1e-3", 1e-3),
        ("share=2", 2.0),
        ("word=a=b", "a=b"),
        ("word=none", "none"),
        ("flag=yes", True),
        ("flag=False", False),
        ("maybe=none", None),
        ("maybe=0.25", 0.25),
        ("either=5", 5),
        ("either=five", "five"),
        ("several=1,2, 3", (1, 2, 3)),
        ("several=(4,)", (4,)),
        ("pair=0.5,b", (0.5, "b")),
        ("choice=3", 3),
        ("choice=y", "y"),
    ],
)
def test_a_value_has_the_type_of_its_field(setting, value):
    found = getattr(configured(Toy, [setting]), setting.partition("=")[0])
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("count=1.5", "--set count=1.5: '1.5' does not do; give a whole number"),
        ("share=half", "'half' does not do; give a number"),
        ("flag=perhaps", "'perhaps' does not do; give true or false"),
        ("maybe=x", "'x' does not do; give a number or none"),
        ("several=1,b", "'1,b' does not do; give values with commas between them"),
        ("pair=1", "'1' does not do; give 2 values with commas between them"),
        ("choice=z", "'z' does not do; give one of x, y, 3"),
        ("colour=red", "Toy has no parameter 'colour'; it has count, share"),
    ],
)
def test_what_does_not_fit_is_refused(setting, message):
    with pytest.raises(ValueError, match=message):
        configured(Toy, [setting])


def test_hyphens_do_for_underscores_in_names():
    @dataclass(frozen=True, kw_only=True)
    class Long:
        z_probability: float = 0.5

    assert configured(Long, ["z-probability=0.9"]).z_probability == 0.9


def test_parameters_tell_type_and_default():
    found = {one["name"]: (one["type"], one["default"]) for one in parameters(Toy)}
    assert found["count"] == ("int", 1)
    assert found["maybe"] == ("float | None", 0.5)
    assert found["choice"] == ("Literal['x', 'y', 3]", "x")
