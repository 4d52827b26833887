"""Settings typed by the fields of an experiment."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from qnet.cli._settings import configured, parameters


@dataclass(frozen=True, kw_only=True)
class Toy:
    """An experiment with a field of every kind."""

    name: ClassVar[str] = "toy"

    count: int = 1
    share: float = 0.5
    word: str = "a"
    flag: bool = False
    maybe: float | None = 0.5
    pair: tuple[float, float] | None = None


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
        ("pair=0.5, 1", (0.5, 1.0)),
        ("pair=(0.5,1)", (0.5, 1.0)),
        ("pair=None", None),
    ],
)
def test_a_value_has_the_type_of_its_field(setting, value):
    found = getattr(configured(Toy, [setting]), setting.partition("=")[0])
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("count=1.5", "count='1.5' does not read; give a whole number"),
        ("share=half", "share='half' does not read; give a number"),
        ("flag=perhaps", "flag='perhaps' does not read; give true or false"),
        ("maybe=x", "maybe='x' does not read; give a number"),
        ("pair=1,b", "pair='1,b' does not read; give numbers with commas between them"),
        ("colour=red", "toy has no parameter 'colour'; choose one of count, share"),
        ("=1", "toy has no parameter ''; choose one of count, share"),
    ],
)
def test_what_does_not_fit_is_refused(setting, message):
    with pytest.raises(ValueError, match=message):
        configured(Toy, [setting])


def test_hyphens_do_for_underscores_in_names():
    @dataclass(frozen=True, kw_only=True)
    class Long:
        name: ClassVar[str] = "long"
        z_probability: float = 0.5

    assert configured(Long, ["z-probability=0.9"]).z_probability == 0.9


def test_parameters_tell_type_and_default():
    found = {one["name"]: (one["type"], one["default"]) for one in parameters(Toy)}
    assert found["count"] == ("int", 1)
    assert found["maybe"] == ("float | None", 0.5)
    assert found["pair"] == ("tuple[float, float] | None", None)
