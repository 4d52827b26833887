"""The decoders against each other: errors per shot and shots per second, in one run on one core.

Run it by `python -m benchmarks.decoding [--scale X] [--json]`. Every ratio compares decoders on the
same shots; times are the shortest of interleaved repetitions. `--scale` multiplies the numbers of shots, and
below 1 the ratios of errors may miss their bounds by chance.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product

import numpy as np
import pymatching
import sinter
import stim
from numpy.typing import NDArray

from circuits.codes import memory as rotated_memory
from circuits.codes import rotated_surface
from circuits.noise import CircuitNoise
from decoders import ErasureDecoder, PeelingDecoder, PyMatchingDecoder

REPETITIONS = 3
PLAIN_ERRORS = {3: 1.732e-2, 5: 1.410e-2, 7: 9.96e-3}
PEELING_FAILURES = {3: 0.077447, 5: 0.039718}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure that is bounded.

    Args:
        name: What is compared with what.
        value: The figure.
        bound: What it has to reach.
        at_least: Whether the bound is the least value; else it is the greatest.
    """

    name: str
    value: float
    bound: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the figure keeps its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass(frozen=True, kw_only=True)
class Shots:
    """Bit-packed shots of a circuit."""

    events: NDArray[np.uint8]
    flips: NDArray[np.uint8]

    @classmethod
    def of(cls, circuit: stim.Circuit, shots: int, seed: int) -> Shots:
        """New shots."""
        events, flips = circuit.compile_detector_sampler(seed=seed).sample(
            shots, separate_observables=True, bit_packed=True
        )
        return cls(events=events, flips=flips)

    def first(self, shots: int) -> Shots:
        """Some of them."""
        return Shots(events=self.events[:shots], flips=self.flips[:shots])


def memory(distance: int, p: float) -> stim.Circuit:
    """Stim's rotated memory in the Z basis under uniform noise."""
    return stim.Circuit.generated(
        "surface_code:rotated_memory_z",
        distance=distance,
        rounds=distance,
        after_clifford_depolarization=p,
        before_round_data_depolarization=p,
        before_measure_flip_probability=p,
        after_reset_flip_probability=p,
    )


def own_memory(distance: int, p: float) -> stim.Circuit:
    """Our own, under noise of the same name."""
    noise = CircuitNoise.uniform_depolarizing(p)
    return rotated_memory(rotated_surface(distance), rounds=distance, noise=noise)


def lossy_memory(distance: int, *, loss: float, p: float, heralded: bool = True) -> stim.Circuit:
    """The same with an erasure of every data qubit before every round; the heralds are the last detectors."""
    data = distance**2
    places: list[int] = []
    heralds: list[int] = []
    found, measured, before = stim.Circuit(), 0, ""
    for step in memory(distance, p).flattened():
        if step.name in ("DETECTOR", "OBSERVABLE_INCLUDE"):
            records = [stim.target_rec(places[target.value] - measured) for target in step.targets_copy()]
            found.append(step.name, records, step.gate_args_copy())
            continue
        found.append(step)
        places += range(measured, measured + step.num_measurements)
        measured += step.num_measurements
        if step.name == "DEPOLARIZE1" and before == "TICK":
            name, argument = ("HERALDED_ERASE", loss) if heralded else ("DEPOLARIZE1", 0.75 * loss)
            found.append(name, step.targets_copy(), argument)
            heralds += range(measured, measured + data) if heralded else ()
            measured += data if heralded else 0
        before = step.name
    for herald in heralds:
        found.append("DETECTOR", [stim.target_rec(herald - measured)], tag="herald")
    return found


def erasure_only(distance: int, loss: float) -> stim.Circuit:
    """One round of perfect Z checks after a heralded erasure of every data qubit."""
    code = rotated_surface(distance)
    found = stim.Circuit()
    found.append("R", range(code.n))
    found.append("HERALDED_ERASE", range(code.n), loss)
    for q in range(code.n):
        found.append("DETECTOR", [stim.target_rec(q - code.n)], tag="herald")
    found.append("M", range(code.n))
    for check in [check for check in code.checks if "Z" in check]:
        found.append("DETECTOR", _records(check))
    found.append("OBSERVABLE_INCLUDE", _records(code.logical_z[0]), 0)
    return found


def _records(operator: str) -> list[stim.GateTarget]:
    return [stim.target_rec(q - len(operator)) for q, letter in enumerate(operator) if letter != "I"]


