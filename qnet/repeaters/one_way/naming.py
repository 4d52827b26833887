"""One-way codes by name."""

from __future__ import annotations

from difflib import get_close_matches

from qnet.repeaters.one_way.hop import OneWayCode
from qnet.repeaters.one_way.parity import ParityCode
from qnet.repeaters.one_way.tree import TreeCode

__all__ = ["FAMILIES", "one_way_code"]

FAMILIES = ("parity", "tree")
LARGEST = 100_000


def one_way_code(text: str) -> OneWayCode:
    """The code that a text stands for: `parity:n,m` or `tree:b0,b1,…`.

    Raises:
        ValueError: If the family is none of the two, the numbers do not read, or there is no code of them;
            if it would take more than 100 000 photons.

    Example:
        >>> one_way_code("parity:13,6").photons, one_way_code("tree:4,14,4").photons
        (78, 284)
    """
    family, _, rest = str(text).strip().lower().partition(":")
    if family not in FAMILIES:
        near = get_close_matches(family, FAMILIES, n=1, cutoff=0.5)
        mend = f"did you mean {near[0]}:{rest or '…'}?" if near else "give parity:n,m or tree:b0,b1,…"
        raise ValueError(f"there is no one-way code {text!r}; {mend}")
    try:
        numbers = tuple(int(part) for part in rest.split(","))
    except ValueError:
        numbers = ()
    if not numbers or (family == "parity" and len(numbers) != 2):
        form = (
            "parity:n,m, such as parity:13,6" if family == "parity" else "tree:b0,b1,…, such as tree:4,14,4"
        )
        raise ValueError(f"code {text!r} does not read; write {form}")
    code: OneWayCode = (
        ParityCode(n=numbers[0], m=numbers[1]) if family == "parity" else TreeCode(branching=numbers)
    )
    if code.photons > LARGEST:
        raise ValueError(f"code {text!r} takes {code.photons} photons a block; {LARGEST} are the most")
    return code
