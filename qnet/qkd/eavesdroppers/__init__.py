"""Eavesdroppers on the quantum channel, as objects that any quantum layer takes."""

from qnet.qkd.eavesdroppers.blinding import DetectorBlinding
from qnet.qkd.eavesdroppers.intercept_resend import InterceptResend
from qnet.qkd.eavesdroppers.named import EAVESDROPPERS, eavesdropper
from qnet.qkd.eavesdroppers.photon_number_splitting import PhotonNumberSplitting, Splitting
from qnet.qkd.eavesdroppers.shape import Eavesdropper

__all__ = [
    "InterceptResend",
    "PhotonNumberSplitting",
    "Splitting",
    "DetectorBlinding",
    "Eavesdropper",
    "eavesdropper",
    "EAVESDROPPERS",
]
