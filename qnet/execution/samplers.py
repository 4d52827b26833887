"""`sampler`: the machine that a name stands for."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from qnet.errors import UnknownSampler

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2

    from circuits.noise import CircuitNoise
    from qnet.execution._pub_sampler import Seed

__all__ = ["sampler"]


def sampler(
    name_or_backend: Any, *, noise: CircuitNoise | None = None, seed: Seed = None, **options: Any
) -> BaseSamplerV2:
    """The sampler that a name stands for, or one around a backend.

    Args:
        name_or_backend: `"aer"`, `"stim"`, a fake device of qiskit-ibm-runtime such as `"fake_torino"`, one
            of IBM's machines (`"ibm_…"`, or `"ibm_least_busy"`), or any `BackendV2` object.
        noise: Noise to put on each circuit, last; on a fake device in the place of its own.
        seed: Seed of all its runs. Every run and PUB draws from a stream of its own.
        **options: For all: `default_shots`. For `"aer"`: options of `AerSimulator` (`method`, `device` …).
            For fake devices: `engine` (`"aer"`, or `"stim"` for the Pauli twirl of its noise),
            `optimization_level`, and options of `AerSimulator`. For IBM's machines: `optimization_level`,
            those of `qnet.execution.ibm.IBMOptions`, and with `"ibm_least_busy"` `min_qubits`. For other
            backends: `optimization_level`, and options of the backend's `run`.

    Returns:
        A Qiskit sampler.

    Raises:
        UnknownSampler: If there is no sampler of this name; the nearest one is offered.
        ValueError: If noise is given for one of IBM's machines.
        HardwareError: If one of IBM's machines is asked for and there is no account, or IBM refuses.

    Example:
        >>> from circuits import ghz
        >>> circuit = ghz(3)
        >>> circuit.measure_all()
        >>> data = sampler("fake_manila", seed=7).run([circuit], shots=1000).result()[0].data
        >>> counts = data.meas.get_counts()
        >>> 700 < counts["000"] + counts["111"] < 950
        True
    """
    if not isinstance(name_or_backend, str):
        return _around(name_or_backend, noise, seed, options)
    name = name_or_backend
    if name == "stim":
        from qnet.execution.stim_sampler import StimSampler

        return StimSampler(noise=noise, seed=seed, **_known(name, options, ("default_shots",)))
    if name == "aer":
        from qnet.execution.aer import AerSampler

        return AerSampler(noise=noise, seed=seed, **options)
    if name.startswith("backend:"):
        raise UnknownSampler(f"{name!r} is for the command line; in Python give the BackendV2 object itself")
    if name.startswith("ibm_"):
        return _ibm(name, noise, seed, options)
    return _fake(name, noise, seed, options)


def _known(name: str, options: dict[str, Any], allowed: tuple[str, ...]) -> dict[str, Any]:
    for option in options:
        if option not in allowed:
            raise ValueError(f"{name!r} has no option {option!r}; it has {', '.join(allowed)}")
    return options


def _ibm(name: str, noise: CircuitNoise | None, seed: Seed, options: dict[str, Any]) -> BaseSamplerV2:
    if noise is not None:
        raise ValueError(f"{name!r} is a real machine with noise of its own; noise= is for simulators")
    from qnet.execution.ibm import ibm_sampler

    return ibm_sampler(name, seed=seed, **options)


def _fake(name: str, noise: CircuitNoise | None, seed: Seed, options: dict[str, Any]) -> BaseSamplerV2:
    from qnet.execution.fake_devices import fake_device, fake_device_names

    names = fake_device_names()
    if name not in names:
        near = _nearest(name, names)
        offer = f"did you mean {near!r}? There" if near else "there"
        raise UnknownSampler(
            f"there is no sampler {name!r}; {offer} are 'aer', 'stim', fake devices ('fake_torino' …) and "
            "IBM's machines ('ibm_…')"
        )
    return _around(fake_device(name), noise, seed, options)


def _nearest(name: str, names: tuple[str, ...]) -> str | None:
    words = name.lower().replace("-", "_").replace(" ", "_")
    for known in ("aer", "stim"):
        if known in words.split("_"):
            return known
    near = get_close_matches(words, ["aer", "stim", *names], n=1, cutoff=0.5)
    return near[0] if near else None


def _around(backend: Any, noise: CircuitNoise | None, seed: Seed, options: dict[str, Any]) -> BaseSamplerV2:
    from qiskit.providers import BackendV2

    from qnet.execution._suitability import backend_name
    from qnet.execution.fake_devices import is_fake

    if not isinstance(backend, BackendV2):
        raise UnknownSampler(f"{backend!r} is no sampler; give a name such as 'aer', or a BackendV2 object")
    if is_fake(backend):
        from qnet.execution.devices import DeviceSampler

        return DeviceSampler(backend, noise=noise, seed=seed, **options)
    if type(backend).__module__.startswith("qiskit_ibm_runtime."):
        if noise is not None:
            raise ValueError(
                f"{backend_name(backend)!r} is a real machine with noise of its own; noise= is for simulators"
            )
        from qnet.execution.ibm import sampler_on

        return sampler_on(backend, seed=seed, **options)
    if type(backend).__module__.startswith("qiskit_aer.") and backend.coupling_map is None:
        from qnet.execution.aer import AerSampler

        allowed = _known(backend_name(backend), options, ("default_shots",))
        return AerSampler(noise=noise, seed=seed, simulator=backend, **allowed)
    from qnet.execution.backends import BackendSampler

    return BackendSampler(backend, noise=noise, seed=seed, **options)
