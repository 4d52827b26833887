"""`AerSampler`: Aer as a Qiskit sampler, with the traps that it has removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiskit import QuantumCircuit

from qnet.execution._aer_engine import AerEngine
from qnet.execution._noise import with_noise
from qnet.execution._pub_sampler import PubSampler, Seed
from qnet.execution._pubs import Packed, packed_bits

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

__all__ = ["AerSampler"]


class AerSampler(PubSampler):
    """A `BaseSamplerV2` that runs every circuit of Qiskit on `AerSimulator`.

    Aer goes by names and knows few; here every gate keeps its meaning whatever its name, bits may be in
    several registers, two runs of one seeded sampler differ, and so do two equal PUBs of one run.

    Args:
        noise: Noise to put on each circuit, last; errors that a circuit has already stay.
        seed: Seed of all its runs.
        default_shots: Shots where neither the run nor the PUB says how many.
        simulator: An `AerSimulator` to use as it is.
        **options: Options of `AerSimulator`; without `method` it is chosen by circuit.

    Raises:
        ValueError: If `default_shots` is not a positive whole number, or the seed is negative.
        ValueError: If Aer does not know an option.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> ghz = QuantumCircuit(3)
        >>> _ = ghz.h(0), ghz.cx(0, 1), ghz.cx(1, 2), ghz.measure_all()
        >>> data = AerSampler(seed=7).run([ghz], shots=1000).result()[0].data
        >>> sorted(data.meas.get_counts())
        ['000', '111']
    """

    name = "aer"

    def __init__(
        self,
        *,
        noise: CircuitNoise | None = None,
        seed: Seed = None,
        default_shots: int = 1024,
        simulator: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(noise=noise, seed=seed, default_shots=default_shots)
        given = simulator is not None
        self._engine = AerEngine(simulator, choose=False) if given else AerEngine.of(options)

    def _prepare(self, circuit: QuantumCircuit) -> QuantumCircuit:
        return circuit

    def _measure(self, circuit: QuantumCircuit, shots: int, seed: int) -> Packed:
        return packed_bits(self._engine.bits(with_noise(circuit, self._noise), shots, seed), circuit)
