"""Encoded swapping: a chain of stations that swap logical Bell pairs and correct what links do to them."""

from __future__ import annotations

from collections.abc import Sequence

import stim

from circuits.codes._blocks import Blocks
from circuits.codes._extraction import Extraction, Places, support
from circuits.codes.link import Link, remote_cx_layer
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.transversal import check_transversal
from circuits.noise import CircuitNoise

__all__ = ["encoded_swapping"]

Known = dict[tuple[int, str], Places]


def encoded_swapping(
    stations: int,
    code: StabilizerCode,
    *,
    rounds: int = 1,
    basis: str | None = None,
    extraction: str = "bare",
    link: Link | Sequence[Link] | None = None,
    noise: CircuitNoise | None = None,
) -> stim.Circuit:
    """Logical Bell pairs over every link of a chain, and a logical Bell measurement in every station.

    Link l joins blocks 2l and 2l + 1. The first starts in logical |+⟩, the second in |0⟩; their checks are
    measured for some rounds, and a CX on each pair of partners, over one pair of the link, entangles
    them. A station does CX gates between its blocks 2l − 1 and 2l and reads one in X and the other in Z:
    the parities of those outcomes over the checks are detectors, over the logical operators the frame of
    the pair at the ends, which is not applied but belongs to the observables.

    With a basis the ends read their blocks in it, and observable i is the correlation of logical pair i;
    without, they read X⊗X (observable 2i) and Z⊗Z (2i + 1) in one circuit and without noise.

    Args:
        stations: Stations between the two ends, 0 or more.
        code: A CSS code whose logical operators are of X or of Z alone.
        rounds: Rounds of check measurements in each block before its gates, at least 1.
        basis: "X", "Z" or None for both.
        extraction: "bare" or "flag".
        link: The pairs, the same for all links or one a link; perfect ones when it is not given.
        noise: Noise of all local operations.

    Raises:
        ValueError: A negative number of stations, a code that encodes nothing or is not CSS, `rounds`
            below 1, another basis or extraction, or not one link for each of stations + 1.

    Source: Jiang et al., PRA 79, 032325 (2009), arXiv:0809.3629.

    >>> from circuits.codes.named import four_two_two
    >>> encoded_swapping(3, four_two_two(), link=Link.werner(0.97)).num_observables
    4
    """
    links = _checked(stations, basis, link)
    check_transversal(code, rounds)
    blocks = Blocks(code=code, count=2 * (stations + 1), extraction=extraction)
    written = Extraction()
    out = written.out
    out.data(range(blocks.count * code.n), blocks.places)
    for plus, name in ((0, "RX"), (1, "R")):
        out.add(name, [q for b in range(plus, blocks.count, 2) for q in blocks.data(b)])
    out.add("R", blocks.helpers)
    out.tick()
    written.round(blocks, _certain(blocks))
    written.repeat(blocks, rounds - 1)
    gates = [
        g for b in range(0, blocks.count, 2) for g in zip(blocks.data(b), blocks.data(b + 1), strict=True)
    ]
    each = [one for one in links for _ in range(code.n)]
    remote_cx_layer(out, gates, [], link=each, first_free=blocks.first_free)
    known = _after_links(blocks, written.last)
    frame = _swap(written, blocks, known)
    _read_ends(written, blocks, known, frame, basis)
    return out.finish(noise)


def _checked(stations: int, basis: str | None, link: Link | Sequence[Link] | None) -> list[Link]:
    if stations < 0:
        raise ValueError(f"stations = {stations}: there are 0 or more between the ends")
    if basis not in (None, "X", "Z"):
        raise ValueError(f"basis = {basis!r}: choose 'X', 'Z' or None for both")
    if link is None or isinstance(link, Link):
        return [link or Link()] * (stations + 1)
    if len(link) != stations + 1:
        raise ValueError(f"link holds {len(link)} links: {stations} stations make {stations + 1}")
    return list(link)


