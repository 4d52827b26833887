"""The parameters that make binomial counts most likely, with their covariance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["Fitted", "fitted"]

Floats = NDArray[np.float64]
Model = Callable[[Floats], Floats]
STEPS = 200


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A fit.

    Args:
        parameters: The most likely ones.
        covariance: The inverse of the expected information, times χ²/dof where that is above 1.
        chi2: Σ (errors − n p)²/(n p (1−p)).
        dof: Points less parameters.
    """

    parameters: Floats
    covariance: Floats
    chi2: float
    dof: int

    def stderr(self, k: int) -> float:
        """Standard error of one parameter."""
        return sqrt(float(self.covariance[k, k]))


def fitted(model: Model, start: Floats, errors: Floats, shots: Floats) -> Fitted:
    """Fisher scoring with damping, by numerical derivatives.

    Args:
        model: Parameters to the error rate of every point.
        start: Where to begin.
        errors: Counted errors.
        shots: Of so many shots.
    """

    def rates(parameters: Floats) -> Floats:
        return np.clip(model(parameters), 1e-300, 1 - 1e-12)

    parameters, damping = start.astype(np.float64), 1e-3
    value = _log_likelihood(rates(parameters), errors, shots)
    for _ in range(STEPS):
        p = rates(parameters)
        slopes = _slopes(rates, parameters)
        information = slopes.T @ (slopes * (shots / (p * (1 - p)))[:, None])
        score = slopes.T @ ((errors - shots * p) / (p * (1 - p)))
        step = np.linalg.lstsq(information + damping * np.diag(np.diag(information)), score, rcond=None)[0]
        tried = _log_likelihood(rates(parameters + step), errors, shots)
        if np.isfinite(tried) and tried >= value - 1e-12 * abs(value):
            done = tried - value < 1e-9 and damping < 1e-2
            parameters, value, damping = parameters + step, tried, damping / 10
            if done:
                break
        else:
            damping *= 10
            if damping > 1e12:
                break
    return _summed(rates, parameters, errors, shots)


def _summed(rates: Model, parameters: Floats, errors: Floats, shots: Floats) -> Fitted:
    p, slopes = rates(parameters), _slopes(rates, parameters)
    information = slopes.T @ (slopes * (shots / (p * (1 - p)))[:, None])
    chi2 = float(((errors - shots * p) ** 2 / (shots * p * (1 - p))).sum())
    dof = len(errors) - len(parameters)
    scale = max(1.0, chi2 / dof) if dof > 0 else 1.0
    return Fitted(
        parameters=parameters,
        covariance=np.asarray(np.linalg.pinv(information) * scale, dtype=np.float64),
        chi2=chi2,
        dof=dof,
    )


def _log_likelihood(p: Floats, errors: Floats, shots: Floats) -> float:
    return float((errors * np.log(p) + (shots - errors) * np.log1p(-p)).sum())


def _slopes(rates: Model, parameters: Floats) -> Floats:
    columns = []
    for k, value in enumerate(parameters):
        step = np.zeros_like(parameters)
        step[k] = 1e-6 * max(abs(float(value)), 1e-3)
        columns.append((rates(parameters + step) - rates(parameters - step)) / (2 * step[k]))
    return np.stack(columns, axis=1)
