"""IBM's machines: the one module that knows which sampler of `qiskit-ibm-runtime` is used, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qiskit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2

from qnet.errors import ExecutionError
from qnet.execution._arguments import check_shots
from qnet.execution._channels import has_channels
from qnet.execution._pub_sampler import Seed, seed_sequence
from qnet.execution._pubs import coerced
from qnet.execution.fitting import Fitter

__all__ = ["IBMSampler", "ibm_sampler"]


class IBMSampler(BaseSamplerV2):  # type: ignore[misc]
    """A `BaseSamplerV2` that transpiles to one of IBM's machines and submits to it.

    Args:
        backend: A backend of `QiskitRuntimeService`.
        seed: Seed of the transpiler.
        optimization_level: Of the preset pass manager, 0 to 3.
        default_shots: Shots where neither the run nor the PUB says how many.

    Raises:
        ValueError: If `optimization_level` is not 0, 1, 2 or 3.
        ValueError: If `default_shots` is not a positive whole number.
        ValueError: If the seed is not a whole number from 0.
    """

    def __init__(
        self, backend: Any, *, seed: Seed = None, optimization_level: int = 2, default_shots: int = 1024
    ) -> None:
        self.name = str(backend.name)
        self._backend = backend
        self._default_shots = check_shots(default_shots, "default_shots")
        transpiler_seed = int(seed_sequence(seed).generate_state(1)[0]) >> 1
        self._fitter = Fitter(backend, optimization_level=optimization_level, seed=transpiler_seed)
        self._runtime = _runtime_sampler(backend)

    @property
    def backend(self) -> Any:
        """The machine."""
        return self._backend

    def run(self, pubs: Iterable[Any], *, shots: int | None = None) -> Any:
        """Transpile and submit.

        Args:
            pubs: Circuits, or tuples `(circuit, parameter values, shots)`.
            shots: Shots of the PUBs that do not say how many.

        Returns:
            IBM's job.

        Raises:
            ValueError: If a circuit holds error instructions, or a PUB is wrong as for other samplers.
            UnsuitableBackend: If the machine is too small, or lacks control flow or reset.
        """
        made = []
        for pub in coerced(pubs, self._default_shots if shots is None else shots):
            check_bare(pub.circuit, self.name)
            ready = self._fitter.fit(pub.circuit).circuit
            made.append((ready, pub.parameter_values, pub.shots))
        return self._runtime.run(made)


def check_bare(circuit: QuantumCircuit, machine: str) -> None:
    """See that a circuit holds no error instructions.

    Raises:
        ValueError: If it does.
    """
    if has_channels(circuit):
        raise ValueError(
            f"{machine} runs no error instructions (quantum_channel), as the circuit holds; take them off "
            "with CircuitNoise.strip first"
        )


def ibm_sampler(name: str, *, seed: Seed = None, **options: Any) -> IBMSampler:
    """One of IBM's machines by name, with the account that is saved on this computer.

    Raises:
        ExecutionError: If there is no account, or IBM does not know the machine.
    """
    from qiskit_ibm_runtime import QiskitRuntimeService

    try:
        service = QiskitRuntimeService()
    except Exception as error:
        raise ExecutionError(
            f"{name!r} needs an IBM account, and none could be used ({type(error).__name__}); save one with "
            "QiskitRuntimeService.save_account, or take a fake device such as 'fake_torino'"
        ) from None
    try:
        backend = service.backend(name)
    except Exception as error:
        raise ExecutionError(
            f"IBM gave no machine {name!r} ({type(error).__name__}); see QiskitRuntimeService().backends()"
        ) from None
    return IBMSampler(backend, seed=seed, **options)


def _runtime_sampler(backend: Any) -> Any:
    try:
        from qiskit_ibm_runtime.executor_sampler import SamplerV2
    except ImportError:
        from qiskit_ibm_runtime import SamplerV2
    return SamplerV2(mode=backend)
