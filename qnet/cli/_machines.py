"""`--sampler` and `--noise`: what runs the circuits, and how noisy it is."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from qnet.cli._provided import PREFIX, check_provided, provided

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2

__all__ = ["Machine"]

_ENGINES = ("aer", "stim")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A sampler by name, with noise by name.

    Args:
        sampler: `"aer"`, `"stim"`, a fake device, an IBM backend, or `"backend:package.module:function"`
            for what that function gives; None means Aer, or the device that `noise` names.
        noise: `"uniform:P"`, `"si1000:P"`, a fake device, or None. A device implies that the circuits are
            transpiled to it; with Aer or Stim as sampler its noise runs on that engine.

    Raises:
        ValueError: If `noise` is no such thing, or its probability is out of range.
        ValueError: If `sampler` and `noise` are two different devices.
        ValueError: If `sampler` begins with `backend:` and names no function.

    Example:
        >>> Machine(noise="fake_torino")
        Machine(sampler='fake_torino', noise=None, engine='aer')
    """

    sampler: str | None = None
    noise: str | None = None
    engine: str = "aer"

    def __post_init__(self) -> None:
        if self.sampler is not None and self.sampler.startswith(PREFIX):
            check_provided(self.sampler)
        if self.noise is not None and ":" not in self.noise:
            _check_device(self.noise)
            self._settle(self.noise)
        elif self.noise is not None:
            _check_model(self.noise)
        if self.sampler is None:
            object.__setattr__(self, "sampler", "aer")

    def _settle(self, device: str) -> None:
        if self.sampler not in (None, device, *_ENGINES):
            raise ValueError(
                f"--sampler {self.sampler} and --noise {device} are two devices; name one of them, "
                "or take --sampler aer or stim"
            )
        if self.sampler in _ENGINES:
            object.__setattr__(self, "engine", self.sampler)
        object.__setattr__(self, "sampler", device)
        object.__setattr__(self, "noise", None)

    def open(self, seed: int | None) -> BaseSamplerV2:
        """The sampler itself.

        Raises:
            ValueError: If there is no sampler of that name.
        """
        from qnet.execution import sampler

        options: dict[str, Any] = {"engine": self.engine} if self.engine != "aer" else {}
        if self.noise is not None:
            options["noise"] = _circuit_noise(self.noise)
        given: Any = self.sampler
        if given.startswith(PREFIX):
            given = provided(given)
        return sampler(given, seed=seed, **options)

    def __str__(self) -> str:
        on = f" on {self.engine}" if self.engine != "aer" else ""
        return f"{self.sampler}{on}{f' with {self.noise}' if self.noise else ''}"


def _circuit_noise(text: str) -> Any:
    from qnet.studies.noises import named_noise

    return named_noise(text).circuit_noise()


def _check_model(text: str) -> None:
    from qnet.studies.noises import NOISE_MODELS, named_noise

    model, _, number = text.partition(":")
    if model not in NOISE_MODELS:
        near = get_close_matches(model, NOISE_MODELS, n=1)
        raise ValueError(_no_noise(text, f"{near[0]}:{number}" if near else None))
    try:
        named_noise(text)
    except ValueError as error:
        raise ValueError(f"--{error}") from None


def _check_device(name: str) -> None:
    if name.startswith("fake_"):
        return
    from qnet.studies.noises import NOISE_MODELS

    raise ValueError(_no_noise(name, f"{name}:0.001" if name in NOISE_MODELS else None))


def _no_noise(text: str, meant: str | None) -> str:
    mend = f"did you mean {meant}?" if meant else "give uniform:P, si1000:P or a fake_* device"
    return f"--noise {text} is unknown; {mend}"