def model(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    """As sinter makes it."""
    return circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)


def compiled(decoder: sinter.Decoder, circuit: stim.Circuit) -> sinter.CompiledDecoder:
    """The decoder on the circuit's own error model."""
    return decoder.compile_decoder_for_dem(dem=model(circuit))


def flips_of(decoder: sinter.CompiledDecoder, shots: Shots) -> NDArray[np.uint8]:
    """The decoder's predictions."""
    found: NDArray[np.uint8] = decoder.decode_shots_bit_packed(bit_packed_detection_event_data=shots.events)
    return found


def errors(decoder: sinter.CompiledDecoder, shots: Shots) -> int:
    """How many shots it decodes wrongly."""
    return int(np.any(flips_of(decoder, shots) != shots.flips, axis=1).sum())


def seconds(*pairs: tuple[sinter.CompiledDecoder, Shots]) -> list[float]:
    """The shortest CPU time of each, of interleaved repetitions."""
    times = [[_cpu(decoder, shots) for decoder, shots in pairs] for _ in range(REPETITIONS)]
    return [min(mine) for mine in zip(*times, strict=True)]


def _cpu(decoder: sinter.CompiledDecoder, shots: Shots) -> float:
    start = time.process_time()
    flips_of(decoder, shots)
    return time.process_time() - start


class RebuiltPerShot(sinter.CompiledDecoder):  # type: ignore[misc]
    """The baseline: for every shot a matching graph with the erased edges at one half, made in Python."""

    def __init__(self, circuit: stim.Circuit, bare: stim.Circuit) -> None:
        self.base, self.kept = model(bare), bare.num_detectors
        self.edges: dict[int, stim.DetectorErrorModel] = {}
        for error in model(circuit):
            if error.type == "error":
                self._read(error)

    def _read(self, error: stim.DemInstruction) -> None:
        fired = [t.val for t in error.targets_copy() if t.is_relative_detector_id() and t.val >= self.kept]
        for herald in fired:
            mine = self.edges.setdefault(herald, stim.DetectorErrorModel())
            for group in error.target_groups():
                edge = [t for t in group if not (t.is_relative_detector_id() and t.val >= self.kept)]
                if edge and not any(edge == known.targets_copy() for known in mine):
                    mine.append("error", 0.5, edge)

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """One graph a shot."""
        events = np.unpackbits(bit_packed_detection_event_data, axis=1, bitorder="little")
        return np.array([self._decode(row) for row in events], dtype=np.uint8)

    def _decode(self, row: NDArray[np.uint8]) -> NDArray[np.uint8]:
        graph = self.base.copy()
        for herald in np.flatnonzero(row[self.kept :]) + self.kept:
            graph += self.edges[int(herald)]
        found: NDArray[np.uint8] = pymatching.Matching.from_detector_error_model(graph).decode(
            row[: self.kept]
        )
        return found


def known_answers(scale: float) -> Iterator[Row]:
    """Errors per shot of plain matching, and failures of peeling, as deviations from known values."""
    builders = ("Stim's circuit", memory, 1.0), ("our circuit", own_memory, 0.5)
    for (distance, known), (whose, build, share) in product(PLAIN_ERRORS.items(), builders):
        shots = int(scale * share * 41_000 / known)
        found = errors_in_parts(PyMatchingDecoder(correlated=False), build(distance, 0.005), shots)
        sigma = math.sqrt(found / shots / shots)
        told = f"{found / shots:.4e}, known {known:.3e}; |difference|"
        name = f"plain matching of {whose}, d = {distance}, 0.5 %: {told}"
        yield Row(name=name, value=abs(found / shots - known), bound=4 * sigma + 0.005 * known)
    for distance, known in PEELING_FAILURES.items():
        shots = int(scale * 1_000_000)
        found = errors_in_parts(PeelingDecoder(), erasure_only(distance, 0.3), shots)
        sigma = math.sqrt(known * (1 - known) / shots)
        name = f"peeling, d = {distance}, loss 0.3: {found / shots:.5f}, known {known}; |difference|"
        yield Row(name=name, value=abs(found / shots - known), bound=5 * sigma)


def errors_in_parts(decoder: sinter.Decoder, circuit: stim.Circuit, shots: int) -> int:
    """Errors among many shots, in parts that fit into memory."""
    ready, part, found = compiled(decoder, circuit), 100_000, 0
    for k in range(0, shots, part):
        found += errors(ready, Shots.of(circuit, min(part, shots - k), seed=1000 + k))
    return found


