"""A stand-in of IBM's REST service on the loopback interface, with faults to order.

How to use it, in a test::

    @pytest.fixture
    def ibm(monkeypatch):
        with StandIn() as service:                     # serves ibm_torino, a copy of fake_torino, and others
            for name, value in service.environment.items():
                monkeypatch.setenv(name, value)
            yield service

From then on `QiskitRuntimeService()` finds the account in the environment, in this process and in its
children, and `sampler("ibm_torino")` and `qnet submit … --sampler ibm_torino` work as with IBM. Without the
environment: `ibm.service()`. As a process: `python tests/support/ibm_stand_in.py` prints lines to `export`.

What can be told to it (a *route* is `"POST /jobs"`, with `*` for any part; a fault holds for the next `times`
matching requests, later ones are served again)::

    ibm.answer("POST /jobs", 503, times=1)        # any status: 401, 403, 404, 429, 500 …; nothing is done
    ibm.answer("POST /jobs", 503, done=True)      # the same, but the request has been carried out
    ibm.lose_answer("POST /jobs")                 # carried out, then the connection is closed without a word
    ibm.refuse("POST /jobs")                      # the connection is closed before anything is done
    ibm.hang("GET /backends", seconds=30)         # no answer for so long; it ends with the server
    ibm.truncate("GET /jobs/*/results")           # half of the answer, well-formed as HTTP
    ibm.expire_tokens()                           # access tokens given so far are answered with 401
    ibm.revoke()                                  # … and the API key gives no new ones
    ibm.hold(); ibm.release()                     # jobs stay queued; go on
    ibm.fail_next("Internal error", code=9999)    # the next job to run fails remotely, with this reason
    ibm.cancel(job_id)                            # cancelled remotely
    ibm.retire("ibm_torino")                      # taken off: unknown to /backends, its jobs remain
    ibm.pause("ibm_torino")                       # status says it takes no jobs
    ibm.recalibrate("ibm_torino", 1.5)            # new calibration now, errors times so much
    ibm.queue["ibm_fez"] = 7                      # length of a queue, for the least busy

What can be asked: `ibm.jobs` (dict id → `Job` with id, backend, tags, status, session_id, program_id, params,
`.circuits()`), `ibm.sessions`, `ibm.requests` (list of `"POST /jobs"` …), `ibm.count("POST /jobs")`,
`ibm.wait()` (until no job is queued or running), `ibm.tokens` (every secret that was used or given out).
"""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

CRN = "crn:v1:bluemix:public:quantum-computing:us-east:a/0123456789abcdef:planted-instance::"
API_KEY = "planted-api-key-c0ffee5ec2e7"
DEVICES = ("fake_torino", "fake_miami", "fake_manila", "fake_kolkata", "fake_fez")
FINAL = ("Completed", "Failed", "Cancelled")


@dataclass
class Job:
    """One job at the service."""

    id: str
    backend: str
    program_id: str
    params: dict[str, Any]
    tags: list[str]
    session_id: str | None
    created: str
    status: str = "Queued"
    reason: str | None = None
    code: int | None = None
    result: str = ""
    timestamps: dict[str, str] = field(default_factory=dict)

    def circuits(self) -> list[Any]:
        from support.ibm_programs import circuits_of

        return circuits_of(self.program_id, self.params)

    def as_json(self, *, params: bool) -> dict[str, Any]:
        state = {"status": self.status, "reason": self.reason, "reason_code": self.code}
        said = {
            "id": self.id,
            "backend": self.backend,
            "program": {"id": self.program_id},
            "state": {name: value for name, value in state.items() if value is not None},
            "status": self.status,
            "created": self.created,
            "tags": self.tags,
            "session_id": self.session_id,
            "private": False,
            "estimated_running_time_seconds": 2.0,
        }
        return {**said, "params": self.params} if params else said


@dataclass
class Fault:
    """What is to go wrong with the next requests on a route."""

    route: str
    kind: str
    times: int
    status: int = 200
    done: bool = False
    message: str = ""
    code: int = 0
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


