"""A logical CX between two blocks at two nodes, gate by gate over pairs."""

from __future__ import annotations

import stim

from circuits.codes._blocks import Blocks
from circuits.codes._extraction import Extraction
from circuits.codes.link import Link, remote_cx_layer
from circuits.codes.stabilizer import StabilizerCode
from circuits.noise import CircuitNoise

__all__ = ["transversal_cx"]


def transversal_cx(
    code: StabilizerCode,
    *,
    rounds: int = 1,
    extraction: str = "bare",
    link: Link | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """CX from every qubit of one block to its partner in another, each teleported over one pair.

    The logical qubits of both blocks start as halves of Bell pairs with noiseless references; the blocks'
    checks are measured for some rounds before the gate and as many after it. Then everything is read
    without noise. For logical qubit i the observables are

    - 4i and 4i + 1: X of the control has become X⊗X, Z has stayed,
    - 4i + 2 and 4i + 3: X of the target has stayed, Z has become Z⊗Z.

    A check after the gate is compared with those of which it is the product before it. Block 0 is the
    control, with qubits 0 … n−1; block 1 follows.

    Args:
        code: A CSS code whose logical operators are of X or of Z alone.
        rounds: Rounds before and after the gate, at least 1.
        extraction: "bare" or "flag".
        link: The pairs; perfect ones when it is not given.
        noise: Noise of all local operations.

    Raises:
        ValueError: A code that encodes nothing or is not CSS, `rounds` below 1, another extraction.

    Source: Gottesman, PRA 57, 127 (1998), quant-ph/9702029; over pairs: Jiang et al., PRA 79, 032325
    (2009), arXiv:0809.3629.

    >>> from circuits.codes.named import steane
    >>> transversal_cx(steane(), link=Link.werner(0.99)).num_observables
    4
    """
    check_transversal(code, rounds)
    blocks = Blocks(code=code, count=2, extraction=extraction)
    written = Extraction()
    out, first = written.out, blocks.first_free
    out.data(range(2 * code.n), blocks.places)
    references = first + 2 * code.n
    checks = [blocks.on(b, check) for b in (0, 1) for check in code.checks]
    with out.noiseless():
        before = out.measure_products([*checks, *_halves(blocks, references, gate=False)])
        written.last = {key: (place,) for key, place in zip(blocks.keys, before, strict=False)}
        out.add("R", blocks.helpers)
    out.tick()
    written.round(blocks, {key: (key,) for key in blocks.keys})
    written.repeat(blocks, rounds - 1)
    gates = list(zip(blocks.data(0), blocks.data(1), strict=True))
    remote_cx_layer(out, gates, [], link=link or Link(), first_free=first)
    written.round(blocks, _carried(blocks))
    written.repeat(blocks, rounds - 1)
    with out.noiseless():
        after = out.measure_products([*checks, *_halves(blocks, references, gate=True)])
        for k, key in enumerate(blocks.keys):
            out.detector([*written.last[key], after[k]], blocks.mark(k))
        for i in range(4 * code.k):
            out.observable(i, [before[len(checks) + i], after[len(checks) + i]])
    return out.finish(noise)


def check_transversal(code: StabilizerCode, rounds: int) -> None:
    """Refuses codes on which CX gates between all partners are no logical CX gates, and too few rounds."""
    if rounds < 1:
        raise ValueError(f"rounds = {rounds}: the checks are measured in at least 1 round")
    if code.k == 0:
        raise ValueError(f"{code.name} encodes no qubit: there is no logical gate")
    pure = all(set(s) <= {"X", "I"} for s in code.logical_x) and all(
        set(s) <= {"Z", "I"} for s in code.logical_z
    )
    if not code.is_css or not pure:
        raise ValueError(
            f"{code.name} has mixed checks or logical operators: a logical CX qubit by qubit needs a CSS code"
        )


def _halves(blocks: Blocks, references: int, *, gate: bool) -> list[dict[int, str]]:
    """X and Z of the control, then of the target, each with its reference, before or after the gate."""
    code, found = blocks.code, []
    for i, (x, z) in enumerate(zip(code.logical_x, code.logical_z, strict=True)):
        control, target = references + 2 * i, references + 2 * i + 1
        spread_x = blocks.on(1, x) if gate else {}
        spread_z = blocks.on(0, z) if gate else {}
        found += [
            {**blocks.on(0, x), **spread_x, control: "X"},
            {**blocks.on(0, z), control: "Z"},
            {**blocks.on(1, x), target: "X"},
            {**blocks.on(1, z), **spread_z, target: "Z"},
        ]
    return found


def _carried(blocks: Blocks) -> dict[str, tuple[str, ...]]:
    """For each check after the gate, the checks before it whose product it is."""
    known: dict[str, tuple[str, ...]] = {}
    for check in blocks.code.checks:
        control, target = blocks.key(0, check), blocks.key(1, check)
        known[control] = (control, target) if "X" in check else (control,)
        known[target] = (target,) if "X" in check else (control, target)
    return known
