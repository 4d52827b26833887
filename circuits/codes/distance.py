"""The circuit distance: how few errors of a noisy circuit flip an observable without any detector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import stim
from numpy.typing import NDArray

__all__ = ["CircuitDistance", "circuit_distance"]

_PAIRS = 6_000_000
_EVERY_DEGREE = 9999
_ROW_SEED = 20_241_124
Keys = NDArray[np.uint64]
_Part = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True, kw_only=True)
class CircuitDistance:
    """The bounds that were found on the least number of errors that make an unseen logical error.

    Args:
        lower: No fewer errors do it.
        upper: So many do it; None where none were found.
        method: "graphlike" for the shortest path in the matching graph, or "enumeration" of all sets of few
            errors (`lower`) with a path or Stim's heuristic search (`upper`).

    >>> print(CircuitDistance(lower=3, upper=3, method="graphlike"))
    3 (graphlike)
    >>> print(CircuitDistance(lower=5, upper=7, method="enumeration"))
    5 to 7 (enumeration)
    """

    lower: int
    upper: int | None
    method: str

    @property
    def exact(self) -> bool:
        """Whether the two bounds meet."""
        return self.lower == self.upper

    def __str__(self) -> str:
        shown = f"{self.lower}" if self.exact else f"{self.lower} to {self.upper or 'unknown'}"
        return f"{shown} ({self.method})"


def circuit_distance(
    circuit: stim.Circuit, *, observable: int | None = None, search: bool = True
) -> CircuitDistance:
    """The fewest error mechanisms that flip an observable and no detector.

    Heralds count as detectors. Where every error decomposes into errors that flip at most two detectors,
    the shortest path in the matching graph bounds the distance from above. Where each error, whole, flips
    at most two detectors of each component of that graph (as Y does in a surface code), the shortest
    path of such errors bounds it from below. Elsewhere all sets of one and two errors are tried, and of
    three and four where there are at most 6·10⁶ pairs, which bounds the distance from below, exactly where
    a set is found; from above it is then bounded by Stim's search for undetectable logical errors,
    which follows sets of at most four fired detectors.

    Args:
        circuit: A circuit with noise, detectors and observables.
        observable: The only observable that counts; all of them when it is not given.
        search: Whether to search from above where the enumeration found nothing.

    Raises:
        ValueError: The circuit has no noise, no observables, or no observable of that number.

    >>> from circuits.codes.memory import memory
    >>> from circuits.codes.surface import rotated_surface
    >>> from circuits.noise import CircuitNoise
    >>> noise = CircuitNoise.uniform_depolarizing(0.001)
    >>> print(circuit_distance(memory(rotated_surface(3), rounds=3, noise=noise)))
    3 (graphlike)
    """
    kept = circuit if observable is None else _only(circuit, observable)
    model = kept.detector_error_model(approximate_disjoint_errors=True)
    if not kept.num_observables:
        raise ValueError("circuit has no observables: there is no logical error to look for")
    if not model.num_errors:
        raise ValueError("circuit has no noise: apply a CircuitNoise first, its distance counts errors")
    upper = _graphlike(kept)
    lower = None if upper is None else _sectors(kept)
    if upper is not None and lower == upper:
        return CircuitDistance(lower=upper, upper=upper, method="graphlike")
    least, tried = _enumerated(model)
    if least is not None:
        return CircuitDistance(lower=least, upper=least, method="enumeration")
    if upper is None and search:
        upper = _searched(kept)
    return CircuitDistance(lower=tried + 1, upper=upper, method="enumeration")


def _only(circuit: stim.Circuit, observable: int) -> stim.Circuit:
    if not 0 <= observable < circuit.num_observables:
        raise ValueError(f"observable = {observable}: the circuit has {circuit.num_observables}")
    kept = stim.Circuit()
    for op in circuit:
        if isinstance(op, stim.CircuitRepeatBlock):
            kept.append(stim.CircuitRepeatBlock(op.repeat_count, _within(op.body_copy(), observable)))
        elif op.name != "OBSERVABLE_INCLUDE":
            kept.append(op)
        elif op.gate_args_copy()[0] == observable:
            kept.append("OBSERVABLE_INCLUDE", op.targets_copy(), 0)
    return kept


def _within(body: stim.Circuit, observable: int) -> stim.Circuit:
    counted = any(op.name == "OBSERVABLE_INCLUDE" for op in body.flattened())
    return _only(body, observable) if counted else body


def _decomposed(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    """The model whose errors are sums of graphlike errors that it has itself."""
    return circuit.detector_error_model(
        decompose_errors=True,
        approximate_disjoint_errors=True,
        block_decomposition_from_introducing_remnant_edges=True,
    )


def _graphlike(circuit: stim.Circuit) -> int | None:
    """The shortest graphlike logical error; None where an error does not decompose, or none is found."""
    try:
        return len(_decomposed(circuit).shortest_graphlike_error())
    except ValueError:
        return None


def _sectors(circuit: stim.Circuit) -> int | None:
    """A lower bound: the shortest path where every error acts on each component of the graph at once.

    None where the part of an error in one component flips more than two detectors.
    """
    model = _decomposed(circuit)
    errors = [_parts(error) for error in model.flattened() if error.type == "error"]
    home = _components(model.num_detectors, errors)
    sectors: dict[tuple[frozenset[int], frozenset[int]], None] = {}
    for parts in errors:
        sums: dict[int, tuple[frozenset[int], frozenset[int]]] = {}
        for detectors, flips in parts:
            place = home[min(detectors)] if detectors else -1
            before = sums.get(place, (frozenset(), frozenset()))
            sums[place] = before[0] ^ detectors, before[1] ^ flips
        sectors.update(dict.fromkeys(sums.values()))
    if any(len(detectors) > 2 for detectors, _ in sectors):
        return None
    graph = stim.DetectorErrorModel()
    for detectors, flips in sectors:
        targets = [stim.target_relative_detector_id(k) for k in sorted(detectors)]
        graph.append("error", 0.25, targets + [stim.target_logical_observable_id(k) for k in sorted(flips)])
    return len(graph.shortest_graphlike_error())


def _components(count: int, errors: list[list[_Part]]) -> list[int]:
    """The component of every detector, where the parts of errors are edges."""
    root = list(range(count))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = k = root[root[k]]
        return k

    for parts in errors:
        for detectors, _ in parts:
            first, *others = sorted(detectors) or [0]
            for other in others:
                root[find(other)] = find(first)
    return [find(k) for k in range(count)]


def _parts(error: stim.DemInstruction) -> list[_Part]:
    """The detectors and the observables of each part of a decomposed error."""
    return [
        (
            frozenset(t.val for t in group if t.is_relative_detector_id()),
            frozenset(t.val for t in group if t.is_logical_observable_id()),
        )
        for group in error.target_groups()
    ]


def _searched(circuit: stim.Circuit) -> int | None:
    lengths = []
    for size in (2, 3, 4):
        try:
            found = circuit.search_for_undetectable_logical_errors(
                dont_explore_detection_event_sets_with_size_above=size,
                dont_explore_edges_with_degree_above=_EVERY_DEGREE,
                dont_explore_edges_increasing_symptom_degree=True,
            )
        except ValueError:
            continue
        lengths.append(len(found))
    return min(lengths, default=None)


def _enumerated(model: stim.DetectorErrorModel) -> tuple[int | None, int]:
    """The least number of errors if it is at most what was tried, and how many were tried."""
    keys, flips = _symptoms(model)
    if np.any((keys == 0) & (flips != 0)):
        return 1, 1
    if _clash(keys, flips):
        return 2, 2
    count = len(keys)
    if count * (count - 1) // 2 > _PAIRS:
        return None, 2
    first, second = np.triu_indices(count, 1)
    pair_keys, pair_flips = keys[first] ^ keys[second], flips[first] ^ flips[second]
    if _meets(keys, flips, pair_keys, pair_flips):
        return 3, 3
    return (4, 4) if _clash(pair_keys, pair_flips) else (None, 4)


def _symptoms(model: stim.DetectorErrorModel) -> tuple[Keys, Keys]:
    """For every error a random 64-bit sum of its detectors and the set of its observables as bits."""
    words = np.random.default_rng(_ROW_SEED).integers(1, 2**63, model.num_detectors + 1, dtype=np.uint64)
    marks = np.random.default_rng(_ROW_SEED + 1).integers(
        1, 2**63, model.num_observables + 1, dtype=np.uint64
    )
    keys, flips = [], []
    for error in model.flattened():
        if error.type != "error" or not error.args_copy()[0]:
            continue
        key = flip = np.uint64(0)
        for target in error.targets_copy():
            if target.is_relative_detector_id():
                key ^= words[target.val]
            elif target.is_logical_observable_id():
                flip ^= marks[target.val]
        keys.append(key)
        flips.append(flip)
    return np.array(keys, dtype=np.uint64), np.array(flips, dtype=np.uint64)


def _clash(keys: Keys, flips: Keys) -> bool:
    """Whether two entries have one symptom and different flips."""
    order = np.argsort(keys, kind="stable")
    same = keys[order[1:]] == keys[order[:-1]]
    return bool(np.any(same & (flips[order[1:]] != flips[order[:-1]])))


def _meets(keys: Keys, flips: Keys, others: Keys, other_flips: Keys) -> bool:
    """Whether an entry of the first and one of the second have one symptom and different flips.

    No two entries of the first have one symptom and different flips.
    """
    order = np.argsort(keys)
    at = np.searchsorted(keys[order], others)
    at[at == len(keys)] = 0
    hit = order[at]
    return bool(np.any((keys[hit] == others) & (flips[hit] != other_flips)))
