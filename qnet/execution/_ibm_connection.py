"""The connection to IBM's service: bounded in time, never silent for long, and honest about what was sent.

`qiskit-ibm-runtime`'s own session waits for ever for some answers, retries in silence, repeats `POST /jobs`
after a failure that may have come after the job was taken, and sends the API key itself where it gets no
access token. The session here differs in these four things alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

__all__ = ["Failure", "Patience", "attempts", "failures", "own_sessions"]

logger = logging.getLogger("qnet.execution.ibm")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long the service is waited for.

    Args:
        connect_s: For a connection.
        read_s: For an answer.
        submit_s: For the answer to a submission.
        retries: How often a request that changes nothing is repeated where the service answers 5xx.
        pause_s: Pause before the second repetition; it doubles each time.
        told_s: After how long a wait is told.
    """

    connect_s: float = 10.0
    read_s: float = 20.0
    submit_s: float = 60.0
    retries: int = 4
    pause_s: float = 0.5
    told_s: float = 4.0


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A request that failed: its route, the status if there was an answer, and the service's own words."""

    route: str
    status: int | None
    said: str


class _Noted(threading.local):
    def __init__(self) -> None:
        self.failures: list[Failure] = []


_noted = _Noted()
_swap = threading.RLock()


def failures() -> list[Failure]:
    """The requests of this thread that failed since `attempts` was entered."""
    return list(_noted.failures)


@contextmanager
def attempts() -> Iterator[None]:
    """Begin a new list of failures."""
    before, _noted.failures = _noted.failures, []
    try:
        yield
    finally:
        _noted.failures = before


@contextmanager
def own_sessions(patience: Patience) -> Iterator[None]:
    """Clients that are made in here talk through our session."""
    from qiskit_ibm_runtime.api import client

    with _swap:
        before = client.RetrySession
        client.RetrySession = _session_class(before, patience)
        try:
            yield
        finally:
            client.RetrySession = before


def _session_class(base: Any, patience: Patience) -> Any:
    class Session(base):  # type: ignore[misc]
        """IBM's session with our manners."""

        def _initialize_retry(self, *_: Any, **__: Any) -> None:
            adapter = _adapter(patience)
            self.mount("http://", adapter)
            self.mount("https://", adapter)

        def _initialize_session_parameters(self, verify: bool, proxies: Any, auth: Any = None) -> None:
            super()._initialize_session_parameters(verify, proxies, _renewing(auth, patience))

        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().request(method, url, *args, **kwargs)
            except Exception as error:
                _noted.failures.append(_failure(f"{method.upper()} {url}", error))
                raise

    return Session


def _failure(route: str, error: BaseException) -> Failure:
    cause = error if hasattr(error, "response") else (error.__cause__ or error.__context__ or error)
    response = getattr(cause, "response", None)
    if response is None:
        status = getattr(cause, "refused", None)
        return Failure(route=route, status=status, said=_line(cause))
    return Failure(route=route, status=int(response.status_code), said=_words(response))


def _words(response: Any) -> str:
    try:
        said = response.json()
        found = said.get("error", said.get("errors"))
        found = found[0] if isinstance(found, list) else found
        return _line(found["message"] if isinstance(found, dict) else found or "")
    except (ValueError, AttributeError, KeyError, IndexError, TypeError):
        return _line(response.reason or "")


def _line(said: Any) -> str:
    from qnet.execution.secrets import scrubbed

    text = scrubbed(" ".join(str(said).split()))
    return text if len(text) <= 240 else f"{text[:238]} …"


def _adapter(patience: Patience) -> Any:
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry

    class Noted(Retry):
        def increment(self, *args: Any, **kwargs: Any) -> Any:
            made = super().increment(*args, **kwargs)
            response = kwargs.get("response")
            why = f"answers {response.status}" if response is not None else "cannot be reached"
            logger.warning(
                "IBM's service %s; asking again in %.1f s (up to %s more times)",
                why,
                made.get_backoff_time(),
                made.status if response is not None else made.total,
            )
            return made

    class Bounded(HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            submits = request.method == "POST" and request.path_url.endswith("/jobs")
            limit = patience.submit_s if submits else patience.read_s
            kwargs["timeout"] = (patience.connect_s, limit)
            with _told(patience.told_s, limit):
                return super().send(request, *args, **kwargs)

    repeats = Noted(
        total=patience.retries + 1,
        connect=2,
        read=1,
        status=patience.retries,
        other=0,
        backoff_factor=patience.pause_s,
        status_forcelist=(500, 502, 503, 504, 520, 521, 522, 524),
        respect_retry_after_header=False,
        raise_on_status=False,
    )
    return Bounded(max_retries=repeats)


@contextmanager
def _told(every_s: float, limit_s: float) -> Iterator[None]:
    """Say every few seconds that we still wait."""
    done = threading.Event()

    def tell() -> None:
        waited = 0.0
        while not done.wait(every_s):
            waited += every_s
            logger.warning("waiting for IBM's service for %.0f s (%.0f s at most)", waited, limit_s)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()


def _renewing(auth: Any, patience: Patience) -> Any:
    """The account's own handler, but a refused access token is renewed once, and the API key never sent."""
    from requests.auth import AuthBase

    if auth is None or not hasattr(auth, "tm"):
        return auth
    auth.tm.http_config = {**auth.tm.http_config, "timeout": (patience.connect_s, patience.read_s)}

    class Renewing(AuthBase):
        def __call__(self, request: Any) -> Any:
            request.headers.update(_headers(auth))
            request.register_hook("response", self._again)
            return request

        def _again(self, response: Any, **kwargs: Any) -> Any:
            if response.status_code != 401 or getattr(response.request, "renewed", False):
                return response
            response.content  # noqa: B018  (the connection is free once the answer has been read)
            response.close()
            auth.tm.expire_time = 0
            request = response.request.copy()
            request.renewed = True
            request.headers.update(_headers(auth))
            made = response.connection.send(request, **kwargs)
            made.history.append(response)
            made.request = request
            return made

    return Renewing()


def _headers(auth: Any) -> dict[str, str]:
    from requests import RequestException

    ask: Callable[[], str] = auth.tm.get_token
    try:
        return {"Service-CRN": str(auth.crn), "Authorization": f"Bearer {ask()}"}
    except RequestException:
        raise
    except Exception as error:
        raise _refused(error) from None
    finally:
        auth.tm.request_time = 0


def _refused(error: Exception) -> Exception:
    from requests import RequestException

    class Refused(RequestException):
        """There is no access token."""

        refused: int

    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    made = Refused(f"no access token: {_line(error)}")
    made.refused = 401 if status in (400, 401, 403, None) else int(status)
    return made
