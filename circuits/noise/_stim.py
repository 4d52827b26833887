"""Putting noise into a Stim circuit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import stim

from circuits.noise._idle import Idling
from circuits.noise._stim_layers import Layer, idle_lines, qubits_of
from circuits.noise._stim_operations import Piece, Reader, append_error
from circuits.noise.channels import Rate

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise


def noisy_stim(noise: CircuitNoise, circuit: stim.Circuit) -> stim.Circuit:
    """A copy of the circuit with the noise in it."""
    writer = _Writer(noise, qubits_of(circuit))
    made, layer = writer.walk(circuit, Layer())
    writer.close(made, layer)
    return made


class _Writer:
    def __init__(self, noise: CircuitNoise, qubits: list[int]) -> None:
        self._idling = Idling(noise)
        self._qubits = qubits
        self._reader = Reader(noise)
        self._waits = noise.lookup.relaxes or noise.idle > 0 or noise.resonator_idle > 0

    def walk(self, circuit: stim.Circuit, layer: Layer) -> tuple[stim.Circuit, Layer]:
        """The noisy circuit, begun in an open layer, and the layer that it leaves open."""
        made = stim.Circuit()
        for item in circuit:
            if isinstance(item, stim.CircuitRepeatBlock):
                layer = self._repeat(item, made, layer)
            elif item.name == "TICK":
                self.close(made, layer)
                layer = Layer()
                made.append(item)
            else:
                self._operation(item, made, layer)
        return made, layer

    def close(self, made: stim.Circuit, layer: Layer) -> None:
        """Write what waiting did in a layer that ends."""
        if self._waits:
            for rate, qubits in idle_lines(self._idling, layer, self._qubits):
                append_error(made, rate, [(q,) for q in qubits])

    def _operation(self, item: stim.CircuitInstruction, made: stim.Circuit, layer: Layer) -> None:
        pieces = self._reader.pieces(item)
        if pieces is None:
            made.append(item)
            return
        if self._waits:
            for piece in pieces:
                layer.touch(piece.qubits, piece.seconds, piece.collapses)
        if not any(piece.changes for piece in pieces):
            made.append(item)
            return
        for run in _runs(pieces):
            _append_run(made, item, run, whole=len(run) == len(pieces))

    def _repeat(self, item: stim.CircuitRepeatBlock, made: stim.Circuit, layer: Layer) -> Layer:
        """A body that has a TICK begins in the layer that stands open: the first time it may be another."""
        body = item.body_copy()
        if not _ticks(body):
            noisy, inner = self.walk(body, Layer())
            made.append(stim.CircuitRepeatBlock(item.repeat_count, noisy, tag=item.tag))
            layer.add(inner, item.repeat_count)
            return layer
        noisy, left = self.walk(body, layer)
        count = item.repeat_count
        if left != layer:
            made += noisy
            count -= 1
            noisy, left = self.walk(body, left)
        if count:
            made.append(stim.CircuitRepeatBlock(count, noisy, tag=item.tag))
        return left


def _ticks(circuit: stim.Circuit) -> bool:
    return circuit.num_ticks > 0


def _runs(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces that can stand in one instruction, noise after all of them: the same argument, no common qubit."""
    run: list[Piece] = []
    used: set[int] = set()
    for piece in pieces:
        if run and (piece.flip != run[0].flip or not used.isdisjoint(piece.qubits)):
            yield run
            run, used = [], set()
        run.append(piece)
        used.update(piece.qubits)
    if run:
        yield run


def _append_run(made: stim.Circuit, item: stim.CircuitInstruction, run: list[Piece], *, whole: bool) -> None:
    flip = run[0].flip
    if whole and flip is None:
        made.append(item)
    else:
        targets = item.targets_copy() if whole else [t for piece in run for t in piece.targets]
        arguments = item.gate_args_copy() if flip is None else [flip]
        made.append(stim.CircuitInstruction(item.name, targets, arguments, tag=item.tag))
    errors: dict[Rate, list[tuple[int, ...]]] = {}
    for piece in run:
        if piece.error is not None:
            errors.setdefault(piece.error, []).append(piece.qubits)
    for rate, places in errors.items():
        append_error(made, rate, places)
