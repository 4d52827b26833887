"""Putting noise into a Stim circuit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import stim

from circuits.noise._aer import happens
from circuits.noise._idle import Idling
from circuits.noise._lookup import ROUND
from circuits.noise._stim_layers import Layer, data_qubits, idle_errors, qubits_of
from circuits.noise._stim_loss import loss_line, with_heralds
from circuits.noise._stim_operations import Piece, Reader
from circuits.noise._stim_text import Text, error_lines, instruction_line
from circuits.noise.channels import Rate

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise


def noisy_stim(noise: CircuitNoise, circuit: stim.Circuit) -> stim.Circuit:
    """A copy of the circuit with the noise in it."""
    return with_heralds(marked_stim(noise, circuit))


def marked_stim(noise: CircuitNoise, circuit: stim.Circuit) -> stim.Circuit:
    """The same, in which losses are but marks that the record does not count; `with_heralds` settles them."""
    writer = _Writer(noise, qubits_of(circuit), data_qubits(circuit))
    made = Text()
    layer = writer.walk(circuit, Layer(), made)
    writer.close(made, layer)
    return made.circuit()


class _Writer:
    def __init__(self, noise: CircuitNoise, qubits: list[int], data: list[int]) -> None:
        self._idling = Idling(noise)
        self._qubits = qubits
        self._round = _round_lines(noise, data)
        self._reader = Reader(noise)
        self._waits = noise.lookup.relaxes or noise.idle > 0 or noise.resonator_idle > 0
        self._known: dict[str, tuple[list[str], list[Piece]]] = {}

    def walk(self, circuit: stim.Circuit, layer: Layer, made: Text) -> Layer:
        """Write the noisy circuit, begun in an open layer; the layer that it leaves open."""
        for item in circuit:
            if isinstance(item, stim.CircuitRepeatBlock):
                layer = self._repeat(item, made, layer)
            elif item.name == "TICK":
                self.close(made, layer)
                layer = Layer()
                made.append(item)
                made.lines += self._round if item.tag == ROUND else []
            else:
                self._operation(item, made, layer)
        return layer

    def close(self, made: Text, layer: Layer) -> None:
        """Write what waiting did in a layer that ends."""
        if self._waits:
            for rate, qubits in idle_errors(self._idling, layer, self._qubits):
                made.lines += error_lines(rate, [(q,) for q in qubits])

    def _operation(self, item: stim.CircuitInstruction, made: Text, layer: Layer) -> None:
        text = str(item)
        found = self._known.get(text)
        if found is None:
            found = self._read(item)
            if "(" not in text:
                self._known[text] = found
        made.lines += found[0]
        if self._waits:
            for piece in found[1]:
                layer.touch(piece.qubits, piece.seconds, piece.collapses)

    def _read(self, item: stim.CircuitInstruction) -> tuple[list[str], list[Piece]]:
        """The noisy lines of an instruction, and its pieces."""
        made = Text()
        pieces = self._reader.pieces(item)
        if not any(piece.error is not None or piece.flip is not None or piece.loss for piece in pieces):
            made.append(item)
            return made.lines, pieces
        for run in _runs(pieces):
            _write_run(made, item, run, whole=len(run) == len(pieces))
        return made.lines, pieces

    def _repeat(self, item: stim.CircuitRepeatBlock, made: Text, layer: Layer) -> Layer:
        """A body that has a TICK begins in the layer that stands open: the first time it may be another."""
        body = item.body_copy()
        count = item.repeat_count
        noisy = Text()
        if body.num_ticks == 0:
            inner = self.walk(body, Layer(), noisy)
            made.repeat(count, noisy, item.tag)
            layer.add(inner, count)
            return layer
        left = self.walk(body, layer, noisy)
        if left != layer:
            made.add(noisy)
            count -= 1
            noisy = Text()
            left = self.walk(body, left, noisy)
        if count:
            made.repeat(count, noisy, item.tag)
        return left


def _runs(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces that can stand in one instruction, noise after them: the same argument, no common qubit."""
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


def _write_run(made: Text, item: stim.CircuitInstruction, run: list[Piece], *, whole: bool) -> None:
    flip = run[0].flip
    if whole and flip is None:
        made.append(item)
    else:
        arguments = item.gate_args_copy() if flip is None else [flip]
        made.lines.append(instruction_line(item, [piece.targets for piece in run], arguments))
    if len(run) == 1 and run[0].error is not None and not run[0].loss:
        made.lines += error_lines(run[0].error, [run[0].qubits])
        return
    errors: dict[Rate, list[tuple[int, ...]]] = {}
    for piece in run:
        if piece.error is not None:
            errors.setdefault(piece.error, []).append(piece.qubits)
    for rate, places in errors.items():
        made.lines += error_lines(rate, places)
    losses: dict[float, list[int]] = {}
    for piece in run:
        if piece.loss:
            losses.setdefault(piece.loss, []).extend(piece.qubits)
    made.lines += [loss_line(loss, qubits) for loss, qubits in losses.items()]


def _round_lines(noise: CircuitNoise, data: list[int]) -> list[str]:
    """What befalls the data qubits before each round of a code experiment."""
    errors: dict[Rate, list[tuple[int, ...]]] = {}
    losses: dict[float, list[int]] = {}
    for qubit in data:
        rate, loss = noise.lookup.before_round(qubit), noise.lookup.loss(ROUND, (qubit,))
        if happens(rate):
            errors.setdefault(rate, []).append((qubit,))
        if loss:
            losses.setdefault(loss, []).append(qubit)
    lines = [line for rate, places in errors.items() for line in error_lines(rate, places)]
    return lines + [loss_line(loss, qubits) for loss, qubits in losses.items()]
