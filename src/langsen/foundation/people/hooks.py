"""The roster follows the tree: when units end, their people, posts and exemptions go to the unit that takes over."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model, Q, QuerySet

from langsen.foundation.audit.services import record
from langsen.foundation.people.enums import MembershipEnd
from langsen.foundation.people.models import Exemption, Membership, Post
from langsen.foundation.reorganisation.changes import Change

_BATCH = 2000
Dated = TypeVar("Dated", Membership, Post, Exemption)


def on_reorganised(change: Change) -> None:
    """Move what is in force on the day to the unit named by `change.mapping`; past days stay where they were.

    Whoever already belongs to the heir keeps that membership and gets no second one. People of a divided unit stay
    with it until an officer transfers them.
    """
    if not change.mapping:
        return
    moved = {
        "memberships": _move_memberships(change.mapping, change.effective_on),
        "posts": _move(Post.objects.all(), Post, change.mapping, change.effective_on),
        "exemptions": _move(Exemption.objects.all(), Exemption, change.mapping, change.effective_on),
    }
    if any(moved.values()):
        unit_id = next(iter(change.mapping.values()))
        record("people.reorganised", change.change, by=change.by, unit_id=unit_id, data=moved)


def _in_force(rows: QuerySet[Dated], mapping: Mapping[int, int], day: date) -> list[Dated]:
    """Rows of the ending units that hold on `day`, ended with the unit the day before, or begin later."""
    held = Q(during__contains=day) | Q(during__endswith=day) | Q(during__startswith__gt=day)
    return list(rows.filter(held, org_unit__in=list(mapping)).select_for_update().order_by("id"))


def _move_memberships(mapping: Mapping[int, int], day: date) -> int:
    rows = _in_force(Membership.objects.exclude(end_reason__in=[MembershipEnd.DIED, MembershipEnd.LEFT]), mapping, day)
    rows = [row for row in rows if _goes_on(row, day)]
    people = {row.person_id for row in rows}
    there = set(
        Membership.objects.filter(
            person__in=people, org_unit__in=set(mapping.values()), during__overlap=DateRange(day, None)
        ).values_list("person_id", "org_unit_id")
    )
    opened = []
    for row in rows:
        heir = mapping[row.org_unit_id]
        if (row.person_id, heir) in there:
            continue
        there.add((row.person_id, heir))
        during = DateRange(max(day, row.during.lower), _end_after(row, day))
        opened.append(
            Membership(person_id=row.person_id, org_unit_id=heir, person_class=row.person_class, during=during)
        )
    _cut(rows, Membership, day, MembershipEnd.REORGANISED)
    Membership.objects.bulk_create(opened, batch_size=_BATCH)
    return len(opened)


def _goes_on(row: Membership, day: date) -> bool:
    """Ended exactly with its unit, or still running: not one that somebody ended on that very day."""
    return row.during.upper is None or row.during.upper > day or row.end_reason in {"", MembershipEnd.REORGANISED}


def _end_after(row: Membership, day: date) -> date | None:
    return row.during.upper if row.during.upper and row.during.upper > day else None


def _move(rows: QuerySet[Dated], model: type[Dated], mapping: Mapping[int, int], day: date) -> int:
    held = [row for row in _in_force(rows, mapping, day) if row.during.upper is None or row.during.upper > day]
    opened = []
    for row in held:
        values = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in {"id", "org_unit_id", "during"}
        }
        during = DateRange(max(day, row.during.lower), row.during.upper)
        opened.append(model(**values, org_unit_id=mapping[row.org_unit_id], during=during))
    _cut(held, model, day, "")
    model._default_manager.bulk_create(opened, batch_size=_BATCH)
    return len(opened)


def _cut(rows: list[Dated], model: type[Model], day: date, reason: str) -> None:
    """Let rows end the day before; those that would only have begun later keep no day in the old unit."""
    for row in rows:
        begins = row.during.lower
        row.during = DateRange(begins, day) if begins < day else DateRange(empty=True)
        if isinstance(row, Membership):
            row.end_reason = reason
    fields = ["during", "end_reason"] if model is Membership else ["during"]
    model._default_manager.bulk_update(rows, fields, batch_size=_BATCH)
