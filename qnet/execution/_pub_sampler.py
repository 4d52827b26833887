"""What our samplers share: PUBs in, `BitArray`s out, and how the seed is spent."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2, PrimitiveJob, PrimitiveResult, SamplerPubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qnet.execution._arguments import check_noise, check_seed, check_shots
from qnet.execution._pubs import Packed, coerced, pub_result

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

Seed = int | np.random.Generator | None


def seed_sequence(seed: Seed) -> np.random.SeedSequence:
    """The root from which all streams of a sampler come.

    Raises:
        ValueError: If the seed is not a whole number, or negative.
    """
    if isinstance(seed, np.random.Generator):
        return np.random.SeedSequence(int(seed.integers(2**63)))
    return np.random.SeedSequence(None if seed is None else check_seed(seed))


class PubSampler(BaseSamplerV2):  # type: ignore[misc]
    """A sampler that is told how to prepare a circuit, and how to measure it once its parameters are bound.

    Every run, PUB and parameter set has a stream of its own.
    """

    def __init__(
        self, *, noise: CircuitNoise | None = None, seed: Seed = None, default_shots: int = 1024
    ) -> None:
        self._noise: CircuitNoise | None = check_noise(noise)
        self._default_shots = check_shots(default_shots, "default_shots")
        self._streams = seed_sequence(seed)

    @property
    def default_shots(self) -> int:
        """Shots where neither the run nor the PUB says how many."""
        return self._default_shots

    def run(
        self, pubs: Iterable[Any], *, shots: int | None = None
    ) -> PrimitiveJob[PrimitiveResult[SamplerPubResult]]:
        """Sample PUBs.

        Args:
            pubs: Circuits, or tuples `(circuit, parameter values, shots)`.
            shots: Shots of the PUBs that do not say how many.

        Returns:
            A job; its result has, per PUB, one `BitArray` for each classical register.

        Raises:
            ValueError: If a number of shots is not a positive whole number.
            ValueError: If a circuit has unbound parameters, or a value is not finite.
            ValueError: If a register has a name that Qiskit's results cannot hold.
        """
        checked = coerced(pubs, self._default_shots if shots is None else shots)
        streams = self._streams.spawn(1)[0].spawn(len(checked))
        job = PrimitiveJob(self._run, checked, streams)
        job._submit()
        return job

    @abstractmethod
    def _prepare(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """The circuit as the machine takes it, parameters still unbound."""

    @abstractmethod
    def _measure(self, circuit: QuantumCircuit, shots: int, seed: int) -> Packed:
        """The packed registers of a prepared circuit without parameters."""

    def _run(
        self, pubs: list[SamplerPub], streams: list[np.random.SeedSequence]
    ) -> PrimitiveResult[SamplerPubResult]:
        results = [self._run_pub(pub, stream) for pub, stream in zip(pubs, streams, strict=True)]
        return PrimitiveResult(results, metadata={"version": 2})

    def _run_pub(self, pub: SamplerPub, stream: np.random.SeedSequence) -> SamplerPubResult:
        ready, pieces = self._pieces(pub, stream)
        arrays = {index: self._measure(circuit, pub.shots, seed) for index, circuit, seed in pieces}
        return answer(pub, ready, arrays)

    def _pieces(
        self, pub: SamplerPub, stream: np.random.SeedSequence
    ) -> tuple[QuantumCircuit, list[tuple[tuple[int, ...], QuantumCircuit, int]]]:
        """A PUB as the machine takes it: the circuit at each index of its parameters, and its seed."""
        ready = self._prepare(pub.circuit)
        bound = pub.parameter_values.bind_all(ready)
        seeds = stream.generate_state(max(1, bound.size), np.uint64)
        pieces = zip(np.ndindex(bound.shape), seeds, strict=False)
        return ready, [(index, bound[index], int(seed) >> 1) for index, seed in pieces]


def answer(
    pub: SamplerPub, ready: QuantumCircuit, arrays: Mapping[tuple[int, ...], Packed]
) -> SamplerPubResult:
    qubits = (ready.metadata or {}).get("qubits")
    return pub_result(pub, arrays, **({} if qubits is None else {"qubits": qubits}))
