"""`rate_table`: which protocol's key rate is known, and which ends in a finite-key length, by which proof."""

from __future__ import annotations

from typing import Any

from qnet.qkd.registry import RATES

__all__ = ["rate_table"]


def rate_table() -> list[dict[str, Any]]:
    """One row a protocol; `qnet qkd protocols` and the documentation show it.

    Returns:
        Rows with `name`, `summary`, `finite` (whether there is a finite-key length), `proof` and `bound` of
        that (None without), `optimised` and `optimised_if_finite` (what is chosen at its best if not given).

    Example:
        >>> row = next(row for row in rate_table() if row["name"] == "twin-field")
        >>> row["finite"], row["optimised"]
        (False, ['intensity', 'sending_probability'])
    """
    return [
        {
            "name": name,
            "summary": protocol.summary,
            "finite": protocol.proof is not None,
            "proof": protocol.proof,
            "bound": protocol.bound or None,
            "optimised": list(protocol.free),
            "optimised_if_finite": list(protocol.free_if_finite),
        }
        for name, protocol in RATES.items()
    ]
