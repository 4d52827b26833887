"""Exceptions to a noise: a gate, a qubit or a pair that is better or worse than the rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from numbers import Integral
from typing import Any

from circuits.noise.channels import PauliChannel, Rate, is_number, probability

__all__ = ["Override"]

Where = int | tuple[int, ...] | frozenset[int] | None


@dataclass(frozen=True, kw_only=True, repr=False)
class Override:
    """What is different for a gate, for a qubit, for a pair of qubits, or for a gate on these.

    The narrowest override that says something wins: gate and qubits, then qubits, then gate; at the
    same width an ordered pair goes before an unordered one.

    Attributes:
        gate: Name of the instruction in Qiskit ("cx", "sx", "measure", "reset" …; Stim's `S_DAG` is "sdg",
            its `M`, `MX`, `MPP` … are "measure", `R`, `RX`, `RY` "reset"; "round" is the beginning of a
            round of a code experiment); None: every gate on the qubits.
        qubits: An index, a tuple (in the order of the gate's qubits), a frozenset (in any order), or
            None for all. A qubit without a gate means its one-qubit gates; measurement, reset and round
            go by name.
        error: Probability of a depolarising error, or a Pauli channel; for "measure" and
            "reset" the probability of a flip.
        loss: Probability that each qubit is lost, and that this is heralded: after a gate on two qubits
            (or a pair), or of a data qubit before each "round".
        time_s: How long the instruction lasts, in seconds.
        t1_s: T1 of this qubit, in seconds (no `gate`, one qubit).
        t2_s: T2 of this qubit, in seconds.

    Raises:
        ValueError: If neither `gate` nor `qubits` is given, or nothing is overridden.
        ValueError: If `qubits` are not different indices from 0.
        ValueError: If `error` is not a probability or a channel of the same number of qubits.
        ValueError: If `loss` is not a probability, or is of an instruction that loses nothing.
        ValueError: If `time_s` is not a finite time, or T1 or T2 not positive.

    Example:
        >>> Override(gate="cx", qubits=(0, 1), error=0.02)
        Override(gate='cx', qubits=(0, 1), error=0.02)
    """

    gate: str | None = None
    qubits: Where = None
    error: Rate | None = None
    time_s: float | None = None
    t1_s: float | None = None
    t2_s: float | None = None
    loss: float | None = None

    def __post_init__(self) -> None:
        if self.gate is None and self.qubits is None:
            raise ValueError("gate and qubits are both None: name a gate, qubits, or a gate on qubits")
        given = (self.error, self.time_s, self.t1_s, self.t2_s, self.loss)
        if all(value is None for value in given):
            raise ValueError("error, time_s, t1_s and t2_s are all None: give at least one, or a loss")
        if self.gate is not None and not (isinstance(self.gate, str) and self.gate):
            raise ValueError(f"gate is {self.gate!r}: it must be the name of an instruction, such as 'cx'")
        self._check_qubits()
        if self.error is not None:
            object.__setattr__(self, "error", self._checked_error())
        if self.time_s is not None:
            object.__setattr__(self, "time_s", seconds("time_s", self.time_s))
        if self.loss is not None:
            object.__setattr__(self, "loss", self._checked_loss())
        self._check_coherence()

    def __repr__(self) -> str:
        return shown(self)

    def _check_qubits(self) -> None:
        given: Any = self.qubits
        if given is None:
            return
        indices: list[Any] = list(given) if isinstance(given, tuple | frozenset) else [given]
        good = all(is_number(q, Integral) and q >= 0 for q in indices)
        if not indices or not good or len(set(indices)) < len(indices):
            raise ValueError(
                f"qubits is {given!r}: an index, a tuple of different indices, or a frozenset of them"
            )
        whole = [int(q) for q in indices]
        several = type(given)(whole) if len(whole) > 1 else whole[0]
        object.__setattr__(self, "qubits", several)

    def _checked_error(self) -> Rate:
        if self.gate in ("measure", "reset"):
            return probability("error", self.error)
        rate = checked_rate("error", self.error)
        width = len(self.qubits) if isinstance(self.qubits, tuple | frozenset) else 1
        if isinstance(rate, PauliChannel) and self.qubits is not None and rate.num_qubits != width:
            raise ValueError(f"error has Paulis on {rate.num_qubits} qubits: qubits is {self.qubits!r}")
        return rate

    def _checked_loss(self) -> float:
        single = self.qubits is not None and not isinstance(self.qubits, tuple | frozenset)
        if self.gate in ("measure", "reset") or (single and self.gate != "round"):
            where = self.gate or f"qubit {self.qubits}"
            raise ValueError(
                f"loss is {self.loss!r} for {where}: qubits are lost in two-qubit gates and before a round; "
                'give a pair, the gate "round", or none but a two-qubit gate'
            )
        return probability("loss", self.loss)

    def _check_coherence(self) -> None:
        for name in ("t1_s", "t2_s"):
            value = getattr(self, name)
            if value is None:
                continue
            object.__setattr__(self, name, coherence_time(name, value))
            if self.gate is not None or not isinstance(self.qubits, int):
                raise ValueError(
                    f"{name} is {value!r}: it belongs to a qubit, so give qubits=index and no gate"
                )


def shown(value: Any) -> str:
    """The call that makes a dataclass again: the fields that are not at their defaults."""
    changed = {f.name: getattr(value, f.name) for f in fields(value) if getattr(value, f.name) != f.default}
    texts = [f"{name}={_text(item)}" for name, item in changed.items()]
    return f"{type(value).__name__}({', '.join(texts)})"


def _text(item: object) -> str:
    return "float('inf')" if item == math.inf else repr(item)


def checked_rate(name: str, value: object) -> Rate:
    """The value as a probability or a channel, or a ValueError that names the argument."""
    if isinstance(value, Mapping):
        return PauliChannel(probabilities=value)
    if isinstance(value, PauliChannel):
        return value
    return probability(name, value)


def seconds(name: str, value: Any) -> float:
    """The value as a finite time, or a ValueError that names the argument."""
    if not is_number(value) or not 0 <= value < math.inf:
        raise ValueError(f"{name} is {value!r}: it must be a time in seconds, from 0")
    return float(value)


def coherence_time(name: str, value: Any) -> float:
    """The value as a T1 or T2, which may be infinite, or a ValueError that names the argument."""
    if not is_number(value) or not value > 0:
        raise ValueError(f"{name} is {value!r}: it must be a time above 0 s, or math.inf")
    return float(value)
