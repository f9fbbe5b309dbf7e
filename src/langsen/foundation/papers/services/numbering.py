"""Own numbering, for offices that want it: numbers without a break, none given twice, a gap with its reason.

A Party committee numbers each kind of document through its term, a State agency through the year.
"""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import ONE_DAY, year
from langsen.foundation.core.text import clean, day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.papers.enums import Layout, NumberStatus
from langsen.foundation.papers.models import NumberBook, ReservedNumber

KINDS = ("BC",)  # the kinds of document this version writes
_LONGEST_TERM_DAYS = 6 * 366
_LARGEST = 99_999


@transaction.atomic
def open_book(
    unit: OrgUnit, *, layout: str, from_on: date, last_on: date, by: User, first_number: int = 1, kind: str = "BC"
) -> NumberBook:
    """Begin own numbering of `unit`: for a committee's term (Party), or for the calendar year of `from_on` (State).

    Raises:
        NotAllowed: `by` keeps no forms of documents there.
        BadInput: the days are not right, or the first number is not.
        Conflict: a book for some of those days is open already.
    """
    require(by, Permission.PAPERS_WRITE, unit)
    if layout not in Layout.values or kind not in KINDS:
        raise _refuse("layout", _("Choose whose layout it is."))
    if layout == Layout.STATE:
        from_on, last_on = year(from_on.year).first, year(from_on.year).last
    if not 0 <= (last_on - from_on).days <= _LONGEST_TERM_DAYS:
        raise _refuse("last_on", _("A term lasts up to six years, and its last day lies after its first."))
    if not 1 <= first_number <= _LARGEST:
        raise _refuse("first_number", _("The first number lies between 1 and 99,999."))
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    during = DateRange(from_on, last_on + ONE_DAY)
    same = NumberBook.objects.filter(org_unit=unit, layout=layout, kind=kind, during__overlap=during).first()
    if same:
        days = f"{day_text(same.from_on)} – {day_text(same.last_on)}"
        raise Conflict(_("Numbers for %(days)s are kept already.") % {"days": days})
    book = NumberBook.objects.create(
        org_unit=unit, layout=layout, kind=kind, during=during, first_number=first_number, recorded_by=by
    )
    record("number_book.opened", book, by=by, data={"first_number": first_number})
    return book


@transaction.atomic
def reserve_number(unit: OrgUnit, *, layout: str, on: date, subject: str, by: User, kind: str = "BC") -> ReservedNumber:
    """Take the next number for a document of `on`. Two people at once get two numbers, without a gap.

    A State agency's next year begins by itself, with 1.

    Raises:
        NotAllowed: `by` keeps no forms of documents there.
        Conflict: the unit keeps no numbers for that day.
        BadInput: it is not said what for.
    """
    require(by, Permission.PAPERS_WRITE, unit)
    words = clean(subject)[:400]
    if not words:
        raise _refuse("subject", _("Say which document the number is for."))
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    book = _book_on(unit, layout, kind, on, by)
    last = book.numbers.aggregate(last=Max("number"))["last"]
    number = ReservedNumber.objects.create(
        book=book, number=book.first_number if last is None else last + 1, subject=words, reserved_by=by
    )
    record("number.reserved", number, by=by, data={"number": number.number, "subject": words})
    return number


@transaction.atomic
def void_number(number: ReservedNumber, *, reason: str, by: User) -> ReservedNumber:
    """Mark a number as not used, with the reason; it stays as a gap and is never given again.

    Raises:
        BadInput: no reason is given.
        Conflict: it is marked already.
    """
    require(by, Permission.PAPERS_WRITE, number.book.org_unit)
    words = clean(reason)[:300]
    if not words:
        raise _refuse("reason", _("Give the reason."))
    locked = ReservedNumber.objects.select_for_update(of=("self",)).select_related("book").get(pk=number.pk)
    if locked.status == NumberStatus.VOID:
        raise Conflict(_("This number is marked as not used already."))
    locked.status, locked.reason = NumberStatus.VOID, words
    locked.save(update_fields=["status", "reason"])
    record("number.voided", locked, by=by, data={"number": locked.number, "reason": words})
    return locked


def _book_on(unit: OrgUnit, layout: str, kind: str, on: date, by: User) -> NumberBook:
    books = NumberBook.objects.filter(org_unit=unit, layout=layout, kind=kind)
    book = books.filter(during__contains=on).first()
    if book:
        return book
    earlier = books.filter(during__fully_lt=DateRange(on, on + ONE_DAY)).exists()
    if layout == Layout.STATE and earlier:
        return NumberBook.objects.create(
            org_unit=unit, layout=layout, kind=kind, during=year(on.year).range, recorded_by=by
        )
    raise Conflict(
        _("%(unit)s keeps no own numbers for %(day)s. Open a book for that term first, or type the number.")
        % {"unit": unit.name, "day": day_text(on)}
    )


def _refuse(field: str, message: str) -> BadInput:
    return BadInput(message, fields={field: message})
