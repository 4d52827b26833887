"""What can be wrong with the job book."""

from qnet.errors import ExecutionError, QnetError

__all__ = ["CorruptBook", "JobBookError", "MissingExtra", "NewerBook", "NotReady", "UnknownId"]


class JobBookError(QnetError):
    """The job book cannot be read or written."""


class CorruptBook(JobBookError):
    """The file of the job book is damaged; it has been kept aside."""


class NewerBook(JobBookError):
    """The job book was written by a newer qnet; it has been left as it is."""


class UnknownId(JobBookError, ValueError):
    """The job book has no job of this id."""


class NotReady(ExecutionError):
    """A job has no result, or not yet."""


class MissingExtra(ExecutionError, ImportError):
    """A library that an extra installs is missing."""
