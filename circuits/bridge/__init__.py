"""The bridge between Qiskit and Stim, both ways.

`to_stim` and `translate` carry a Clifford circuit of Qiskit to Stim, `to_qiskit` any Stim circuit to
Qiskit, and `detection_events` reads the outcomes of the latter through its detectors.
"""

from circuits.bridge.detection import DetectionEvents, detection_events
from circuits.bridge.export import to_qiskit
from circuits.bridge.translation import Translation, to_stim, translate

__all__ = ["to_stim", "to_qiskit", "translate", "Translation", "detection_events", "DetectionEvents"]
