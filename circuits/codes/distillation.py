"""Entanglement distillation by a stabilizer code: n noisy pairs become k better ones, in one way."""

from __future__ import annotations

from dataclasses import dataclass

import stim

from circuits.codes._blocks import Blocks
from circuits.codes._extraction import Extraction
from circuits.codes.link import Link, share_pairs
from circuits.codes.oracles import maximum_likelihood_failure, post_selected
from circuits.codes.stabilizer import StabilizerCode
from circuits.noise import CircuitNoise

__all__ = ["Distilled", "break_even", "distillation", "distilled"]


@dataclass(frozen=True, kw_only=True)
class Distilled:
    """What a distillation step yields.

    Args:
        fidelity: Probability that all k pairs are Φ+, of those kept.
        accepted: Probability that they are kept; 1 where errors are corrected.
    """

    fidelity: float
    accepted: float


def distillation(
    code: StabilizerCode,
    *,
    extraction: str = "bare",
    link: Link | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """Pairs of a link, one a qubit of a code, whose checks are measured at both ends and compared.

    Without errors the outcomes of the two ends agree for X and Z checks (up to a sign for checks with an
    odd number of Y). That agreement is the detector of a check, after the heralds: a decoder of these
    corrects (one way: one end tells its outcomes), a user who keeps the shots without a fired one detects.
    Observables 2i and 2i + 1 are X⊗X and Z⊗Z of logical pair i, read without noise.

    One end has qubits 0 … n−1, the other n … 2n−1; the ancillas follow.

    Args:
        code: Any stabilizer code that encodes a qubit.
        extraction: How each end measures its checks, "bare" or "flag".
        link: The pairs; perfect ones when it is not given. Lost ones are heralded by detectors with the
            tag `herald`, and stay in the code.
        noise: Noise of the operations at both ends.

    Raises:
        ValueError: A code that encodes nothing, another extraction, or a link with a gate error, as
            distillation has no gate across the link.

    Source: Bennett, DiVincenzo, Smolin, Wootters, PRA 54, 3824 (1996), quant-ph/9604024, section V;
    Dür, Briegel, Rep. Prog. Phys. 70, 1381 (2007), arXiv:0705.4165.

    >>> from circuits.codes.named import five_qubit
    >>> circuit = distillation(five_qubit(), link=Link.werner(0.95))
    >>> circuit.num_detectors, circuit.num_observables
    (4, 2)
    """
    if code.k == 0:
        raise ValueError(f"{code.name} encodes no qubit: no pair would be left")
    if link is not None and (link.gate_error or link.gate_erasure):
        raise ValueError(
            f"gate_error = {link.gate_error}, gate_erasure = {link.gate_erasure}: "
            f"distillation has no gate across the link; give weights"
        )
    ends = Blocks(code=code, count=2, extraction=extraction)
    written = Extraction()
    out = written.out
    out.data(range(2 * code.n), ends.places)
    share_pairs(out, ends.data(0), ends.data(1), link or Link())
    out.add("R", ends.helpers)
    out.tick()
    written.round(ends, {})
    for k, check in enumerate(code.checks):
        both = [place for end in (0, 1) for place in written.last[ends.key(end, check)]]
        out.detector(both, ends.mark(k))
    with out.noiseless():
        logicals = [logical for pair in zip(code.logical_x, code.logical_z, strict=True) for logical in pair]
        products = [{**ends.on(0, logical), **ends.on(1, logical)} for logical in logicals]
        for i, place in enumerate(out.measure_products(products)):
            out.observable(i, [place])
    return out.finish(noise)


def distilled(code: StabilizerCode, fidelity: float, *, detect: bool = False) -> Distilled:
    """The exact yield of a noiseless step on Werner pairs.

    A Werner pair is Φ+ with an error X, Y or Z of probability (1 − F)/3 each, so that the step is the
    code under depolarising noise of p = 1 − F: 1 − F′ is its maximum-likelihood failure.

    Args:
        code: A code on n qubits that encodes k, with n + k at most 24.
        fidelity: Fidelity of the raw pairs.
        detect: Keep only shots in which no check fires, instead of correcting.

    Raises:
        ValueError: A fidelity outside [0, 1], or a code beyond the exact oracles.

    >>> from circuits.codes.named import five_qubit
    >>> round(distilled(five_qubit(), 0.95).fidelity, 6)
    0.977668
    """
    if not 0 <= fidelity <= 1:
        raise ValueError(f"fidelity = {fidelity}: it lies in [0, 1]")
    if detect:
        kept = post_selected(code, 1 - fidelity)
        return Distilled(fidelity=1 - kept.error, accepted=kept.accepted)
    return Distilled(fidelity=1 - maximum_likelihood_failure(code, 1 - fidelity), accepted=1.0)


def break_even(code: StabilizerCode, *, detect: bool = False) -> float | None:
    """The fidelity of Werner pairs above which a step gives better pairs than it was given.

    For k > 1 the fidelity of all k pairs together is compared with that of as many raw ones.

    Args:
        code: A code on n qubits that encodes k, with n + k at most 24.
        detect: As in `distilled`.

    Returns:
        The crossing nearest to 1, by bisection; None where the step does not help just below 1.

    Raises:
        ValueError: A code beyond the exact oracles.

    >>> from circuits.codes.named import five_qubit
    >>> round(break_even(five_qubit()), 7)
    0.8623724
    """

    def gain(fidelity: float) -> float:
        return distilled(code, fidelity, detect=detect).fidelity - fidelity**code.k

    grid = [1 - k / 1000 for k in range(1, 751)]
    if gain(grid[0]) <= 0:
        return None
    low = next((fidelity for fidelity in grid if gain(fidelity) <= 0), None)
    if low is None:
        return grid[-1]
    high = low + 1 / 1000
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if gain(middle) > 0 else (middle, high)
    return (low + high) / 2
