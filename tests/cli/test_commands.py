"""The table of commands, and the commands that it names."""

import click

from recovery_tracker.cli import COMMANDS, cli


def test_every_command_of_the_table_is_there_under_its_name():
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.get_short_help_str(), f"{name} does not say what it does"


def test_help_names_every_command_and_cuts_no_sentence():
    width = click.Context(cli, terminal_width=80)
    shown = cli.get_help(width)
    for name, (_, text) in COMMANDS.items():
        assert f"{name} " in shown
        assert text in shown
    assert "..." not in shown.split("Commands:")[1]
