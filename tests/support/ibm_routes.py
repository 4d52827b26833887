"""The endpoints of the stand-in of IBM's service: what it answers when nothing goes wrong."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from support.ibm_stand_in import Job, StandIn

Answer = tuple[int, bytes]
Query = dict[str, list[str]]
FINAL = ("Completed", "Failed", "Cancelled")


def respond(owner: StandIn, method: str, path: str, query: Query, body: bytes, headers: Any) -> Answer:
    """Status and body of the answer to a request."""
    if path == "/identity/token":
        return _token(owner, body)
    if not owner.admits(headers.get("Authorization", "")):
        return _error(401, 1001, "Unauthorized: the access token is not valid or has expired")
    for verb, pattern, function in _ROUTES:
        found = re.fullmatch(pattern, path)
        if verb == method and found:
            return function(owner, *found.groups(), query=query, body=body)
    return _error(404, 1000, f"{method} {path} is unknown")


def _token(owner: StandIn, body: bytes) -> Answer:
    key = parse_qs(body.decode()).get("apikey", [""])[0]
    token = owner.access_token(key)
    if token is None:
        said = {"errorCode": "BXNIM0415E", "errorMessage": "Provided API key could not be found."}
        return 400, json.dumps(said).encode()
    return _json({"access_token": token, "token_type": "Bearer", "expires_in": int(owner.token_s)})


def _backends(owner: StandIn, *, query: Query, body: bytes) -> Answer:
    devices = [
        {
            "name": device.name,
            "qubits": device.qubits,
            "queue_length": _queued(owner, device.name),
            "status": {
                "name": "paused" if device.paused else "online",
                "reason": "available",
            },
            "is_simulator": False,
        }
        for device in owner.devices.values()
        if not device.retired
    ]
    return _json({"devices": devices})


def _queued(owner: StandIn, name: str) -> int:
    waiting = sum(job.backend == name and job.status not in FINAL for job in list(owner.jobs.values()))
    return owner.queue.get(name, 0) + waiting


def _device(owner: StandIn, name: str, what: str, *, query: Query, body: bytes) -> Answer:
    device = owner.devices.get(name)
    if device is None or device.retired:
        return _error(404, 1404, f"Backend {name} was not found")
    if what == "configuration":
        return _json(device.configuration)
    if what == "properties":
        return _json(device.properties(_first(query, "updated_before")))
    state = {"state": not device.paused, "status": "paused" if device.paused else "active"}
    return _json({**state, "length_queue": _queued(owner, name), "backend_version": "1.0.0"})


def _usage(owner: StandIn, *, query: Query, body: bytes) -> Answer:
    return _json({"usage_consumed_seconds": 12, "usage_limit_seconds": 600, "usage_limit_reached": False})


def _submit(owner: StandIn, *, query: Query, body: bytes) -> Answer:
    asked = json.loads(body)
    device = owner.devices.get(asked.get("backend", ""))
    if device is None or device.retired:
        return _error(404, 1404, f"Backend {asked.get('backend')} was not found")
    session = asked.get("session_id")
    if session and not owner.sessions.get(session, {}).get("accepting_jobs"):
        return _error(400, 1217, "the session is closed")
    made = owner.add(asked)
    return _json({"id": made.id, "backend": made.backend})


def _list(owner: StandIn, *, query: Query, body: bytes) -> Answer:
    wanted, backend, session = query.get("tags", []), _first(query, "backend"), _first(query, "session_id")
    after, before, pending = (_first(query, name) for name in ("created_after", "created_before", "pending"))

    def matches(job: Job) -> bool:
        return (
            set(wanted) <= set(job.tags)
            and backend in (None, job.backend)
            and session in (None, job.session_id)
            and (after is None or job.created >= after)
            and (before is None or job.created <= before)
            and (pending is None or (pending == "true") == (job.status not in FINAL))
        )

    found = [job for job in list(owner.jobs.values()) if matches(job)]
    if _first(query, "sort") != "ASC":
        found.reverse()
    skip, limit = int(_first(query, "offset") or 0), int(_first(query, "limit") or 200)
    page = [job.as_json(params=False) for job in found[skip : skip + limit]]
    return _json({"jobs": page, "count": len(found), "offset": skip, "limit": limit})


def _job(owner: StandIn, name: str, *, query: Query, body: bytes) -> Answer:
    job = owner.jobs.get(name)
    if job is None:
        return _error(404, 1291, f"Job {name} was not found")
    return _json(job.as_json(params=_first(query, "exclude_params") != "true"))


def _part(owner: StandIn, name: str, what: str, *, query: Query, body: bytes) -> Answer:
    job = owner.jobs.get(name)
    if job is None:
        return _error(404, 1291, f"Job {name} was not found")
    if what == "results":
        return 200, (job.result or job.reason or "").encode()
    if what == "logs":
        return 200, b""
    done = job.status in FINAL
    usage = {"status": "complete" if done else "pending", "qpu_charge_time_seconds": 2 if done else 0}
    return _json({"timestamps": job.timestamps, "usage": usage, "qiskit_version": "2.0"})


def _cancel(owner: StandIn, name: str, *, query: Query, body: bytes) -> Answer:
    job = owner.jobs.get(name)
    if job is None:
        return _error(404, 1291, f"Job {name} was not found")
    if job.status in FINAL:
        return _error(409, 1292, f"Job {name} is in a final state")
    owner.cancel(name)
    return 204, b""


def _delete(owner: StandIn, name: str, *, query: Query, body: bytes) -> Answer:
    return (204, b"") if owner.jobs.pop(name, None) else _error(404, 1291, f"Job {name} was not found")


def _retag(owner: StandIn, name: str, *, query: Query, body: bytes) -> Answer:
    owner.jobs[name].tags = list(json.loads(body)["tags"])
    return 204, b""


def _open_session(owner: StandIn, *, query: Query, body: bytes) -> Answer:
    asked = json.loads(body)
    name = f"s{uuid.uuid4().hex[:19]}"
    made = {
        "id": name,
        "backend_name": asked.get("backend"),
        "mode": asked.get("mode"),
        "max_ttl": asked.get("max_ttl"),
        "state": "open",
        "accepting_jobs": True,
    }
    owner.sessions[name] = made
    return _json(made)


def _session(owner: StandIn, name: str, *, query: Query, body: bytes) -> Answer:
    made = owner.sessions.get(name)
    return _json(made) if made else _error(404, 1300, f"Session {name} was not found")


def _change_session(owner: StandIn, name: str, *, query: Query, body: bytes) -> Answer:
    if name not in owner.sessions:
        return _error(404, 1300, f"Session {name} was not found")
    owner.sessions[name] |= json.loads(body)
    return 204, b""


def _close_session(owner: StandIn, name: str, *, query: Query, body: bytes) -> Answer:
    if name not in owner.sessions:
        return _error(404, 1300, f"Session {name} was not found")
    owner.sessions[name] |= {"accepting_jobs": False, "state": "closed"}
    for job in list(owner.jobs.values()):
        if job.session_id == name:
            owner.cancel(job.id)
    return 204, b""


def _first(query: Query, name: str) -> str | None:
    return query.get(name, [None])[0]  # type: ignore[list-item]


def _json(value: Any) -> Answer:
    return 200, json.dumps(value).encode()


def _error(status: int, code: int, message: str) -> Answer:
    return status, json.dumps({"error": {"code": code, "message": message}}).encode()


_ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", r"/backends", _backends),
    ("GET", r"/backends/([^/]+)/(configuration|properties|status)", _device),
    ("GET", r"/instances/usage", _usage),
    ("POST", r"/jobs", _submit),
    ("GET", r"/jobs", _list),
    ("GET", r"/jobs/([^/]+)", _job),
    ("DELETE", r"/jobs/([^/]+)", _delete),
    ("GET", r"/jobs/([^/]+)/(results|logs|metrics)", _part),
    ("POST", r"/jobs/([^/]+)/cancel", _cancel),
    ("PUT", r"/jobs/([^/]+)/tags", _retag),
    ("POST", r"/sessions", _open_session),
    ("GET", r"/sessions/([^/]+)", _session),
    ("PATCH", r"/sessions/([^/]+)", _change_session),
    ("DELETE", r"/sessions/([^/]+)/close", _close_session),
)
