"""Noise by name: text such as `uniform:0.005` to a `CircuitNoise`."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

__all__ = ["NOISE_MODELS", "NamedNoise", "named_noise"]

NOISE_MODELS = ("uniform", "si1000")


@dataclass(frozen=True, kw_only=True)
class NamedNoise:
    """A noise model of one strength.

    Args:
        model: `"uniform"` (uniform depolarising) or `"si1000"`.
        p: Its strength, a probability of errors.

    Example:
        >>> str(NamedNoise(model="uniform", p=0.005))
        'uniform:0.005'
    """

    model: str
    p: float

    def __post_init__(self) -> None:
        if self.model not in NOISE_MODELS:
            near = get_close_matches(self.model, NOISE_MODELS, n=1)
            mend = f"did you mean {near[0]}:{self.p:g}?" if near else f"give {_FORMS}"
            raise ValueError(f"noise {self.model}:{self.p:g} is unknown; {mend}")
        if not 0 <= self.p <= 1:
            raise ValueError(f"noise {self}: '{self.p:g}' is no probability; give one from 0 to 1")

    def __str__(self) -> str:
        return f"{self.model}:{self.p:g}"

    def circuit_noise(self) -> CircuitNoise:
        """The noise itself."""
        from circuits.noise import CircuitNoise

        if self.model == "uniform":
            return CircuitNoise.uniform_depolarizing(self.p)
        return CircuitNoise.si1000(self.p)


def named_noise(text: str) -> NamedNoise:
    """The noise that a text stands for.

    Args:
        text: `"uniform:P"` or `"si1000:P"`.

    Raises:
        ValueError: If there is no such model; the nearest is given.
        ValueError: If P is no probability.

    Example:
        >>> named_noise("si1000:0.002")
        NamedNoise(model='si1000', p=0.002)
    """
    model, colon, number = text.strip().partition(":")
    if not colon:
        near = get_close_matches(model, NOISE_MODELS, n=1)
        mend = f"did you mean {near[0]}:0.001?" if near else f"give {_FORMS}"
        raise ValueError(f"noise {text} is unknown; {mend}")
    try:
        p = float(number)
    except ValueError:
        raise ValueError(f"noise {text}: {number!r} is no probability; give one from 0 to 1") from None
    return NamedNoise(model=model, p=p)


_FORMS = " or ".join(f"{model}:P" for model in NOISE_MODELS)
