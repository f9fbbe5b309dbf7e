"""The log as its readers may see it: events of their units, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.models import AuditEvent
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


def events_seen_by(user: User) -> QuerySet[AuditEvent]:
    """Return the events of the units in which `user` may read the log, the newest first.

    Events of no unit (staff mode, keys of programs) are read by whoever reads the log of the whole tree.
    """
    if acts_everywhere(user):
        return AuditEvent.objects.order_by("-id")
    units = units_where(user, Permission.AUDIT_READ)
    seen = Q(unit_id__in=units.values("pk"))
    tops = OrgPlacement.objects.filter(parent=None, during__contains=today(), org_unit__in=units)
    if tops.exists():
        seen |= Q(unit_id=None)
    return AuditEvent.objects.filter(seen).order_by("-id")


def narrowed(events: QuerySet[AuditEvent], asked: dict[str, Any]) -> QuerySet[AuditEvent]:
    """Narrow events by `who` (words of a name or user name), `what` (a verb), `unit`, `from` and `to` (days)."""
    words = fold(asked.get("who") or "").split()
    if words:
        named = Q()
        for word in words:
            named &= Q(folded__contains=word)
        events = events.filter(actor_id__in=User.objects.filter(named).values("pk"))
    if asked.get("what"):
        events = events.filter(verb=asked["what"])
    if asked.get("unit"):
        chosen = units_matching(asked["unit"], OrgUnit.objects.all()).order_by()
        events = events.filter(unit_id__in=units_below_today(chosen.values_list("pk", flat=True)[:500]).values("pk"))
    if asked.get("from"):
        events = events.filter(at__gte=_midnight(asked["from"]))
    if asked.get("to"):
        events = events.filter(at__lt=_midnight(asked["to"] + timedelta(days=1)))
    return events


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
