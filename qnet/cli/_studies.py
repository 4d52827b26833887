"""The kinds of studies that `qnet sweep` knows, of all rooms; each is imported when a file asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

__all__ = ["KINDS", "StudyKinds"]

KINDS: Mapping[str, str] = {
    "codes": "qnet.studies.study:CodeStudy",
    "seams": "qnet.studies.seams:SeamStudy",
    "stability": "qnet.studies.stability:StabilityStudy",
    "logical_pairs": "qnet.repeaters.study:LinkStudy",
    "one_way_hops": "qnet.repeaters.one_way.study:HopStudy",
}
"""Name of the kind to the place of its class: a room that brings a kind of its own adds a line."""


class StudyKinds(Mapping[str, type[Any]]):
    """The classes by the names of their kinds.

    Example:
        >>> StudyKinds()["stability"].__name__
        'StabilityStudy'
    """

    def __getitem__(self, kind: str) -> type[Any]:
        """The class of a kind."""
        module, _, name = KINDS[kind].partition(":")
        found: type[Any] = getattr(import_module(module), name)
        return found

    def __contains__(self, kind: object) -> bool:
        """Whether there is such a kind, without an import."""
        return kind in KINDS

    def __iter__(self) -> Iterator[str]:
        """The names, in order."""
        return iter(KINDS)

    def __len__(self) -> int:
        """How many kinds there are."""
        return len(KINDS)
