"""The command line, the stand-in of IBM's service and a job book, for every test here."""

from support.command_line import qnet
from support.ibm_account import book, ibm

__all__ = ["book", "ibm", "qnet"]
