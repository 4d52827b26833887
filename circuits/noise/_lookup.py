"""Which error, and which time, an instruction has: the defaults of a noise and its overrides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from circuits.noise.channels import PauliChannel, Rate

if TYPE_CHECKING:
    from circuits.noise.override import Override
    from circuits.noise.value import CircuitNoise

ROUND = "round"
"""The tag of the TICK, and the label of the barrier, with which a round of a code experiment begins."""

_LARGEST_DEPOLARIZED = 4


class Lookup:
    """The overrides of one noise, indexed by gate and qubits."""

    def __init__(self, noise: CircuitNoise) -> None:
        self._noise = noise
        self._found: dict[tuple[object, object], Override] = {
            (item.gate, item.qubits): item for item in noise.overrides
        }
        some = {item.gate == ROUND for item in noise.overrides if item.loss is not None}
        self.loses_2q = noise.loss_2q > 0 or False in some
        self.loses_round = noise.loss_round > 0 or True in some
        self.relaxes = min(noise.t1_s, noise.t2_s or math.inf) < math.inf or self._some_relax()

    def _some_relax(self) -> bool:
        return any(item.t1_s is not None or item.t2_s is not None for item in self._found.values())

    def gate(self, name: str, qubits: tuple[int, ...]) -> Rate:
        """The error after a gate; a ValueError if it has none."""
        rate: Rate | None = self._value("error", name, qubits)
        width = len(qubits)
        if rate is None and width <= 2:
            rate = self._noise.after_1q if width == 1 else self._noise.after_2q
        if rate is None:
            raise ValueError(self._unknown(name, qubits))
        if isinstance(rate, PauliChannel) and rate.num_qubits != width:
            raise ValueError(
                f"the error of {name!r} on qubits {list(qubits)} has Paulis on {rate.num_qubits} qubits: "
                f"give an override with Paulis on {width}"
            )
        if width > _LARGEST_DEPOLARIZED and not isinstance(rate, PauliChannel):
            raise ValueError(
                f"the error of {name!r} on {width} qubits is a probability: give an override with a "
                f"PauliChannel, depolarising errors go up to {_LARGEST_DEPOLARIZED} qubits"
            )
        return rate

    def before_round(self, qubit: int) -> Rate:
        """The error of a data qubit before a round of a code experiment."""
        rate: Rate | None = self._value("error", ROUND, (qubit,))
        return self._noise.before_round if rate is None else rate

    def loss(self, name: str, qubits: tuple[int, ...]) -> float:
        """How likely each qubit is lost after a gate on two qubits, or before a "round"."""
        loss: float | None = self._value("loss", name, qubits) if len(qubits) <= 2 else 0.0
        if loss is not None:
            return loss
        if name == ROUND:
            return self._noise.loss_round
        return self._noise.loss_2q if len(qubits) == 2 else 0.0

    def flip(self, name: str, qubits: tuple[int, ...]) -> float:
        """The probability of a flip at "measure" or "reset"."""
        flip: float | None = self._value("error", name, qubits)
        if flip is None:
            return self._noise.measurement if name == "measure" else self._noise.reset
        return flip

    def seconds(self, name: str, qubits: tuple[int, ...]) -> float:
        """How long an instruction lasts."""
        time: float | None = self._value("time_s", name, qubits)
        if time is not None:
            return time
        if name == "measure":
            return self._noise.measurement_s
        if name == "reset":
            return self._noise.reset_s
        return self._noise.gate_1q_s if len(qubits) == 1 else self._noise.gate_2q_s

    def latency(self, name: str) -> float:
        """What a control-flow instruction costs before its body starts: only an override says so."""
        item = self._found.get((name, None))
        return item.time_s if item is not None and item.time_s is not None else 0.0

    def coherence(self, qubit: int) -> tuple[float, float]:
        """T1 and T2 of a qubit."""
        item = self._found.get((None, qubit))
        t1 = item.t1_s if item is not None and item.t1_s is not None else self._noise.t1_s
        t2 = item.t2_s if item is not None and item.t2_s is not None else self._noise.t2_s
        return t1, 2 * t1 if t2 is None else t2

    def check_coherence(self) -> None:
        """Refuse T2 > 2·T1, for the default and for each qubit."""
        places = [("t2_s", (self._noise.t1_s, self._noise.t2_s or 0.0))]
        for (gate, qubit), item in self._found.items():
            if gate is None and isinstance(qubit, int) and (item.t1_s is not None or item.t2_s is not None):
                places.append((f"t2_s of qubit {qubit}", self.coherence(qubit)))
        for name, (t1, t2) in places:
            if t2 > 2 * t1 * (1 + 1e-12):
                raise ValueError(f"{name} is {t2!r}: it must be at most 2·T1 = {2 * t1!r}")

    def _value(self, what: str, name: str, qubits: tuple[int, ...]) -> Any:
        if not self._found:
            return None
        where: tuple[object, ...] = (qubits[0],) if len(qubits) == 1 else (qubits, frozenset(qubits))
        keys: list[tuple[object, object]] = [(name, place) for place in where]
        if name not in ("measure", "reset", ROUND):
            keys += [(None, place) for place in where]
        for key in [*keys, (name, None)]:
            item = self._found.get(key)
            if item is not None and getattr(item, what) is not None:
                return getattr(item, what)
        return None

    def _unknown(self, name: str, qubits: tuple[int, ...]) -> str:
        place = f"gate {name!r} on qubits {list(qubits)}"
        if len(qubits) > 2:
            return (
                f"{place} has no error in this noise: transpile to gates on one and two qubits first, "
                f"or give Override(gate={name!r}, error=…)"
            )
        return (
            f"{place} has no error in this noise: transpile to the gates and pairs of the device first, "
            f"or give Override(gate={name!r}, error=…)"
        )
