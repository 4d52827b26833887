"""Error models from which matching with correlations learns what the heralds say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import stim

from decoders._conditional import Cluster, clusters
from decoders._heralding import by_herald
from decoders._mechanisms import EMPTY, Mechanism, Symptom, total
from decoders._shots import checked_model
from decoders.errors import NotMatchable

__all__ = ["decomposed_model", "herald_aware_model", "others_and_rest", "with_rare_heralds", "written_rare"]

RARE = 1e-5
TRACE = 1e-6
DOMINANT = 2.5


def herald_aware_model(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    """The error model by which matching makes use of the heralds of a circuit.

    PyMatching takes no weights for a single shot. In this model every herald is an edge to the boundary
    whose errors are made rare: 10⁻⁵ in the place of their probability. Matching with correlations explains
    a fired herald by its own edge at first, and then decodes with the edges of its errors at their
    conditional probability; a herald that did not fire leaves the weights of the other noise alone. Give
    the model to `PyMatchingDecoder()`, or to sinter as
    `sinter.Task(circuit=circuit, detector_error_model=herald_aware_model(circuit))`.

    An erasure is written as an X error and a Z error, each ½ likely when its herald fires, so that neither
    tells anything of the other. Where heralded errors are more than 2.5 times as frequent as all others,
    the others lose their correlations: the first pass of the matching, which does not know of the heralds,
    would draw wrong conclusions from them, and without them every shot is matched with the exact weights.
    What is likelier than not once its herald fired is taken at ½ here; `ErasureDecoder`, which prepares every
    shot, takes it as it is.

    Where Stim finds no decomposition because nothing but erasures happens, X and Z errors of 10⁻⁶ beside
    each heralded error give the model its edges.

    Args:
        circuit: A circuit whose heralds are detectors with the tag `herald`: `DETECTOR[herald] rec[-1]`.

    Returns:
        A decomposed model with the circuit's detectors and observables.

    Raises:
        ValueError: If `circuit` is no `stim.Circuit`.
        NotMatchable: If Stim cannot decompose the circuit's errors into edges.
        NoHeralds: If no detector carries the tag `herald`.

    Example:
        >>> import stim
        >>> circuit = stim.Circuit('''
        ...     R 0
        ...     X_ERROR(0.01) 0
        ...     HERALDED_ERASE(0.2) 0
        ...     DETECTOR[herald] rec[-1]
        ...     MR 0
        ...     DETECTOR rec[-1]
        ... ''')
        >>> for error in herald_aware_model(circuit)[:3]:
        ...     print(f"{error.args_copy()[0]:.6f}", *error.targets_copy())
        0.010000 D1
        0.000005 D0
        0.000005 D1 ^ D0
    """
    return with_rare_heralds(decomposed_model(circuit))


def with_rare_heralds(dem: stim.DetectorErrorModel) -> stim.DetectorErrorModel:
    """The same from a model: errors that fire heralds are made rare, and cut into edges.

    Args:
        dem: A model whose heralds are detectors with the tag `herald`, made with
            `approximate_disjoint_errors=True`, as sinter makes it. A model that has been through this
            function comes out the same.

    Raises:
        ValueError: If `dem` is no `stim.DetectorErrorModel`.
        NoHeralds: If no detector carries the tag `herald`.
    """
    model, groups, rest = others_and_rest(dem)
    for cluster in groups:
        written_rare(model, cluster)
    for instruction in rest:
        model.append(instruction)
    return model


def others_and_rest(
    dem: stim.DetectorErrorModel,
) -> tuple[stim.DetectorErrorModel, list[Cluster], list[stim.DemInstruction]]:
    """A model of the errors that fire no herald, the heralds with their errors, and what is no error."""
    found = by_herald(checked_model(dem))
    others = sum(mechanism.probability for mechanism in found.silent)
    apart = sum(found.rates().values()) > DOMINANT * others
    model = stim.DetectorErrorModel()
    for mechanism in found.silent:
        for one in _uncorrelated(mechanism) if apart else [mechanism]:
            model.append(one.written())
    return model, clusters(found), [one for one in dem.flattened() if one.type != "error"]


def written_rare(model: stim.DetectorErrorModel, cluster: Cluster) -> None:
    """Appends the errors of some heralds, made rare."""
    rates = {
        herald: sum(group.rate for group in cluster.groups if herald in group.heralds)
        for herald in cluster.heralds
    }
    for group in cluster.groups:
        share = min(1.0, *(RARE / rates[herald] for herald in group.heralds))
        for mechanism in _halves(group.errors):
            model.append(_rare(mechanism, group.heralds, share).written())


def _uncorrelated(mechanism: Mechanism) -> list[Mechanism]:
    """Every component as an error of its own."""
    return [replace(mechanism, components=(component,)) for component in mechanism.components]


def _halves(errors: Sequence[Mechanism]) -> Sequence[Mechanism]:
    """I, X, Y and Z at ¼ each become X and Z at ½ each; other errors stay."""
    nothing, *rest = sorted(errors, key=lambda error: len(error.symptom.detectors))
    chances = [error.probability for error in errors]
    if len(rest) != 3 or nothing.symptom != EMPTY or max(chances) > 1.0001 * min(chances):
        return errors
    if total([error.symptom for error in rest]) != EMPTY:
        return errors
    return [replace(error, probability=2 * error.probability) for error in rest[:2]]


def _rare(mechanism: Mechanism, heralds: frozenset[int], share: float) -> Mechanism:
    marks = [Symptom(frozenset([herald])) for herald in sorted(heralds)]
    edges = [one for one in mechanism.components if one.detectors]
    for one in mechanism.components:
        if not one.detectors:
            marks[0] ^= one
    return Mechanism(
        probability=mechanism.probability * share, components=(*edges, *marks), tag=mechanism.tag
    )


def decomposed_model(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    """The circuit's own model in edges, of which erasures alone would leave none without a trace beside them.

    Raises:
        ValueError: If `circuit` is no `stim.Circuit`.
        NotMatchable: If Stim cannot decompose the circuit's errors into edges.
    """
    if not isinstance(circuit, stim.Circuit):
        raise ValueError(f"circuit={type(circuit).__name__} is no circuit; give a stim.Circuit")
    try:
        return _model(circuit)
    except ValueError:
        try:
            return _model(_with_trace(circuit))
        except ValueError as error:
            reason = str(error).strip().partition("\n")[0]
            raise NotMatchable(
                f"the circuit's errors are no edges of a graph ({reason}); without heralds the decoders "
                "'tesseract' and 'ldpc_bposd' take them"
            ) from error


def _model(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    return circuit.detector_error_model(
        decompose_errors=True, approximate_disjoint_errors=True, flatten_loops=True
    )


def _with_trace(circuit: stim.Circuit) -> stim.Circuit:
    found = stim.Circuit()
    for instruction in circuit:
        if isinstance(instruction, stim.CircuitRepeatBlock):
            body = _with_trace(instruction.body_copy())
            found.append(stim.CircuitRepeatBlock(instruction.repeat_count, body, tag=instruction.tag))
            continue
        found.append(instruction)
        if instruction.name.startswith("HERALDED_"):
            found.append("X_ERROR", instruction.targets_copy(), TRACE)
            found.append("Z_ERROR", instruction.targets_copy(), TRACE)
    return found
