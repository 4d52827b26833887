"""The fixture by which these tests call the command line."""

from support.command_line import qnet

__all__ = ["qnet"]
