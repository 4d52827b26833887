"""`Outcomes`: the classical bits of every shot of a circuit, with the weight of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = ["Outcomes"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes:
    """What one circuit gave, shot by shot.

    Args:
        bits: Array of 0 and 1 of shape (shots, classical bits); column j is `circuit.clbits[j]`.
        weights: Weight of each shot, shape (shots,); all one if not given. A weight may be negative
            (quasi-probabilities of error mitigation).
        qubits: The device's qubit under each qubit of the circuit; empty where it ran on no device.

    Raises:
        ValueError: If `bits` has not two dimensions.
        ValueError: If `weights` has not one entry per shot.

    Example:
        >>> both = Outcomes(bits=[[0, 1]]) + Outcomes(bits=[[1, 1]], weights=[0.5])
        >>> both.bits.tolist(), both.weights.tolist()
        ([[0, 1], [1, 1]], [1.0, 0.5])
    """

    bits: NDArray[np.uint8]
    weights: NDArray[np.float64] = None  # type: ignore[assignment]
    qubits: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        bits = np.asarray(self.bits, dtype=np.uint8)
        if bits.ndim != 2:
            raise ValueError(f"bits has shape {bits.shape}; it must be (shots, classical bits)")
        weights = np.ones(len(bits)) if self.weights is None else np.asarray(self.weights, dtype=float)
        if weights.shape != (len(bits),):
            raise ValueError(f"weights has shape {weights.shape}; it must be ({len(bits)},), one per shot")
        object.__setattr__(self, "bits", bits)
        object.__setattr__(self, "weights", weights)

    def __len__(self) -> int:
        return len(self.bits)

    def __add__(self, other: Outcomes) -> Outcomes:
        if not isinstance(other, Outcomes):
            return NotImplemented
        return Outcomes(
            bits=np.concatenate([self.bits, other.bits]),
            weights=np.concatenate([self.weights, other.weights]),
            qubits=self.qubits if self.qubits == other.qubits else (),
        )

    @staticmethod
    def from_data(result: Any, circuit: QuantumCircuit) -> Outcomes:
        """The outcomes of one PUB without parameters.

        Args:
            result: The PUB's result, as any `BaseSamplerV2` gives it: one `BitArray` per register.
            circuit: The circuit that was run.

        Returns:
            Its outcomes, each of weight one.

        Raises:
            ValueError: If a classical bit is in no register, so that no sampler returns it.
            ValueError: If the result lacks a register of the circuit.
        """
        data, qubits = result.data, _qubits(result.metadata)
        unpacked: dict[str, NDArray[np.uint8]] = {}
        columns = []
        for index, bit in enumerate(circuit.clbits):
            homes = circuit.find_bit(bit).registers
            if not homes:
                raise ValueError(
                    f"classical bit {index} is in no register and samplers do not return it; "
                    "make it part of a ClassicalRegister"
                )
            register, place = homes[0]
            if register.name not in data:
                raise ValueError(f"the result has no register {register.name!r}; run the same circuit")
            if register.name not in unpacked:
                unpacked[register.name] = _unpacked(data[register.name])
            columns.append(unpacked[register.name][:, place])
        if not columns:
            none = np.zeros((result.metadata.get("shots", 0), 0), dtype=np.uint8)
            return Outcomes(bits=none, qubits=qubits)
        return Outcomes(bits=np.stack(columns, axis=1), qubits=qubits)

    @staticmethod
    def concatenate(parts: Iterable[Outcomes]) -> Outcomes:
        """All shots of several runs of the same circuit, in their order."""
        parts = list(parts)
        return Outcomes(
            bits=np.concatenate([part.bits for part in parts]),
            weights=np.concatenate([part.weights for part in parts]),
            qubits=parts[0].qubits if len({part.qubits for part in parts}) == 1 else (),
        )


def _qubits(metadata: Any) -> tuple[int, ...]:
    """The qubits that a device's sampler noted, in the result or with the circuit that it sent."""
    noted = metadata or {}
    found = noted.get("qubits") or (noted.get("circuit_metadata") or {}).get("qubits") or ()
    return tuple(int(qubit) for qubit in found)


def _unpacked(array: Any) -> NDArray[np.uint8]:
    """A `BitArray` as one column per bit, bit 0 first."""
    little = array.array.reshape(-1, array.array.shape[-1])[:, ::-1]
    return np.unpackbits(little, axis=1, count=array.num_bits, bitorder="little")
