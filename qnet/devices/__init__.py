"""Sources and detectors."""

from qnet.devices.detectors import Detector
from qnet.devices.sources import PairSource, SinglePhotonSource, WeakCoherentSource

__all__ = ["Detector", "SinglePhotonSource", "WeakCoherentSource", "PairSource"]
