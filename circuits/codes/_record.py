"""A Stim circuit under construction that knows where its measurements are, and what is noiseless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import stim

from circuits.noise import CircuitNoise
from circuits.noise._stim import marked_stim
from circuits.noise._stim_loss import coordinates_of, with_heralds

__all__ = ["Recorder"]

_MARK = "noiseless "


class Recorder:
    """Appends to a circuit and counts measurements, so that detectors name them absolutely.

    The circuit is kept in blocks that may repeat, and these in segments, noisy ones and noiseless ones.

    Attributes:
        measured: How many measurements have been written.
    """

    def __init__(self) -> None:
        self.measured = 0
        self._blocks: list[_Block] = [_Block()]

    def finish(self, noise: CircuitNoise | None) -> stim.Circuit:
        """All blocks in a row, with noise on the noisy segments.

        Noise is put on the whole at once, where each noiseless segment is but a mark, so that qubits idle
        through every layer of the noisy ones.
        """
        quiet = [segment for block in self._blocks for noisy, segment in block.segments if not noisy]
        whole, number = stim.Circuit(), 0
        for block in self._blocks:
            body = stim.Circuit()
            for noisy, segment in block.segments:
                if noisy:
                    body += segment
                else:
                    body.append("SHIFT_COORDS", [], (), tag=f"{_MARK}{number}")
                    number += 1
            if block.times == 1:
                whole += body
            else:
                whole.append(stim.CircuitRepeatBlock(block.times, body))
        made = with_heralds(_filled(whole if noise is None else marked_stim(noise, whole), quiet))
        return _ignored(made) if coordinates_of(made) > 3 else made

    def data(self, qubits: Iterable[int], places: Sequence[Sequence[float]] = ()) -> None:
        """Says which qubits hold the code, on which `CircuitNoise.before_round` acts, and where they are."""
        for k, qubit in enumerate(qubits):
            self._now.append("QUBIT_COORDS", [qubit], places[k] if places else (), tag="data")

    def begin_round(self) -> None:
        """The beginning of a round."""
        self._now.append("TICK", tag="round")

    @contextmanager
    def noiseless(self) -> Iterator[None]:
        """What is written inside carries no circuit noise: references, and pairs that come from a link."""
        self._blocks[-1].segments.append((False, stim.Circuit()))
        yield
        self._blocks[-1].segments.append((True, stim.Circuit()))

    @contextmanager
    def repeated(self, times: int) -> Iterator[None]:
        """What is written inside runs `times` times; places in the record are those of the last time."""
        before = self.measured
        self._blocks.append(_Block(times=times))
        yield
        self.measured += (times - 1) * (self.measured - before)
        self._blocks.append(_Block())

    def add(
        self,
        name: str,
        targets: Sequence[int] | Sequence[stim.GateTarget],
        argument: float | Sequence[float] | None = None,
        *,
        tag: str = "",
    ) -> None:
        """An instruction on the targets; nothing where there are none."""
        if targets:
            self._now.append(name, targets, argument, tag=tag)

    def measure(self, name: str, qubits: Sequence[int]) -> list[int]:
        """A measurement of each qubit; returns their places in the record."""
        self.add(name, qubits)
        return self.count(len(qubits))

    def measure_products(self, products: Sequence[dict[int, str]]) -> list[int]:
        """Measures Pauli products {qubit: letter}; returns their places in the record."""
        for product in products:
            targets: list[stim.GateTarget] = []
            for qubit, letter in product.items():
                targets += [stim.target_pauli(qubit, letter), stim.target_combiner()]
            self.add("MPP", targets[:-1])
        return self.count(len(products))

    def count(self, number: int) -> list[int]:
        """The places of the last outcomes, which the instruction just added has written."""
        self.measured += number
        return list(range(self.measured - number, self.measured))

    def next_round(self) -> None:
        """Detectors from here on lie one later in their third coordinate."""
        self._now.append("SHIFT_COORDS", [], (0, 0, 1))

    def tick(self) -> None:
        """The end of a layer."""
        self._now.append("TICK")

    def detector(self, places: Iterable[int], coordinates: Sequence[float], *, tag: str = "") -> None:
        """A detector: measurements whose parity is certain without noise."""
        self._now.append("DETECTOR", self.records(places), coordinates, tag=tag)

    def observable(self, index: int, places: Iterable[int]) -> None:
        """Measurements that belong to a logical observable."""
        self._now.append("OBSERVABLE_INCLUDE", self.records(places), index)

    def records(self, places: Iterable[int]) -> list[stim.GateTarget]:
        """Stim's relative targets for absolute places in the record."""
        return [stim.target_rec(place - self.measured) for place in places]

    @property
    def _now(self) -> stim.Circuit:
        return self._blocks[-1].segments[-1][1]


def _ignored(circuit: stim.Circuit) -> stim.Circuit:
    """The heralds get the fourth coordinate −1, by which decoders of colour codes know to ignore them."""
    made = stim.Circuit()
    for item in circuit:
        if isinstance(item, stim.CircuitRepeatBlock):
            made.append(stim.CircuitRepeatBlock(item.repeat_count, _ignored(item.body_copy()), tag=item.tag))
        elif item.name == "DETECTOR" and item.tag == "herald":
            place = (*item.gate_args_copy(), 0.0, 0.0, 0.0)[:3]
            made.append("DETECTOR", item.targets_copy(), (*place, -1.0), tag=item.tag)
        else:
            made.append(item)
    return made


@dataclass(kw_only=True)
class _Block:
    """A part of the circuit that runs one or more times."""

    times: int = 1
    segments: list[tuple[bool, stim.Circuit]] = field(default_factory=lambda: [(True, stim.Circuit())])


def _filled(circuit: stim.Circuit, quiet: Sequence[stim.Circuit]) -> stim.Circuit:
    """The circuit with every mark replaced by its segment."""
    made = stim.Circuit()
    for item in circuit:
        if isinstance(item, stim.CircuitRepeatBlock):
            made.append(stim.CircuitRepeatBlock(item.repeat_count, _filled(item.body_copy(), quiet)))
        elif item.tag.startswith(_MARK):
            made += quiet[int(item.tag.removeprefix(_MARK))]
        else:
            made.append(item)
    return made
