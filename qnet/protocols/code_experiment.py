"""`CodeExperiment`: any code experiment, written in Stim, on any sampler and with any decoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.protocols._code_circuit import CodeCircuit, predicted
from qnet.protocols._code_figures import decoded, detected
from qnet.protocols._fields import check_decoder, check_probability

if TYPE_CHECKING:
    import stim

    from qnet.execution import Outcomes
    from qnet.results import Figure

__all__ = ["CodeExperiment", "predicted"]

DETECTION = "detection"


@dataclass(frozen=True, kw_only=True)
class CodeExperiment(CodeCircuit):
    """A code experiment from its Stim circuit, to be run on Aer, on Stim, on a fake or a real device.

    `run(CodeExperiment(program=…), sampler)` exports the circuit to Qiskit without its noise (noise belongs
    to the machine: give it to the sampler), turns the outcomes into detection events, decodes these and
    tells `logical_error_rate` (any observable wrong), `raw_error_rate` (without decoding) and
    `detection_fraction`; the rows have the rate of each detector, and on a device `predicted_…` stand
    beside the figures. Heralds of losses are silent on a machine that does not herald.

    Args:
        program: The circuit as Stim writes it (a `stim.Circuit` is written so): every function of
            `circuits.codes`, `stim.Circuit.generated`, or your own; at most a few hundred qubits.
        decoder: Any of `decoders.sinter_decoders()` by name, or "detection" to keep only the shots in
            which no detector fires (figure `accepted`).
        p: Probability of each error in the decoder's model, a uniform depolarising one, where the
            circuit has no noise of its own. Where it has, that noise is the decoder's model.

    Raises:
        ValueError: If `program` is no circuit, has no observables or no measurements.
        ValueError: If `decoder` is unknown, or `p` no probability.

    Example:
        >>> import stim
        >>> from qnet.execution import run
        >>> program = stim.Circuit.generated("repetition_code:memory", distance=3, rounds=2)
        >>> print(run(CodeExperiment(program=program), "aer", shots=500).figures["logical_error_rate"])
        0 ± 0.002
    """

    name: ClassVar[str] = "code_experiment"
    summary: ClassVar[str] = "a code experiment from its Stim circuit"

    program: stim.Circuit | str
    decoder: str = "pymatching"
    p: float = 0.01

    def __post_init__(self) -> None:
        import stim

        try:
            circuit = stim.Circuit(str(self.program))
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise ValueError(f"program is no Stim circuit ({reason}); give a stim.Circuit") from None
        if not circuit.num_observables or not circuit.num_measurements:
            raise ValueError(
                "program has no observables, so that nothing can be wrong; add OBSERVABLE_INCLUDE"
            )
        object.__setattr__(self, "program", str(circuit))
        if self.decoder != DETECTION:
            check_decoder(self.decoder)
        check_probability("p", self.p, inside=True)

    def experiment(self, noise: Any = None) -> stim.Circuit:
        """The circuit without its own noise, under another one if one is given."""
        import stim

        from circuits.noise import CircuitNoise

        bare: stim.Circuit = CircuitNoise.strip(stim.Circuit(self.program))
        return bare if noise is None else noise.apply(bare)

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The rates, decoded, or of the shots in which nothing fired.

        Raises:
            NothingKept: If no shot is kept.
        """
        if self.decoder == DETECTION:
            return detected(self.circuit(), outcomes[0])
        return decoded(self.circuit(), self._prior(), outcomes[0], decoder=self.decoder)

    def _prior(self) -> stim.Circuit:
        import stim

        from circuits.noise import CircuitNoise

        own = stim.Circuit(self.program)
        noisy = own.detector_error_model(approximate_disjoint_errors=True).num_errors > 0
        return own if noisy else self.experiment(CircuitNoise.uniform_depolarizing(self.p))
