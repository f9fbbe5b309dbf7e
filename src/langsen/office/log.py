"""The log as its readers may see it: events of their units, in plain words."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any, overload

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.utils import timezone

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.stores import audited_stores
from langsen.foundation.audit.words import changed_fields, registered_verbs, verb_words
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import units_below_today, units_matching

LONGEST_EXCEL = 50_000


@dataclass(frozen=True)
class LogLine:
    """One event as the page shows it."""

    at: datetime
    who: str
    what: str
    about: str
    unit: str
    changes: list[tuple[str, object, object]]

    @property
    def local_day(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def local_time(self) -> str:
        return f"{timezone.localtime(self.at):%H:%M}"


def events_seen_by(user: User, store: str = DEFAULT_DB_ALIAS) -> QuerySet[AuditEvent]:
    """Return the events of one store of the units in which `user` may read the log, the newest first.

    Events of no unit (staff mode, keys of programs) are read by whoever reads the log of the whole tree.
    """
    events = AuditEvent.objects.using(store).order_by("-id")
    if acts_everywhere(user):
        return events
    units = units_where(user, Permission.AUDIT_READ)
    seen = Q(unit_id__in=_keys(units, store))
    tops = OrgPlacement.objects.filter(parent=None, during__contains=today(), org_unit__in=units)
    if tops.exists():
        seen |= Q(unit_id=None)
    return events.filter(seen)


def narrowed(events: QuerySet[AuditEvent], asked: dict[str, Any]) -> QuerySet[AuditEvent]:
    """Narrow events by `who` (words of a name or user name), `what` (a verb), `unit`, `from` and `to` (days)."""
    words = fold(asked.get("who") or "").split()
    if words:
        named = Q()
        for word in words:
            named &= Q(folded__contains=word)
        events = events.filter(actor_id__in=_keys(User.objects.filter(named), events.db))
    if asked.get("what"):
        events = events.filter(verb=asked["what"])
    if asked.get("unit"):
        chosen = units_matching(asked["unit"], OrgUnit.objects.all()).order_by()
        below = units_below_today(chosen.values_list("pk", flat=True)[:500])
        events = events.filter(unit_id__in=_keys(below, events.db))
    if asked.get("from"):
        events = events.filter(at__gte=_midnight(asked["from"]))
    if asked.get("to"):
        events = events.filter(at__lt=_midnight(asked["to"] + timedelta(days=1)))
    return events


def _keys(rows: QuerySet[Any], store: str) -> QuerySet[Any] | list[int]:
    """Keys of rows of the register store, for a filter in `store`: asked there in one, beside it as numbers."""
    return rows.values("pk") if rows.db == store else list(rows.order_by().values_list("pk", flat=True))


class Merged(Sequence[AuditEvent]):
    """The events of both stores in one list, the newest first; only what a page shows is loaded.

    Both lists are in the order of their own numbers, so at most as many of the longer one's keys are read beside a page
    as the shorter one has rows.
    """

    def __init__(self, user: User, asked: dict[str, Any]) -> None:
        lists = [narrowed(events_seen_by(user, store), asked) for store in audited_stores()]
        counted = sorted(((rows.count(), number) for number, rows in enumerate(lists)), reverse=True)
        self._lists = [lists[number] for _count, number in counted]
        self._counts = [count for count, _number in counted]

    def __len__(self) -> int:
        return sum(self._counts)

    @overload
    def __getitem__(self, place: int) -> AuditEvent: ...
    @overload
    def __getitem__(self, place: slice) -> list[AuditEvent]: ...
    def __getitem__(self, place: int | slice) -> AuditEvent | list[AuditEvent]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        start, stop, _step = place.indices(len(self))
        longer, others = self._lists[0], self._lists[1:]
        passed = max(0, start - sum(self._counts[1:]))
        heads = [longer[passed:stop], *(rows[:stop] for rows in others)]
        keys = [[(-at.timestamp(), rows.db, pk) for pk, at in rows.values_list("pk", "at")] for rows in heads]
        wanted = list(heapq.merge(*keys, key=itemgetter(0)))[start - passed : stop - passed]
        found = {
            (rows.db, event.pk): event
            for rows in heads
            for event in AuditEvent.objects.using(rows.db).filter(
                pk__in=[pk for _at, store, pk in wanted if store == rows.db]
            )
        }
        return [found[store, pk] for _at, store, pk in wanted]


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def verb_choices() -> list[tuple[str, str]]:
    """Return every verb with its words, in the order of the words."""
    return sorted(((verb, str(words)) for verb, words in registered_verbs().items()), key=lambda pair: fold(pair[1]))


def lines(events: Iterable[AuditEvent]) -> list[LogLine]:
    """Put events into words; the names of their units are looked up at once."""
    rows = list(events)
    names = dict(OrgUnit.objects.filter(pk__in={row.unit_id for row in rows}).values_list("pk", "name"))
    return [
        LogLine(
            at=row.at,
            who=row.actor_name,
            what=verb_words(row),
            about=row.object_label,
            unit=names.get(row.unit_id or 0, ""),
            changes=changed_fields(row),
        )
        for row in rows
    ]
