"""`read_study`: a study from a TOML file, which is only ever read."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from qnet.studies.errors import StudyError
from qnet.studies.study import CodeStudy

__all__ = ["BadStudy", "StudyFile", "read_study"]

LARGEST_FILE = 1_000_000


class BadStudy(StudyError, ValueError):
    """A file that describes no study."""


@dataclass(frozen=True, kw_only=True)
class StudyFile:
    """What a file asks for.

    Args:
        study: The study.
        seed: The seed that it names, if any.
    """

    study: Any
    seed: int | None = None


def read_study(path: Path, kinds: Mapping[str, type[Any]] | None = None) -> StudyFile:
    r"""Read a study from a file.

    The keys are the fields of the study (for `codes`: those of `CodeStudy`), read by their types, and
    `study`, the kind, and `seed`. One value stands for a list of one. Noises are texts such as
    `"uniform:0.005"`, or a table from model to strengths.

    Args:
        path: A TOML file.
        kinds: The studies by the name of their kind; a class with dataclass fields. `codes` if not given.

    Returns:
        The study and the seed.

    Raises:
        BadStudy: If the file is not there or no TOML, or a key is unknown, missing or of the wrong type, or
            a value is refused by the study. The message names file and key.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder, "study.toml")
        ...     _ = file.write_text('codes = "steane"\nnoises = {uniform = [0.001, 0.002]}\nseed = 7')
        ...     found = read_study(file)
        >>> found.study.noises, found.seed
        (('uniform:0.001', 'uniform:0.002'), 7)
    """
    path = Path(path)
    table = _table(path)
    try:
        return _read(table, kinds or {CodeStudy.name: CodeStudy})
    except ValueError as error:
        raise BadStudy(f"study {str(path)!r}: {error}") from error


def _table(path: Path) -> dict[str, Any]:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise BadStudy(f"study {str(path)!r} {what}; give a TOML file")
    if path.stat().st_size > LARGEST_FILE:
        raise BadStudy(f"study {str(path)!r} has more than {LARGEST_FILE} bytes; give a TOML file")
    try:
        return tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadStudy(f"study {str(path)!r} is no TOML: {error}") from error


def _read(table: dict[str, Any], kinds: Mapping[str, type[Any]]) -> StudyFile:
    _refuse_code(table)
    kind = table.pop("study", CodeStudy.name)
    if kind not in kinds:
        raise ValueError(f"study = {kind!r} is no kind of study; choose one of {', '.join(kinds)}")
    seed = table.pop("seed", None)
    if seed is not None and (not _whole(seed) or seed < 0):
        raise ValueError(f"seed = {seed!r} is no seed; give a whole number from 0 on")
    known = [field.name for field in fields(kinds[kind])]
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            every = ", ".join(["study", "seed", *known])
            raise ValueError(
                f"there is no key {key!r}; "
                + (f"did you mean {near[0]}?" if near else f"choose from {every}")
            )
    for key in _required(kinds[kind]):
        if key not in table:
            raise ValueError(f"the key {key!r} is missing; give {_example(key)}")
    read = _readers(kinds[kind])
    values = {key: read[key](key, value) for key, value in table.items()}
    if "max_shots" not in values and {"max_errors", "precision"} & set(values):
        values["max_shots"] = 10_000_000
    return StudyFile(study=kinds[kind](**values), seed=seed)


def _refuse_code(value: Any, key: str = "") -> None:
    """A study never names code to run: that is for the command line alone.

    Raises:
        ValueError: If a text in it does.
    """
    if isinstance(value, str) and value.strip().startswith("backend:"):
        raise ValueError(
            f"{key} = {value!r} would run code that a file names; give it on the command line, with --sampler"
        )
    if isinstance(value, dict):
        for name, item in value.items():
            _refuse_code(item, key or str(name))
    elif isinstance(value, list):
        for item in value:
            _refuse_code(item, key)


def _required(kind: type[Any]) -> list[str]:
    from dataclasses import MISSING

    return [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]


def _example(key: str) -> str:
    examples = {"codes": 'codes = ["rotated_surface"]', "noises": 'noises = ["uniform:0.005"]'}
    return examples.get(key, f"{key} = …")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _texts(key: str, value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in values):
        raise ValueError(f"{key} = {value!r} must be a text or a list of texts")
    return tuple(values)


def _numbers(key: str, value: Any) -> tuple[int, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(_whole(one) for one in values):
        raise ValueError(f"{key} = {value!r} must be a whole number or a list of them")
    return tuple(values)


def _noises(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, dict):
        return _texts(key, value)
    found = []
    for model, strengths in value.items():
        for p in strengths if isinstance(strengths, list) else [strengths]:
            if isinstance(p, bool) or not isinstance(p, int | float):
                raise ValueError(f"{key}.{model} = {strengths!r} must be a number or a list of numbers")
            found.append(f"{model}:{p!r}")
    return tuple(found)


def _whole_number(key: str, value: Any) -> int:
    if not _whole(value):
        raise ValueError(f"{key} = {value!r} must be a whole number")
    return int(value)


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{key} = {value!r} must be a number")
    return float(value)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{key} = {value!r} must be a text")
    return value


def _rounds(key: str, value: Any) -> int | str:
    if not (_whole(value) or isinstance(value, str)):
        raise ValueError(f"{key} = {value!r} must be a whole number or a text such as 'd'")
    return value  # type: ignore[no-any-return]


def _asis(key: str, value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _floats(key: str, value: Any) -> tuple[float, ...]:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in values):
        raise ValueError(f"{key} = {value!r} must be a number or a list of numbers")
    return tuple(float(one) for one in values)


_READ: Mapping[Any, Callable[[str, Any], Any]] = {
    tuple[str, ...]: _texts,
    tuple[int, ...]: _numbers,
    tuple[float, ...]: _floats,
    str: _text,
    str | None: _text,
    int: _whole_number,
    int | None: _whole_number,
    float: _number,
    float | None: _number,
    int | str: _rounds,
}


def _readers(kind: type[Any]) -> dict[str, Callable[[str, Any], Any]]:
    """How each key is read, by the type of the field."""
    hints = get_type_hints(kind)
    found = {field.name: _READ.get(hints[field.name], _asis) for field in fields(kind)}
    return found | ({"noises": _noises} if "noises" in found else {})
