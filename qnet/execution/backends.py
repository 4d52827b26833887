"""`BackendSampler`: any `BackendV2` of any provider as a sampler that transpiles first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import PrimitiveResult, SamplerPubResult

from qnet.errors import ExecutionError
from qnet.execution._aer_engine import bits_of, without_aers_log
from qnet.execution._lowering import refuse_variables
from qnet.execution._noise import with_device_noise
from qnet.execution._pub_sampler import PubSampler, Seed, answer
from qnet.execution._pubs import Packed, packed_bits
from qnet.execution._suitability import backend_name
from qnet.execution.fitting import Fitter

if TYPE_CHECKING:
    from qiskit.primitives.containers.sampler_pub import SamplerPub

    from circuits.noise import CircuitNoise

__all__ = ["BackendSampler"]


class BackendSampler(PubSampler):
    """A `BaseSamplerV2` around a `BackendV2`.

    Unlike Qiskit's `BackendSamplerV2` it transpiles, reads bits that are in several registers, and does not
    repeat itself when a seed is given. Circuits of equal shots go in one request, at most `max_circuits` of
    them; of a simulator with the option `seed_simulator` one by one, each with its own seed.

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

    def _run(
        self, pubs: list[SamplerPub], streams: list[np.random.SeedSequence]
    ) -> PrimitiveResult[SamplerPubResult]:
        if "seed_simulator" in self._known:  # of a simulator, which takes one seed a request
            return super()._run(pubs, streams)
        parts = [self._pieces(pub, stream) for pub, stream in zip(pubs, streams, strict=True)]
        asked = [
            (circuit, pub.shots, seed)
            for pub, (_, pieces) in zip(pubs, parts, strict=True)
            for _, circuit, seed in pieces
        ]
        packed = iter(self._together(asked))
        results = [
            answer(pub, ready, {index: next(packed) for index, _, _ in pieces})
            for pub, (ready, pieces) in zip(pubs, parts, strict=True)
        ]
        return PrimitiveResult(results, metadata={"version": 2})

    def _together(self, asked: Sequence[tuple[QuantumCircuit, int, int]]) -> list[Packed]:
        """Measure circuits, those of equal shots in one request, or as few as the backend takes."""
        found: dict[int, Packed] = {}
        most = getattr(self._backend, "max_circuits", None) or len(asked)
        for shots in dict.fromkeys(shots for _, shots, _ in asked):
            alike = [k for k, piece in enumerate(asked) if piece[1] == shots]
            for start in range(0, len(alike), most):
                chunk = alike[start : start + most]
                made = self._request([asked[k][0] for k in chunk], shots, [asked[k][2] for k in chunk])
                found |= dict(zip(chunk, made, strict=True))
        return [found[k] for k in range(len(asked))]

    def _measure(self, circuit: QuantumCircuit, shots: int, seed: int) -> Packed:
        return self._request([circuit], shots, [seed])[0]

    def _request(self, circuits: Sequence[QuantumCircuit], shots: int, seeds: Sequence[int]) -> list[Packed]:
        noisy = [with_device_noise(circuit, self._noise) for circuit in circuits]
        options = dict(self._options)
        if "seed_simulator" in self._known:
            options["seed_simulator"] = seeds[0] % 2**31
        if "memory" in self._known:
            options["memory"] = True
        if type(self._backend).__module__.startswith("qiskit_aer."):
            for circuit in noisy:
                refuse_variables(circuit)
        with without_aers_log():
            result = self._backend.run(noisy if len(noisy) > 1 else noisy[0], shots=shots, **options).result()
        if not result.success:
            said = result.results[0].status if result.results else result.status
            raise ExecutionError(f"{self.name} could not run it: {' '.join(str(said).split())}")
        return [
            packed_bits(
                _bits(result, k, circuit.num_clbits, shots, seed)
                if _measures(circuit)
                else np.zeros((shots, circuit.num_clbits), np.uint8),
                circuit,
            )
            for k, (circuit, seed) in enumerate(zip(circuits, seeds, strict=True))
        ]

    @property
    def _known(self) -> Any:
        """Names of the options that the backend's `run` takes."""
        return getattr(self._backend, "options", ())


def _measures(circuit: QuantumCircuit) -> bool:
    """Whether anything is measured, in a body, too; else some backends give no counts at all."""
    return any(
        step.operation.name == "measure" or any(map(_measures, getattr(step.operation, "blocks", ())))
        for step in circuit.data
    )


def _bits(result: Any, k: int, width: int, shots: int, seed: int) -> NDArray[np.uint8]:
    """The outcomes of the k-th circuit; if a backend gives counts alone, in an order drawn from the seed."""
    data = result.results[k].data if result.results else None
    memory = getattr(data, "memory", None)
    if memory:
        return bits_of([_hexadecimal(outcome) for outcome in memory], width)
    counts = getattr(data, "counts", None) or _counts(result, k) or {"0x0": shots}
    listed = [_hexadecimal(outcome) for outcome, count in counts.items() for _ in range(int(count))]
    return np.random.default_rng(seed).permutation(bits_of(listed, width))


def _counts(result: Any, k: int) -> dict[str, int]:
    """What a provider's own way of counting gives for the k-th circuit."""
    found = result.get_counts()
    return dict(found[k] if isinstance(found, list) else found)


def _hexadecimal(outcome: str) -> str:
    """An outcome as Qiskit writes it; some providers write bits, with spaces between registers."""
    return outcome if outcome.startswith("0x") else hex(int(outcome.replace(" ", ""), 2))
