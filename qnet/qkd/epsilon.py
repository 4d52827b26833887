"""`EpsilonBudget`: how the probability that a key is not what it should be is shared out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from qnet.qkd._checks import Array, Number

__all__ = ["EpsilonBudget"]


@dataclass(frozen=True, kw_only=True)
class EpsilonBudget:
    """The failure probabilities of one key, whose sum is what the user asked for.

    Composable security adds up: a key that is ε₁-correct and ε₂-secret, made over messages that are
    ε₃-authentic, is (ε₁+ε₂+ε₃)-secure (Portmann and Renner, Rev. Mod. Phys. 94, 025008 (2022)).

    Args:
        secrecy: What hashing, and the statistics if `smoothing` is 0, may fail by; above 0, below 1.
        correctness: The probability that the two keys differ and nobody notices; above 0, below 1.
        authentication: What forging the messages may succeed by; 0 if it is accounted for elsewhere.
        smoothing: A part of the secrecy that is set aside for smoothing the entropy and for the statistics,
            in proofs that keep them apart; 0 in proofs that share the secrecy out themselves.
        per_bit: Whether `secrecy` is per bit of the final key, as in Lim et al. 2014; `for_length` makes it
            absolute.

    Raises:
        ValueError: If a probability is not above 0 (or 0, where allowed) and below 1.
        ValueError: If they add up to 1 or more.

    Example:
        >>> budget = EpsilonBudget.of_total(1e-10)
        >>> f"{budget.secrecy:.2g} {budget.correctness:.2g} {budget.total:.2g}"
        '4e-11 1e-11 1e-10'
        >>> EpsilonBudget(secrecy=1e-10, correctness=1e-15).total
        1.00001e-10
    """

    secrecy: float = 1e-10
    correctness: float = 1e-15
    authentication: float = 0.0
    smoothing: float = 0.0
    per_bit: bool = False

    def __post_init__(self) -> None:
        for name, positive in _POSITIVE.items():
            value = float(getattr(self, name))
            object.__setattr__(self, name, value)
            if not (0 < value < 1 or (value == 0 and not positive)):
                low = "above 0" if positive else "at least 0"
                raise ValueError(
                    f"{name}={value!r} is no failure probability; give one {low} and below 1, e.g. 1e-10"
                )
        if self.total >= 1:
            raise ValueError(f"the parts of the budget add up to {self.total!r}; they must stay below 1")

    @classmethod
    def of_total(cls, total: float) -> EpsilonBudget:
        """Share a total out: four tenths each to hashing and smoothing, a tenth each to the rest.

        Args:
            total: The probability that the user asked for; above 0, below 1.

        Raises:
            ValueError: If it is not between 0 and 1.
        """
        if not 0 < total < 1:
            raise ValueError(
                f"epsilon={total!r} is no failure probability; give one above 0 and below 1, e.g. 1e-10"
            )
        tenth = total / 10
        rest = 4 * tenth
        return cls(secrecy=total - 2 * tenth - rest, correctness=tenth, authentication=tenth, smoothing=rest)

    @property
    def secret(self) -> float:
        """The ε_sec of a proof: hashing and smoothing together."""
        return self.secrecy + self.smoothing

    @property
    def total(self) -> float:
        """The sum of all parts; per bit of key in its secrecy, if the budget is."""
        return self.secret + self.correctness + self.authentication

    def secret_for(self, length: Number) -> Number:
        """The ε_sec for a key of so many bits: the same for each length unless the budget is per bit."""
        if not self.per_bit:
            return self.secret
        made: Array = np.asarray(self.secret * np.maximum(length, 1.0))
        return made if made.ndim else float(made)

    def for_length(self, length: float) -> EpsilonBudget:
        """The absolute budget of a key of so many bits."""
        if not self.per_bit:
            return self
        bits = max(float(length), 1.0)
        return replace(self, secrecy=self.secrecy * bits, smoothing=self.smoothing * bits, per_bit=False)


_POSITIVE = {"secrecy": True, "correctness": True, "authentication": False, "smoothing": False}
