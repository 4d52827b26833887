"""Many signals as shots of the few distinct circuits."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.primitives import BaseSamplerV2

__all__ = ["Shots"]

Bytes = NDArray[np.uint8]


class Shots:
    """Runs each distinct circuit once, and gives every signal one shot of its own circuit.

    Args:
        sampler: Who runs them.
        rng: Randomness of the order: a sampler with a fixed seed may repeat itself from run to run, and shots
            that are given out in random order are independent all the same.
    """

    def __init__(self, sampler: BaseSamplerV2, rng: np.random.Generator) -> None:
        self._sampler, self._rng = sampler, rng
        self._built: dict[Hashable, QuantumCircuit] = {}
        self.executed = 0

    def outcomes(
        self, build: Callable[..., QuantumCircuit], settings: list[tuple[Any, ...]], chosen: NDArray[np.intp]
    ) -> Bytes:
        """The outcome of every signal, as a number whose bit k is classical bit k.

        Args:
            build: `build(*setting)` is the circuit of a setting.
            settings: All settings that there are.
            chosen: Which of them each signal has.
        """
        from qnet.execution import execute
        from qnet.protocols._key_distribution import codes_of

        counts = np.bincount(chosen, minlength=len(settings))
        used = np.flatnonzero(counts)
        circuits = [self._circuit(build, settings[k]) for k in used]
        found = np.zeros(len(chosen), np.uint8)
        if not len(used):
            return found
        self.executed += len(used)
        results = execute(circuits, self._sampler, shots=counts[used].tolist())
        order = np.argsort(chosen, kind="stable")
        found[order] = np.concatenate([self._rng.permutation(codes_of(one.bits)) for one in results])
        return found

    def _circuit(self, build: Callable[..., QuantumCircuit], setting: tuple[Any, ...]) -> QuantumCircuit:
        key = (build, setting)
        if key not in self._built:
            self._built[key] = build(*setting)
        return self._built[key]
