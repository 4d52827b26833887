"""`Scheme`: how a logical Bell pair is made over a link, by surgery or by transversal gates."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from qnet.repeaters._checks import whole

if TYPE_CHECKING:
    import stim

    from circuits.codes.link import Link
    from circuits.codes.stabilizer import StabilizerCode
    from circuits.noise import CircuitNoise

__all__ = ["SCHEMES", "Scheme", "Surgery", "Transversal", "named_scheme"]

FORMS = {"surgery": "direct", "mixed_surgery": "mixed", "bell_surgery": "bell"}
BLOCKS = ("steane", "golay")
SCHEMES = (*FORMS, *BLOCKS, "transversal:CODE")
TABULATED = 25
ENUMERATED = 9


class Scheme(Protocol):
    """A way to a logical Bell pair over a link, with what it takes."""

    @property
    def name(self) -> str:
        """How tables call it, without the distance."""
        ...

    @property
    def distance(self) -> int:
        """The distance of the code at either node."""
        ...

    @property
    def waits(self) -> int:
        """How often it waits for pairs, each time for `pairs_at_once`."""
        ...

    @property
    def pairs_at_once(self) -> int:
        """The pairs that it needs at once."""
        ...

    @property
    def rounds(self) -> int:
        """Rounds of check measurements that a logical pair takes."""
        ...

    @property
    def memories(self) -> int:
        """Qubits of a node: data, ancillas, and halves of pairs."""
        ...

    @property
    def data_wait(self) -> bool:
        """Whether the code's qubits hold something while pairs are awaited."""
        ...

    def circuit(self, link: Link, noise: CircuitNoise) -> stim.Circuit:
        """The experiment; observable 0 is X⊗X, observable 1 is Z⊗Z."""
        ...

    def decoder(self, *, heralded: bool, noisy: bool) -> str:
        """The decoder to take where none is named, and how one with heralds."""
        ...


@dataclass(frozen=True, kw_only=True)
class Surgery:
    """Two surface-code patches whose joint Z⊗Z is measured across the link, round after round.

    Args:
        distance: d of each patch, at least 2.
        form: How checks cross the seam: `"direct"` by a remote CX each (2d − 1 pairs a round for odd d, 2d
            for even), `"bell"` by Bell measurements (d pairs a round), `"mixed"` by both.
        joined: Rounds of the joined patch; d if not given.

    Raises:
        ValueError: If distance or rounds are too small, or there is no such form.

    Example:
        >>> plain = Surgery(distance=5)
        >>> plain.name, plain.pairs_at_once, plain.waits * plain.pairs_at_once
        ('surgery', 9, 45)
    """

    distance: int
    form: str = "direct"
    joined: int | None = None

    data_wait = True

    def __post_init__(self) -> None:
        whole("distance", self.distance, 2)
        if self.form not in FORMS.values():
            raise ValueError(f"form={self.form!r} is none; choose one of {', '.join(FORMS.values())}")
        if self.joined is not None:
            whole("rounds", self.joined)

    @property
    def name(self) -> str:
        """The name of the form."""
        return next(name for name, form in FORMS.items() if form == self.form)

    @property
    def waits(self) -> int:
        """Every round of the joined patch."""
        return self.distance if self.joined is None else self.joined

    @cached_property
    def pairs_at_once(self) -> int:
        """The pairs of a round."""
        from circuits.codes.surgery import pairs_per_round

        return pairs_per_round(self.distance, form=self.form)

    @property
    def rounds(self) -> int:
        """The rounds of the joined patch, and one apart."""
        return self.waits + 1

    @property
    def memories(self) -> int:
        """d² data, as many ancillas at most, and the halves of a round's pairs."""
        return 2 * self.distance**2 + self.pairs_at_once

    def circuit(self, link: Link, noise: CircuitNoise) -> stim.Circuit:
        """`circuits.codes.logical_bell_pair`."""
        from circuits.codes.surgery import logical_bell_pair

        return logical_bell_pair(self.distance, rounds=self.waits, form=self.form, link=link, noise=noise)

    def decoder(self, *, heralded: bool, noisy: bool) -> str:
        """Matching with correlations, or with the heralds where there are any."""
        return "erasure" if heralded else "pymatching"


