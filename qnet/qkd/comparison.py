"""`key_rates` and `compare`: rates at a place or along a curve, with what they are made of, as results."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np

from qnet.bounds import repeater_capacity
from qnet.qkd._shortest_block import no_key
from qnet.qkd.link import QkdLink
from qnet.qkd.rates.shape import Block, FiniteKey, KeyRate, RateProtocol
from qnet.results import Figure, Result

__all__ = ["bound_rows", "capacity_name", "compare", "key_rates"]


def key_rates(protocol: RateProtocol, link: QkdLink, block: Block | None = None) -> Result:
    """The key rate of one protocol: at one place as figures, along a curve as rows.

    What the protocol leaves open is chosen at its best and told in the parameter `optimised`.

    Args:
        protocol: The protocol.
        link: One channel, or a curve of them.
        block: How much is exchanged for a key; an endless key if not given.

    Returns:
        For one place the figure `rate`, with the capacity that bounds it, `length` of a finite key, and every
        figure on the way; for a curve these as rows, and the figure `reach_km` (or `reach_db`).

    Raises:
        NoFiniteKeyProof: If a block is given, and no proof for the protocol is used here.
        FiniteKeyError: If the block at one place leaves no key; the shortest that does is named.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.registry import rate_protocol
        >>> detector = Detector(efficiency=0.5, dark_count_probability=1e-9, misalignment=0.03)
        >>> made = key_rates(rate_protocol("twin-field")(), QkdLink(length_km=300, detector=detector))
        >>> print(f"{made.figures['rate'].value:.4e}", sorted(made.parameters["optimised"]))
        3.8587e-06 ['intensity', 'sending_probability']
    """
    started = perf_counter()
    alone = np.ndim(link.channel_transmittance) == 0
    found, chosen = _found(protocol, link, block, strict=alone)
    if alone:
        figures, rows = _figures(protocol, found, link), []
    else:
        rows = _rows(protocol.name, found, chosen, link)
        figures = _reach(protocol.name, rows)
    return Result(
        command="qkd rate",
        experiment=protocol.name,
        figures=figures,
        parameters=_parameters(protocol, found, chosen, link, block, alone=alone),
        seed=None,
        shots=0,
        sampler="closed form",
        versions=_versions(),
        elapsed_s=perf_counter() - started,
        rows=rows,
    )


def compare(
    protocols: Iterable[RateProtocol],
    link: QkdLink,
    *,
    blocks: Sequence[Block | None] = (None,),
    repeaters: Sequence[int] = (0,),
) -> Result:
    """Rates of several protocols along a curve, and the capacities that bound them.

    Args:
        protocols: The protocols.
        link: A curve of channels.
        blocks: Each protocol is reckoned for each; None stands for an endless key.
        repeaters: The capacity with so many ideal repeaters; 0 is the PLOB bound of the bare channel.

    Returns:
        Rows `curve`, `kind` (`protocol` or `bound`), `length_km`, `loss_db`, `rate` and more; figures
        `reach_km` by curve.

    Raises:
        ValueError: If the link is one place, not a curve.
        NoFiniteKeyProof: If a block is given, and no proof for a protocol is used here.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.registry import rate_protocol
        >>> link = QkdLink(length_km=[0.0, 100.0], detector=Detector(efficiency=0.5, misalignment=0.01))
        >>> made = compare([rate_protocol("sarg04")()], link)
        >>> [(row["curve"], row["length_km"]) for row in made.rows][1:3]
        [('sarg04', 100.0), ('PLOB bound', 100.0)]
    """
    started = perf_counter()
    if np.ndim(link.channel_transmittance) == 0:
        raise ValueError("link has one length only; give an array of lengths, a curve, to compare along")
    listed = tuple(protocols)
    rows: list[dict[str, Any]] = []
    figures: dict[str, Figure] = {}
    settings: dict[str, Any] = {}
    for protocol in listed:
        settings[protocol.name] = protocol.parameters
        for block in blocks:
            name = protocol.name if len(blocks) == 1 else f"{protocol.name}, {_size(block)}"
            found, chosen = _found(protocol, link, block, strict=False)
            made = _rows(name, found, chosen, link)
            figures |= {f"{key} of {name}": figure for key, figure in _reach(name, made).items()}
            rows += made
    return Result(
        command="qkd compare",
        experiment="comparison",
        figures=figures,
        parameters={"protocols": settings, "repeaters": list(repeaters), **_place(link)},
        seed=None,
        shots=0,
        sampler="closed form",
        versions=_versions(),
        elapsed_s=perf_counter() - started,
        rows=rows + bound_rows(link, repeaters),
    )


def capacity_name(repeaters: int) -> str:
    """What the capacity with so many repeaters is called.

    Example:
        >>> capacity_name(0), capacity_name(1), capacity_name(3)
        ('PLOB bound', 'bound with 1 repeater', 'bound with 3 repeaters')
    """
    if repeaters == 0:
        return "PLOB bound"
    return f"bound with {repeaters} repeater{'' if repeaters == 1 else 's'}"


def bound_rows(link: QkdLink, repeaters: Sequence[int]) -> list[dict[str, Any]]:
    """Rows of the capacities of a link; where the capacity is infinite (no loss at all) there is none.

    Args:
        link: A curve of channels.
        repeaters: Numbers of ideal repeaters.

    Returns:
        The rows.

    Example:
        >>> from qnet.devices import Detector
        >>> link = QkdLink(length_km=[0.0, 50.0], detector=Detector(efficiency=1.0))
        >>> [(row["curve"], row["length_km"], round(row["rate"], 4)) for row in bound_rows(link, [0])]
        [('PLOB bound', 50.0, 0.152)]
    """
    return [
        {"curve": capacity_name(count), "kind": "bound", **place, "rate": float(rate)}
        for count in repeaters
        for place, rate in zip(_places(link), _capacity(link, count), strict=True)
        if np.isfinite(rate)
    ]


def _found(
    protocol: RateProtocol, link: QkdLink, block: Block | None, *, strict: bool
) -> tuple[KeyRate, dict[str, Any]]:
    """The rate, and the values that were sought."""
    best = protocol.optimised(link, block)
    chosen = {name: getattr(best, name) for name in protocol.sought_over(link, finite=block is not None)}
    if block is None:
        return best.asymptotic_rate(link), chosen
    counts = best.expected_counts(link, block)
    found = best.finite_key_length(counts, epsilon=block.epsilon)
    if strict and not np.asarray(found.length) >= 1:
        raise no_key(protocol, link, block)
    return found, chosen


def _numbers(found: KeyRate) -> dict[str, Any]:
    """Everything of a rate that is a number, the rate first."""
    made: dict[str, Any] = {"rate": found.rate}
    if isinstance(found, FiniteKey):
        made |= {"length": found.length, "pulses": found.pulses, "leakage_bits": found.leakage_bits}
    return made | {name: value for name, value in found.figures.items() if name not in made}


def _figures(protocol: RateProtocol, found: KeyRate, link: QkdLink) -> dict[str, Figure]:
    capacity = float(_capacity(link, 1 if protocol.name == "twin-field" else 0)[0])
    made = {}
    for name, value in _numbers(found).items():
        bound = capacity if name == "rate" and np.isfinite(capacity) else None
        made[name] = Figure(float(np.asarray(value)), unit=_unit(name), bound=bound)
    return made


def _unit(name: str) -> str:
    if name == "rate":
        return "bit/pulse"
    return "bit" if name == "length" or name.endswith("_bits") else ""


def _rows(name: str, found: KeyRate, chosen: Mapping[str, Any], link: QkdLink) -> list[dict[str, Any]]:
    columns = {
        key: np.broadcast_to(np.asarray(value, dtype=float), (link.points,))
        for key, value in {**_numbers(found), **chosen}.items()
    }
    return [
        {"curve": name, "kind": "protocol", **place, **{key: float(c[k]) for key, c in columns.items()}}
        for k, place in enumerate(_places(link))
    ]


def _reach(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Figure]:
    """The last place of the curve that has a key; NaN where none has."""
    key = "length_km" if all("length_km" in row for row in rows) else "loss_db"
    reached = [row[key] for row in rows if row["rate"] > 0]
    unit = key.rpartition("_")[2].replace("db", "dB")
    return {f"reach_{key.rpartition('_')[2]}": Figure(max(reached, default=float("nan")), unit=unit)}


def _capacity(link: QkdLink, repeaters: int) -> Any:
    return np.atleast_1d(repeater_capacity(link.channel_transmittance, repeaters))


def _places(link: QkdLink) -> list[dict[str, float]]:
    loss = np.atleast_1d(np.asarray(link.loss_db)) + 0.0
    if link.length_km is None:
        return [{"loss_db": float(one)} for one in loss]
    lengths = np.atleast_1d(np.asarray(link.length_km))
    return [{"length_km": float(km), "loss_db": float(one)} for km, one in zip(lengths, loss, strict=True)]


def _place(link: QkdLink) -> dict[str, Any]:
    """The link's own parameters; a length or a transmittance, whichever was given."""
    length = (
        {"transmittance": link.transmittance} if link.length_km is None else {"length_km": link.length_km}
    )
    fibre = {} if link.length_km is None else {"loss_db_per_km": link.loss_db_per_km}
    return {**length, **fibre, "detector": asdict(link.detector)}


def _parameters(
    protocol: RateProtocol,
    found: KeyRate,
    chosen: Mapping[str, Any],
    link: QkdLink,
    block: Block | None,
    *,
    alone: bool,
) -> dict[str, Any]:
    made = {**_place(link), **protocol.parameters, **(chosen if alone else {})}
    made["optimised"] = dict(chosen) if alone else sorted(chosen)
    made["block"] = None
    if isinstance(found, FiniteKey) and block is not None:
        size = {"pulses": block.pulses} if block.pulses is not None else {"bits": block.bits}
        made["block"] = {**size, "epsilon": asdict(found.epsilon), "bound": found.bound, "proof": found.proof}
    return made


def _size(block: Block | None) -> str:
    if block is None:
        return "endless"
    if block.pulses is not None:
        return f"{block.pulses:.3g} pulses"
    return f"{block.bits:.3g} bits"


def _versions() -> dict[str, str]:
    from qnet._version import __version__

    return {"qnet": __version__, "python": platform.python_version(), "numpy": version("numpy")}