class Device:
    """A device of the service: a fake one's files, with calibrations that come with time."""

    def __init__(self, fake: str) -> None:
        from qnet.execution.fake_devices import fake_device

        self._fake = fake
        made = fake_device(fake)
        folder = Path(made.dirname)
        self.configuration = json.loads((folder / made.conf_filename).read_text())
        self.name = f"ibm_{fake.removeprefix('fake_').removesuffix('_v2')}"
        self.configuration["backend_name"] = self.name
        properties = json.loads((folder / made.props_filename).read_text())
        self.calibrations = [("0", {**properties, "backend_name": self.name})]
        self.retired = False
        self.paused = False

    @property
    def qubits(self) -> int:
        return int(self.configuration["n_qubits"])

    def properties(self, before: str | None = None) -> dict[str, Any]:
        known = [item for date, item in self.calibrations if before is None or date <= before]
        return known[-1] if known else self.calibrations[0][1]

    def recalibrate(self, factor: float) -> None:
        made = json.loads(json.dumps(self.properties()))
        now = _now()
        made["last_update_date"] = now
        for gate in made["gates"]:
            for item in gate["parameters"]:
                if item["name"] == "gate_error":
                    item["value"] = min(0.74, item["value"] * factor)
        for qubit in made["qubits"]:
            for item in qubit:
                if item["name"] in ("readout_error", "prob_meas0_prep1", "prob_meas1_prep0"):
                    item["value"] = min(0.49, item["value"] * factor)
        self.calibrations.append((now, made))

    def backend(self) -> Any:
        """The device to simulate, by its calibration of now."""
        from qnet.execution.fake_devices import fake_device

        made = fake_device(self._fake)
        if len(self.calibrations) > 1:
            from qiskit_ibm_runtime.utils.backend_decoder import properties_from_server_data

            copied = json.loads(json.dumps(self.properties()))
            properties_from_server_data(copied)
            made._props_dict = copied
        return made


