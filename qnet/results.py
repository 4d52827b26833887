"""`Figure`, a number with its uncertainty, and `Result`, the figures of a run and what made them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, asdict, dataclass, field, is_dataclass
from typing import Any

import numpy as np

__all__ = ["Figure", "Result"]


@dataclass(frozen=True)
class Figure:
    """A number that was measured or computed, with its standard error.

    Args:
        value: The number; NaN where the shots could not decide it.
        stderr: Its standard error, None where the value is exact.
        unit: Its unit, empty for a pure number.
        ideal: The value without noise, if there is one.
        bound: A bound that the value is compared with, if there is one.

    Raises:
        ValueError: If `stderr` is negative.

    Example:
        >>> print(Figure(0.9033, stderr=0.0012, ideal=1.0))
        0.9033 ± 0.0012
    """

    value: float
    _: KW_ONLY
    stderr: float | None = None
    unit: str = ""
    ideal: float | None = None
    bound: float | None = None

    def __post_init__(self) -> None:
        for name in ("value", "stderr", "ideal", "bound"):
            given = getattr(self, name)
            object.__setattr__(self, name, None if given is None else float(given))
        if self.stderr is not None and self.stderr < 0:
            raise ValueError(f"stderr={self.stderr!r} must not be negative; give None for an exact value")

    def __str__(self) -> str:
        error = "" if self.stderr is None else f" ± {self.stderr:.2g}"
        return f"{self.value:.4g}{error}{' ' + self.unit if self.unit else ''}"

    def as_dict(self) -> dict[str, Any]:
        """The figure as plain numbers: `value`, `stderr` and `unit` always, `ideal` and `bound` if given."""
        made: dict[str, Any] = {"value": self.value, "stderr": self.stderr, "unit": self.unit}
        made |= {"ideal": self.ideal} if self.ideal is not None else {}
        made |= {"bound": self.bound} if self.bound is not None else {}
        return made


@dataclass(frozen=True, kw_only=True)
class Result:
    """The figures of one run of an experiment, and everything that is needed to make them again.

    Args:
        experiment: Name of the experiment.
        figures: The figures by name.
        parameters: All parameters of the experiment by name, defaults too.
        seed: The seed that was used.
        shots: Shots per circuit (signals, for key distribution).
        sampler: Name of the sampler.
        versions: Version by package.
        elapsed_s: Wall-clock time in seconds.
        rows: A table, one mapping per row.
        command: The command of which this is the result.
        qubits: Per circuit, the device's qubit under each qubit of the protocol; empty off devices.
        notes: What is to be known of the figures: that read-out errors were mitigated, for example.

    Example:
        >>> made = Result(experiment="chsh", figures={"chsh_s": Figure(2.8, stderr=0.01)}, seed=7,
        ...               parameters={"fidelity": 1.0}, shots=1000, sampler="aer", versions={}, elapsed_s=0.1)
        >>> made.figures["chsh_s"].value
        2.8
    """

    experiment: str
    figures: Mapping[str, Figure]
    parameters: Mapping[str, Any]
    seed: int | None
    shots: int
    sampler: str
    versions: Mapping[str, str]
    elapsed_s: float
    rows: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    command: str = "run"
    qubits: Sequence[Sequence[int]] = field(default_factory=tuple)
    notes: Sequence[str] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values that JSON knows; NaN and infinity become None."""
        made = {
            "command": self.command,
            "experiment": self.experiment,
            "parameters": dict(self.parameters),
            "sampler": self.sampler,
            "shots": self.shots,
            "seed": self.seed,
            "figures": {name: figure.as_dict() for name, figure in self.figures.items()},
            "versions": dict(self.versions),
            "elapsed_s": self.elapsed_s,
        }
        if self.rows:
            made["rows"] = [dict(row) for row in self.rows]
        if self.qubits:
            made["qubits"] = [list(each) for each in self.qubits]
        if self.notes:
            made["notes"] = list(self.notes)
        plain: dict[str, Any] = _plain(made)
        return plain

    def to_json(self) -> str:
        """The result as one ASCII JSON object on one line; NaN and infinity become null.

        Example:
            >>> made = Result(experiment="e", figures={"f": Figure(float("nan"))}, parameters={}, seed=1,
            ...               shots=2, sampler="s", versions={}, elapsed_s=0.0)
            >>> json.loads(made.to_json())["figures"]
            {'f': {'value': None, 'stderr': None, 'unit': ''}}
        """
        return json.dumps(self.as_dict(), allow_nan=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.integer | np.bool_):
        return value.item()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset | np.ndarray):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    return repr(value)
