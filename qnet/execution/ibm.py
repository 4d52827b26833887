"""IBM's machines: the one module that knows which sampler of `qiskit-ibm-runtime` is used, and how.

`executor_sampler.SamplerV2` is used wherever it can do what is asked; it wants the same number of shots for
all circuits. Where these differ, the older `SamplerV2` takes them all in one job, as long as it is there.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from qiskit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2

from qnet.errors import ExecutionError
from qnet.execution._arguments import check_shots
from qnet.execution._channels import has_channels
from qnet.execution._ibm_job import IBMJob
from qnet.execution._ibm_machines import LEAST_BUSY, machine
from qnet.execution._ibm_options import IBMOptions, options_of
from qnet.execution._pub_sampler import Seed, seed_sequence
from qnet.execution._pubs import coerced
from qnet.execution.fitting import Fitted, Fitter
from qnet.execution.ibm_service import open_service, telling

__all__ = ["IBMJob", "IBMOptions", "IBMSampler", "check_bare", "ibm_sampler"]

logger = logging.getLogger("qnet.execution.ibm")


class IBMSampler(BaseSamplerV2):  # type: ignore[misc]
    """A `BaseSamplerV2` that fits circuits to one of IBM's machines and submits them, as one job.

    Args:
        backend: A backend of `QiskitRuntimeService`.
        seed: Seed of the transpiler.
        optimization_level: Of the preset pass manager, 0 to 3; at 0 qubits keep their numbers.
        default_shots: Shots where neither the run nor the PUB says how many.
        options: What the service is asked to do beside.

    Raises:
        ValueError: If `optimization_level` is not 0, 1, 2 or 3.
        ValueError: If `default_shots` is not a positive whole number.
        ValueError: If the seed is not a whole number from 0.
        ValueError: If `options` are no `IBMOptions`.

    A sampler in session or batch mode is a context manager, which closes them at its end.
    """

    def __init__(
        self,
        backend: Any,
        *,
        seed: Seed = None,
        optimization_level: int = 2,
        default_shots: int = 1024,
        options: IBMOptions | None = None,
    ) -> None:
        if options is not None and not isinstance(options, IBMOptions):
            raise ValueError(f"options={options!r} must be IBMOptions(…), or None")
        self.name = str(backend.name)
        self._backend, self._options = backend, options or IBMOptions()
        self._default_shots = check_shots(default_shots, "default_shots")
        transpiler_seed = int(seed_sequence(seed).generate_state(1)[0]) >> 1
        self._fitter = Fitter(backend, optimization_level=optimization_level, seed=transpiler_seed)
        self._mode: Any = None

    @property
    def backend(self) -> Any:
        """The machine."""
        return self._backend

    @property
    def options(self) -> IBMOptions:
        """What the service is asked to do beside."""
        return self._options

    @property
    def fitter(self) -> Fitter:
        """What fits circuits to the machine."""
        return self._fitter

    def __enter__(self) -> IBMSampler:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the session or batch, if one is open; jobs in it run to their end."""
        if self._mode is not None:
            with telling(f"closing the {self._options.mode} on {self.name!r}"):
                self._mode.close()
            self._mode = None

    def run(self, pubs: Iterable[Any], *, shots: int | None = None) -> IBMJob:
        """Fit and submit.

        Args:
            pubs: Circuits, or tuples `(circuit, parameter values, shots)`.
            shots: Shots of the PUBs that do not say how many.

        Returns:
            The job.

        Raises:
            ValueError: If a circuit holds error instructions, or a PUB is wrong as for other samplers.
            ValueError: If a circuit has feed-forward, and decoupling or twirling is asked for.
            UnsuitableBackend: If the machine is too small, or lacks control flow or reset.
            HardwareError: If the service cannot be reached, or refuses.
        """
        made = []
        for pub in coerced(pubs, self._default_shots if shots is None else shots):
            made.append((self.fit(pub.circuit).circuit, pub.parameter_values, pub.shots))
        return self.submit(made)

    def fit(self, circuit: QuantumCircuit) -> Fitted:
        """A circuit in the machine's instructions, on the qubits chosen for it; nothing is sent.

        Raises:
            ValueError: If the circuit holds error instructions.
            ValueError: If it has feed-forward, and decoupling or twirling is asked for.
            UnsuitableBackend: If the machine is too small, or lacks control flow or reset.
            HardwareError: If the service does not tell what the machine can do.
        """
        check_bare(circuit, self.name)
        self._options.check(circuit)
        with telling(repr(self.name)):
            _asked = self._backend.target  # of the service, the first time
        return self._fitter.fit(circuit)

    def submit(self, pubs: Sequence[tuple[Any, ...]], *, tags: Sequence[str] = ()) -> IBMJob:
        """Submit circuits that are in the machine's instructions already, in one request.

        Args:
            pubs: Tuples `(circuit, parameter values or None, shots)`.
            tags: Tags of the job.

        Raises:
            HardwareError: If the service cannot be reached, or refuses.
        """
        options = self._options.runtime(tags)
        with telling(f"submitting to {self.name!r}"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return IBMJob(_runtime_sampler(self._opened(), pubs, options).run(list(pubs)))

    def _opened(self) -> Any:
        """The machine, or the session or batch on it."""
        if self._options.mode == "job":
            return self._backend
        if self._mode is None:
            from qiskit_ibm_runtime import Batch, Session

            self._mode = {"session": Session, "batch": Batch}[self._options.mode](backend=self._backend)
        return self._mode


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


def ibm_sampler(
    name: str,
    *,
    seed: Seed = None,
    min_qubits: int | None = None,
    optimization_level: int = 2,
    default_shots: int = 1024,
    **options: Any,
) -> IBMSampler:
    """One of IBM's machines by name, with the account that is saved on this computer.

    Args:
        name: Its name, or `"ibm_least_busy"` for the one with the shortest queue.
        seed: Seed of the transpiler.
        min_qubits: Least number of qubits of the machine; for `"ibm_least_busy"` alone.
        optimization_level: Of the preset pass manager, 0 to 3.
        default_shots: Shots where neither the run nor the PUB says how many.
        **options: Those of `IBMOptions`.

    Raises:
        ValueError: If an option is wrong, or `min_qubits` is given with a machine's name.
        NotAuthorized: If there is no account, or the service does not accept it.
        UnknownDevice: If IBM does not know the machine; those that it has are named.
        HardwareError: If the service cannot be reached, or refuses otherwise.
    """
    options_of(options)
    if min_qubits is not None:
        check_shots(min_qubits, "min_qubits")
        if name != LEAST_BUSY:
            raise ValueError(
                f"min_qubits={min_qubits!r} chooses a machine; give it with {LEAST_BUSY!r} alone"
            )
    service = open_service(wanted=repr(name))
    return sampler_on(
        machine(service, name, min_qubits),
        seed=seed,
        optimization_level=optimization_level,
        default_shots=default_shots,
        **options,
    )


def sampler_on(
    backend: Any, *, seed: Seed = None, optimization_level: int = 2, default_shots: int = 1024, **options: Any
) -> IBMSampler:
    """A sampler on a backend of `QiskitRuntimeService`, with options by name as `ibm_sampler` has them.

    Raises:
        ValueError: If an option is wrong.
    """
    return IBMSampler(
        backend,
        seed=seed,
        optimization_level=optimization_level,
        default_shots=default_shots,
        options=options_of(options),
    )


def _runtime_sampler(mode: Any, pubs: Sequence[tuple[Any, ...]], options: dict[str, Any]) -> Any:
    """The sampler of `qiskit-ibm-runtime` that can run these."""
    if len({pub[2] for pub in pubs}) <= 1:
        try:
            from qiskit_ibm_runtime.executor_sampler import SamplerV2

            return SamplerV2(mode=mode, options=options)
        except ImportError:
            logger.info("this qiskit-ibm-runtime has no executor_sampler")
    try:
        from qiskit_ibm_runtime import SamplerV2 as OlderSampler
    except ImportError:
        raise ExecutionError(
            "this qiskit-ibm-runtime wants the same shots for all circuits of a job; submit those of equal "
            "shots by themselves"
        ) from None
    return OlderSampler(mode=mode, options=options)
