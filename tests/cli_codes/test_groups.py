"""Groups of commands: what they say where no command, or none that there is, was given."""

import pytest
import typer
from typer.main import get_command

from qnet.cli._app import app
from qnet.cli._groups import command_group

GROUPS = [
    (),
    *((name,) for name, command in sorted(get_command(app).commands.items()) if hasattr(command, "commands")),
]


def test_the_groups_are_found():
    assert ("code",) in GROUPS


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: " ".join(group) or "qnet")
def test_a_missing_command_is_one_line_of_json(qnet, group):
    called = qnet(*group, "--json")
    assert called.code == 2
    assert called.json["error"]["type"] == "ValueError"
    message = called.json["error"]["message"]
    assert message.startswith("a command is missing; give one of ")
    command = get_command(app)
    for name in group:
        command = command.commands[name]
    assert message.removeprefix("a command is missing; give one of ").split(", ") == list(command.commands)
    assert called.err == f"qnet: {message}\n"


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: " ".join(group) or "qnet")
def test_a_missing_command_shows_the_help(qnet, group):
    called = qnet(*group)
    assert (called.code, called.err) == (0, "")
    assert "Usage" in called.out


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: " ".join(group) or "qnet")
def test_a_command_that_there_is_not_is_one_line(qnet, group):
    called = qnet(*group, "xyzzy", "--json")
    assert called.code == 2
    assert "No such command 'xyzzy'" in called.json["error"]["message"]


def test_a_new_group_has_a_help_with_examples():
    group = command_group("Keys.", "qnet key rate bb84")
    group.command("rate")(lambda: None)
    command = get_command(group)
    assert isinstance(group, typer.Typer)
    assert (command.help, "qnet key rate bb84" in command.epilog) == ("Keys.", True)
