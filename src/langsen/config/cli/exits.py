"""How a command ends when it does not succeed: one plain sentence on stderr and the contract's exit code."""

import contextlib
import errno
import signal
from collections.abc import Iterator
from types import FrameType

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
    from django.db import OperationalError, ProgrammingError
    from psycopg.errors import UndefinedColumn, UndefinedTable

    from langsen.foundation.core.errors import LangsenError

    if isinstance(error, OperationalError):
        return NoDatabase(f"The database does not answer: {str(error).strip()}\nType: langsen doctor")
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
        return NoDatabase("The tables are those of another version of the program.\nType: langsen migrate")
    if isinstance(error, LangsenError):
        details = [f"{field}: {message}" for field, message in error.fields.items()]
        return click.ClickException("\n".join([str(error.message), *details]))
    return None


@contextlib.contextmanager
def cut_short() -> Iterator[None]:
    """Let SIGTERM, SIGINT and SIGHUP end a long command as Ctrl-C does, so that it clears away what it began.

    A shell starts background jobs with SIGINT ignored, which is not meant; nohup ignores SIGHUP, which is.
    """

    def stop(_sign: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    heeded = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        heeded.append(signal.SIGHUP)
    before = {sign: signal.signal(sign, stop) for sign in heeded}
    try:
        yield
    finally:
        for sign, meant in before.items():
            signal.signal(sign, meant)


@contextlib.contextmanager
def room_left() -> Iterator[None]:
    """Turn a full disk, or a folder one may not write in, into one plain sentence (exit 1)."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise click.ClickException("The disk is full. Nothing was left behind; make room and try again.") from error
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}. Nothing was left behind.") from error
