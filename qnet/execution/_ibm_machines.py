"""IBM's machines by name."""

from __future__ import annotations

from typing import Any

from qnet.errors import UnknownDevice
from qnet.execution.ibm_service import telling

__all__ = ["LEAST_BUSY", "machine"]

LEAST_BUSY = "ibm_least_busy"


def machine(service: Any, name: str, min_qubits: int | None) -> Any:
    """The machine of a name; for the least busy one, of those that are large enough.

    Raises:
        UnknownDevice: If there is none; those that there are are named.
        HardwareError: If the service cannot be reached, or refuses.
    """
    try:
        with telling(repr(name)):
            if name == LEAST_BUSY:
                return service.least_busy(min_num_qubits=min_qubits)
            return service.backend(name)
    except UnknownDevice:
        raise UnknownDevice(_no_machine(service, name, min_qubits)) from None


def _no_machine(service: Any, name: str, min_qubits: int | None) -> str:
    known = [
        str(item["name"])
        for each in getattr(service, "_backends_info_per_instance", {}).values()
        for item in each
    ]
    has = f"it has {', '.join(sorted(known))}" if known else "it has none"
    if name != LEAST_BUSY:
        return f"IBM gives this account no machine {name!r}; {has}"
    size = "" if min_qubits is None else f" with at least {min_qubits} qubits"
    return f"IBM gives this account no machine{size} that works now; {has}"
