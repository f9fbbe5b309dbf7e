"""The `langsen` command. Topics are imported when they are called, so `--help` needs neither Django nor a database.

Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 unknown unit, 4 no database. The result goes to stdout, all else to stderr.
"""

import importlib
import os
import sys

import click

from langsen.config.cli.exits import explain

# Command -> (module, what it does). Each module holds a click command of the same name (a dash becomes an underscore).
TOPICS = {
    "up": ("up", "Start everything: database, pages, background work. Ctrl-C stops it."),
    "serve": ("serve", "Run the pages alone, on a database that is already there."),
    "front": ("front", "Run the address people open alone: /thi/ to the arena, everything else to the pages."),
    "worker": ("serve", "Run the background work alone."),
    "arena": ("arena", "Run the contest arena alone, on a database that is already there."),
    "migrate": ("store", "Make the database or bring its tables up to date."),
    "demo": ("store", "Fill an empty store with the demonstration."),
    "report": ("report", "Write a report as a Word file from the figures."),
    "figures": ("figures", "Print figures of a unit and period; rebuild and check their cache."),
    "orgs": ("orgs", "Look at the tree of organisations, establish, rename, merge and dissolve."),
    "people": ("people", "Make the first administrator; list the roster."),
    "import": ("imports", "Read an Excel file of people, sessions or outputs."),
    "export": ("exports", "Write people, sessions or outputs to an Excel file."),
    "contests": ("contests", "Write a contest's results for the public; reckon published ones again."),
    "audit": ("audit", "Verify and seal the audit trail."),
    "backup": ("backup", "Write the whole store into one archive, or read what one holds."),
    "restore": ("restore", "Fill an empty store from a backup, and check it."),
    "doctor": ("doctor", "Check the installation and say what to do."),
    "manage": ("manage", "Django's own commands."),
}
HIDDEN = {"manage"}


class Topics(click.Group):
    """A group whose commands are imported at their call."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click names it
        return [name for name in TOPICS if name not in HIDDEN]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in TOPICS:
            return None
        module = importlib.import_module(f"langsen.config.cli.{TOPICS[cmd_name][0]}")
        command = getattr(module, f"{cmd_name}_command", None) or getattr(module, cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"langsen.config.cli.{TOPICS[cmd_name][0]} holds no command {cmd_name}")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, TOPICS[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a foreseen error becomes one plain sentence and its exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            known = explain(error)
            if known is None:
                raise
            raise known from error


@click.command(cls=Topics, epilog="Example: langsen up")
@click.version_option(package_name="langsen")
def cli() -> None:
    """Langsen: the programme office of a Party committee, from the cell to the province."""


def main() -> None:
    """Entry point of the `langsen` command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "langsen.config.settings")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # with LANG unset, Vietnamese must still be printable
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="langsen")