@dataclass(frozen=True, kw_only=True)
class Transversal:
    """A block in |+⟩ and one in |0⟩, entangled by a CX on each pair of partners, over one pair each.

    The pairs are awaited before the blocks are prepared, so that no code waits.

    Args:
        code: A CSS code of one logical qubit, by a name such as `"steane"` or `"rotated_surface:3"`.
        prepared: Rounds of check measurements of each block before its gates; 1 if not given.
        extraction: `"bare"` or `"flag"`; None for flags where the code is not one of matching.

    Raises:
        ValueError: If there is no such code, or it is not one of CSS's with one logical qubit.

    Example:
        >>> golay = Transversal(code="golay")
        >>> golay.name, golay.distance, golay.pairs_at_once
        ('golay', 7, 23)
    """

    code: str
    prepared: int | None = None
    extraction: str | None = None

    data_wait = False

    def __post_init__(self) -> None:
        if self.prepared is not None:
            whole("rounds", self.prepared)
        if self._code.k != 1:
            raise ValueError(
                f"code={self.code!r} encodes {self._code.k} qubits; a logical Bell pair takes a code of one"
            )
        from circuits.codes.transversal import check_transversal

        check_transversal(self._code, self.rounds)

    @property
    def _code(self) -> StabilizerCode:
        from circuits.codes.naming import named_code

        return named_code(self.code)

    @property
    def name(self) -> str:
        """The code."""
        return self.code if self.code in BLOCKS else f"transversal[{self.code.replace(':', ' ')}]"

    @cached_property
    def distance(self) -> int:
        """The distance of the code."""
        return self._code.distance or 1

    @property
    def waits(self) -> int:
        """Once."""
        return 1

    @property
    def pairs_at_once(self) -> int:
        """One for each qubit of the block."""
        return self._code.n

    @property
    def rounds(self) -> int:
        """Before the gates."""
        return 1 if self.prepared is None else self.prepared

    @property
    def memories(self) -> int:
        """Data, ancillas and flags of a block, and the halves of the pairs."""
        helpers = len(self._code.checks) * (2 if self._extraction == "flag" else 1)
        return 2 * self._code.n + helpers

    @cached_property
    def matches(self) -> bool:
        """Whether the code's errors are edges: no qubit in more than two checks of a letter."""
        checks = self._code.checks
        letters = ({q for q in range(len(c)) if c[q] == x} for x in "XZ" for c in checks if x in c)
        counts: dict[tuple[str, int], int] = {}
        for check, qubits in zip([c for x in "XZ" for c in checks if x in c], letters, strict=True):
            for q in qubits:
                key = ("X" if "X" in check else "Z", q)
                counts[key] = counts.get(key, 0) + 1
        return max(counts.values(), default=0) <= 2

    @property
    def _extraction(self) -> str:
        return self.extraction or ("bare" if self.matches else "flag")

    def circuit(self, link: Link, noise: CircuitNoise) -> stim.Circuit:
        """`circuits.codes.encoded_swapping` with no station in between."""
        from circuits.codes.swapping import encoded_swapping

        return encoded_swapping(
            0, self._code, rounds=self.rounds, extraction=self._extraction, link=link, noise=noise
        )

    def decoder(self, *, heralded: bool, noisy: bool) -> str:
        """Matching where the code allows; else the exact table where it is small enough, else a search.

        Tesseract finds the likeliest errors of blocks of up to nine qubits; of larger ones BP+OSD, in
        less time.
        """
        if self.matches:
            return "erasure" if heralded else "pymatching"
        if not heralded and not noisy and 2 * self._code.n <= TABULATED:
            return "lookup"
        return "tesseract" if self._code.n <= ENUMERATED else "ldpc_bposd"


def named_scheme(
    name: str, distance: int | None = None, *, rounds: int | None = None, extraction: str | None = None
) -> Surgery | Transversal:
    """A scheme by name.

    Args:
        name: `"surgery"`, `"mixed_surgery"`, `"bell_surgery"`, `"steane"`, `"golay"`, or
            `"transversal:CODE"` with any CSS code of one logical qubit.
        distance: Of surgery, 3 if not given; of a code without a size, such as
            `"transversal:rotated_surface"`. Steane's and Golay's have their own.
        rounds: Of the joined patch, or before transversal gates.
        extraction: Of transversal blocks: `"bare"` or `"flag"`.

    Raises:
        ValueError: If there is no such scheme, or the code has another distance.

    Example:
        >>> named_scheme("bell-surgery", 5).pairs_at_once
        5
    """
    known = name.strip().lower().replace("-", "_")
    if known in FORMS:
        if extraction is not None:
            raise ValueError(f"extraction={extraction!r} is of transversal blocks; {known} has bare ancillas")
        return Surgery(distance=3 if distance is None else distance, form=FORMS[known], joined=rounds)
    known = f"transversal:{known}" if known in BLOCKS else known
    kind, colon, code = known.partition(":")
    if kind != "transversal" or not colon:
        near = get_close_matches(known, SCHEMES, n=1)
        mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(SCHEMES)}"
        raise ValueError(f"scheme={name!r} is none; {mend}")
    from circuits.codes.naming import named_code

    found = Transversal(
        code=named_code(code, distance if ":" not in code and code not in BLOCKS else None).name,
        prepared=rounds,
        extraction=extraction,
    )
    if distance is not None and found.distance != distance:
        raise ValueError(f"distance={distance} is not that of {found.name}, which is {found.distance}")
    return found


if TYPE_CHECKING:
    _surgery: Scheme = Surgery(distance=3)
    _blocks: Scheme = Transversal(code="steane")
