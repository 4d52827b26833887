"""`StimSampler`: a Qiskit sampler for Clifford circuits, as fast as Stim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import stim
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.bridge import Translation, translate
from qnet.execution._noise import with_noise
from qnet.execution._pub_sampler import PubSampler, Seed
from qnet.execution._pubs import Packed

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

__all__ = ["StimSampler"]

_CHUNK = 16_384


class StimSampler(PubSampler):
    """A `BaseSamplerV2` for Clifford circuits with noise, resets and feed-forward.

    Use it wherever a sampler of Qiskit goes. It takes every circuit that `to_stim` takes, any number of
    qubits, and parameters whose values make the gates Clifford. Each run, PUB and parameter set draws from
    a stream of its own: two runs of one seeded sampler differ, two fresh samplers of one seed agree (on
    one machine and version of Stim).

    Args:
        noise: Noise to put on each circuit, last; errors that a circuit has already stay.
        seed: Seed of all its runs.
        default_shots: Shots where neither the run nor the PUB says how many.

    Raises:
        ValueError: If `default_shots` is not a positive whole number, or the seed is negative.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> ghz = QuantumCircuit(3)
        >>> _ = ghz.h(0), ghz.cx(0, 1), ghz.cx(1, 2), ghz.measure_all()
        >>> data = StimSampler(seed=7).run([ghz], shots=1000).result()[0].data
        >>> sorted(data.meas.get_counts())
        ['000', '111']

    The bits of all registers come from Stim's detector sampler, which permutes, adds and packs them: each
    bit is a detector, in the order of the bytes of a `BitArray`.
    """

    name = "stim"

    def __init__(
        self, *, noise: CircuitNoise | None = None, seed: Seed = None, default_shots: int = 1024
    ) -> None:
        super().__init__(noise=noise, seed=seed, default_shots=default_shots)

    def _prepare(self, circuit: QuantumCircuit) -> QuantumCircuit:
        return circuit

    def _measure(self, circuit: QuantumCircuit, shots: int, seed: int) -> Packed:
        noisy = with_noise(circuit, self._noise)
        return sample_registers(circuit, translate(noisy), shots, seed)


def sample_registers(circuit: QuantumCircuit, translation: Translation, shots: int, seed: int) -> Packed:
    """The packed registers of `circuit`, sampled from its translation."""
    detectors, flips = _as_detectors(circuit, translation)
    sampler = detectors.compile_detector_sampler(seed=seed)
    made = {r.name: np.empty((shots, (r.size + 7) // 8), dtype=np.uint8) for r in circuit.cregs}
    for start in range(0, shots, _CHUNK):
        stop = min(start + _CHUNK, shots)
        columns = np.ascontiguousarray(sampler.sample(stop - start, bit_packed=True).T)
        columns ^= flips
        offset = 0
        for register in circuit.cregs:
            for k, column in enumerate(_cut(columns, offset, register.size)):
                made[register.name][start:stop, -1 - k] = column
            offset += register.size
    return made


def _cut(columns: NDArray[np.uint8], offset: int, size: int) -> Iterator[NDArray[np.uint8]]:
    """The bytes of a register, least significant first, from the bytes of all bits in a row."""
    for bit in range(offset, offset + size, 8):
        byte, shift = divmod(bit, 8)
        width = min(8, offset + size - bit)
        column = columns[byte] >> shift
        if shift + width > 8:
            column |= columns[byte + 1] << (8 - shift)
        if width < 8:
            column &= (1 << width) - 1
        yield column


def _as_detectors(
    circuit: QuantumCircuit, translation: Translation
) -> tuple[stim.Circuit, NDArray[np.uint8]]:
    """The circuit with one detector per bit of each register, and the bytes that the reference flips."""
    made = translation.circuit.copy()
    records, place = translation.records, {bit: k for k, bit in enumerate(circuit.clbits)}
    reference = made.reference_sample() if made.num_measurements else np.zeros(0, dtype=bool)
    flips = []
    for bit in (bit for register in circuit.cregs for bit in register):
        indices, constant = records[place[bit]]
        made.append("DETECTOR", [stim.target_rec(k - made.num_measurements) for k in indices])
        flips.append(bool(np.bitwise_xor.reduce(reference[list(indices)], initial=False)) ^ constant)
    return made, np.packbits(np.array(flips, dtype=bool), bitorder="little")[:, np.newaxis]