class StandIn:
    """The service. A context manager; see the top of this file.

    Args:
        devices: Fake devices whose copies it serves, by the names of `qiskit-ibm-runtime`.
        engine: What simulates them: `"aer"`, or `"stim"` with the Pauli twirl of their noise (fast).
        token_s: How long an access token holds, in seconds.
    """

    def __init__(
        self, devices: tuple[str, ...] = DEVICES, *, engine: str = "aer", token_s: float = 3600.0
    ) -> None:
        made = [Device(name) for name in devices]
        self.devices = {device.name: device for device in made}
        self.engine, self.token_s = engine, token_s
        self.jobs: dict[str, Job] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.queue: dict[str, int] = {}
        self.requests: list[str] = []
        self.tokens = [API_KEY]
        self.faults: list[Fault] = []
        self._valid: set[str] = set()
        self._revoked = False
        self._failures: list[tuple[str, int]] = []
        self._lock = threading.RLock()
        self._go, self._news, self._ended = threading.Event(), threading.Event(), threading.Event()
        self._go.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.owner = self  # type: ignore[attr-defined]

    # --- running it ---------------------------------------------------------------------------------------

    def __enter__(self) -> StandIn:
        for work in (lambda: self._server.serve_forever(poll_interval=0.02), self._work):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._news.set()
        self._go.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """Qiskit's own environment variables, which make any process an account holder here."""
        return {
            "QISKIT_IBM_TOKEN": API_KEY,
            "QISKIT_IBM_URL": f"{self.base}/experimental/api/v1",
            "QISKIT_IBM_INSTANCE": CRN,
            "QISKIT_IBM_CHANNEL": "ibm_quantum_platform",
            "IAM_URL": self.base,
            "QISKIT_FUNCTIONS_EXPERIMENTAL": "1",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def service(self) -> Any:
        """A `QiskitRuntimeService` of it; the environment must hold IAM_URL and QISKIT_FUNCTIONS_…"""
        from qiskit_ibm_runtime import QiskitRuntimeService

        names = self.environment
        return QiskitRuntimeService(
            channel="ibm_quantum_platform",
            token=API_KEY,
            url=names["QISKIT_IBM_URL"],
            instance=CRN,
        )

    def wait(self, seconds: float = 60.0) -> None:
        """Until no job is queued or running."""
        limit = time.monotonic() + seconds
        while any(job.status not in FINAL for job in list(self.jobs.values())):
            assert time.monotonic() < limit, f"jobs did not end within {seconds} s"
            time.sleep(0.01)

    # --- what is to go wrong ------------------------------------------------------------------------------

    def answer(
        self, route: str, status: int, *, times: int = 1, done: bool = False, message: str = "", code: int = 0
    ) -> None:
        self.faults.append(
            Fault(route, "answer", times, status=status, done=done, message=message, code=code)
        )

    def lose_answer(self, route: str, *, times: int = 1) -> None:
        self.faults.append(Fault(route, "lose", times, done=True))

    def refuse(self, route: str, *, times: int = 1) -> None:
        self.faults.append(Fault(route, "lose", times))

    def hang(self, route: str, *, seconds: float = 3600.0, times: int = 1, done: bool = False) -> None:
        self.faults.append(Fault(route, "hang", times, seconds=seconds, done=done))

    def truncate(self, route: str, *, times: int = 1) -> None:
        self.faults.append(Fault(route, "truncate", times, done=True))

    def expire_tokens(self) -> None:
        self._valid.clear()

    def revoke(self) -> None:
        self._revoked = True
        self._valid.clear()

    def hold(self) -> None:
        self._go.clear()

    def release(self) -> None:
        self._go.set()
        self._news.set()

    def fail_next(self, reason: str = "Internal error", *, code: int = 9999) -> None:
        self._failures.append((reason, code))

    def cancel(self, job_id: str) -> None:
        with self._lock:
            job = self.jobs[job_id]
            if job.status not in FINAL:
                job.status, job.reason = "Cancelled", "cancelled by an administrator"
                job.timestamps["finished"] = _now()

    def retire(self, name: str) -> None:
        self.devices[name].retired = True

    def pause(self, name: str) -> None:
        self.devices[name].paused = True

    def recalibrate(self, name: str, factor: float = 1.5) -> None:
        self.devices[name].recalibrate(factor)

    def count(self, route: str) -> int:
        """How often a route was asked for."""
        return sum(fnmatchcase(item, route) for item in list(self.requests))

    # --- what happens inside ------------------------------------------------------------------------------

    def fault(self, route: str) -> Fault | None:
        with self._lock:
            for item in self.faults:
                if item.times and fnmatchcase(route, item.route):
                    item.times -= 1
                    return item
        return None

    def access_token(self, key: str) -> str | None:
        if key != API_KEY or self._revoked:
            return None
        now = time.time()
        claims = {"iat": int(now), "exp": int(now + self.token_s), "jti": uuid.uuid4().hex}
        parts = [{"alg": "RS256", "typ": "JWT"}, claims]
        made = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
        token = ".".join([*made, base64.urlsafe_b64encode(uuid.uuid4().bytes * 4).rstrip(b"=").decode()])
        self._valid.add(token)
        self.tokens.append(token)
        return token

    def admits(self, header: str) -> bool:
        kind, _, token = header.partition(" ")
        return token in self._valid if kind == "Bearer" else kind == "apikey" and not self._revoked

    def add(self, body: dict[str, Any]) -> Job:
        tags = list(body.get("tags", []))
        made = Job(
            f"d{uuid.uuid4().hex[:19]}",
            body["backend"],
            body["program_id"],
            body["params"],
            tags,
            body.get("session_id"),
            _now(),
        )
        made.timestamps["created"] = made.created
        with self._lock:
            self.jobs[made.id] = made
        self._news.set()
        return made

    def _work(self) -> None:
        while not self._ended.is_set():
            self._news.wait()
            self._news.clear()
            for job in list(self.jobs.values()):
                self._go.wait()
                if job.status == "Queued" and not self._ended.is_set():
                    self._run(job)

    def _run(self, job: Job) -> None:
        from support.ibm_programs import run_program

        with self._lock:
            if job.status != "Queued":
                return
            job.status = "Running"
            job.timestamps["running"] = _now()
            failure = self._failures.pop(0) if self._failures else None
        made = ""
        if failure is None:
            try:
                made = run_program(
                    job.program_id, job.params, self.devices[job.backend].backend(), self.engine
                )
            except Exception as error:
                failure = (str(error), getattr(error, "code", 9999))
        with self._lock:
            if job.status == "Running":
                job.result = made
                job.status = "Completed" if failure is None else "Failed"
                job.reason, job.code = failure or (None, None)
                job.timestamps["finished"] = _now()


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, lets a fault have its way, and passes it on to the routes."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def _handle(self) -> None:
        from support.ibm_routes import respond

        owner: StandIn = self.server.owner  # type: ignore[attr-defined]
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        url = urlparse(self.path)
        path = url.path.removeprefix("/experimental").removeprefix("/api/v1")
        route = f"{self.command} {path}"
        owner.requests.append(route)
        fault = owner.fault(route)
        if fault is not None and fault.kind == "hang" and not fault.done:
            owner._ended.wait(fault.seconds)
        status, answer = 200, b""
        if fault is None or fault.done or fault.kind == "hang":
            status, answer = respond(owner, self.command, path, parse_qs(url.query), body, self.headers)
        if fault is not None:
            if fault.kind == "hang" and fault.done:
                owner._ended.wait(fault.seconds)
            if fault.kind == "lose":
                self.close_connection = True
                return
            if fault.kind == "truncate":
                answer = answer[: len(answer) // 2]
            if fault.kind == "answer":
                said = fault.message or f"ordered by the test ({fault.status})"
                status, answer = fault.status, _problem(fault.code or fault.status, said)
        self._send(status, answer)

    def _send(self, status: int, answer: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815


def _problem(code: int, message: str) -> bytes:
    return json.dumps(
        {"error": {"code": code, "message": message}, "errors": [{"message": message}]}
    ).encode()


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def main() -> None:
    with StandIn() as service:
        for name, value in service.environment.items():
            print(f"export {name}='{value}'", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
