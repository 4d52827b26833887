"""The circuit distance: how few errors of a noisy circuit flip an observable without any detector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import stim
from numpy.typing import NDArray

__all__ = ["CircuitDistance", "circuit_distance"]

_PAIRS = 6_000_000
_EVERY_DEGREE = 9999
_ROW_SEED = 20_241_124
Keys = NDArray[np.uint64]
_Edge = tuple[frozenset[int], frozenset[int]]


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
        if self.upper is None:
            return f"at least {self.lower} ({self.method})"
        shown = f"{self.lower}" if self.exact else f"{self.lower} to {self.upper}"
        return f"{shown} ({self.method})"


def circuit_distance(
    circuit: stim.Circuit, *, observable: int | None = None, search: int = 4
) -> CircuitDistance:
    """The fewest error mechanisms that flip an observable and no detector.

    Heralds count as detectors. Where every error decomposes into errors that flip at most two detectors,
    the shortest path in the matching graph bounds the distance from above. Where each error, whole, flips
    at most two detectors of each component of that graph (as Y does in a surface code), the shortest
    path of such errors bounds it from below. Elsewhere all sets of one and two errors are tried, and of
    three and four where there are at most 6·10⁶ pairs, which bounds the distance from below, exactly where
    a set is found; from above it is then bounded by Stim's search for undetectable logical errors.

    Args:
        circuit: A circuit with noise, detectors and observables.
        observable: The only observable that counts; all of them when it is not given.
        search: How many fired detectors Stim's search follows at once, from 2 on; below 2 there is none. It
            takes longer, and finds fewer errors, the more they are.

    Raises:
        ValueError: The circuit has no observables, no noise, or no observable of that number.

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
    edges = _decomposed(kept)
    upper = None if edges is None else _shortest(edges)
    if edges is not None and upper is not None and _sectors(edges) == upper:
        return CircuitDistance(lower=upper, upper=upper, method="graphlike")
    least, tried = _enumerated(model)
    if least is not None:
        return CircuitDistance(lower=least, upper=least, method="enumeration")
    if upper is None:
        upper = _searched(kept, search)
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


def _decomposed(circuit: stim.Circuit) -> stim.DetectorErrorModel | None:
    """The model whose errors are sums of graphlike errors that it has itself, if there is one."""
    try:
        return circuit.detector_error_model(
            decompose_errors=True,
            approximate_disjoint_errors=True,
            block_decomposition_from_introducing_remnant_edges=True,
        )
    except ValueError:
        return None


def _shortest(edges: stim.DetectorErrorModel) -> int | None:
    """The shortest graphlike logical error; None where there is none."""
    try:
        return len(edges.shortest_graphlike_error())
    except ValueError:
        return None


def _sectors(model: stim.DetectorErrorModel) -> int | None:
    """A lower bound: the shortest path where every error acts on each component of the graph at once.

    None where the part of an error in one component flips more than two detectors.
    """
    sums = _sums(model)
    edges = {part: _edge(part) for sum_ in sums for part in sum_}
    home = _components(model.num_detectors, [sorted(detectors) for detectors, _ in edges.values()])
    place = {part: home[min(detectors)] if detectors else -1 for part, (detectors, _) in edges.items()}
    sectors: dict[_Edge, None] = {}
    for sum_ in sums:
        here: dict[int, _Edge] = {}
        for part in sum_:
            at, (detectors, flips) = place[part], edges[part]
            if at in here:
                detectors, flips = here[at][0] ^ detectors, here[at][1] ^ flips
            here[at] = detectors, flips
        sectors.update(dict.fromkeys(here.values()))
    if any(len(detectors) > 2 for detectors, _ in sectors):
        return None
    lines = (" ".join([*(f"D{k}" for k in ds), *(f"L{k}" for k in fs)]) for ds, fs in sectors)
    return _shortest(stim.DetectorErrorModel("\n".join(f"error(0.25) {line}" for line in lines)))


def _sums(model: stim.DetectorErrorModel) -> set[tuple[str, ...]]:
    """The parts, as text, of every error of a decomposed model: text is read faster than targets."""
    lines = str(model.flattened()).splitlines()
    return {tuple(line.rpartition(")")[2].strip().split(" ^ ")) for line in lines if line.startswith("error")}


def _edge(part: str) -> _Edge:
    """The detectors and the observables of a part, `"D3 D5 L0"`."""
    names = part.split()
    return (
        frozenset(int(name[1:]) for name in names if name[0] == "D"),
        frozenset(int(name[1:]) for name in names if name[0] == "L"),
    )


def _components(count: int, edges: Iterable[Sequence[int]]) -> list[int]:
    """The component of every detector."""
    root = list(range(count))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = k = root[root[k]]
        return k

    for edge in edges:
        for other in edge[1:]:
            root[find(other)] = find(edge[0])
    return [find(k) for k in range(count)]


def _searched(circuit: stim.Circuit, most: int) -> int | None:
    lengths = []
    for size in range(2, most + 1):
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
