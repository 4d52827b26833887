"""What IBM's service is asked to do beside running circuits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qiskit import QuantumCircuit

from qnet.execution._arguments import check_shots

__all__ = ["IBMOptions", "options_of"]

_SEQUENCES = ("XX", "XpXm", "XY4")
_MODES = ("job", "session", "batch")


@dataclass(frozen=True, kw_only=True)
class IBMOptions:
    """What IBM's service is asked to do beside running the circuits.

    Args:
        dynamical_decoupling: None, or the sequence played on idle qubits: `"XX"`, `"XpXm"` or `"XY4"`.
        gate_twirling: Whether two-qubit gates are twirled with random Paulis.
        measurement_twirling: Whether read-outs are twirled.
        mode: `"job"`; `"session"`, which keeps the machine for the jobs of this sampler; or `"batch"`.
        max_seconds: Quantum seconds after which IBM ends a job, None for the plan's own limit.

    Raises:
        ValueError: If a value is not one of these.

    Example:
        >>> IBMOptions(dynamical_decoupling="XY4", mode="batch").mode
        'batch'
    """

    dynamical_decoupling: str | None = None
    gate_twirling: bool = False
    measurement_twirling: bool = False
    mode: str = "job"
    max_seconds: int | None = None

    def __post_init__(self) -> None:
        sequence = self.dynamical_decoupling
        if sequence is not None and sequence not in _SEQUENCES:
            raise ValueError(
                f"dynamical_decoupling={sequence!r} must be one of {', '.join(_SEQUENCES)}, or None"
            )
        for name in ("gate_twirling", "measurement_twirling"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name}={getattr(self, name)!r} must be True or False")
        if self.mode not in _MODES:
            raise ValueError(f"mode={self.mode!r} must be one of {', '.join(_MODES)}")
        if self.max_seconds is not None:
            check_shots(self.max_seconds, "max_seconds")

    @property
    def twirls(self) -> bool:
        """Whether anything is twirled."""
        return self.gate_twirling or self.measurement_twirling

    def check(self, circuit: QuantumCircuit) -> None:
        """See that a circuit goes with these options.

        Raises:
            ValueError: If it has feed-forward, which goes with neither decoupling nor twirling.
        """
        if not circuit.has_control_flow_op():
            return
        for asked, name in ((self.dynamical_decoupling, "dynamical_decoupling"), (self.twirls, "twirling")):
            if asked:
                raise ValueError(
                    f"{name} does not go with feed-forward on IBM's machines; take corrections='frame', "
                    f"or leave {name} off"
                )

    def runtime(self, tags: Sequence[str]) -> dict[str, Any]:
        """The same for `qiskit-ibm-runtime`."""
        made: dict[str, Any] = {
            "twirling": {"enable_gates": self.gate_twirling, "enable_measure": self.measurement_twirling}
        }
        if self.dynamical_decoupling is not None:
            made["dynamical_decoupling"] = {"enable": True, "sequence_type": self.dynamical_decoupling}
        if self.max_seconds is not None:
            made["max_execution_time"] = self.max_seconds
        if tags:
            made["environment"] = {"job_tags": list(tags)}
        return made


def options_of(given: dict[str, Any]) -> IBMOptions:
    """The options that are given by name.

    Raises:
        ValueError: If there is no such option, or its value is wrong.
    """
    known = IBMOptions.__dataclass_fields__
    for name in given:
        if name not in known:
            raise ValueError(
                f"IBM's machines have no option {name!r}; they have default_shots, optimization_level, "
                f"{', '.join(known)}"
            )
    return IBMOptions(**given)
