"""Read-out errors mitigated by M3 (mthree), for measurements that nothing follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qnet.execution.jobs._packing import unpacked_circuits
from qnet.execution.jobs.errors import MissingExtra, NotReady
from qnet.execution.jobs.snapshot import restored
from qnet.execution.outcomes import Outcomes
from qnet.results import Figure, Result

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.jobs.book import JobBook
    from qnet.execution.jobs.job import Job

__all__ = ["mitigated", "mitigated_result", "readout_errors", "terminal_bits"]

Errors = Mapping[int, tuple[float, float]]
_RESAMPLINGS = 40


def terminal_bits(circuit: QuantumCircuit) -> dict[int, int]:
    """Classical bits that hold a terminal read-out, and the qubit that each was read from.

    Nothing but barriers and waiting follows such a measurement on its qubit, the bit is written once, and no
    condition or other operation reads it.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> circuit = QuantumCircuit(2, 2)
        >>> _ = circuit.measure([0, 1], [0, 1])
        >>> with circuit.if_test((circuit.clbits[0], 1)):
        ...     _ = circuit.x(0)
        >>> terminal_bits(circuit)
        {1: 1}
    """
    found: dict[int, int] = {}
    spoiled: set[int] = set()
    for item in circuit.data:
        name = item.operation.name
        if name in ("barrier", "delay"):
            continue
        qubits = [circuit.find_bit(qubit).index for qubit in item.qubits]
        spoiled |= {bit for bit, qubit in found.items() if qubit in qubits}
        bits = [circuit.find_bit(bit).index for bit in item.clbits]
        if name != "measure":
            spoiled |= set(bits)
        elif bits[0] in found:
            spoiled.add(bits[0])
        else:
            found[bits[0]] = qubits[0]
    if circuit.num_vars:
        return {}
    return {bit: qubit for bit, qubit in sorted(found.items()) if bit not in spoiled}


def readout_errors(target: Any) -> dict[int, tuple[float, float]]:
    """P(1 read | 0 prepared) and P(0 read | 1 prepared) of every qubit, as the device reports them."""
    found: dict[int, tuple[float, float]] = {}
    for places, reported in (target["measure"] or {}).items():
        error = getattr(reported, "error", None) or 0.0
        up, down = (getattr(reported, name, None) for name in ("prob_meas1_prep0", "prob_meas0_prep1"))
        found[places[0]] = (error if up is None else up, error if down is None else down)
    return found


def mitigated(outcomes: Outcomes, circuit: QuantumCircuit, errors: Errors) -> Outcomes:
    """Outcomes with weights that undo the read-out errors of terminal measurements.

    Bits that drove feed-forward, or were read in between, stay as they were read: the terminal bits are
    mitigated among the shots that agree in all others. A shot's weight is the quasi-probability of what it
    read over its frequency; it can be negative, and all weights add up to the number of shots.

    Args:
        outcomes: What was measured, each shot of weight one.
        circuit: The circuit that ran, in the device's instructions.
        errors: For each qubit P(1|0) and P(0|1).

    Returns:
        The same bits with other weights.

    Raises:
        MissingExtra: If mthree is not installed.
        ValueError: If the read-out of a qubit tells nothing, P(1|0) + P(0|1) ≥ 1.

    Source:
        P. D. Nation, H. Kang, N. Sundaresan, J. M. Gambetta, PRX Quantum 2, 040326 (2021),
        arXiv:2108.12518, eq. 4: the inverse on the outcomes that were seen.
    """
    places = terminal_bits(circuit)
    if not places or not len(outcomes):
        return outcomes
    solver = _solver([_matrix(qubit, errors) for qubit in places.values()])
    columns = list(places)
    others = [bit for bit in range(outcomes.bits.shape[1]) if bit not in places]
    _, group = np.unique(outcomes.bits[:, others], axis=0, return_inverse=True)
    weights = np.ones(len(outcomes))
    for number in range(int(group.max()) + 1):
        mine = np.flatnonzero(group.reshape(-1) == number)
        weights[mine] = _weights(outcomes.bits[mine][:, columns], solver)
    return Outcomes(bits=outcomes.bits, weights=weights, qubits=outcomes.qubits)


def _matrix(qubit: int, errors: Errors) -> NDArray[np.float64]:
    up, down = errors.get(qubit, (0.0, 0.0))
    if up + down >= 1:
        raise ValueError(
            f"errors[{qubit}]=({up}, {down}) leave nothing to mitigate; they must add up to less than 1"
        )
    return np.array([[1 - up, down], [up, 1 - down]])


def _solver(matrices: list[NDArray[np.float64]]) -> Any:
    try:
        import mthree
    except ImportError:
        raise MissingExtra(
            "mitigation of read-out errors needs mthree (Python 3.11 or 3.12): "
            "pip install 'qnet-infra[mitigation]'"
        ) from None
    solver = mthree.M3Mitigation()
    solver.cals_from_matrices(matrices)
    return solver


def _weights(bits: NDArray[np.uint8], solver: Any) -> NDArray[np.float64]:
    patterns, index, counts = np.unique(bits, axis=0, return_inverse=True, return_counts=True)
    texts = ["".join(map(str, row[::-1])) for row in patterns]
    counted = dict(zip(texts, counts.tolist(), strict=True))
    quasi = solver.apply_correction(counted, qubits=list(range(bits.shape[1])))
    share = np.array([float(quasi.get(text, 0.0)) for text in texts])
    weights: NDArray[np.float64] = (share * len(bits) / counts)[index.reshape(-1)]
    return weights


def mitigated_result(
    raw: Result,
    job: Job,
    experiment: Any,
    written: Sequence[QuantumCircuit],
    outcomes: Sequence[Outcomes],
    book: JobBook,
) -> Result:
    """A result with its terminal read-outs mitigated, its errors by resampling the shots."""
    content = book.snapshot(job)
    if content is None:
        raise NotReady(f"{job.backend} reported no read-out errors when job {job.id} was submitted")
    errors = readout_errors(restored(content).target)
    sent = iter(unpacked_circuits(book.circuits(job)[1]))
    ran = [next(sent) if n else circuit for circuit, n in zip(written, job.details["each"], strict=True)]
    better = [mitigated(one, circuit, errors) for one, circuit in zip(outcomes, ran, strict=True)]
    figures = experiment.interpret(better)
    spread = _spread(experiment, outcomes, ran, errors, job.seed)
    table = getattr(experiment, "rows", None)
    return replace(
        raw,
        figures={name: _with_error(f, spread.get(name), raw.figures[name]) for name, f in figures.items()},
        rows=tuple(_unclear(row) for row in table(better)) if table else (),
        notes=(*raw.notes, _said(ran)),
    )


def _unclear(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without its error, which weights of this kind do not give."""
    return {**row, "stderr": None} if "stderr" in row else dict(row)


