"""What experiments on codes have in common: from Stim to Qiskit, and back through detectors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.protocols._code_figures import detection_rows, exported
from qnet.protocols.claims import Claim

if TYPE_CHECKING:
    import stim
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes
    from qnet.results import Figure

__all__ = ["CodeCircuit", "kept", "predicted"]


class CodeCircuit(ABC):
    """An experiment whose one circuit comes from Stim, detectors and observables included."""

    name: ClassVar[str]
    summary: ClassVar[str]

    @abstractmethod
    def experiment(self, noise: Any = None) -> stim.Circuit:
        """The experiment as Stim knows it, with detectors and observables, under a `CircuitNoise`."""

    @abstractmethod
    def interpret(self, outcomes: Sequence[Outcomes]) -> Mapping[str, Figure]:
        """The figures, by way of the detectors."""

    def circuit(self) -> QuantumCircuit:
        """The experiment as Qiskit runs it, without noise; the detectors are in its metadata."""
        return exported(self.experiment(), self.name)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The one circuit."""
        return [self.circuit()]

    def claims(self) -> Iterable[tuple[str, QuantumCircuit, Claim]]:
        """Every detector and every observable is certain without noise."""
        circuit = self.circuit()
        yield "detectors", circuit, Claim(flows=_certain(circuit, "detector"))
        yield "observables", circuit, Claim(flows=_certain(circuit, "observable"))

    def rows(self, outcomes: Sequence[Outcomes]) -> list[dict[str, Any]]:
        """How often each detector fires; its coordinates are the place of its check and the round."""
        return detection_rows(self.circuit(), outcomes[0])

    def beside(self, sampler: Any, *, shots: int, seed: int) -> dict[str, Figure]:
        """What the noise that a device reports lets expect of the figures, on a sampler that is a device.

        Nothing where the sampler is a device simulated by Stim, which is the same already.
        """
        backend = getattr(sampler, "backend", None)
        if not hasattr(backend, "target") or getattr(sampler, "engine", None) == "stim":
            return {}
        found = predicted(self, backend, shots=shots, seed=seed)
        return {f"predicted_{name}": figure for name, figure in found.items()}


def kept(experiment: CodeCircuit, logical: str) -> tuple[str, QuantumCircuit, Claim]:
    """The claim that a memory reads the logical operator of whatever its data qubits hold, not of 0 alone."""
    bare, data = _without_preparation(experiment.experiment())
    circuit = exported(bare, experiment.name)
    letters = "*".join(f"{letter}[q[{q}]]" for q, letter in enumerate(logical) if letter != "I")
    (flow, *_) = _certain(circuit, "observable")
    inputs = tuple(f"q[{q}]" for q in data)
    return "kept", circuit, Claim(inputs=inputs, flows=(flow.replace("1 ->", f"{letters} ->", 1),))


def _certain(circuit: QuantumCircuit, kind: str) -> tuple[str, ...]:
    """A flow for each detector or observable: the parity of its records is what it is without noise."""
    found: dict[str, Any] = circuit.metadata or {}
    return tuple(_flows(found[f"{kind}s"], found[f"{kind}_signs"]))


def _flows(groups: Sequence[Sequence[int]], signs: Sequence[int]) -> Iterator[str]:
    for records, sign in zip(groups, signs, strict=True):
        yield " xor ".join([f"1 -> {'-' if sign else ''}1", *(f"records[{k}]" for k in records)])


def _without_preparation(circuit: stim.Circuit) -> tuple[stim.Circuit, list[int]]:
    import stim

    data = sorted(circuit.get_final_qubit_coordinates())
    made, pending = stim.Circuit(), set(data)
    for item in circuit:
        if pending and item.name in ("R", "RX"):
            targets = [target.value for target in item.targets_copy()]
            rest = [q for q in targets if q not in pending]
            pending -= set(targets)
            if rest:
                made.append(item.name, rest)
        else:
            made.append(item)
    return made, data


def predicted(
    experiment: CodeCircuit, backend: Any, *, shots: int = 4096, seed: int | None = None
) -> Mapping[str, Figure]:
    """What a device's reported noise lets expect of an experiment, to stand beside what the device gave.

    The circuit is fitted to the device as for a run there, gets the Pauli twirl of its noise
    (`CircuitNoise.from_backend`), is sampled by Stim, and read as the device's own counts are. `run` puts
    these figures, as `predicted_…`, beside those that a device or fake device gives.

    Args:
        experiment: What to run.
        backend: A device or fake device with a target.
        shots: Shots.
        seed: Seeds the transpiler and the sampler.

    Returns:
        The experiment's figures.

    Raises:
        ValueError: If the backend has no target, or `shots` is no positive number.
    """
    from qnet.execution import execute
    from qnet.execution.devices import DeviceSampler

    machine = DeviceSampler(backend, engine="stim", seed=seed)
    return experiment.interpret(execute(experiment.circuits(), machine, shots=shots))
