"""What other registers hold about a person, so that one page shows all of it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from langsen.foundation.people.models import Person

Source = Callable[[Person], Sequence[Any]]


def held_elsewhere(person: Person) -> list[Any]:
    """Return what the sources listed in `LANGSEN_HELD_ABOUT` hold, each with title, text, on and href."""
    found: list[Any] = []
    for name in settings.LANGSEN_HELD_ABOUT:
        source: Source = import_string(name)
        found += source(person)
    return found
