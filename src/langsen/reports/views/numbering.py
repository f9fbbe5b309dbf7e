"""Own numbering, for units that keep a book of numbers: the next number of a report, taken once."""

from datetime import date

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import is_allowed
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import parse_day
from langsen.foundation.papers.enums import Layout, NumberStatus
from langsen.foundation.papers.models import NumberBook, ReservedNumber
from langsen.foundation.papers.queries import head_of
from langsen.foundation.papers.services.numbering import reserve_number
from langsen.reports.document import KIND
from langsen.reports.models import Report


def keeps_numbers(user: User, report: Report) -> bool:
    """Say whether the unit numbers such documents itself and `user` may take a number."""
    books = NumberBook.objects.filter(org_unit=report.org_unit, layout=report.layout, kind=KIND)
    return books.exists() and is_allowed(user, Permission.PAPERS_WRITE, report.org_unit)


def own_number(report: Report, day: str, *, by: User) -> str:
    """Return the number for this report as it stands on the paper; one taken for it before is used again."""
    on = _day(day)
    taken = ReservedNumber.objects.filter(
        book__org_unit=report.org_unit,
        book__layout=report.layout,
        book__kind=KIND,
        book__during__contains=on,
        status=NumberStatus.RESERVED,
        subject=report.title[:400],
    ).first()
    number = taken or reserve_number(
        report.org_unit, layout=report.layout, on=on, subject=report.title, by=by, kind=KIND
    )
    mark = "/" if report.layout == Layout.STATE else "-"
    return f"{number.number}{mark}{head_of(report.org_unit, on, report.layout).code(KIND)}"


def _day(typed: str) -> date:
    try:
        return parse_day(typed)
    except ValueError:
        return today()
