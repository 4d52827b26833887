"""A network link as a code experiment sees it: where its pairs come from and how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from circuits.codes._record import Recorder

__all__ = ["PERFECT", "Link", "remote_cx_layer", "share_pairs", "strike"]


@dataclass(frozen=True, kw_only=True)
class Link:
    """The entangled pairs that remote gates spend, one each.

    The noise of a remote gate is told in either of two ways, or in both: by the state of the pair that it
    spends, or by what the whole gate does to the two qubits that it joins.

    Args:
        weights: The Bell-diagonal state of a pair that arrived, in the order Φ+, Ψ+, Ψ−, Φ−.
        erasure: Probability that a pair is lost after all (then its state is fully mixed) and that
            this is heralded. 0 writes no heralds.
        gate_error: Probability of an error of the two qubits of a remote CX after it, one of the 15 Paulis
            alike: `DEPOLARIZE2`, as in Ramette et al., arXiv:2302.01296. A Bell measurement over a pair
            has it on the two halves of the pair (which amounts to the two qubits that are measured), where
            three of the 15 do nothing: it is then a Werner pair of the fidelity 1 − 4/5 of this.
        gate_erasure: Probability of each of those two qubits that it is lost in the gate (then it is fully
            mixed) and that this is heralded, as in erasure conversion; harsher than a lost pair, after
            which the gate only puts a random X on its target and a random Z on its control.

    Raises:
        ValueError: Weights that are not four probabilities with the sum 1; an erasure outside [0, 1];
            a gate error outside [0, 15/16], beyond which nothing depolarises.

    >>> Link.werner(0.97).weights
    (0.97, 0.01, 0.01, 0.01)
    """

    weights: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    erasure: float = 0.0
    gate_error: float = 0.0
    gate_erasure: float = 0.0

    def __post_init__(self) -> None:
        if len(self.weights) != 4 or min(self.weights) < 0 or abs(sum(self.weights) - 1) > 1e-9:
            raise ValueError(f"weights = {self.weights}: four probabilities with the sum 1 are needed")
        for name in ("erasure", "gate_erasure"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} = {getattr(self, name)}: a probability lies in [0, 1]")
        if not 0 <= self.gate_error <= 15 / 16:
            raise ValueError(
                f"gate_error = {self.gate_error}: a depolarising probability lies in [0, 0.9375]"
            )

    @classmethod
    def werner(cls, fidelity: float, *, erasure: float = 0.0, gate_error: float = 0.0) -> Link:
        """Werner pairs of a fidelity."""
        if not 0 <= fidelity <= 1:
            raise ValueError(f"fidelity = {fidelity}: it lies in [0, 1]")
        rest = round((1 - fidelity) / 3, 15)
        return cls(weights=(fidelity, rest, rest, rest), erasure=erasure, gate_error=gate_error)


PERFECT = Link()


def remote_cx_layer(
    out: Recorder,
    gates: Sequence[tuple[int, int]],
    local: Sequence[int],
    *,
    link: Link | Sequence[Link],
    first_free: int,
) -> None:
    """CX gates across a link, each by one pair (cat-entangler and -disentangler), beside local ones.

    Takes four layers; the local gates run in the first. A pair's error X becomes X on the target, its
    Z becomes Z on the control. The gate error of the link strikes both after it. Every herald is a detector
    with the tag `herald` at (gate, −1, round).

    Args:
        out: Where to write.
        gates: (control, target) of every remote gate, on distinct qubits.
        local: Targets of the local CX gates of the same layer.
        link: The pairs; a sequence gives each gate its own.
        first_free: The pairs' qubits are numbered from here, two a gate.

    Source: Eisert, Jacobs, Papadopoulos, Plenio, PRA 62, 052317 (2000), quant-ph/0005101.
    """
    near = [first_free + 2 * k for k in range(len(gates))]
    far = [qubit + 1 for qubit in near]
    share_pairs(out, near, far, link)
    out.add("CX", [*local, *_zipped([c for c, _ in gates], near)])
    out.tick()
    if not gates:
        return
    parity = out.measure("M", near)
    out.tick()
    out.add("CX", _zipped(out.records(parity), far))
    out.add("CX", _zipped(far, [t for _, t in gates]))
    out.tick()
    phase = out.measure("MX", far)
    out.add("CZ", _zipped(out.records(phase), [c for c, _ in gates]))
    strike(out, gates, link)
    out.tick()


def strike(out: Recorder, gates: Sequence[tuple[int, int]], link: Link | Sequence[Link]) -> None:
    """What the link does to the two qubits of every remote operation: gate errors, and losses.

    Heralds of losses are detectors with the tag `herald` at (gate, −2, round) and (gate, −3, round).
    """
    links = [link] * len(gates) if isinstance(link, Link) else link
    errors: dict[float, list[int]] = {}
    losses: dict[float, list[tuple[int, int]]] = {}
    for k, one in enumerate(links):
        errors.setdefault(one.gate_error, []).extend(gates[k])
        losses.setdefault(one.gate_erasure, []).extend((k, end) for end in (0, 1))
    if not any([*errors, *losses]):
        return
    with out.noiseless():
        for error, qubits in errors.items():
            if error:
                out.add("DEPOLARIZE2", qubits, error, tag="link")
        for loss, ends in losses.items():
            if loss:
                out.add("HERALDED_ERASE", [gates[k][end] for k, end in ends], loss, tag="herald")
                for (k, end), place in zip(ends, out.count(len(ends)), strict=True):
                    out.detector([place], (float(k), -2.0 - end, 0.0), tag="herald")


def share_pairs(out: Recorder, near: Sequence[int], far: Sequence[int], link: Link | Sequence[Link]) -> None:
    """Pairs on fresh qubits, without circuit noise; what the link does to them strikes the far halves.

    Every herald is a detector with the tag `herald` at (pair, −1, round).
    """
    if not near:
        return
    links = [link] * len(near) if isinstance(link, Link) else link
    with out.noiseless():
        out.add("R", [*near, *far])
        out.add("H", near)
        out.add("CX", _zipped(near, far))
        for one in dict.fromkeys(links):
            _suffer(out, {k: qubit for k, qubit in enumerate(far) if links[k] == one}, one)


def _suffer(out: Recorder, far: dict[int, int], link: Link) -> None:
    """Errors and losses of one link on the far halves of its pairs, by the number of the pair."""
    qubits = list(far.values())
    if link.weights[0] < 1:
        _, psi_plus, psi_minus, phi_minus = link.weights
        out.add("PAULI_CHANNEL_1", qubits, (psi_plus, psi_minus, phi_minus), tag="link")
    if link.erasure:
        out.add("HERALDED_ERASE", qubits, link.erasure, tag="herald")
        for pair, place in zip(far, out.count(len(far)), strict=True):
            out.detector([place], (float(pair), -1.0, 0.0), tag="herald")


def _zipped(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    return [item for pair in zip(first, second, strict=True) for item in pair]
