"""`CodePoint`, one point of a study: a code, its noise and its decoder, as a task."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qnet.studies.noises import NamedNoise

if TYPE_CHECKING:
    import sinter
    import stim

    from circuits.codes import StabilizerCode

__all__ = ["BASES", "CodePoint", "code_at"]

BASES = ("Z", "X", "both")


@dataclass(frozen=True, kw_only=True)
class CodePoint:
    """A memory experiment and how it is decoded.

    Args:
        code: The name of a code of one size, such as `rotated_surface:3`.
        distance: What the study means by its distance.
        rounds: Rounds of syndrome extraction.
        basis: `"Z"` or `"X"`, or `"both"` at once through a noiseless reference.
        noise: The noise of all operations.
        decoder: A decoder by name.
        extraction: How syndromes are extracted.
        low_confidence: The decoder flags the shots whose answer has at most this probability.

    Example:
        >>> point = CodePoint(code="rotated_surface:3", distance=3, rounds=2, basis="Z",
        ...                   noise=NamedNoise(model="uniform", p=0.01), decoder="pymatching")
        >>> point.circuit().num_detectors
        16
    """

    code: str
    distance: int
    rounds: int
    basis: str
    noise: NamedNoise
    decoder: str
    extraction: str = "bare"
    low_confidence: float | None = None

    def circuit(self) -> stim.Circuit:
        """The experiment."""
        return _memory(self.code, self.rounds, self.basis, self.noise, self.extraction)

    def metadata(self) -> dict[str, Any]:
        """What sinter's CSV says about the point, by sinter's usual keys."""
        found = {
            "code": self.code,
            "d": self.distance,
            "r": self.rounds,
            "b": self.basis,
            "noise": self.noise.family,
            "p": self.noise.p,
        }
        usual = {"extraction": "bare", "low_confidence": None}
        return found | {
            key: getattr(self, key) for key, value in usual.items() if getattr(self, key) != value
        }

    def row(self) -> dict[str, Any]:
        """What tells the point from others, for tables."""
        return {
            "code": self.code,
            "distance": self.distance,
            "rounds": self.rounds,
            "basis": self.basis,
            "noise": self.noise.family,
            "p": self.noise.p,
            "decoder": self.decoder,
        }

    def task(self) -> sinter.Task:
        """The point as sinter wants it, with the error model that its decoder takes."""
        import sinter

        from qnet.studies.models import error_model

        circuit = self.circuit()
        return sinter.Task(
            circuit=circuit,
            decoder=self.decoder,
            detector_error_model=error_model(circuit, self.decoder, what=self.code),
            json_metadata=self.metadata(),
        )


@lru_cache(maxsize=4096)
def code_at(text: str, distance: int | None = None) -> tuple[StabilizerCode, int]:
    """A code by name, and what its distance is called: the length of a repetition code, else its distance.

    Example:
        >>> code_at("repetition:5")[1], code_at("parity", 3)[1]
        (5, 3)
    """
    from circuits.codes.naming import named_code

    code = named_code(text, distance)
    if distance is not None:
        return code, distance
    return code, code.n if code.name.startswith("repetition") else code.distance or 0


@lru_cache(maxsize=64)
def _memory(name: str, rounds: int, basis: str, noise: NamedNoise, extraction: str) -> stim.Circuit:
    from circuits.codes.memory import bell_memory, memory

    code, _ = code_at(name)
    made = noise.circuit_noise()
    if basis == "both":
        return bell_memory(code, rounds=rounds, noise=made, extraction=extraction)
    return memory(code, rounds=rounds, basis=basis, noise=made, extraction=extraction)
