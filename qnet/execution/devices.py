"""`DeviceSampler`: an IBM device with its noise, simulated on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiskit import QuantumCircuit

from circuits.bridge import translate
from qnet.execution._aer_engine import AerEngine
from qnet.execution._compaction import compacted, used_qubits
from qnet.execution._device_noise import device_noise_model
from qnet.execution._noise import with_device_noise
from qnet.execution._pub_sampler import PubSampler, Seed
from qnet.execution._pubs import Packed, packed_bits
from qnet.execution._suitability import backend_name
from qnet.execution.fitting import Fitter
from qnet.execution.stim_sampler import sample_registers

if TYPE_CHECKING:
    from circuits.noise import CircuitNoise

__all__ = ["DeviceSampler"]

_ENGINES = ("aer", "stim")


class DeviceSampler(PubSampler):
    """A `BaseSamplerV2` that runs circuits as a fake device of `qiskit-ibm-runtime` would.

    Circuits are transpiled to the device; only the qubits that are used are simulated, with their noise.

    Args:
        backend: A fake device.
        noise: Noise in the place of the device's own, by the device's qubit numbers.
        engine: `"aer"`, with the device's noise as Aer models it, or `"stim"`, with the Pauli twirl of it
            (Clifford circuits only).
        optimization_level: Of the preset pass manager, 0 to 3; at 0 qubits keep their numbers, above it
            the better of our layout and Qiskit's is taken. On Stim, layout and routing follow it, and
            gates are merged as at level 1 at most, since more turns Clifford gates into others.
        seed: Seed of the transpiler and of all runs.
        default_shots: Shots where neither the run nor the PUB says how many.
        **options: Options of `AerSimulator`.

    Raises:
        ValueError: If `noise` is no `CircuitNoise`, or the seed is not a whole number from 0.
        ValueError: If `default_shots` is not a positive whole number.
        ValueError: If `engine` or an option is unknown, or `optimization_level` is not 0, 1, 2 or 3.
    """

    def __init__(
        self,
        backend: Any,
        *,
        noise: CircuitNoise | None = None,
        engine: str = "aer",
        optimization_level: int = 2,
        seed: Seed = None,
        default_shots: int = 1024,
        **options: Any,
    ) -> None:
        super().__init__(noise=noise, seed=seed, default_shots=default_shots)
        if engine not in _ENGINES:
            raise ValueError(f"engine={engine!r} is unknown; it may be 'aer' or 'stim'")
        _check_options(engine, options)
        self.name = backend_name(backend)
        self._backend = backend
        self._fitter = Fitter(
            backend,
            optimization_level=optimization_level,
            seed=int(self._streams.generate_state(1)[0]) >> 1,
            clifford=engine == "stim",
        )
        if engine == "stim" and noise is None:
            self._noise = _twirled(backend)
        self._models: dict[tuple[int, ...], Any] = {}
        self._aer = AerEngine.of(options) if engine == "aer" else None

    @property
    def backend(self) -> Any:
        """The device."""
        return self._backend

    @property
    def engine(self) -> str:
        """What simulates the device, `"aer"` or `"stim"`."""
        return "stim" if self._aer is None else "aer"

    def _prepare(self, circuit: QuantumCircuit) -> QuantumCircuit:
        return self._fitter.fit(circuit).circuit

    def _measure(self, circuit: QuantumCircuit, shots: int, seed: int) -> Packed:
        noisy = with_device_noise(circuit, self._noise)
        used = used_qubits(noisy)
        small = compacted(noisy, used)
        if self._aer is None:
            return sample_registers(circuit, translate(small), shots, seed)
        model = self._model(used) if self._noise is None and used else None
        return packed_bits(self._aer.bits(small, shots, seed, model), circuit)

    def _model(self, used: tuple[int, ...]) -> Any:
        if used not in self._models:
            self._models[used] = device_noise_model(self._backend, used)
        return self._models[used]


def _check_options(engine: str, options: dict[str, Any]) -> None:
    if engine == "stim" and options:
        raise ValueError(f"engine='stim' has no option {next(iter(options))!r}; options of Aer are for 'aer'")
    if "noise_model" in options:
        raise ValueError("a device has noise of its own: give noise= in its place, or noise_model to 'aer'")


def _twirled(backend: Any) -> CircuitNoise:
    from circuits.noise import CircuitNoise

    return CircuitNoise.from_backend(backend, twirl="pauli")