def _certain(blocks: Blocks) -> dict[str, tuple[str, ...]]:
    """X checks of blocks in |+⟩, Z checks of blocks in |0⟩."""
    letters = "XZ"
    keys = [
        blocks.key(b, check)
        for b in range(blocks.count)
        for check in blocks.code.checks
        if letters[b % 2] in check
    ]
    return dict.fromkeys(keys, ())


def _after_links(blocks: Blocks, last: dict[str, Places]) -> Known:
    """The places whose parity is each check after the gates of the links."""
    known: Known = {}
    for b in range(blocks.count):
        for check in blocks.code.checks:
            own, partner = (last[blocks.key(one, check)] for one in (b, b ^ 1))
            spread = ("X" in check) == (b % 2 == 0)
            known[b, check] = (*own, *partner) if spread else own
    return known


def _swap(written: Extraction, blocks: Blocks, known: Known) -> dict[str, Places]:
    """All stations at once; returns, for each logical operator, the outcomes that are its frame."""
    out, code = written.out, blocks.code
    pairs = [(b, b + 1) for b in range(1, blocks.count - 1, 2)]
    frame: dict[str, Places] = dict.fromkeys(code.logical_x + code.logical_z, ())
    if not pairs:
        return frame
    out.add(
        "CX", [q for a, b in pairs for gate in zip(blocks.data(a), blocks.data(b), strict=True) for q in gate]
    )
    out.tick()
    for letter, name, side in (("X", "MX", 0), ("Z", "M", 1)):
        read = {pair: out.measure(name, blocks.data(pair[side])) for pair in pairs}
        for pair, places in read.items():
            for k, check in enumerate(code.checks):
                if letter in check:
                    both = [p for b in pair for p in known[b, check]]
                    where = blocks.mark(pair[side] * len(code.checks) + k)
                    out.detector([*(places[q] for q in support(check)), *both], where)
            for logical in code.logical_x if letter == "X" else code.logical_z:
                frame[logical] += tuple(places[q] for q in support(logical))
    out.tick()
    return frame


def _read_ends(
    written: Extraction, blocks: Blocks, known: Known, frame: dict[str, Places], basis: str | None
) -> None:
    code, ends = blocks.code, (0, blocks.count - 1)
    logicals = {"X": code.logical_x, "Z": code.logical_z}
    if basis is None:
        with written.out.noiseless():
            strings = [s for pair in zip(code.logical_x, code.logical_z, strict=True) for s in pair]
            checks = [(b, check) for b in ends for check in code.checks]
            products = [blocks.on(b, check) for b, check in checks]
            products += [{**blocks.on(ends[0], s), **blocks.on(ends[1], s)} for s in strings]
            final = written.out.measure_products(products)
            outcomes: Known = {key: (place,) for key, place in zip(checks, final, strict=False)}
            _compare(written, blocks, known, outcomes)
            for i, (string, place) in enumerate(zip(strings, final[len(checks) :], strict=True)):
                written.out.observable(i, [place, *frame[string]])
        return
    name = "MX" if basis == "X" else "M"
    read = {b: written.out.measure(name, blocks.data(b)) for b in ends}
    certain = [check for check in code.checks if basis in check]
    outcomes = {(b, c): tuple(read[b][q] for q in support(c)) for b in ends for c in certain}
    _compare(written, blocks, known, outcomes)
    for i, logical in enumerate(logicals[basis]):
        own = [read[b][q] for b in ends for q in support(logical)]
        written.out.observable(i, [*own, *frame[logical]])


def _compare(written: Extraction, blocks: Blocks, known: Known, outcomes: Known) -> None:
    """The checks of the ends with what is known of them."""
    for (b, check), places in outcomes.items():
        where = blocks.mark(b * len(blocks.code.checks) + blocks.code.checks.index(check))
        written.out.detector([*places, *known[b, check]], where)
