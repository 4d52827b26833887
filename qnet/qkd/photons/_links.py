"""What the scenes check of a link and of an alphabet."""

from __future__ import annotations

from qnet.qkd.link import QkdLink
from qnet.qkd.quantum import Alphabet

__all__ = ["check_one", "check_passive"]


def check_one(link: QkdLink) -> None:
    """Refuse a curve of links."""
    if not isinstance(link, QkdLink):
        raise ValueError(f"link={link!r} is no QkdLink; give QkdLink(length_km=…, detector=…)")
    if link.points != 1:
        raise ValueError(f"link holds {link.points} channels; give one")


def check_passive(link: QkdLink, end: Alphabet, name: str) -> None:
    """Refuse four detectors of other than two bases."""
    if link.detector.count == 4 and len(end.bases) != 2:
        raise ValueError(
            f"{name} has the bases {', '.join(end.bases)}, and four detectors measure two; take two detectors"
        )
