"""The fake devices of `qiskit-ibm-runtime`, by name."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

__all__ = ["fake_device", "fake_device_names", "is_fake"]


def fake_device_names() -> tuple[str, ...]:
    """Names of all fake devices.

    Example:
        >>> "fake_torino" in fake_device_names()
        True
    """
    return tuple(_classes())


def fake_device(name: str) -> Any:
    """A fake device.

    Raises:
        KeyError: If there is none of this name.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _classes()[name]()


def is_fake(backend: Any) -> bool:
    """Whether a backend is one of the fake devices."""
    return type(backend).__module__.startswith("qiskit_ibm_runtime.fake_provider.")


@cache
def _classes() -> dict[str, Any]:
    from qiskit_ibm_runtime import fake_provider
    from qiskit_ibm_runtime.fake_provider.fake_backend import FakeBackendV2

    found = [getattr(fake_provider, name) for name in dir(fake_provider) if name.startswith("Fake")]
    devices = [item for item in found if isinstance(item, type) and issubclass(item, FakeBackendV2)]
    named = {getattr(item, "backend_name", None): item for item in devices}
    return {str(name): named[name] for name in sorted(name for name in named if name)}
