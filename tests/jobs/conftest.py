"""The stand-in of IBM's service and a job book, for every test here."""

from support.ibm_account import book, ibm, large_ibm

__all__ = ["book", "ibm", "large_ibm"]
