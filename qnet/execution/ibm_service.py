"""IBM's service: how it is opened, and how what it and its client say becomes one line of ours."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qnet.errors import (
    DamagedResult,
    HardwareError,
    JobCancelled,
    JobFailed,
    NoAnswer,
    NotAuthorized,
    QnetError,
    RequestRefused,
    ServiceUnavailable,
    TooManyRequests,
    UnknownDevice,
    UnknownJob,
)
from qnet.execution._ibm_connection import Failure, Patience, attempts, failures, own_sessions
from qnet.execution.secrets import account_warning, scrubbed

__all__ = ["job_result", "open_service", "telling"]

logger = logging.getLogger("qnet.execution.ibm")

_FAKE = "take a fake device such as 'fake_torino'"
_LATER = (408, 425)
"""Answers which, though below 500, say that the same request may go through later."""
_STATUS = re.compile(r"\b([45]\d\d) (?:Client|Server) Error")


def open_service(*, patience: Patience | None = None, wanted: str = "IBM's service") -> Any:
    """IBM's service, with the account of this user: saved by Qiskit, or in the environment.

    Every connection is bounded in time, waits and repetitions are told by the logger `qnet.execution.ibm`,
    a submission is never repeated by the client itself, and an access token that is refused in mid-session
    is renewed once.

    Args:
        patience: How long it is waited for.
        wanted: What for, as the error tells it.

    Returns:
        A `QiskitRuntimeService`.

    Raises:
        NotAuthorized: If there is no account, or the service does not accept it.
        HardwareError: If the service cannot be reached, or refuses otherwise.
    """
    from qiskit_ibm_runtime import QiskitRuntimeService

    patience = patience or Patience()
    warning = account_warning()
    if warning:
        logger.warning("%s", warning)
    with telling(wanted), own_sessions(patience):
        try:
            service = QiskitRuntimeService()
        except Exception as error:
            if not failures():
                raise _no_account(wanted, error) from None
            raise
        if failures() and not any(getattr(service, "_backends_info_per_instance", {}).values()):
            raise told(failures()[-1], wanted)
    _keep_manners(service, patience)
    return service


def _no_account(wanted: str, error: Exception) -> NotAuthorized:
    return NotAuthorized(
        f"{wanted} needs an IBM account, and none could be used ({type(error).__name__}); save one with "
        f"QiskitRuntimeService.save_account, or {_FAKE}"
    )


def _keep_manners(service: Any, patience: Patience) -> None:
    """Clients that the service makes later, for other instances, talk through our session too."""
    make = getattr(service, "_create_new_cloud_api_client", None)
    if make is None:
        return

    def made(instance: str) -> Any:
        with own_sessions(patience):
            return make(instance)

    service._create_new_cloud_api_client = made


@contextmanager
def _quiet() -> Iterator[None]:
    """The client logs, on lines of its own, which account and instance it takes; errors it raises."""
    client = logging.getLogger("qiskit_ibm_runtime")
    before = client.level
    client.setLevel(max(before, logging.ERROR))
    try:
        yield
    finally:
        client.setLevel(before)


@contextmanager
def telling(doing: str) -> Iterator[None]:
    """Whatever the client raises in here becomes a one-line error of ours, without a token.

    Args:
        doing: What was being done, as the error tells it: `"job d0123"`, `"'ibm_torino'"`.

    Raises:
        HardwareError: Or one of its children, in place of the client's error.
    """
    with attempts(), _quiet():
        try:
            yield
        except QnetError:
            raise
        except Exception as error:
            if type(error) is ValueError and not failures():
                raise
            raise _told_error(error, doing) from None


def _told_error(error: Exception, doing: str) -> HardwareError:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "QiskitBackendNotFoundError" in kinds and not failures():
        return UnknownDevice(
            f"{doing}: IBM gives this account no such device; see QiskitRuntimeService().backends()"
        )
    if "RuntimeJobNotFound" in kinds:
        return UnknownJob(f"{doing}: IBM knows no such job; was it submitted with another account?")
    if kinds & {"RuntimeJobFailureError", "RuntimeJobMaxTimeoutError"}:
        return JobFailed(f"{doing} failed at IBM: {_reason(error)}")
    if "RuntimeInvalidStateError" in kinds and "cancelled" in str(error).lower():
        return JobCancelled(f"{doing} was cancelled; submit it again")
    noted = failures()
    if noted:
        return told(noted[-1], doing)
    found = _STATUS.search(str(error))
    status = getattr(error, "status_code", -1)
    status = int(found.group(1)) if found else status if isinstance(status, int) and status > 0 else None
    words = _line(getattr(error, "message", error))
    if status is not None:
        return told(Failure(route="", status=status, said=words), doing)
    return HardwareError(f"{doing}: {type(error).__name__}: {words}")


def told(failure: Failure, doing: str) -> HardwareError:
    """One line for a request that failed, with what mends it."""
    status, said = failure.status, f": {failure.said}" if failure.said else ""
    if status is None:
        sent = " (it may have been carried out all the same)" if failure.route.startswith("POST") else ""
        return NoAnswer(f"{doing}: no answer from IBM's service{sent}; try again when the network is back")
    if status == 401:
        return NotAuthorized(
            f"{doing}: IBM does not accept the token of your account (401{said}); save a new API "
            "key with QiskitRuntimeService.save_account(token=…, overwrite=True)"
        )
    if status == 403:
        return NotAuthorized(
            f"{doing}: your IBM account may not do this (403{said}); see that the instance is yours and its "
            "plan has this device"
        )
    if status == 404:
        kind = UnknownJob if "/jobs/" in failure.route else UnknownDevice
        what = "job" if kind is UnknownJob else "device"
        return kind(f"{doing}: IBM knows no such {what} (404{said}); look for it in IBM's own list")
    if status == 429:
        return TooManyRequests(
            f"{doing}: IBM takes no more requests for now (429{said}); wait until pending jobs are done"
        )
    if status >= 500 or status in _LATER:
        return ServiceUnavailable(
            f"{doing}: IBM's service cannot work now ({status}{said}); try again later, nothing is wrong here"
        )
    return RequestRefused(f"{doing}: IBM refuses ({status}{said})")


def job_result(job: Any, *, timeout_s: float | None = None) -> Any:
    """The result of one of IBM's jobs, waited for.

    Raises:
        JobFailed: If it failed at the service; its reason is told.
        JobCancelled: If it was cancelled.
        DamagedResult: If a result came that cannot be read.
        HardwareError: If the service cannot be reached, or refuses otherwise.
    """
    doing = f"job {job.job_id()}"
    with telling(doing):
        waiting = getattr(job, "wait_for_final_state", None)
        if waiting is not None:
            waiting(timeout=timeout_s)
        try:
            made = job.result()
        except Exception as error:
            if failures() or type(error).__module__.startswith("qiskit_ibm_runtime.exceptions"):
                raise
            raise _damaged(doing, error) from None
        if made is None or isinstance(made, str):
            raise _damaged(doing, made)
        return made


def _damaged(doing: str, found: Any) -> DamagedResult:
    what = type(found).__name__ if isinstance(found, Exception) else "no result"
    return DamagedResult(
        f"{doing}: its result came incomplete and cannot be read ({what}); fetch it again, it stays at IBM"
    )


def _reason(error: Exception) -> str:
    text = _line(getattr(error, "message", error))
    return text.removeprefix("Unable to retrieve job result. ")


def _line(said: Any) -> str:
    text = scrubbed(" ".join(str(said).split())).strip("'\"")
    return text if len(text) <= 300 else f"{text[:298]} …"
