"""`BackendSampler`: any `BackendV2` of any provider as a sampler that transpiles first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qnet.errors import ExecutionError
from qnet.execution._aer_engine import bits_of, without_aers_log
from qnet.execution._lowering import refuse_variables
from qnet.execution._noise import with_device_noise
from qnet.execution._pub_sampler import PubSampler, Seed
from qnet.execution._pubs import Packed, packed_bits
from qnet.execution._suitability import backend_name
from qnet.execution.fitting import Fitter

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

__all__ = ["BackendSampler"]


class BackendSampler(PubSampler):
    """A `BaseSamplerV2` around a `BackendV2`.

    Unlike Qiskit's `BackendSamplerV2` it transpiles, reads bits that are in several registers, and does not
    repeat itself when a seed is given.

    Args:
        backend: The backend.
        noise: Noise to put on the transpiled circuit; for backends that simulate error instructions.
        optimization_level: Of the preset pass manager, 0 to 3.
        seed: Seed of the transpiler, and of the backend if it has the option `seed_simulator`.
        default_shots: Shots where neither the run nor the PUB says how many.
        **options: Options of the backend's `run`.

    Raises:
        ValueError: If `noise` is no `CircuitNoise`, or the seed is not a whole number from 0.
        ValueError: If `default_shots` is not a positive whole number.
        ValueError: If `optimization_level` is not 0, 1, 2 or 3.
    """

    def __init__(
        self,
        backend: Any,
        *,
        noise: CircuitNoise | None = None,
        optimization_level: int = 2,
        seed: Seed = None,
        default_shots: int = 1024,
        **options: Any,
    ) -> None:
        super().__init__(noise=noise, seed=seed, default_shots=default_shots)
        self.name = backend_name(backend)
        self._backend, self._options = backend, options
        transpiler_seed = int(self._streams.generate_state(1)[0]) >> 1
        self._fitter = Fitter(backend, optimization_level=optimization_level, seed=transpiler_seed)

    @property
    def backend(self) -> Any:
        """The backend."""
        return self._backend

    def _prepare(self, circuit: QuantumCircuit) -> QuantumCircuit:
        return self._fitter.fit(circuit).circuit

    def _measure(self, circuit: QuantumCircuit, shots: int, seed: int) -> Packed:
        noisy = with_device_noise(circuit, self._noise)
        options, known = dict(self._options), getattr(self._backend, "options", ())
        if "seed_simulator" in known:
            options["seed_simulator"] = seed % 2**31
        if "memory" in known:
            options["memory"] = True
        if type(self._backend).__module__.startswith("qiskit_aer."):
            refuse_variables(noisy)
        with without_aers_log():
            result = self._backend.run(noisy, shots=shots, **options).result()
        if not result.success:
            said = result.results[0].status if result.results else result.status
            raise ExecutionError(f"{self.name} could not run it: {' '.join(str(said).split())}")
        return packed_bits(_bits(result, noisy.num_clbits, shots, seed), circuit)


def _bits(result: Any, width: int, shots: int, seed: int) -> NDArray[np.uint8]:
    """The outcomes; where a backend gives counts alone, in an order drawn from the seed."""
    data = result.results[0].data if result.results else None
    memory = getattr(data, "memory", None)
    if memory:
        return bits_of([_hexadecimal(outcome) for outcome in memory], width)
    counts = getattr(data, "counts", None) or (result.get_counts() if width else {}) or {"0x0": shots}
    listed = [_hexadecimal(outcome) for outcome, count in counts.items() for _ in range(int(count))]
    return np.random.default_rng(seed).permutation(bits_of(listed, width))


def _hexadecimal(outcome: str) -> str:
    """An outcome as Qiskit writes it; some providers write bits, with spaces between registers."""
    return outcome if outcome.startswith("0x") else hex(int(outcome.replace(" ", ""), 2))
