"""Groups of commands, such as `qnet code`: one way to make them, and to say that a command is missing."""

from __future__ import annotations

from typing import Any

import typer

from qnet.cli._options import Debug, Json, examples

__all__ = ["answer_without_command", "command_group"]


def command_group(summary: str, *lines: str) -> typer.Typer:
    """A group of commands; without one of them it shows its help, with `--json` that one is missing.

    Args:
        summary: What the group is about.
        lines: Examples for the help.

    Example:
        >>> key = command_group("Key distribution: rates, sessions.", "qnet key rate bb84")
        >>> key.info.help
        'Key distribution: rates, sessions.'
    """
    group = typer.Typer(help=summary, rich_markup_mode="rich", epilog=examples(*lines))

    @group.callback(invoke_without_command=True)
    def callback(context: typer.Context, json: Json = False, debug: Debug = False) -> None:
        answer_without_command(context)

    callback.__doc__ = summary
    return group


def answer_without_command(context: typer.Context) -> None:
    """Show the help where no command was given.

    Raises:
        ValueError: If no command was given but JSON is wanted; the message lists the commands.
    """
    if context.invoked_subcommand is not None:
        return
    if context.obj.json:
        group: Any = context.command
        raise ValueError(f"a command is missing; give one of {', '.join(group.list_commands(context))}")
    typer.echo(context.get_help())
