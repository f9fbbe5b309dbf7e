"""Work that may happen after the answer: one thin door to the queue in our own database.

Services defer by name inside their transaction, so a job exists exactly when its cause was committed.
"""

from procrastinate.contrib.django import app


def defer(name: str, **arguments: str | int | None) -> None:
    """Queue the task registered as `name`; it runs after the caller's transaction commits."""
    app.configure_task(name, allow_unknown=False).defer(**arguments)
