"""Two surface-code patches at two nodes, side by side, and the one patch that they make when joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from circuits.codes._bare import BareStage
from circuits.codes._bell_seam import BellStage
from circuits.codes._extraction import letters
from circuits.codes.link import Link
from circuits.codes.schedule import surface_schedule
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.surface import patch_checks, rotated_surface

__all__ = ["FORMS", "PRODUCTS", "Seam", "seam"]

PRODUCTS = ("ZZ", "XX")
FORMS = ("direct", "bell", "mixed")


@dataclass(frozen=True, kw_only=True)
class Seam:
    """The geometry of a joint measurement.

    Args:
        letter: "Z" where Z⊗Z is measured, "X" where X⊗X is.
        joined: The checks of the joined patch; gates across the seam spend pairs.
        apart: The checks of the two patches; `logical_x` and `logical_z` hold those of the first and the
            second, the ones of `letter` beside the seam.
    """

    letter: str
    joined: BareStage
    apart: BareStage

    @property
    def ancillas(self) -> list[int]:
        """The ancillas of both."""
        return sorted({*self.joined.ancillas, *self.apart.ancillas})

    @property
    def first_free(self) -> int:
        """The first qubit that neither ancillas nor pairs need."""
        return self.joined.first_free + 2 * len(self.joined.remote) + 2 * len(self._far)

    @property
    def pairs(self) -> int:
        """How many pairs a round spends."""
        by_bell = {self.joined.ancillas[check] for check, _ in self._far}
        return len(by_bell) + sum(ancilla not in by_bell for ancilla, _ in self.joined.remote)

    @property
    def _far(self) -> tuple[tuple[int, int], ...]:
        return self.joined.far if isinstance(self.joined, BellStage) else ()

    @property
    def new(self) -> list[str]:
        """The checks across the seam whose product is the joint measurement."""
        known = set(self.apart.code.checks)
        return [check for check in self.joined.code.checks if self.letter in check and check not in known]

    def halves(self) -> dict[str, list[str]]:
        """The other checks across the seam, each the product of two edge checks of the patches."""
        together, separate = self.joined.code.checks, self.apart.code.checks
        edges = [check for check in separate if check not in set(together)]
        new = set(self.new)
        return {
            check: [edge for edge in edges if letters(edge).items() <= letters(check).items()]
            for check in together
            if check not in set(separate) and check not in new
        }


def seam(distance: int, product: str, *, form: str = "direct", link: Link) -> Seam:
    """The patches lie side by side for Z⊗Z, one below the other for X⊗X; the seam runs between them."""
    if product not in PRODUCTS:
        raise ValueError(f"product = {product!r}: choose 'ZZ' or 'XX'")
    if form not in FORMS:
        raise ValueError(f"form = {form!r}: choose one of {', '.join(FORMS)}")
    axis = PRODUCTS.index(product)
    size = [distance, distance]
    size[axis] *= 2
    whole = rotated_surface(*size)
    first, second = (_moved_patch(distance, axis, steps) for steps in (0, distance))
    separate = StabilizerCode(
        name=f"two_patches:{distance}",
        checks=first[0] + second[0],
        logical_x=(first[1], second[1]),
        logical_z=(first[2], second[2]),
        distance=distance,
        coordinates=whole.coordinates,
    )
    number = {check: whole.n + k for k, check in enumerate(dict.fromkeys(whole.checks + separate.checks))}
    joined, apart = (_stage(code, axis, number, link) for code in (whole, separate))
    patches = Seam(letter=product[0], joined=joined, apart=apart)
    return patches if form == "direct" else _by_bell(patches, form)


def _by_bell(patches: Seam, form: str) -> Seam:
    """The checks across the seam by Bell measurements; the new ones still by direct gates if mixed."""
    joined, new = patches.joined, set(patches.new) if form == "mixed" else set()
    crossing = {ancilla for ancilla, _ in joined.remote}
    chosen = [
        k
        for k, (check, ancilla) in enumerate(zip(joined.code.checks, joined.ancillas, strict=True))
        if ancilla in crossing and check not in new
    ]
    stage = BellStage(
        code=joined.code,
        schedule=joined.schedule,
        ancillas=joined.ancillas,
        remote=joined.remote,
        link=joined.link,
        first_free=joined.first_free + len(chosen),
        far=tuple((k, joined.first_free + j) for j, k in enumerate(chosen)),
    )
    return Seam(letter=patches.letter, joined=stage, apart=patches.apart)


def _moved_patch(distance: int, axis: int, steps: int) -> tuple[tuple[str, ...], str, str]:
    """Checks, logical X (a row) and logical Z (a column) of the patch so many steps along the axis."""
    near = distance - 1 if steps == 0 else 0
    row, column = ((0, near), (near, 0))[axis]
    width = 2 * distance if axis == 0 else distance
    start = steps if axis == 0 else steps * width

    def moved(string: str) -> str:
        places = [start + r * width + c for r in range(distance) for c in range(distance)]
        found = dict(zip(places, string, strict=True))
        return "".join(found.get(q, "I") for q in range(2 * distance**2))

    cells = [(r, c) for r in range(distance) for c in range(distance)]
    x = "".join("X" if r == row else "I" for r, _ in cells)
    z = "".join("Z" if c == column else "I" for _, c in cells)
    checks = patch_checks(distance, distance, flipped=steps % 2 == 1)
    return tuple(map(moved, checks)), moved(x), moved(z)


def _stage(code: StabilizerCode, axis: int, number: Mapping[str, int], link: Link) -> BareStage:
    """Each check's ancilla sits at the node of its first qubit; what crosses the seam is remote."""
    ancillas = tuple(number[check] for check in code.checks)
    half = max(place[axis] for place in code.coordinates) / 2
    remote = set()
    for check, ancilla in zip(code.checks, ancillas, strict=True):
        there = {q: code.coordinates[q][axis] > half for q in letters(check)}
        if not all(there.values()):
            remote |= {(ancilla, q) for q, far in there.items() if far}
    return BareStage(
        code=code,
        schedule=surface_schedule(code),
        ancillas=ancillas,
        remote=frozenset(remote),
        link=link,
        first_free=max(number.values()) + 1,
    )
