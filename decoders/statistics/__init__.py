"""From counts to figures with errors: rates, thresholds, Λ."""

from decoders.statistics.interval import error_rate, likelihood_interval
from decoders.statistics.suppression import Suppression, fit_lambda
from decoders.statistics.threshold import Threshold, fit_threshold

__all__ = ["error_rate", "likelihood_interval", "fit_threshold", "Threshold", "fit_lambda", "Suppression"]