def _said(circuits: Sequence[QuantumCircuit]) -> str:
    terminal = [len(terminal_bits(circuit)) for circuit in circuits]
    raw = max(circuit.num_clbits - n for circuit, n in zip(circuits, terminal, strict=True))
    stay = f"; {raw} bits a circuit that drove feed-forward or came before the end stay raw" if raw else ""
    return f"read-out errors of terminal measurements mitigated by M3, by the device's reported errors{stay}"


def _with_error(figure: Figure, spread: float | None, raw: Figure) -> Figure:
    known = [error for error in (spread, raw.stderr) if error is not None and isfinite(error)]
    return replace(figure, stderr=max(known) if known else None)


def _spread(
    experiment: Any,
    outcomes: Sequence[Outcomes],
    circuits: Sequence[QuantumCircuit],
    errors: Errors,
    seed: int,
) -> dict[str, float]:
    """The standard deviation of each figure over resamplings of the shots (bootstrap)."""
    rng = np.random.default_rng([seed, 3])
    drawn: dict[str, list[float]] = {}
    for _ in range(_RESAMPLINGS):
        again = [
            mitigated(Outcomes(bits=one.bits[rng.integers(len(one), size=len(one))]), circuit, errors)
            if len(one)
            else one
            for one, circuit in zip(outcomes, circuits, strict=True)
        ]
        for name, figure in experiment.interpret(again).items():
            drawn.setdefault(name, []).append(figure.value)
    return {name: sqrt(float(np.var(values, ddof=1))) for name, values in drawn.items()}
