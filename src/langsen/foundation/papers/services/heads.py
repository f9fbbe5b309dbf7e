"""Keeping the head of an office's documents and its own letterhead file, from a day on."""

import hashlib
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import clean, day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.papers.enums import Layout
from langsen.foundation.papers.letterhead_check import check_letterhead
from langsen.foundation.papers.models import Letterhead, OfficeHead

_TEXTS = {
    "superior_line": 200,
    "own_line": 200,
    "org_code": 30,
    "place": 120,
    "signed_for": 120,
    "signer_title": 120,
    "recipients": 2000,
}
_REQUIRED = ("own_line", "org_code", "place")
_EARLIEST = date(1945, 9, 2)
Row = TypeVar("Row", OfficeHead, Letterhead)


@transaction.atomic
def save_head(
    unit: OrgUnit,
    *,
    layout: str,
    from_on: date,
    own_line: str,
    org_code: str,
    place: str,
    by: User,
    superior_line: str = "",
    signed_for: str = "",
    signer_title: str = "",
    recipients: str = "",
) -> OfficeHead:
    """Set the head of `unit`'s documents from `from_on` on; what held before ends the day before.

    Raises:
        NotAllowed: `by` keeps no forms of documents there.
        BadInput: a line is missing or too long, or the unit did not exist on that day.
    """
    require(by, Permission.PAPERS_WRITE, unit)
    _check_day(unit, layout, from_on)
    texts = {"superior_line": superior_line, "own_line": own_line, "org_code": org_code, "place": place}
    texts |= {"signed_for": signed_for, "signer_title": signer_title, "recipients": recipients}
    facts = {name: _checked(name, text) for name, text in texts.items()}
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    rows = list(OfficeHead.objects.filter(org_unit=unit, layout=layout))
    head = next((row for row in rows if row.from_on == from_on), None)
    before = {name: getattr(head, name) for name in facts} if head else {}
    if head is None:
        head = OfficeHead(org_unit=unit, layout=layout, during=_room(rows, from_on))
    for name, value in facts.items():
        setattr(head, name, value)
    head.recorded_by = by
    head.save()
    record("paper_head.saved", head, by=by, data=changes(before, facts) | {"from_on": day_text(from_on)})
    return head


@transaction.atomic
def end_head(head: OfficeHead, *, last_on: date, by: User) -> OfficeHead:
    """Let a typed head hold until `last_on`; afterwards the lines follow from the unit's name again.

    Raises:
        BadInput: the day lies before its first day, or after its last.
    """
    return _end(head, last_on, "paper_head.ended", by)


@transaction.atomic
def upload_letterhead(unit: OrgUnit, *, layout: str, from_on: date, name: str, content: bytes, by: User) -> Letterhead:
    """Use an office's own Word file from `from_on` on, in `unit` and every unit below without one of its own.

    Raises:
        NotAllowed: `by` keeps no forms of documents there.
        BadInput: the file is no usable letterhead; the message names the token and where it stands.
    """
    require(by, Permission.PAPERS_WRITE, unit)
    _check_day(unit, layout, from_on)
    check_letterhead(name, content, layout)
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    rows = list(Letterhead.objects.filter(org_unit=unit, layout=layout))
    row = next((row for row in rows if row.from_on == from_on), None)
    if row is None:
        row = Letterhead(org_unit=unit, layout=layout, during=_room(rows, from_on))
    row.name, row.content, row.sha256 = clean(name)[:200], content, hashlib.sha256(content).hexdigest()
    row.recorded_by = by
    row.save()
    record("letterhead.uploaded", row, by=by, data={"name": row.name, "sha256": row.sha256})
    return row


@transaction.atomic
def end_letterhead(row: Letterhead, *, last_on: date, by: User) -> Letterhead:
    """Use an own file until `last_on`; afterwards that of the unit above or the shipped one.

    Raises:
        BadInput: the day lies before its first day, or after its last.
    """
    return _end(row, last_on, "letterhead.ended", by)


def _end(row: Row, last_on: date, verb: str, by: User) -> Row:
    unit = row.org_unit
    assert unit is not None  # shipped ones are changed by migrations only
    require(by, Permission.PAPERS_WRITE, unit)
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    row.refresh_from_db(fields=["during"])
    first, last = row.from_on, row.last_on
    if first is None or last_on < first or (last is not None and last_on > last):
        raise _refuse("last_on", _("Choose a day within %(days)s.") % {"days": f"{day_text(first)} – {day_text(last)}"})
    row.during = DateRange(first, last_on + ONE_DAY)
    row.save(update_fields=["during"])
    record(verb, row, by=by, data={"last_on": day_text(last_on)})
    return row


def _room(rows: list[Row], from_on: date) -> DateRange:
    """Make room from `from_on` on: the row that held ends the day before; a later one keeps its days."""
    for row in rows:
        upper = row.during.upper
        if row.from_on is not None and row.from_on < from_on and (upper is None or upper > from_on):
            row.during = DateRange(row.from_on, from_on)
            row.save(update_fields=["during"])
    later = [row.from_on for row in rows if row.from_on is not None and row.from_on > from_on]
    return DateRange(from_on, min(later, default=None))


def _check_day(unit: OrgUnit, layout: str, from_on: date) -> None:
    if layout not in Layout.values:
        raise _refuse("layout", _("Choose whose layout it is."))
    if from_on < _EARLIEST:
        raise _refuse("from_on", _("The day %(day)s is too long ago.") % {"day": day_text(from_on)})
    if not unit.exists_on(from_on):
        message = _("“%(unit)s” did not exist on %(day)s.") % {"unit": unit.name, "day": day_text(from_on)}
        raise _refuse("from_on", message)


def _checked(name: str, text: str) -> str:
    """A tidy text; line breaks stay, since a line of the head may take two lines."""
    tidy = "\n".join(filter(None, (clean(line) for line in text.splitlines())))
    if name in _REQUIRED and not tidy:
        raise _refuse(name, _("This must not be left empty."))
    if len(tidy) > _TEXTS[name]:
        raise _refuse(name, _("This text is too long: at most %(longest)s letters fit.") % {"longest": _TEXTS[name]})
    return tidy


def _refuse(field: str, message: str) -> BadInput:
    return BadInput(message, fields={field: message})
