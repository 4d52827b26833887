"""Pictures of circuits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from qiskit import QuantumCircuit

__all__ = ["draw_circuit"]


_INCHES = 0.7
"""Inches per unit of the drawer's own coordinates, at which its fonts have their full size."""


def draw_circuit(circuit: QuantumCircuit) -> Figure:
    """A picture of a circuit.

    Args:
        circuit: The circuit; parts that are blocks stay blocks.

    Returns:
        The figure, outside of pyplot's state.

    Example:
        >>> from circuits.library import bell_pair
        >>> width, height = draw_circuit(bell_pair()).get_size_inches()
        >>> bool(width > height > 1)
        True
    """
    measured = _drawn(circuit, 8.0, 8.0)
    (left, right), (bottom, top) = measured.axes[0].get_xlim(), measured.axes[0].get_ylim()
    return _drawn(circuit, _INCHES * (right - left), _INCHES * (top - bottom))


def _drawn(circuit: QuantumCircuit, width: float, height: float) -> Figure:
    """The circuit on axes of this size; Qiskit would otherwise make a figure of pyplot's."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from qnet.plotting.style import styled

    with styled():
        figure = Figure(figsize=(width, height))
        FigureCanvasAgg(figure)
        circuit.draw("mpl", ax=figure.add_axes((0, 0, 1, 1)), style="iqp", fold=40)
    return figure
