"""The codes by name: text such as `rotated_surface:3,5` to a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import prod
from types import MappingProxyType

from circuits.codes.bicycle import bivariate_bicycle
from circuits.codes.colour import colour
from circuits.codes.named import five_qubit, four_two_two, golay, parity, repetition, shor, steane
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.surface import rotated_surface
from circuits.errors import CircuitsError

__all__ = ["CODES", "NamedCode", "UnknownCode", "family_of", "named_code"]

LARGEST = 1000


class UnknownCode(CircuitsError, ValueError):
    """There is no code of that name."""


@dataclass(frozen=True, kw_only=True)
class NamedCode:
    """A code, or a family of codes, that has a name.

    Args:
        name: What it is called.
        build: The function that makes it.
        summary: What it is, on one line.
        parameters: Names of the numbers that follow the name.
        required: How many of them must be given.
        per_distance: From a distance to the numbers; None where no distance chooses a code.
        size: From the numbers to about how many qubits the code has.
        example: A name that `named_code` takes.
    """

    name: str
    build: Callable[..., StabilizerCode]
    summary: str
    parameters: tuple[str, ...] = ()
    required: int = 0
    per_distance: Callable[[int], tuple[int, ...]] | None = None
    size: Callable[..., int] = lambda *numbers: prod(numbers)
    example: str = ""

    @property
    def form(self) -> str:
        """How the name is written.

        >>> CODES["rotated_surface"].form, CODES["steane"].form
        ('rotated_surface:d_x[,d_z]', 'steane')
        """
        needed, rest = self.parameters[: self.required], self.parameters[self.required :]
        inner = ",".join(needed) + "".join(f"[{',' if needed else ''}{name}]" for name in rest)
        if self.parameters and not self.required:
            return f"{self.name}[:{','.join(self.parameters)}]"
        return f"{self.name}:{inner}" if inner else self.name


def _same(distance: int) -> tuple[int, ...]:
    return (distance,)


def _area(width: int, height: int | None = None) -> int:
    return width * (width if height is None else height)


def _square(distance: int) -> tuple[int, ...]:
    return (distance, distance)


_ALL = (
    NamedCode(
        name="repetition",
        build=repetition,
        summary="repetition code on d qubits in a line; corrects X errors only",
        parameters=("d",),
        required=1,
        per_distance=_same,
        example="repetition:5",
    ),
    NamedCode(
        name="rotated_surface",
        build=rotated_surface,
        summary="rotated surface code on d_x columns and d_z rows of qubits",
        parameters=("d_x", "d_z"),
        required=1,
        per_distance=_same,
        size=_area,
        example="rotated_surface:3",
    ),
    NamedCode(name="five_qubit", build=five_qubit, summary="the smallest code that corrects any error"),
    NamedCode(name="steane", build=steane, summary="seven qubits, all Clifford gates transversal"),
    NamedCode(name="four_two_two", build=four_two_two, summary="two qubits in four; detects any error"),
    NamedCode(name="shor", build=shor, summary="Shor's nine qubits, the parity code (3, 3)"),
    NamedCode(
        name="parity",
        build=parity,
        summary="quantum parity code of n blocks of m qubits, for loss",
        parameters=("n", "m"),
        required=2,
        per_distance=_square,
        example="parity:4,3",
    ),
    NamedCode(name="golay", build=golay, summary="23 qubits from the perfect binary Golay code"),
    NamedCode(
        name="colour",
        build=colour,
        summary="triangular colour code of an odd distance",
        parameters=("d",),
        required=1,
        per_distance=_same,
        size=_area,
        example="colour:5",
    ),
    NamedCode(
        name="bivariate_bicycle",
        build=bivariate_bicycle,
        summary="quantum low-density parity-check code on a torus of x by y",
        parameters=("x", "y"),
        size=lambda *orders: 2 * prod(orders),
        example="bivariate_bicycle:6,6",
    ),
)

CODES: Mapping[str, NamedCode] = MappingProxyType({one.name: one for one in _ALL})


def family_of(text: str) -> str:
    """The name of the code or family that a text begins with.

    Raises:
        UnknownCode: If no code has that name; the nearest name is given.

    Example:
        >>> family_of("surface:3,5")
        'rotated_surface'
    """
    return _family(text.partition(":")[0], text).name


def named_code(text: str, distance: int | None = None) -> StabilizerCode:
    """The code that a text stands for.

    Args:
        text: A name, with its numbers after a colon: `"steane"`, `"rotated_surface:3"`,
            `"rotated_surface:3,5"`, `"parity:4,3"`. Hyphens stand for underscores, and a word that only one
            name has for the name.
        distance: Chooses the member of a family whose numbers are not given: `named_code("colour", 5)` is
            `named_code("colour:5")`; for the parity codes it is both numbers.

    Returns:
        The code.

    Raises:
        UnknownCode: If no code has that name; the nearest name is given.
        ValueError: If the numbers are none, too many, or missing.
        ValueError: If the distance comes beside numbers, or is not that of a code of one size.
        ValueError: If there is no code of these numbers, or one of more than 1000 qubits.

    Example:
        >>> named_code("parity:4,3").parameters, named_code("surface", 5).name
        ((12, 1, 3), 'rotated_surface:5')
    """
    name, _, rest = str(text).strip().partition(":")
    family = _family(name, str(text))
    numbers = _numbers(family, rest, str(text))
    if distance is None:
        return _built(family, numbers, str(text))
    if numbers:
        raise ValueError(
            f"code {text!r} has its numbers already; leave out the distance, or give {family.name!r}"
        )
    if family.per_distance is not None:
        return _built(family, family.per_distance(distance), str(text))
    code = _built(family, (), str(text))
    if code.distance != distance:
        raise ValueError(f"code {text!r} has the distance {code.distance}, not {distance}; leave it out")
    return code


def _family(name: str, text: str) -> NamedCode:
    plain = name.strip().lower().replace("-", "_")
    if plain in CODES:
        return CODES[plain]
    words: dict[str, list[str]] = {}
    for key in CODES:
        for word in key.split("_"):
            words.setdefault(word, []).append(key)
    if len(words.get(plain, ())) == 1:
        return CODES[words[plain][0]]
    pool = {**{word: keys[0] for word, keys in words.items()}, **{key: key for key in CODES}}
    near = get_close_matches(plain, list(pool), n=1, cutoff=0.6)
    rest = text.partition(":")[2]
    meant = pool[near[0]] + (f":{rest}" if rest else "") if near else ""
    mend = f"did you mean {meant}?" if near else f"choose one of {', '.join(CODES)}"
    raise UnknownCode(f"there is no code {text!r}; {mend}")


def _numbers(family: NamedCode, rest: str, text: str) -> tuple[int, ...]:
    if not rest.strip():
        return ()
    try:
        numbers = tuple(int(part) for part in rest.split(","))
    except ValueError:
        numbers = ()
    if not numbers or len(numbers) > len(family.parameters):
        raise ValueError(f"code {text!r} does not read; write it as {family.form}")
    return numbers


def _built(family: NamedCode, numbers: tuple[int, ...], text: str) -> StabilizerCode:
    if len(numbers) < family.required:
        also = ", or give a distance" if family.per_distance is not None else ""
        raise ValueError(
            f"code {text!r} lacks its numbers; write it as {family.form}, such as {family.example}{also}"
        )
    if numbers and min(numbers) > 0 and family.size(*numbers) > LARGEST:
        chosen = ",".join(map(str, numbers))
        raise ValueError(
            f"code {family.name}:{chosen} has about {family.size(*numbers)} qubits; {LARGEST} are the most"
        )
    return family.build(*numbers)
