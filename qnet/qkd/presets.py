"""Links and devices of the literature by name, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qnet.devices import Detector
from qnet.qkd._checks import as_number, check_within
from qnet.qkd.errors import UnknownPreset
from qnet.qkd.link import QkdLink

__all__ = ["PRESETS", "Preset", "preset"]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A link and its devices.

    Args:
        name: Its name.
        summary: What it is, in a line.
        source: The publication, and what was added to it.
        detector: The receiver.
        loss_db_per_km: Loss of the fibre; None for a link through space.
        reference_km: Of a link through space, the distance at which `reference_loss_db` was seen.
        reference_loss_db: The channel's loss at that distance; it grows with the square of the distance.
        settings: Values of protocols' parameters (`f_ec`, `bases` …) and parts of the `EpsilonBudget` that
            belong to it.

    Example:
        >>> gys = preset("gys")
        >>> gys.link(100).detector.efficiency, gys.settings["f_ec"]
        (0.045, 1.22)
    """

    name: str
    summary: str
    source: str
    detector: Detector
    loss_db_per_km: float | None = None
    reference_km: float | None = None
    reference_loss_db: float | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def link(self, length_km: ArrayLike) -> QkdLink:
        """The link at a length, or at an array of lengths.

        Args:
            length_km: Length of the fibre, or the distance through space.

        Raises:
            ValueError: If a length is negative, or 0 through space.
        """
        if self.loss_db_per_km is not None:
            made = as_number("length_km", length_km)
            return QkdLink(length_km=made, loss_db_per_km=self.loss_db_per_km, detector=self.detector)
        distance = as_number("length_km", length_km)
        check_within("length_km", distance, 0, np.inf, open_low=True, open_high=True)
        assert self.reference_km is not None
        assert self.reference_loss_db is not None
        loss = self.reference_loss_db + 20 * np.log10(np.asarray(distance) / self.reference_km)
        return QkdLink(transmittance=np.minimum(10 ** (-loss / 10), 1.0), detector=self.detector)

    def settings_of(self, protocol: type[Any]) -> dict[str, Any]:
        """Those of the settings that are parameters of a protocol."""
        known = {one.name for one in fields(protocol)}
        return {name: value for name, value in self.settings.items() if name in known}


_ALL = (
    Preset(
        name="gys",
        summary="122 km of fibre with cooled InGaAs detectors, 2004",
        source="Gobby, Yuan, Shields, Appl. Phys. Lett. 84, 3762 (2004), with the values that Ma, Qi, Zhao,"
        " Lo, Phys. Rev. A 72, 012326 (2005) took from it; as theirs, rates leave out the bits of empty"
        " pulses, and the weakest decoy is empty",
        detector=Detector.from_background(1.7e-6, efficiency=0.045, misalignment=0.033),
        loss_db_per_km=0.21,
        settings={"f_ec": 1.22, "bases": "symmetric", "vacuum_bits": False, "vacuum_intensity": 0.0},
    ),
    Preset(
        name="lim2014",
        summary="the fibre link of the finite two-decoy bound",
        source="Lim, Curty, Walenta, Xu, Zbinden, Phys. Rev. A 89, 022307 (2014)",
        detector=Detector(
            efficiency=0.1,
            dark_count_probability=6e-7,
            misalignment=5e-3,
            afterpulse_probability=0.04,
            afterpulse_law="same pulse",
        ),
        loss_db_per_km=0.2,
        settings={
            "f_ec": 1.16,
            "bases": "biased",
            "secrecy": 1e-15,
            "correctness": 1e-15,
            "per_bit": True,
        },
    ),
    Preset(
        name="rusca2018",
        summary="the fibre link of the finite one-decoy bound, 1 GHz, superconducting detectors",
        source="after Rusca, Boaron, Grünenfelder, Martin, Zbinden, Appl. Phys. Lett. 112, 171104 (2018):"
        " values of that order (dark counts 10 Hz in 1 ns, dead time 100 ns), not read off one by one",
        detector=Detector(
            efficiency=0.5, dark_count_probability=1e-8, misalignment=0.01, dead_time_pulses=100
        ),
        loss_db_per_km=0.2,
        settings={"f_ec": 1.16, "bases": "biased"},
    ),
    Preset(
        name="micius2017",
        summary="low-orbit satellite to ground at 850 nm; the length is the distance to the satellite",
        source="after Liao et al., Nature 549, 43 (2017): at 1200 km 22 dB of diffraction, 3 dB of pointing"
        " and 3-8 dB of atmosphere (5.5 taken), optics of 16 %, detectors of 50 % with 25 dark"
        " counts a second in 2 ns; misalignment set to the QBER, 1.1 %",
        detector=Detector(efficiency=0.08, dark_count_probability=5e-8, misalignment=0.011, count=4),
        reference_km=1200.0,
        reference_loss_db=30.5,
        settings={"f_ec": 1.16, "bases": "symmetric"},
    ),
    Preset(
        name="snspd-metro",
        summary="a metropolitan link at 1 GHz with superconducting nanowires",
        source="values of the order of Grünenfelder et al., Nat. Photonics 17, 422 (2023), and Boaron et al.,"
        " Phys. Rev. Lett. 121, 190502 (2018): 80 % with 1 dB of optics, 100 dark counts a second, 30 ns of"
        " dead time",
        detector=Detector(
            efficiency=0.635, dark_count_probability=1e-7, misalignment=0.005, dead_time_pulses=30
        ),
        loss_db_per_km=0.2,
        settings={"f_ec": 1.16, "bases": "biased"},
    ),
    Preset(
        name="ingaas",
        summary="gated InGaAs diodes in self-differencing mode at 1.25 GHz",
        source="Yuan, Kardynal, Sharpe, Shields, Appl. Phys. Lett. 91, 041114 (2007), arXiv:0707.4307: 10.8 %"
        " and afterpulses of 6.16 % (its abstract), dark counts of 2.34e-6 a gate; no further loss in the"
        " receiver, misalignment of 2 % and f_EC are our choice",
        detector=Detector(
            efficiency=0.108,
            dark_count_probability=2.34e-6,
            misalignment=0.02,
            afterpulse_probability=0.0616,
        ),
        loss_db_per_km=0.2,
        settings={"f_ec": 1.16, "bases": "biased"},
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({one.name: one for one in _ALL})


def preset(name: str) -> Preset:
    """The preset of that name.

    Args:
        name: Its name, with or without hyphens or underscores, in any case; a beginning that no other has is
            enough.

    Raises:
        UnknownPreset: If there is none; the nearest names are given.

    Example:
        >>> ", ".join(PRESETS)
        'gys, lim2014, rusca2018, micius2017, snspd-metro, ingaas'
    """
    plain = str(name).strip().lower().replace("_", "-")
    bare = plain.replace("-", "")
    alike = [key for key in PRESETS if bare and key.replace("-", "").startswith(bare)]
    if len(alike) == 1:
        return PRESETS[alike[0]]
    near = get_close_matches(plain, list(PRESETS), n=1, cutoff=0.6)
    mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(PRESETS)}"
    raise UnknownPreset(f"there is no preset {name!r}; {mend}")
