"""Lattice surgery between two surface-code patches whose seam is a network link."""

from __future__ import annotations

import stim

from circuits.codes._extraction import Extraction, letters
from circuits.codes._seam import FORMS, Seam, seam
from circuits.codes.link import Link
from circuits.noise import CircuitNoise

__all__ = ["joint_measurement", "logical_bell_pair", "pairs_per_round"]


def logical_bell_pair(
    distance: int,
    *,
    rounds: int | None = None,
    form: str = "direct",
    link: Link | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """Two patches at two nodes, in logical |+⟩ each, whose joint Z⊗Z is measured by surgery.

    The patches lie side by side; for `rounds` rounds the checks of the joined patch are measured by bare
    ancillas, of which those across the seam spend pairs of the link. Then the patches are apart for one
    round, and are read without noise. Observable 0 is X⊗X, observable 1 is Z⊗Z (with the outcome of the
    surgery). The forms of the seam, and the pairs that a round takes for odd d:

    - "direct": one pair for every gate that crosses the seam, 2d − 1. The circuit distance is d.
    - "bell": every check across the seam has an ancilla at either node, and the two are measured in the
      Bell basis over one pair, d. A pair's phase error acts on two qubits along the seam, so that the
      distance of X⊗X is (d + 1)/2 (d/2 + 1 for even d); that of Z⊗Z is d.
    - "mixed": the X checks by Bell measurements, whose pairs of errors lie across X⊗X, and the Z checks
      by direct gates, (3d − 1)/2. The distance is d.

    Qubit (row r, column c) of the joined patch has the number 2d·r + c, the left node holds the columns
    below d and the ancillas of the seam. Heralds are detectors with the tag `herald`.

    Args:
        distance: d of each patch, at least 2.
        rounds: Rounds of the joined patch; d when it is not given.
        form: How checks cross the seam, "direct", "bell" or "mixed".
        link: The pairs of the link; perfect ones when it is not given.
        noise: Noise of all local operations.

    Raises:
        ValueError: A distance below 2, rounds below 1, or another form.

    Source: Horsman et al., NJP 14, 123011 (2012), arXiv:1111.4022; seam noise: Ramette et al.,
    npj Quantum Inf. 10, 58 (2024), arXiv:2302.01296; Bell measurements as the only operations across the
    seam: Haug et al., arXiv:2510.13541.

    >>> circuit = logical_bell_pair(3)
    >>> circuit.num_observables
    2
    """
    rounds = _checked(rounds, distance)
    patches = seam(distance, "ZZ", form=form, link=link or Link())
    extraction = Extraction()
    out, joined = extraction.out, patches.joined
    out.data(range(joined.code.n), joined.code.coordinates)
    out.add("RX", range(joined.code.n))
    out.add("R", patches.ancillas)
    out.tick()
    extraction.round(joined, {check: () for check in joined.code.checks if "X" in check})
    outcome = _outcome(extraction, patches)
    extraction.repeat(joined, rounds - 1)
    _split(extraction, patches)
    with out.noiseless():
        both = [
            {**letters(a), **letters(b)}
            for a, b in (patches.apart.code.logical_x, patches.apart.code.logical_z)
        ]
        xx, zz = _read(extraction, patches, both)
        out.observable(0, [xx])
        out.observable(1, [zz, *outcome])
    return out.finish(noise)


def joint_measurement(
    distance: int,
    product: str = "ZZ",
    *,
    rounds: int | None = None,
    form: str = "direct",
    link: Link | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """A joint measurement of two logical qubits at two nodes, whatever their state.

    Each patch starts as half of a logical Bell pair with a noiseless reference qubit; the patches are
    joined for `rounds` rounds, apart for one, and read without noise together with the references. With P
    the letter of the product and Q the other, the observables are

    - 0: the outcome is the product P⊗P of the references,
    - 1: Q⊗Q, which commutes with the measurement, has been kept,
    - 2 and 3: P of the first and of the second patch has been kept.

    Z⊗Z is measured between patches side by side, X⊗X between patches one below the other. Numbers and
    pairs as in `logical_bell_pair`; qubit (r, c) of the joined patch is r·width + c.

    Args:
        distance: d of each patch, at least 2.
        product: "ZZ" or "XX".
        rounds: Rounds of the joined patch; d when it is not given. The outcome is protected by as many.
        form: "direct", "bell" or "mixed", as there; "mixed" measures the new checks by direct gates.
        link: The pairs of the link; perfect ones when it is not given.
        noise: Noise of all local operations.

    Raises:
        ValueError: Another product or form, a distance below 2, or rounds below 1.

    Source: Horsman et al., NJP 14, 123011 (2012), arXiv:1111.4022.

    >>> joint_measurement(3, "XX").num_observables
    4
    """
    rounds = _checked(rounds, distance)
    patches = seam(distance, product, form=form, link=link or Link())
    extraction = Extraction()
    out, code = extraction.out, patches.apart.code
    out.data(range(code.n), code.coordinates)
    first = patches.first_free
    same, other = (code.logical_z, code.logical_x) if product == "ZZ" else (code.logical_x, code.logical_z)
    letter, dual = product[0], "X" if product == "ZZ" else "Z"
    kept = [{**letters(same[i]), first + i: letter} for i in (0, 1)]
    crossed = {**letters(other[0]), **letters(other[1]), first: dual, first + 1: dual}
    references = {first: letter, first + 1: letter}
    with out.noiseless():
        single = [{**letters(other[i]), first + i: dual} for i in (0, 1)]
        before = out.measure_products([*map(letters, code.checks), *kept, *single])
        extraction.last = {check: (place,) for check, place in zip(code.checks, before, strict=False)}
        out.add("R", patches.ancillas)
    out.tick()
    extraction.round(patches.joined, _joining(patches))
    outcome = _outcome(extraction, patches)
    extraction.repeat(patches.joined, rounds - 1)
    _split(extraction, patches)
    with out.noiseless():
        after = _read(extraction, patches, [references, crossed, *kept])
    return _observed(extraction, before[-4:], after, outcome).out.finish(noise)


def pairs_per_round(distance: int, *, form: str = "direct") -> int:
    """How many pairs of the link a round of the joined patches spends.

    2d − 1, d and (3d − 1)/2 for odd d; 2d, d + 1 and 3d/2 for even d.

    Args:
        distance: d of each patch, at least 2.
        form: "direct", "bell" or "mixed", as in `logical_bell_pair`.

    Raises:
        ValueError: A distance below 2, or another form.

    >>> [pairs_per_round(5, form=form) for form in ("direct", "bell", "mixed")]
    [9, 5, 7]
    """
    if distance < 2:
        raise ValueError(f"distance = {distance}: patches that are joined have a distance of at least 2")
    if form not in FORMS:
        raise ValueError(f"form = {form!r}: choose one of {', '.join(FORMS)}")
    odd = distance % 2
    return {"direct": 2 * distance - odd, "bell": distance + 1 - odd, "mixed": 3 * distance // 2}[form]


def _checked(rounds: int | None, distance: int) -> int:
    chosen = distance if rounds is None else rounds
    if chosen < 1:
        raise ValueError(f"rounds = {chosen}: the patches are joined for at least 1 round")
    return chosen


def _outcome(extraction: Extraction, patches: Seam) -> list[int]:
    """The places whose parity is the joint measurement, in the round just written."""
    return [place for check in patches.new for place in extraction.last[check]]


def _joining(patches: Seam) -> dict[str, list[str]]:
    """With what each check of the first joined round is compared; the new ones are random."""
    known = {check: [check] for check in patches.joined.code.checks if check in patches.apart.code.checks}
    return {**known, **patches.halves()}


def _split(extraction: Extraction, patches: Seam) -> None:
    """The first round apart, where the edge checks are new and only their products known."""
    out, apart = extraction.out, patches.apart
    before = dict(extraction.last)
    extraction.round(apart, {check: (check,) for check in apart.code.checks if check in before})
    for check, pieces in patches.halves().items():
        places = [*before[check], *(place for piece in pieces for place in extraction.last[piece])]
        out.detector(places, patches.joined.mark(patches.joined.code.checks.index(check), step=-1.0))


def _read(extraction: Extraction, patches: Seam, products: list[dict[int, str]]) -> list[int]:
    """Every check once more, then the products; without noise."""
    out, code = extraction.out, patches.apart.code
    final = out.measure_products([*map(letters, code.checks), *products])
    for k, check in enumerate(code.checks):
        out.detector([*extraction.last[check], final[k]], patches.apart.mark(k))
    return final[len(code.checks) :]


def _observed(extraction: Extraction, before: list[int], after: list[int], outcome: list[int]) -> Extraction:
    """The four observables; `before` holds P, P, Q, Q of each patch with its reference."""
    references, crossed, *kept = after
    out = extraction.out
    out.observable(0, [references, *before[:2], *outcome])
    out.observable(1, [crossed, *before[2:]])
    for i in (0, 1):
        out.observable(2 + i, [before[i], kept[i]])
    return extraction
