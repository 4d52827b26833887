"""A device's calibration as it was: kept with a job, so that its noise can be had again later."""

from __future__ import annotations

import hashlib
import json
import zlib
from datetime import UTC
from typing import Any

from qiskit.providers import BackendV2, Options

__all__ = ["SnapshotBackend", "calibrated_at", "device_snapshot", "noise_summary", "restored"]


def device_snapshot(backend: Any) -> tuple[str, bytes] | None:
    """Digest and content of a device's configuration and calibration; None where it publishes none."""
    try:
        configuration, properties = backend.configuration().to_dict(), backend.properties().to_dict()
    except AttributeError:
        return None
    text = json.dumps([configuration, properties], default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32], zlib.compress(text.encode())


def calibrated_at(backend: Any, *, refresh: bool = False) -> str | None:
    """When a device was last calibrated, ISO 8601, UTC; None where it does not say."""
    ask = getattr(backend, "properties", None)
    properties = ask(refresh=True) if ask is not None and refresh else ask() if ask is not None else None
    date = getattr(properties, "last_update_date", None)
    if date is None or not hasattr(date, "astimezone"):
        return None if date is None else str(date)
    return str(date.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"))


def restored(content: bytes) -> SnapshotBackend:
    """A device with the calibration of a snapshot; it simulates, by `DeviceSampler`, and runs nothing."""
    from qiskit_ibm_runtime.utils.backend_converter import convert_to_target
    from qiskit_ibm_runtime.utils.backend_decoder import (
        configuration_from_server_data,
        properties_from_server_data,
    )

    raw, properties = json.loads(zlib.decompress(content))
    name = str(raw["backend_name"])
    configuration = configuration_from_server_data(raw, use_fractional_gates=None)
    known = properties_from_server_data(properties, use_fractional_gates=None)
    return SnapshotBackend(name, convert_to_target(configuration, known))


class SnapshotBackend(BackendV2):  # type: ignore[misc]
    """A device of the past: its instructions and their errors.

    Args:
        name: Its name.
        target: Its instructions, with errors and durations.
    """

    def __init__(self, name: str, target: Any) -> None:
        super().__init__(name=name)
        self._target = target

    @property
    def target(self) -> Any:
        """Its instructions, with errors and durations."""
        return self._target

    @property
    def max_circuits(self) -> None:
        """No limit."""
        return

    @classmethod
    def _default_options(cls) -> Options:
        return Options()

    def run(self, run_input: Any, **options: Any) -> Any:
        """Refused: the past runs nothing.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a snapshot runs nothing; give it to qnet.execution.devices.DeviceSampler")


def noise_summary(backend: Any, qubits: tuple[int, ...]) -> dict[str, float]:
    """Medians of what the device reports of some of its qubits: T1, T2, read-out and two-qubit errors."""
    from statistics import median

    target, inside = backend.target, set(qubits)
    given = target.qubit_properties or ()
    lists: dict[str, list[float]] = {"t1_s": [], "t2_s": [], "readout_error": [], "two_qubit_error": []}
    for qubit in inside & set(range(len(given))):
        for name in ("t1", "t2"):
            lists[f"{name}_s"] += [v for v in [getattr(given[qubit], name, None)] if v]
    for name in target.operation_names:
        for places, reported in (target[name] or {}).items():
            error = getattr(reported, "error", None)
            if error is None or places is None or not inside.issuperset(places):
                continue
            if name == "measure":
                lists["readout_error"].append(error)
            elif len(places) == 2:
                lists["two_qubit_error"].append(error)
    return {name: float(median(values)) for name, values in lists.items() if values}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, complex):
        return [value.real, value.imag]
    return value.tolist() if hasattr(value, "tolist") else str(value)
