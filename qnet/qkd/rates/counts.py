"""`BasisCounts`: what is counted in a block of single photons or pairs."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from qnet.qkd._checks import Number, as_number

__all__ = ["BasisCounts"]


@dataclass(frozen=True, kw_only=True, eq=False)
class BasisCounts:
    """How many bits there are, and how many of them are wrong, in the basis of the key and in the test.

    Expected counts need not be whole. Each may be an array along a curve.

    Args:
        pulses: Pulses that were sent.
        key_bits: Sifted bits of the key, n.
        test_bits: Bits that were disclosed to estimate the phase errors, k.
        test_errors: How many of those were wrong.
        key_errors: How many of the key's bits were wrong (known once they are reconciled, or expected); only
            for the leakage where that is not given. None: the share of the test's.
        other_test_bits: Bits that were disclosed in the third basis (six-state); None where there is none.
        other_test_errors: How many of those were wrong.

    Raises:
        ValueError: If a count is negative, or there are more errors than bits.

    Example:
        >>> BasisCounts(pulses=4e6, key_bits=1e6, test_bits=1e5, test_errors=2000).test_error_rate
        0.02
    """

    pulses: Number
    key_bits: Number
    test_bits: Number
    test_errors: Number
    key_errors: Number | None = None
    other_test_bits: Number | None = None
    other_test_errors: Number | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None:
                made = as_number(one.name, value)
                object.__setattr__(self, one.name, made)
                if not np.all(np.asarray(made) >= 0):
                    raise ValueError(f"{one.name}={value!r} is no count; it must be at least 0")
        for part in ("test", "key", "other_test"):
            bits, errors = getattr(self, f"{part}_bits"), getattr(self, f"{part}_errors")
            if errors is not None and bits is not None and np.any(np.asarray(errors) > np.asarray(bits)):
                raise ValueError(
                    f"{part}_errors={errors!r} exceed {part}_bits={bits!r}; there cannot be more errors"
                )

    @property
    def test_error_rate(self) -> Number:
        """The QBER of the test; ½ where nothing was tested."""
        return _rate(self.test_errors, self.test_bits)

    @property
    def other_test_error_rate(self) -> Number:
        """The QBER of the test in the third basis."""
        if self.other_test_bits is None or self.other_test_errors is None:
            raise ValueError("other_test_bits=None: nothing was counted in a third basis; give its counts")
        return _rate(self.other_test_errors, self.other_test_bits)

    @property
    def key_error_rate(self) -> Number:
        """The QBER of the key, for the leakage that is to be expected."""
        return self.test_error_rate if self.key_errors is None else _rate(self.key_errors, self.key_bits)

    def scaled(self, factor: Number) -> BasisCounts:
        """The same shares of so many times as many pulses."""
        return replace(
            self,
            **{
                f.name: getattr(self, f.name) * factor
                for f in fields(self)
                if getattr(self, f.name) is not None
            },
        )


def _rate(errors: Number, bits: Number) -> Number:
    count = np.asarray(bits, dtype=np.float64)
    made = np.where(count > 0, np.asarray(errors) / np.where(count > 0, count, 1.0), 0.5)
    return made if made.ndim else float(made)
