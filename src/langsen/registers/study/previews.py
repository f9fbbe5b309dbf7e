"""What an operation on the tree means for the register of study, for its preview: plans, records, past figures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.periods import ONE_DAY, Period, today
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.figures.catalogue import all_figures
from langsen.foundation.figures.engine import Asked, Value, figures_of
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgPlacement, OrgUnit
from langsen.foundation.reorganisation.changes import Change
from langsen.foundation.reorganisation.previews import Entry, Section, section
from langsen.registers.study.enums import SessionStatus
from langsen.registers.study.models import StudySession

_COMPARED = ("study.sessions", "study.attendances")
_MOST_UNITS = 12

_Key = tuple[int, Reading, str]


def on_reorganised(changes: Sequence[Change]) -> Iterator[Section | Callable[[], Section | None]]:
    """Return the plans that go along or wait, what is recorded after the day, and the past figures that change."""
    for change in changes:
        if change.predecessors:
            yield _rehomed(change)
            yield _left(change)
            yield _recorded_later(change)
    if changes[0].effective_on < today():
        yield _figures(changes)


def _rehomed(change: Change) -> Section:
    events = AuditEvent.objects.filter(verb="session.rehomed", at__gte=change.change.recorded_at)
    moved = {event.object_id: event.data.get("org_unit", ["", ""]) for event in events}
    sessions = StudySession.objects.filter(pk__in=list(moved)).order_by("held_on", "id")
    entries = [
        Entry(f"{day_text(each.held_on)} – {each.title}", " → ".join(map(str, moved[each.pk]))) for each in sessions
    ]
    return section("planned", _("Planned meetings that go along"), entries)


def _left(change: Change) -> Section:
    ended = [unit.pk for unit in change.predecessors if unit.pk not in change.mapping]
    plans = _sessions_from(change, ended).filter(status=SessionStatus.PLANNED)
    return section(
        "planned_left",
        _("Planned meetings of a unit that ends, which nobody holds any more"),
        _entries(plans),
        note=_("Cancel them, or plan them anew in the unit that takes over."),
        tone="warn",
    )


def _recorded_later(change: Change) -> Section:
    held = _sessions_from(change, [unit.pk for unit in change.predecessors]).filter(status=SessionStatus.HELD)
    return section(
        "recorded_later",
        _("Meetings recorded for days after the unit's end"),
        _entries(held),
        note=_(
            "They stay where they are and count at whoever takes over by today's organisation. "
            "Check each of them: was it held by the new unit?"
        ),
        tone="warn",
    )


def _sessions_from(change: Change, units: Sequence[int]) -> QuerySet[StudySession]:
    sessions = StudySession.objects.filter(org_unit__in=units, held_on__gte=change.effective_on)
    return sessions.select_related("org_unit").order_by("held_on", "id")


def _entries(sessions: QuerySet[StudySession]) -> list[Entry]:
    return [
        Entry(f"{day_text(each.held_on)} – {each.title}", each.org_unit.name, each.get_absolute_url())
        for each in sessions
    ]


def _figures(changes: Sequence[Change]) -> Callable[[], Section | None]:
    """Reckon the figures of the superiors and heirs with the operation; they are compared when it is undone."""
    day = changes[0].effective_on
    units = _concerned(changes)
    period = Period(day, today())
    return partial(_compared, units, period, _reckoned(units, period))


def _concerned(changes: Sequence[Change]) -> list[OrgUnit]:
    """The units whose figures may change: those above the touched ones on both sides of the day, and the heirs."""
    day = changes[0].effective_on
    touched = OrgUnit.objects.filter(changes__in=[change.change for change in changes])
    placed = OrgPlacement.objects.filter(org_unit__in=touched)
    above = placed.filter(during__contains=day) | placed.filter(during__contains=day - ONE_DAY)
    heirs = [heir.pk for change in changes for heir in change.successors]
    ids = {pk for pk in above.values_list("parent", flat=True) if pk} | set(heirs)
    units = OrgUnit.objects.filter(pk__in=ids).select_related("kind").order_by("kind__level", "sort_key", "id")
    return list(units[:_MOST_UNITS])


def _reckoned(units: Sequence[OrgUnit], period: Period) -> Mapping[_Key, Value]:
    figures = tuple(figure for figure in all_figures() if figure.code in _COMPARED)
    known = set(OrgUnit.objects.filter(pk__in=[unit.pk for unit in units]).values_list("pk", flat=True))
    return {
        (unit.pk, reading, value.figure.code): value
        for unit in units
        if unit.pk in known
        for reading in Reading
        if reading == Reading.THEN or unit.exists_on(today())
        for value in figures_of(Asked(unit, period, reading, figures=figures))
    }


def _compared(units: Sequence[OrgUnit], period: Period, after: Mapping[_Key, Value]) -> Section | None:
    """Called on the store as it is without the operation: what differs is a row."""
    before = _reckoned(units, period)
    rows = []
    for unit in units:
        for reading, words in ((Reading.THEN, _("of that time")), (Reading.TODAY, _("today's organisation"))):
            for code in _COMPARED:
                new, old = after.get((unit.pk, reading, code)), before.get((unit.pk, reading, code))
                if new and new.value != (old.value if old else 0):
                    shown = number_text(old.value) if old else "–"
                    rows.append((unit.name, f"{new.figure.name} ({words})", shown, number_text(new.value)))
    return Section(
        "figures",
        _("Figures that change, %(period)s") % {"period": period},
        count=len(rows),
        columns=(_("Unit"), _("Figure"), _("Before"), _("After")),
        rows=rows,
    )
