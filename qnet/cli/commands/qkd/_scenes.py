"""What a session in one process runs over: circuits on a sampler, or photons over a link; and Eve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qnet.cli.commands.qkd._options import DEFAULT_PRESET

if TYPE_CHECKING:
    from qnet.qkd.quantum import Batch, Choices, Detections, QuantumChannel
    from qnet.qkd.sessions.plan import SessionPlan

__all__ = ["EVES", "Scene", "Watched", "circuits", "eve_named", "photons"]

EVES = (
    "intercept-resend[:SHARE[:BASES]]",
    "always-z[:SHARE]",
    "always-x[:SHARE]",
    "always-y[:SHARE]",
    "photon-number-splitting[:SHARE]",
    "blinding",
    "man-in-the-middle[:ACT[:FRAME]]",
)
_WEAK = ("bb84-decoy", "bb84-one-decoy", "bb84-no-decoy")
_SHARES = {"bb84": 0.5, "bbm92": 0.5, "six-state": 2 / 3}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A session before it starts.

    Args:
        plan: What both ends know.
        open: Makes the quantum channel from a seed.
        told: What runs it, in a few words.
        parameters: The same by name.
    """

    plan: SessionPlan
    open: Callable[[int | None], QuantumChannel]
    told: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def photons(
    protocol: str,
    signals: int,
    settings: list[str] | None,
    *,
    preset: str | None,
    length: float | None,
    eve: Any,
) -> Scene:
    """Photons over the link of a preset; what the protocol leaves open is chosen at its best for the length.

    Raises:
        ValueError: If the length is missing, or the protocol, a setting or Eve does not fit.
    """
    from qnet.cli.commands.qkd._sessions import plan_of
    from qnet.qkd.sessions._photons import photons_of

    if length is None:
        raise ValueError("--photons need --length KM, the length of the link; add it, such as --length 20")
    preset = DEFAULT_PRESET if preset is None else preset
    plan, devices = plan_of(protocol, signals, settings, preset=preset, length=length)
    link = devices.link(length)
    photons_of(plan, link, eve=eve, seed=0)  # what does not fit is refused before long work begins
    return Scene(
        plan=plan,
        open=lambda seed: photons_of(plan, link, eve=eve, seed=seed),
        told=f"{length:g} km, preset {devices.name}",
        parameters={"preset": devices.name, "length_km": length, "sampler": None, "noise": None},
    )


def circuits(
    protocol: str,
    signals: int,
    settings: list[str] | None,
    *,
    sampler: str | None,
    noise: str | None,
    eve: Any,
) -> Scene:
    """Circuits on a sampler; bases are equally likely unless `test_probability` is set.

    Raises:
        ValueError: If the protocol needs weak pulses, or a setting, the sampler or Eve does not fit.
    """
    from qnet.cli._machines import Machine
    from qnet.cli.commands.qkd._sessions import session_name
    from qnet.qkd.circuit_layer import circuit_channel

    name = session_name(protocol)
    if name in _WEAK:
        raise ValueError(
            f"{name} needs weak pulses, and circuits send single photons: give --photons --length KM in "
            "place of --sampler, or take bb84"
        )
    plan = _circuit_plan(name, signals, settings)
    machine = Machine(sampler=sampler, noise=noise)
    ends = plan.scheme.alice, plan.scheme.bob

    def opened(seed: int | None) -> QuantumChannel:
        made: Any = machine.open(seed)
        return circuit_channel(*ends, pulses=signals, sampler=made, eve=eve, seed=seed)

    return Scene(
        plan=plan,
        open=opened,
        told=str(machine),
        parameters={"preset": None, "length_km": None, "sampler": machine.sampler, "noise": machine.noise},
    )


def _circuit_plan(name: str, signals: int, settings: list[str] | None) -> SessionPlan:
    from qnet.cli.commands.qkd._asked import budget_of, values_of
    from qnet.cli.commands.qkd._sessions import plan_settings
    from qnet.qkd.registry import RATES
    from qnet.qkd.sessions.plan import SessionPlan

    chosen, others = plan_settings(settings)
    rates = [RATES[name]] if name in RATES else []
    values = values_of(rates, others, link=False, session=True)
    rate: Any = name
    if rates:
        own = {one: value for one, value in values.items() if one in rates[0].__dataclass_fields__}
        if name in _SHARES and own.get("bases") != "symmetric":
            own = {"test_probability": _SHARES[name], **own}
        rate = rates[0](**own)
    return SessionPlan(protocol=rate, pulses=signals, epsilon=budget_of(values), **chosen)


def eve_named(text: str | None) -> tuple[Any, Any]:
    """Who sits on the quantum channel, and who on the classical one; None for nobody.

    Raises:
        ValueError: If there is no such eavesdropper, or she does not take what follows her name.

    Example:
        >>> eve_named("always-z:0.5")
        (InterceptResend(share=0.5, bases=('Z',)), None)
        >>> eve_named("man-in-the-middle:tamper:3")[1].act
        'tamper'
    """
    if text is None:
        return None, None
    from difflib import get_close_matches

    from qnet.qkd.eavesdroppers import eavesdropper
    from qnet.qkd.errors import UnknownEavesdropper
    from qnet.qkd.sessions.meddling import ManInTheMiddle

    name, _, rest = text.strip().lower().replace("_", "-").partition(":")
    if name == "man-in-the-middle":
        act, _, frame = rest.partition(":")
        if frame and not frame.isdecimal():
            raise ValueError(f"--eve {text}: frame {frame!r} is no whole number from 0; give one")
        return None, ManInTheMiddle(act=act or "tamper", frame=int(frame or 6))
    if name in ("always-z", "always-x", "always-y"):
        if ":" in rest:
            raise ValueError(f"--eve {text} has too many parts; give {name}[:SHARE]")
        return eavesdropper(f"intercept-resend:{rest or 1}:{name[-1]}"), None
    try:
        return eavesdropper(text), None
    except UnknownEavesdropper:
        names = [one.partition("[")[0] for one in EVES]
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(names)}"
        raise UnknownEavesdropper(f"there is no eavesdropper {name!r}; {mend}") from None


class Watched:
    """A quantum channel whose progress is told.

    Args:
        quantum: The channel.
        tell: Is told how many pulses are over; all of them at the end.
    """

    def __init__(self, quantum: QuantumChannel, tell: Callable[[int], None]) -> None:
        self._quantum, self._tell = quantum, tell

    @property
    def pulses(self) -> int:
        """How many pulses are sent in all."""
        return self._quantum.pulses

    @property
    def simulated(self) -> bool:
        """Whether the physics is simulated."""
        return self._quantum.simulated

    def propose(self) -> Batch | None:
        """The next pulses that may click."""
        batch = self._quantum.propose()
        self._tell(self.pulses if batch is None else int(batch.numbers[0]))
        return batch

    def detect(self, batch: Batch, alice: Choices, bob: Choices) -> Detections:
        """What the ends see of them."""
        return self._quantum.detect(batch, alice, bob)
