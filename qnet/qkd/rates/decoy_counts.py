"""`DecoyCounts`: what is counted in a block of weak pulses with decoys."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from qnet.qkd._checks import Array, Number, as_number

__all__ = ["DecoyCounts"]


@dataclass(frozen=True, kw_only=True, eq=False)
class DecoyCounts:
    """How many bits there are, and how many of them are wrong, intensity by intensity, in both bases.

    The first axis of every array runs over the intensities, strongest first; a second one, if any, along a
    curve. Expected counts need not be whole.

    Args:
        pulses: Pulses that were sent, all intensities and bases together.
        key_bits: Sifted bits in the basis of the key.
        key_errors: How many of those were wrong, known once they are reconciled.
        test_bits: Bits in the other basis, which were disclosed.
        test_errors: How many of those were wrong.

    Raises:
        ValueError: If a count is negative or no number, or there are more errors than bits.
        ValueError: If the arrays do not have one shape.

    Example:
        >>> counted = DecoyCounts(
        ...     pulses=1e7,
        ...     key_bits=[9e4, 1e4, 100],
        ...     key_errors=[900, 120, 50],
        ...     test_bits=[900, 100, 1],
        ...     test_errors=[9, 1, 0],
        ... )
        >>> counted.key_total, round(counted.key_error_rate, 6)
        (100100.0, 0.010689)
    """

    pulses: Number
    key_bits: Array
    key_errors: Array
    test_bits: Array
    test_errors: Array

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            made = as_number(one.name, value)
            object.__setattr__(self, one.name, made)
            if not np.all(np.asarray(made) >= 0):
                raise ValueError(f"{one.name}={value!r} is no count; it must be at least 0")
        shapes = {one.name: np.shape(getattr(self, one.name)) for one in fields(self)[1:]}
        if len(set(shapes.values())) > 1 or not shapes["key_bits"]:
            raise ValueError(f"the counts have the shapes {shapes!r}; give one entry an intensity for each")
        for part in ("key", "test"):
            bits, errors = getattr(self, f"{part}_bits"), getattr(self, f"{part}_errors")
            if np.any(errors > bits * (1 + 1e-12)):
                raise ValueError(
                    f"{part}_errors={errors!r} exceed {part}_bits={bits!r}; there cannot be more errors"
                )

    @property
    def key_total(self) -> Number:
        """Bits of the key, all intensities together."""
        return _plain(self.key_bits.sum(axis=0))

    @property
    def test_total(self) -> Number:
        """Bits of the test, all intensities together."""
        return _plain(self.test_bits.sum(axis=0))

    @property
    def key_error_rate(self) -> Number:
        """The QBER of the key; ½ where there are no bits."""
        return _share(self.key_errors.sum(axis=0), self.key_bits.sum(axis=0))

    @property
    def test_error_rate(self) -> Number:
        """The QBER of the test; ½ where nothing was tested."""
        return _share(self.test_errors.sum(axis=0), self.test_bits.sum(axis=0))

    def scaled(self, factor: Number) -> DecoyCounts:
        """The same shares of so many times as many pulses."""
        return DecoyCounts(**{one.name: getattr(self, one.name) * factor for one in fields(self)})


def _plain(value: Array) -> Number:
    return value if np.ndim(value) else float(value)


def _share(errors: Array, bits: Array) -> Number:
    made: Array = np.where(bits > 0, errors / np.where(bits > 0, bits, 1.0), 0.5)
    return _plain(made)
