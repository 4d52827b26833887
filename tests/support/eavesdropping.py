"""Random channels, and what an eavesdropper who holds their purification knows: density matrices only."""

from __future__ import annotations

import numpy as np


def channel(rng: np.random.Generator, inputs: int, *, ideal: np.ndarray, noise: float, loss: bool) -> list:
    """Kraus operators from `inputs` levels to a qubit, near an ideal operator, whole or with loss."""
    kraus = [ideal.astype(complex)]
    for _ in range(3):
        kraus.append(noise * (rng.normal(size=(2, inputs)) + 1j * rng.normal(size=(2, inputs))))
    kraus[0] = kraus[0] + noise * (rng.normal(size=(2, inputs)) + 1j * rng.normal(size=(2, inputs)))
    total = sum(k.conj().T @ k for k in kraus)
    values, vectors = np.linalg.eigh(total)
    if loss:
        scale = np.sqrt(rng.uniform(0.5, 1.0) / values.max())
        return [k * scale for k in kraus]
    whitened = vectors @ np.diag(values**-0.5) @ vectors.conj().T
    return [k @ whitened for k in kraus]


def after(kraus: list, states: list[np.ndarray]) -> np.ndarray:
    """Alice's bit, a qubit entangled with her states, and what comes out of the channel: unnormalised."""
    made = sum(np.kron(np.eye(len(states))[j], s) for j, s in enumerate(states)) / np.sqrt(len(states))
    eyes = [np.kron(np.eye(len(states)), k) @ made for k in kraus]
    return sum(np.outer(v, v.conj()) for v in eyes)


def filtered(rho: np.ndarray, bob: np.ndarray) -> np.ndarray:
    """Bob's half through his filter, whose computational basis is his conclusive outcome."""
    whole = np.kron(np.eye(2), bob)
    return whole @ rho @ whole.conj().T


def secrecy(rho: np.ndarray) -> float:
    """Tr ρ · H(bit of Alice | Eve), who holds the purification, for an unnormalised two-qubit state."""
    dephased = rho.copy()
    dephased[:2, 2:] = dephased[2:, :2] = 0
    return _entropy(dephased) - _entropy(rho)


def _entropy(rho: np.ndarray) -> float:
    values = np.linalg.eigvalsh(rho)
    values = values[values > 1e-15]
    return float(-(values * np.log2(values)).sum())
