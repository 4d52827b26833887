"""Noise by name: text such as `uniform:0.005` to a `CircuitNoise`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

__all__ = ["NOISE_MODELS", "NamedNoise", "named_noise"]

NOISE_MODELS = ("uniform", "si1000")
LOSSES = ("loss", "gate_loss")


@dataclass(frozen=True, kw_only=True)
class NamedNoise:
    """A noise model of one strength.

    Args:
        model: `"uniform"` (uniform depolarising) or `"si1000"`.
        p: Its strength, a probability of errors. In experiments on codes `"uniform"` has Stim's four error
            rates at this value.
        loss: Heralded loss of every data qubit before every round of an experiment on a code.
        gate_loss: Heralded loss of each qubit of every two-qubit gate.

    Example:
        >>> str(NamedNoise(model="uniform", p=0.005))
        'uniform:0.005'
    """

    model: str
    p: float
    loss: float = 0.0
    gate_loss: float = 0.0

    def __post_init__(self) -> None:
        if self.model not in NOISE_MODELS:
            near = get_close_matches(self.model, NOISE_MODELS, n=1)
            mend = f"did you mean {near[0]}:{self.p:g}?" if near else f"give {_FORMS}"
            raise ValueError(f"noise {self.model}:{self.p:g} is unknown; {mend}")
        if not 0 <= self.p <= 1:
            raise ValueError(f"noise {self}: '{self.p:g}' is no probability; give one from 0 to 1")
        for name in LOSSES:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(
                    f"noise {self}: {name} '{getattr(self, name):g}' is no probability; give one from 0 to 1"
                )

    def __str__(self) -> str:
        return f"{self.model}:{self.p:g}{self._losses}"

    @property
    def family(self) -> str:
        """What noises that differ in `p` alone have in common."""
        return f"{self.model}{self._losses}"

    @property
    def is_heralded(self) -> bool:
        """Whether qubits are lost, of which heralds tell."""
        return self.loss > 0 or self.gate_loss > 0

    @property
    def _losses(self) -> str:
        return "".join(f"+{name}:{getattr(self, name):g}" for name in LOSSES if getattr(self, name))

    def circuit_noise(self) -> CircuitNoise:
        """The noise itself."""
        from circuits.noise import CircuitNoise

        uniform = self.model == "uniform"
        made = CircuitNoise.uniform_depolarizing(self.p) if uniform else CircuitNoise.si1000(self.p)
        return replace(made, loss_round=self.loss, loss_2q=self.gate_loss) if self.is_heralded else made


def named_noise(text: str) -> NamedNoise:
    """The noise that a text stands for.

    Args:
        text: `"uniform:P"` or `"si1000:P"`; `"+loss:E"` and `"+gate_loss:E"` after it add heralded losses.

    Raises:
        ValueError: If there is no such model; the nearest is given.
        ValueError: If P is no probability.

    Example:
        >>> named_noise("si1000:0.002")
        NamedNoise(model='si1000', p=0.002, loss=0.0, gate_loss=0.0)
        >>> named_noise("uniform:0.001+loss:0.02").is_heralded
        True
    """
    first, *more = text.strip().split("+")
    losses = dict(_loss(text, part) for part in more)
    model, colon, number = first.partition(":")
    if not colon:
        near = get_close_matches(model, NOISE_MODELS, n=1)
        mend = f"did you mean {near[0]}:0.001?" if near else f"give {_FORMS}"
        raise ValueError(f"noise {text} is unknown; {mend}")
    return NamedNoise(model=model, p=_number(text, number), **losses)


def _loss(text: str, part: str) -> tuple[str, float]:
    name, _, number = part.partition(":")
    if name not in LOSSES:
        raise ValueError(f"noise {text}: there is no {name!r} to add; give +loss:E or +gate_loss:E")
    return name, _number(text, number)


def _number(text: str, number: str) -> float:
    try:
        return float(number)
    except ValueError:
        raise ValueError(f"noise {text}: {number!r} is no probability; give one from 0 to 1") from None


_FORMS = " or ".join(f"{model}:P" for model in NOISE_MODELS)
