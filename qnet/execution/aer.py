"""`AerSampler`: Aer as a Qiskit sampler, with the traps that it has removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qnet.errors import QnetError
from qnet.execution._pub_sampler import PubSampler, Seed
from qnet.execution._pubs import Packed, packed_bits

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

__all__ = ["AerSampler"]


class AerSampler(PubSampler):
    """A `BaseSamplerV2` that runs on `AerSimulator`.

    Args:
        noise: Noise to put on each circuit, last.
        seed: Seed of all its runs.
        default_shots: Shots where neither the run nor the PUB says how many.
        **options: Options of `AerSimulator`; the method is chosen by circuit if not given.
    """

    name = "aer"

    def __init__(
        self,
        *,
        noise: CircuitNoise | None = None,
        seed: Seed = None,
        default_shots: int = 1024,
        **options: Any,
    ) -> None:
        super().__init__(seed=seed, default_shots=default_shots)
        from qiskit_aer import AerSimulator

        self._noise = noise
        self._simulator = AerSimulator(**options)

    def _prepare(self, circuit: QuantumCircuit) -> QuantumCircuit:
        return circuit

    def _measure(self, circuit: QuantumCircuit, shots: int, seed: int) -> Packed:
        noisy = circuit if self._noise is None else self._noise.apply(circuit)
        result = self._simulator.run(noisy, shots=shots, memory=True, seed_simulator=seed % 2**63).result()
        if not result.success:
            raise QnetError(f"Aer failed: {result.results[0].status if result.results else result.status}")
        memory = getattr(result.results[0].data, "memory", None) or ["0x0"] * shots
        return packed_bits(bits_of(memory, noisy.num_clbits), circuit)


def bits_of(memory: list[str], width: int) -> NDArray[np.uint8]:
    """Hexadecimal outcomes as bits of shape (shots, width), bit 0 first."""
    rows: dict[str, int] = {text: row for row, text in enumerate(dict.fromkeys(memory))}
    nbytes = (width + 7) // 8
    raw = b"".join(int(text, 16).to_bytes(nbytes, "little") for text in rows)
    table = np.frombuffer(raw, dtype=np.uint8).reshape(len(rows), nbytes)
    bits = np.unpackbits(table, axis=1, count=width, bitorder="little")
    index = np.fromiter(map(rows.__getitem__, memory), dtype=np.intp, count=len(memory))
    return np.asarray(bits[index])
