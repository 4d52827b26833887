"""The errors that the package `qnet` raises."""

__all__ = [
    "QnetError",
    "ExecutionError",
    "UnknownSampler",
    "UnsuitableBackend",
    "HardwareError",
    "NotAuthorized",
    "TooManyRequests",
    "RequestRefused",
    "ServiceUnavailable",
    "NoAnswer",
    "UnknownJob",
    "UnknownDevice",
    "JobFailed",
    "JobCancelled",
    "DamagedResult",
]


class QnetError(Exception):
    """Root of the errors that the package `qnet` raises."""


class ExecutionError(QnetError):
    """A machine could not run a circuit."""


class UnknownSampler(ExecutionError, ValueError):
    """There is no sampler of this name."""


class UnsuitableBackend(ExecutionError, ValueError):
    """A backend cannot run this circuit, whatever is tried: too small, or it lacks an instruction."""


class HardwareError(ExecutionError):
    """A cloud service, or a device behind it, did not do what was asked."""


class NotAuthorized(HardwareError):
    """The service does not accept the account, or the account may not do this."""


class TooManyRequests(HardwareError):
    """The service takes no more requests for now."""


class RequestRefused(HardwareError):
    """The service understands what is asked, and does not do it."""


class ServiceUnavailable(HardwareError):
    """The service answers that it cannot work."""


class NoAnswer(HardwareError):
    """The service did not answer; what was asked may have been done all the same."""


class UnknownJob(HardwareError):
    """The service knows no such job."""


class UnknownDevice(HardwareError):
    """The service has no such device, or has it no longer."""


class JobFailed(HardwareError):
    """A job failed at the service; its reason is told."""


class JobCancelled(HardwareError):
    """A job was cancelled."""


class DamagedResult(HardwareError):
    """A result came that cannot be read."""
