"""Belief propagation, completed by ordered statistics or by localised statistics, for any code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._extras import imported
from decoders._per_shot import CompiledPerShot, RareErrors, rare_errors
from decoders._shots import checked_model
from decoders.errors import NotDecodable

__all__ = ["BpLsdDecoder", "BpOsdDecoder"]


@dataclass(frozen=True, kw_only=True)
class BpOsdDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""Belief propagation and, where that does not converge, ordered-statistics decoding.

    For codes that do not match, such as bivariate-bicycle codes. Needs the extra `decoders`. A shot has low
    confidence when belief propagation did not converge on it.

    Args:
        iterations: The most rounds of belief propagation (minimum sum).
        order: How many bits the combination sweep of the second stage tries; 0 for none.

    Source:
        J. Roffe et al., Phys. Rev. Research 2, 043423 (2020), arXiv:2005.07016.

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel("error(0.1) D0 D1 D2 L0\nerror(0.2) D0 D1\nerror(0.1) D2")
        >>> compiled = BpOsdDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b000], [0b100], [0b111]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [0], [1]]
    """

    iterations: int = 30
    order: int = 10

    tells_confidence: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check_counts(self.iterations, self.order)

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> CompiledPerShot:
        """A decoder for one error model, which need not be decomposed.

        Args:
            dem: The detector error model.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            MissingExtra: If ldpc is not installed.
        """
        found = rare_errors(checked_model(dem))
        library = imported("ldpc", "ldpc_bposd")
        checks = _checks(found, dem)
        # The sweep runs over bits that the checks leave free; the library reads beyond the last of them.
        order = min(self.order, checks.shape[1] - imported("ldpc.mod2", "ldpc_bposd").rank(checks))
        sweep = {"osd_method": "OSD_CS" if order else "OSD_0", "osd_order": order}
        return _compiled(library.BpOsdDecoder, checks, self.iterations, sweep, found, dem)


@dataclass(frozen=True, kw_only=True)
class BpLsdDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""Belief propagation and, where that does not converge, localised-statistics decoding.

    As `BpOsdDecoder`, but the second stage works in clusters: faster on large models.

    Args:
        iterations: The most rounds of belief propagation (minimum sum).
        order: How many bits the combination sweep tries in each cluster; 0 for none.

    Source:
        T. Hillmann et al., arXiv:2406.18655.

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel("error(0.1) D0 D1 D2 L0\nerror(0.2) D0 D1\nerror(0.1) D2")
        >>> compiled = BpLsdDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b000], [0b100], [0b111]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [0], [1]]
    """

    iterations: int = 30
    order: int = 0

    tells_confidence: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check_counts(self.iterations, self.order)

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> CompiledPerShot:
        """A decoder for one error model, which need not be decomposed.

        Args:
            dem: The detector error model.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            MissingExtra: If ldpc is not installed.
        """
        found = rare_errors(checked_model(dem))
        library = imported("ldpc", "ldpc_bplsd")
        sweep = {"lsd_method": "LSD_CS" if self.order else "LSD_0", "lsd_order": self.order}
        return _compiled(library.BpLsdDecoder, _checks(found, dem), self.iterations, sweep, found, dem)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Solver:
    """One decoder of the library, what its errors flip, and the parities that every syndrome keeps."""

    decoder: Any = field(repr=False)
    kept: Any = field(repr=False)
    effects: Any = field(repr=False)

    def __call__(self, events: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], bool]:
        syndrome = events.astype(np.uint8)
        if (self.kept @ syndrome & 1).any():  # The library would search for ever.
            raise NotDecodable(
                "no set of the model's errors explains a shot; make the error model from the circuit that "
                "was sampled"
            )
        errors = self.decoder.decode(syndrome)
        return (self.effects @ errors & 1).astype(np.bool_), not self.decoder.converge


def _compiled(
    kind: Any,
    checks: Any,
    iterations: int,
    sweep: Mapping[str, object],
    found: RareErrors,
    dem: stim.DetectorErrorModel,
) -> CompiledPerShot:
    decoder = None
    if found.errors:
        decoder = kind(
            checks,
            error_channel=list(found.errors.values()),
            max_iter=iterations,
            bp_method="minimum_sum",
            ms_scaling_factor=0.0,
            **sweep,
        )
    effects = _matrix([symptom.observables for symptom in found.errors], dem.num_observables)
    return CompiledPerShot(
        model=found,
        decode=_Solver(decoder=decoder, kept=_kept(checks), effects=effects),
        detectors=dem.num_detectors,
        observables=dem.num_observables,
    )


def _checks(found: RareErrors, dem: stim.DetectorErrorModel) -> Any:
    return _matrix([symptom.detectors for symptom in found.errors], dem.num_detectors)


def _kept(checks: Any) -> Any:
    """Sets of detectors of which every error flips an even number."""
    return imported("ldpc.mod2", "ldpc").kernel(checks.T) if checks.shape[1] else checks.T


def _matrix(members: list[frozenset[int]], rows: int) -> Any:
    """A sparse matrix with a column for every error."""
    places = [(row, column) for column, mine in enumerate(members) for row in mine]
    row, column = np.array(places, dtype=np.int64).reshape(-1, 2).T
    sparse = imported("scipy.sparse", "ldpc_bposd")
    return sparse.csr_matrix(
        (np.ones(len(places), dtype=np.uint8), (row, column)), shape=(rows, len(members))
    )


def _check_counts(iterations: int, order: int) -> None:
    for name, value, least in (("iterations", iterations, 1), ("order", order, 0)):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name}={value!r} is no count; give a whole number of at least {least}")
