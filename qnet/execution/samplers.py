"""`sampler`: the machine that a name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2

    from circuits.noise import CircuitNoise
    from qnet.execution._pub_sampler import Seed

__all__ = ["sampler"]


def sampler(
    name_or_backend: Any, *, noise: CircuitNoise | None = None, seed: Seed = None, **options: Any
) -> BaseSamplerV2:
    """The sampler that a name stands for.

    Args:
        name_or_backend: `"aer"` or `"stim"`.
        noise: Noise to put on each circuit, last.
        seed: Seed of all its runs.
        **options: Options of `AerSimulator`, for `"aer"`.

    Returns:
        A Qiskit sampler.

    Raises:
        ValueError: If there is no such sampler.
    """
    if name_or_backend == "stim":
        from qnet.execution.stim_sampler import StimSampler

        return StimSampler(noise=noise, seed=seed, **options)
    if name_or_backend == "aer":
        from qnet.execution.aer import AerSampler

        return AerSampler(noise=noise, seed=seed, **options)
    raise ValueError(f"there is no sampler {name_or_backend!r}; there are 'aer' and 'stim'")
