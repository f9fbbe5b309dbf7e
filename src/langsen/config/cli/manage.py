"""`langsen manage`: Django's own commands, on our database."""

import click

from langsen.foundation.core.runtime.database import database_running

WITHOUT_DATABASE = {"makemigrations", "makemessages", "compilemessages", "check", "diffsettings", "findstatic"}


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    epilog="Example: langsen manage showmigrations",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands."""
    if arguments and arguments[0] in WITHOUT_DATABASE:
        _execute(arguments)
        return
    with database_running():
        _execute(arguments)


def _execute(arguments: tuple[str, ...]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["langsen manage", *arguments])
