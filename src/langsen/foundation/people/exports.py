"""The roster as an Excel file, in the layout that can be imported again."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import PersonClass
from langsen.foundation.people.imports.columns import (
    BORN_ON,
    FULL_NAME,
    JOINED_ON,
    OFFICIAL_ON,
    PERSON_CLASS,
    POST,
    SEX,
    UNIT,
)
from langsen.foundation.people.masking import masked_day
from langsen.foundation.people.models import SENSITIVE_FIELDS, Membership, Person, Post

COLUMNS = (FULL_NAME, BORN_ON, SEX, UNIT, JOINED_ON, OFFICIAL_ON, POST, PERSON_CLASS)


@transaction.atomic
def export_roster(
    people: QuerySet[Person], units: QuerySet[OrgUnit], *, by: User, revealed: bool, notes: Iterable[str] = ()
) -> bytes:
    """Return today's memberships of `people` in `units` as .xlsx and record that they were taken out.

    Of a birth the year stands there and Party dates not at all, unless `revealed`: then the days of people in units
    where `by` may read masked details.
    """
    open_units = (
        set(units_where(by, Permission.PEOPLE_READ_SENSITIVE).values_list("pk", flat=True)) if revealed else set()
    )
    rows = list(_memberships(people, units))
    posts = _posts({row.person_id for row in rows})
    shown = [_row(row, posts, revealed=row.org_unit_id in open_units) for row in rows]
    fields = list(SENSITIVE_FIELDS) if revealed else []
    unit_ids = {row.org_unit_id for row in rows}
    unit_id = unit_ids.pop() if len(unit_ids) == 1 else None
    record("people.exported", by, by=by, unit_id=unit_id, data={"rows": len(rows), "fields": fields})
    heading = [*notes, _("On %(day)s: %(count)s rows") % {"day": day_text(today()), "count": number_text(len(rows))}]
    return write_sheet(COLUMNS, shown, title=_("Officials and Party members"), notes=heading)


def _memberships(people: QuerySet[Person], units: QuerySet[OrgUnit]) -> Iterator[Membership]:
    rows = Membership.objects.filter(
        person__in=people.order_by().values("pk"), org_unit__in=units, during__contains=today()
    )
    return rows.select_related("person", "org_unit").order_by("person__sort_key", "person_id", "id").iterator()


def _posts(people: set[int]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for post in Post.objects.filter(during__contains=today()).order_by("id").iterator():
        if post.person_id in people:
            found[post.person_id, post.org_unit_id] = post.title
    return found


def _row(row: Membership, posts: dict[tuple[int, int], str], *, revealed: bool) -> list[Any]:
    person = row.person
    whole = revealed and not person.born_year_only
    return [
        person.full_name,
        person.born_on if whole else masked_day(person.born_on, year_only=True),
        person.get_sex_display() if person.sex else "",
        row.org_unit.name,
        person.joined_on if revealed else None,
        person.official_on if revealed else None,
        posts.get((person.pk, row.org_unit_id), ""),
        str(PersonClass(row.person_class).label),
    ]
