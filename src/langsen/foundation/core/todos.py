"""What waits for somebody, as each app offers it to the desk."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Todo:
    """One thing that waits: what, its button and where that leads, by when (None: no deadline), whose, and a badge."""

    title: str
    href: str
    action: str
    due_on: date | None = None
    note: str = ""
    badge: str = ""