def correlated(scale: float) -> Iterator[Row]:
    """Correlated matching against plain matching: errors at d = 5 and 7, time up to d = 21."""
    for distance, bound in ((5, 0.80), (7, 0.65)):
        circuit = memory(distance, 0.005)
        shots = Shots.of(circuit, int(scale * 400_000), seed=distance)
        plain, both = (
            errors(compiled(PyMatchingDecoder(correlated=c), circuit), shots) for c in (False, True)
        )
        yield Row(name=f"correlated errors / plain errors, d = {distance}", value=both / plain, bound=bound)
    for distance, number in ((5, 20_000), (9, 4000), (13, 1500), (21, 300)):
        circuit = memory(distance, 0.005)
        shots = Shots.of(circuit, max(50, int(scale * number)), seed=distance)
        pairs = [(compiled(PyMatchingDecoder(correlated=c), circuit), shots) for c in (False, True)]
        plain_s, both_s = seconds(*pairs)
        yield Row(name=f"correlated time / plain time, d = {distance}", value=both_s / plain_s, bound=5)


def heralded(scale: float) -> Iterator[Row]:
    """Herald-aware matching at d = 5, p = 0.1 % against blind matching and a graph rebuilt per shot."""
    for loss in (0.02, 0.05):
        circuit = lossy_memory(5, loss=loss, p=0.001)
        hidden = lossy_memory(5, loss=loss, p=0.001, heralded=False)
        bare = lossy_memory(5, loss=0.0, p=0.001, heralded=False)
        shots = Shots.of(circuit, int(scale * 200_000), seed=7)
        unseen = _without_heralds(shots, hidden.num_detectors)
        aware = compiled(ErasureDecoder(), circuit)
        blind = compiled(PyMatchingDecoder(correlated=False), hidden)
        rebuilt = RebuiltPerShot(circuit, bare)
        few = shots.first(max(100, int(scale * 20_000)))
        ratio = errors(aware, few) / max(1, errors(rebuilt, few))
        yield Row(name=f"aware errors / rebuilt errors, loss {loss}", value=ratio, bound=1.25)
        if loss == 0.02:
            ratio = errors(aware, shots) / errors(blind, unseen)
            yield Row(name=f"aware errors / blind errors, loss {loss}", value=ratio, bound=0.12)
            some, thousand = shots.first(20_000), shots.first(1000)
            aware_s, blind_s, rebuilt_s = seconds(
                (aware, some), (blind, unseen.first(20_000)), (rebuilt, thousand)
            )
            name = f"aware speed / rebuilt speed, loss {loss}"
            yield Row(name=name, value=20 * rebuilt_s / aware_s, bound=20, at_least=True)
            name = f"aware speed / blind speed, loss {loss}"
            yield Row(name=name, value=blind_s / aware_s, bound=0.25, at_least=True)


def _without_heralds(shots: Shots, detectors: int) -> Shots:
    events = np.unpackbits(shots.events, axis=1, count=detectors, bitorder="little")
    return Shots(events=np.packbits(events, axis=1, bitorder="little"), flips=shots.flips)


def peeled(scale: float) -> Iterator[Row]:
    """Peeling against herald-aware matching, pure erasure at d = 9."""
    for loss in (0.05, 0.3):
        circuit = erasure_only(9, loss)
        shots = Shots.of(circuit, max(1000, int(scale * 20_000)), seed=9)
        peeling, aware = compiled(PeelingDecoder(), circuit), compiled(ErasureDecoder(), circuit)
        flips_of(peeling, shots.first(10))
        peeling_s, aware_s = seconds((peeling, shots), (aware, shots))
        name = f"peeling speed / aware speed, d = 9, loss {loss}"
        yield Row(name=name, value=aware_s / peeling_s, bound=1, at_least=True)


def main() -> int:
    """Measure every row, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="Errors and speed of the decoders, against each other.")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the numbers of shots (default 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = []
    for part in (correlated, heralded, peeled, known_answers):
        for row in part(options.scale):
            rows.append(row)
            if not options.json:
                sign, missed = ("≥" if row.at_least else "≤"), ("" if row.reached else "  MISSED")
                print(f"{row.name}: {row.value:.3g} (bound {sign} {row.bound:.3g}){missed}", flush=True)
    if options.json:
        listed = [{**asdict(row), "reached": row.reached} for row in rows]
        print(json.dumps({"benchmark": "decoding", "scale": options.scale, "rows": listed}))
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
