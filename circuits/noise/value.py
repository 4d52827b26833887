"""`CircuitNoise`: one description of the noise of a machine, for Qiskit circuits and for Stim circuits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from circuits.noise._lookup import Lookup
from circuits.noise.channels import PauliChannel, Rate, probability
from circuits.noise.override import Override, checked_rate, coherence_time, seconds, shown
from circuits.noise.strip import strip as _strip

if TYPE_CHECKING:
    from qiskit.transpiler import TransformationPass

__all__ = ["CircuitNoise"]

Circuit = TypeVar("Circuit")


@dataclass(frozen=True, kw_only=True, repr=False)
class CircuitNoise:
    r"""What goes wrong when a circuit runs: after gates, at read-out and reset, and while qubits wait.

    Noise belongs to the machine and is put on last, after transpiling: `noise.apply(circuit)`. Every
    probability is that an error *happens* (Stim's convention): a depolarising error of p after a
    two-qubit gate is one of the fifteen non-identity Paulis, each with p/15.

    What is applied, the same in both languages:

    - After each gate its error, on its qubits. A gate on three or more qubits has none of its own and
      is refused, unless an override by its name gives it one.
    - A measurement's outcome is flipped; the state that it leaves is not. A reset leaves the wrong state.
    - A qubit that is used at all **idles** whenever nothing acts on it, from start to end.
      In Qiskit the time comes from scheduling every instruction as soon as possible with the times
      given here (a barrier holds its qubits together, a conditional waits for its bits and lasts as long
      as its longest branch, a `delay` is idling of its duration); in Stim a layer between two
      TICKs lasts as long as its longest instruction. The time relaxes the qubit by T1 and T2,
      Pauli-twirled: pX = pY = (1 − e^{−t/T1})/4, pZ = (1 − e^{−t/T2})/2 − pX (arXiv:1404.3747).
      `idle` and `resonator_idle` count layers instead: TICK layers in Stim, in Qiskit those of the
      same schedule with every instruction one layer long. Nothing is put after a qubit's last
      measurement in Qiskit, where it would change no outcome.
    - A gate's error is all that happens during the gate: no relaxation is added to it.
    - Code experiments (`circuits.codes`) say where a round begins, `TICK[round]` in Stim and a barrier with
      the label "round" in Qiskit, and which are their data qubits (`QUBIT_COORDS[data]`; the qubits of that
      barrier). Each data qubit then gets the error `before_round`. Other circuits have no rounds.
    - Qubits are **lost**, and this is heralded, in two-qubit gates and before rounds: in Stim as
      `HERALDED_ERASE`, which leaves the qubit fully mixed and adds an outcome to the record, followed by
      a detector with the tag `herald` at (qubit, −1, 0) plus what SHIFT_COORDS has shifted, with −1 as its
      fourth coordinate where other detectors have four. Records of the circuit are renumbered. Qiskit
      circuits are refused, since they have no record for a herald: apply the noise to the Stim circuit and
      export that by `to_qiskit`, which gives each herald a bit, or strip it.
    - The noise of a conditional's gates goes after the block, whether or not it was taken: of the
      errors of its branches each is applied as often as in the branch that has it most often.
      The body of a loop carries its noise itself.

    Attributes:
        after_1q: Error after each one-qubit gate: a probability, a `PauliChannel`, or None: such gates
            are refused unless an override gives them an error.
        after_2q: The same after each two-qubit gate.
        measurement: Probability that an outcome is flipped.
        reset: Probability that a reset leaves |1⟩ (|−⟩ for Stim's RX).
        idle: Depolarising error of a qubit for each layer in which nothing acts on it.
        resonator_idle: Depolarising error besides, if another qubit is measured or reset in that layer.
        before_round: Error of each data qubit before each round of a code experiment: a probability or
            a `PauliChannel`.
        loss_2q: Probability of each qubit of a two-qubit gate that it is lost in it, heralded (as in
            erasure conversion: Wu et al., Nat. Commun. 13, 4657 (2022), arXiv:2201.03540).
        loss_round: Probability of each data qubit that it is lost before a round, heralded.
        t1_s: Energy relaxation time of idling qubits, in seconds.
        t2_s: Coherence time of idling qubits, in seconds, at most 2·T1; None: 2·T1, no dephasing besides.
        gate_1q_s: How long a one-qubit gate lasts, in seconds.
        gate_2q_s: How long a gate on two or more qubits lasts.
        measurement_s: How long a measurement lasts.
        reset_s: How long a reset lasts.
        dt_s: What the unit "dt" of a delay is, in seconds; None: such delays are refused.
        overrides: Exceptions by gate, by qubit, and by ordered or unordered pair.

    Raises:
        ValueError: If an error is not a probability, or a channel on the wrong number of qubits.
        ValueError: If a time is negative, T1 or T2 not positive, or T2 above 2·T1.
        ValueError: If two overrides are for the same gate and qubits.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> bell = QuantumCircuit(2)
        >>> _ = bell.h(0), bell.cx(0, 1), bell.measure_all()
        >>> noisy = CircuitNoise(after_2q=0.01, measurement=0.02).apply(bell)
        >>> dict(noisy.count_ops())
        {'quantum_channel': 3, 'measure': 2, 'h': 1, 'cx': 1, 'barrier': 1}
        >>> CircuitNoise.strip(noisy) == bell
        True
        >>> import stim
        >>> noise = CircuitNoise(after_2q=0.01, measurement=0.02)
        >>> print(noise.apply(stim.Circuit("H 0\nCX 0 1\nM 0 1")))
        H 0
        CX 0 1
        DEPOLARIZE2(0.01) 0 1
        M(0.02) 0 1
    """

    after_1q: Rate | None = 0.0
    after_2q: Rate | None = 0.0
    measurement: float = 0.0
    reset: float = 0.0
    idle: float = 0.0
    resonator_idle: float = 0.0
    before_round: Rate = 0.0
    loss_2q: float = 0.0
    loss_round: float = 0.0
    t1_s: float = math.inf
    t2_s: float | None = None
    gate_1q_s: float = 0.0
    gate_2q_s: float = 0.0
    measurement_s: float = 0.0
    reset_s: float = 0.0
    dt_s: float | None = None
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        for name, width in (("after_1q", 1), ("after_2q", 2), ("before_round", 1)):
            if getattr(self, name) is not None or name == "before_round":
                rate = checked_rate(name, getattr(self, name))
                if isinstance(rate, PauliChannel) and rate.num_qubits != width:
                    raise ValueError(
                        f"{name} has Paulis on {rate.num_qubits} qubits: they must be on {width}"
                    )
                object.__setattr__(self, name, rate)
        for name in ("measurement", "reset", "idle", "resonator_idle", "loss_2q", "loss_round"):
            object.__setattr__(self, name, probability(name, getattr(self, name)))
        for name in ("gate_1q_s", "gate_2q_s", "measurement_s", "reset_s"):
            object.__setattr__(self, name, seconds(name, getattr(self, name)))
        object.__setattr__(self, "t1_s", coherence_time("t1_s", self.t1_s))
        if self.t2_s is not None:
            object.__setattr__(self, "t2_s", coherence_time("t2_s", self.t2_s))
        if self.dt_s is not None:
            if not seconds("dt_s", self.dt_s) > 0:
                raise ValueError(f"dt_s is {self.dt_s!r}: it must be above 0 s, or None")
            object.__setattr__(self, "dt_s", float(self.dt_s))
        self._check_overrides()
        self.lookup.check_coherence()

    def __repr__(self) -> str:
        return shown(self)

    def _check_overrides(self) -> None:
        if not isinstance(self.overrides, tuple | list):
            raise ValueError(f"overrides is {self.overrides!r}: it must be a tuple of Override")
        for item in self.overrides:
            if not isinstance(item, Override):
                raise ValueError(f"overrides has {item!r}: each must be an Override")
        object.__setattr__(self, "overrides", tuple(self.overrides))
        seen = set()
        for item in self.overrides:
            key = item.gate, item.qubits
            if key in seen:
                raise ValueError(
                    f"overrides has gate={item.gate!r}, qubits={item.qubits!r} twice: make them one"
                )
            seen.add(key)

    @cached_property
    def lookup(self) -> Lookup:
        """The overrides, indexed."""
        return Lookup(self)

    @classmethod
    def uniform_depolarizing(cls, p: float) -> CircuitNoise:
        """Everything goes wrong with the same probability p, except that waiting costs nothing.

        Depolarising errors after one- and two-qubit gates, flips of outcomes and of resets, and in code
        experiments depolarising errors of the data qubits before each round: the four numbers of
        `stim.Circuit.generated` (see `generated`) at p each.

        Args:
            p: Probability of each error.

        Returns:
            The noise.

        Raises:
            ValueError: If `p` is not a probability.
        """
        p = probability("p", p)
        return cls(after_1q=p, after_2q=p, measurement=p, reset=p, before_round=p)

    @classmethod
    def generated(
        cls,
        *,
        after_clifford_depolarization: float = 0.0,
        before_round_data_depolarization: float = 0.0,
        before_measure_flip_probability: float = 0.0,
        after_reset_flip_probability: float = 0.0,
    ) -> CircuitNoise:
        """The noise of `stim.Circuit.generated`, by its own four names.

        On `memory(rotated_surface(d), …)` it makes the error model of Stim's own rotated memory.

        Args:
            after_clifford_depolarization: Depolarising error after each one- and two-qubit gate.
            before_round_data_depolarization: Depolarising error of each data qubit before each round.
            before_measure_flip_probability: Flip of each outcome.
            after_reset_flip_probability: Flip of each reset.

        Returns:
            The noise.

        Raises:
            ValueError: If one is not a probability.

        Example:
            >>> CircuitNoise.generated(before_round_data_depolarization=0.01)
            CircuitNoise(before_round=0.01)
        """
        clifford = probability("after_clifford_depolarization", after_clifford_depolarization)
        data = probability("before_round_data_depolarization", before_round_data_depolarization)
        measured = probability("before_measure_flip_probability", before_measure_flip_probability)
        reset = probability("after_reset_flip_probability", after_reset_flip_probability)
        return cls(after_1q=clifford, after_2q=clifford, measurement=measured, reset=reset, before_round=data)

    @classmethod
    def si1000(cls, p: float) -> CircuitNoise:
        """The superconducting-inspired noise of Gidney, Newman, Fowler and Broughton.

        Quantum 5, 605 (2021), arXiv:2108.10457, appendix on noise models: two-qubit gates p,
        one-qubit gates p/10, outcomes flipped with 5p, resets with 2p; a qubit without an instruction
        p/10 for each layer, and 2p besides if another one is measured or reset in it.

        Args:
            p: Probability of an error after a two-qubit gate, at most 0.2.

        Returns:
            The noise.

        Raises:
            ValueError: If `p` is not from 0 to 0.2.
        """
        p = probability("p", p)
        if p > 0.2:
            raise ValueError(f"p is {p!r}: it must be at most 0.2, since outcomes are flipped with 5p")
        return cls(
            after_1q=p / 10, after_2q=p, measurement=5 * p, reset=2 * p, idle=p / 10, resonator_idle=2 * p
        )

    @classmethod
    def from_backend(cls, backend: Any, *, twirl: str | None = None) -> CircuitNoise:
        """The noise of a device, as its target reports it, in Pauli errors.

        A reported gate error is the average gate infidelity r of the whole gate, relaxation included:
        it becomes a depolarising error of p = r·(d + 1)/d, d = 2ⁿ (one qubit 1.5·r, two qubits 1.25·r),
        and no relaxation is added during gates. Outcomes are flipped with the mean of p(1|0) and
        p(0|1), which is what IBM reports as the read-out error. Qubits relax by T1 and T2 while they
        idle, for the times that the target's durations leave (T2 is cut at 2·T1). What the target does
        not report is zero. A gate that the target does not have on its qubits is refused: transpile
        for the device first. Aer's `NoiseModel.from_backend` has the same average gate fidelities, but
        no relaxation of idling qubits.

        Args:
            backend: A device or a fake device: anything with a Qiskit `Target`.
            twirl: "pauli": relaxation and unequal read-out errors have no exact Pauli form; their twirl
                is taken only when it is asked for by name.

        Returns:
            The noise, with an override for each gate on each of its qubits and pairs.

        Raises:
            ValueError: If the backend has no target.
            ValueError: If `twirl` is not "pauli".

        Example:
            >>> from qiskit.providers.fake_provider import GenericBackendV2
            >>> noise = CircuitNoise.from_backend(GenericBackendV2(2, seed=1), twirl="pauli")
            >>> len([item for item in noise.overrides if item.gate == "cx"])
            2
        """
        from circuits.noise._backend import noise_of_backend

        return noise_of_backend(cls, backend, twirl)

    def apply(self, circuit: Circuit) -> Circuit:
        """A copy of the circuit with this noise in it.

        A Qiskit circuit gets Aer's error instructions (`quantum_channel`), which Aer runs as they are
        and `to_stim` translates. They survive neither OpenQASM 3, QPY nor transpiling above level 0:
        apply noise last, and `strip` it before those. An outcome is flipped by an X error before the
        measurement where the qubit is not used again before a reset; else the qubit is copied to a
        fresh ancilla of the register `readout_ancilla`, which is measured. Bits, registers, names, metadata
        and the global phase stay as they are; the circuit that is given is not changed.

        A Stim circuit gets Stim's channels, and `M(p)` for outcomes. A Pauli that a measurement record
        controls is not a gate; products measured by MPP, MXX … are flipped like other outcomes.
        A REPEAT whose first or last layer reaches across its border is partly unrolled, and with heralded
        loss one whose targets `rec[-k]` reach before it.

        Args:
            circuit: A `QuantumCircuit` or a `stim.Circuit`.

        Returns:
            A circuit of the same kind.

        Raises:
            ValueError: If it is neither kind of circuit.
            ValueError: If a gate has no error in this noise, one line with its name, its qubits and the mend.
            ValueError: If qubits are lost, and it is a Qiskit circuit.
            ValueError: If a delay is in "dt" and `dt_s` is None, or its duration is not a number.
        """
        from qiskit import QuantumCircuit

        given: Any = circuit
        made: Any = None
        if isinstance(given, QuantumCircuit):
            from circuits.noise._qiskit import noisy_qiskit

            made = noisy_qiskit(self, given)
        else:
            import stim

            if isinstance(given, stim.Circuit):
                from circuits.noise._stim import noisy_stim

                made = noisy_stim(self, given)
        if made is None:
            kind = type(circuit).__name__
            raise ValueError(f"circuit is a {kind}: it must be a QuantumCircuit or a stim.Circuit")
        noisy: Circuit = made
        return noisy

    def as_pass(self) -> TransformationPass:
        """This noise as the last pass of a Qiskit pass manager.

        Returns:
            A transformation pass that does what `apply` does.

        Example:
            >>> from qiskit import QuantumCircuit
            >>> from qiskit.transpiler import PassManager
            >>> circuit = QuantumCircuit(1)
            >>> _ = circuit.h(0)
            >>> noisy = PassManager([CircuitNoise(after_1q=0.01).as_pass()]).run(circuit)
            >>> dict(noisy.count_ops())
            {'h': 1, 'quantum_channel': 1}
        """
        from circuits.noise._pass import NoisePass

        return NoisePass(self)

    strip = staticmethod(_strip)
