"""Counts of an exported circuit as detection events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.primitives import BitArray

Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class DetectionEvents:
    """Which detectors fired, and which observables flipped.

    Attributes:
        detectors: (shots, detectors) of bool.
        observables: (shots, observables) of bool.
    """

    detectors: Bits
    observables: Bits

    def __post_init__(self) -> None:
        if len(self.detectors) != len(self.observables):
            raise ValueError(
                f"observables has {len(self.observables)} shots: it must have as many as detectors, "
                f"{len(self.detectors)}"
            )


def detection_events(
    circuit: QuantumCircuit, outcomes: Mapping[str, int] | BitArray | npt.NDArray[Any]
) -> DetectionEvents:
    r"""Turn the outcomes of a circuit made by `to_qiskit` into detection events.

    An event is a parity of records that differs from the parity without noise, as in Stim's
    measurement-to-detection converter.

    Args:
        circuit: what `to_qiskit` returned (its metadata hold the detectors). It may have been
            transpiled: the classical bits stay.
        outcomes: Qiskit's counts (bit strings, the last bit leftmost; each key is repeated as often
            as it was counted), or a `BitArray` of all bits, or an array (shots, bits) whose column j
            is `circuit.clbits[j]`.

    Returns:
        The events, one row per shot.

    Raises:
        ValueError: `circuit` has no detectors in its metadata.
        ValueError: `outcomes` are counts whose keys are no bit strings.
        ValueError: `outcomes` has too few bits.

    Example:
        >>> import stim
        >>> from circuits.bridge.export import to_qiskit
        >>> circuit = to_qiskit(stim.Circuit("X 0\nM 0 1\nDETECTOR rec[-2]\nDETECTOR rec[-1]"))
        >>> detection_events(circuit, {"01": 1, "10": 1}).detectors.tolist()
        [[False, False], [True, True]]
    """
    metadata = getattr(circuit, "metadata", None) or {}
    if "detectors" not in metadata or "observables" not in metadata:
        raise ValueError("circuit has no detectors in its metadata: it must come from to_qiskit")
    bits = _bits(outcomes)
    if bits.shape[1] < circuit.num_clbits:
        raise ValueError(
            f"outcomes has {bits.shape[1]} bits a shot: it must have all {circuit.num_clbits} of the circuit"
        )
    return DetectionEvents(
        detectors=_parities(bits, metadata["detectors"], metadata["detector_signs"]),
        observables=_parities(bits, metadata["observables"], metadata["observable_signs"]),
    )


def _parities(bits: Bits, groups: list[list[int]], signs: list[int]) -> Bits:
    made = np.zeros((len(bits), len(groups)), dtype=bool)
    for k, (records, sign) in enumerate(zip(groups, signs, strict=True)):
        made[:, k] = np.logical_xor.reduce(bits[:, records], axis=1) ^ bool(sign)
    return made


def _bits(outcomes: Any) -> Bits:
    """(shots, bits), column j being classical bit j."""
    if isinstance(outcomes, Mapping):
        keys = [str(key).replace(" ", "")[::-1] for key in outcomes]
        if not keys or any(set(key) - {"0", "1"} or len(key) != len(keys[0]) for key in keys):
            raise ValueError(
                f"outcomes has the keys {list(outcomes)[:3]}: it must have one or more, all strings of 0 and "
                "1 of one length"
            )
        rows = np.array([[letter == "1" for letter in key] for key in keys], dtype=bool)
        return np.repeat(rows.reshape(len(keys), -1), list(outcomes.values()), axis=0)
    if hasattr(outcomes, "num_bits"):
        packed = np.asarray(outcomes.array).reshape(-1, outcomes.array.shape[-1])[:, ::-1]
        return np.unpackbits(packed, axis=1, bitorder="little", count=outcomes.num_bits).astype(bool)
    return np.atleast_2d(np.asarray(outcomes)).astype(bool)
