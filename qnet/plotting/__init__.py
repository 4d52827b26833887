"""Pictures of results, in one colour-blind-safe style, by matplotlib's object API.

matplotlib is imported when something is drawn. In the layers of the house this room lies between
`qnet.cli` and `qnet.protocols`: it knows results, and nothing that runs.
"""

from qnet.plotting.circuits import draw_circuit
from qnet.plotting.codes import plot_study
from qnet.plotting.encoded_links import plot_link, plot_links
from qnet.plotting.error_rates import plot_error_rates
from qnet.plotting.funnel import plot_funnel
from qnet.plotting.key_rates import plot_key_rates
from qnet.plotting.repeaters import plot_chain, plot_codes, plot_comparison, plot_one_way
from qnet.plotting.results import plot
from qnet.plotting.saving import check_writable, save, write_file
from qnet.plotting.style import COLOURS, STYLE, new_axes, styled

__all__ = [
    "plot",
    "plot_study",
    "plot_link",
    "plot_links",
    "plot_error_rates",
    "plot_key_rates",
    "plot_funnel",
    "plot_one_way",
    "plot_codes",
    "plot_chain",
    "plot_comparison",
    "save",
    "draw_circuit",
    "styled",
    "STYLE",
    "COLOURS",
    "new_axes",
    "check_writable",
    "write_file",
]
