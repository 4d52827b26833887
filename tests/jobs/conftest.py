"""The stand-in of IBM's service and a job book, for every test here."""

from support.ibm_account import book, ibm

__all__ = ["book", "ibm"]
