"""What of a person is shown to whom: days of birth and Party dates are masked until asked for and recorded."""

from datetime import date

from langsen.foundation.core.text import day_text
from langsen.foundation.people.models import SENSITIVE_FIELDS, Person

_DOTS = "••/••/"


def masked_day(day: date | None, *, year_only: bool = False) -> str:
    """Return ••/••/2019, or 2019 where the year alone is shown."""
    if day is None:
        return ""
    return str(day.year) if year_only else f"{_DOTS}{day.year}"


def plain_day(person: Person, field: str) -> str:
    """Return the day as it is held: the year alone where nothing more is known."""
    day: date | None = getattr(person, field)
    if field == "born_on" and person.born_year_only and day:
        return str(day.year)
    return day_text(day)


def shown_days(person: Person, *, revealed: bool) -> dict[str, str]:
    """Return the text of each sensitive field: as held when `revealed`, else masked (of a birth the year alone)."""
    if revealed:
        return {field: plain_day(person, field) for field in SENSITIVE_FIELDS}
    return {field: masked_day(getattr(person, field), year_only=field == "born_on") for field in SENSITIVE_FIELDS}


def held_sensitive(person: Person) -> list[str]:
    """Return the names of the sensitive fields that hold something: what a reading is recorded with."""
    return [field for field in SENSITIVE_FIELDS if getattr(person, field) is not None]
