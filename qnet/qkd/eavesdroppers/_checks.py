"""What several kinds of Eve check."""

from __future__ import annotations

__all__ = ["check_share"]


def check_share(share: float) -> None:
    """Refuse a share of the pulses that is none."""
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ValueError(f"share={share!r} must be a number from 0 to 1")
