"""How a command ends when it does not succeed: one plain sentence on stderr and the contract's exit code."""

import click

from langsen.foundation.core.runtime.binaries import DatabaseUnavailable


class UnknownUnit(click.ClickException):
    """No unit has this code (or, read by today's tree, it has ended): exit 3."""

    exit_code = 3


class NoDatabase(click.ClickException):
    """There is no database to ask: exit 4; the message holds the command to type."""

    exit_code = 4


def explain(error: Exception) -> click.ClickException | None:
    """The foreseen error as a sentence and exit code; None for one nobody foresaw, which keeps its trace."""
    if isinstance(error, DatabaseUnavailable):
        return NoDatabase(str(error))
    # Django is imported by whoever could have raised these.
    from django.db import OperationalError

    from langsen.foundation.core.errors import LangsenError

    if isinstance(error, OperationalError):
        return NoDatabase(f"The database does not answer: {str(error).strip()}\nType: langsen doctor")
    if isinstance(error, LangsenError):
        details = [f"{field}: {message}" for field, message in error.fields.items()]
        return click.ClickException("\n".join([str(error.message), *details]))
    return None
