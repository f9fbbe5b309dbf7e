"""What an operation would do: it is carried out, looked at from every side, and undone.

Each register that keeps things in units adds what it knows (`LANGSEN_REORGANISED_PREVIEWS`): people and records that
go along, what is due, figures of the past that change.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from langsen.foundation.access.models import Grant, Invitation
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.reorganisation.branches import Branch, Step, branch_of
from langsen.foundation.reorganisation.changes import Change, hearing
from langsen.foundation.reorganisation.history import list_names

SHOWN = 200  # entries of one section; the count is of all
OPEN = 15  # a longer list is folded on the screen, and printed whole


@dataclass(frozen=True)
class Entry:
    """One thing concerned: a person, a meeting, a unit. `note` is the smaller second line."""

    text: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Section:
    """One side of an operation. `count` is of all, also where `entries` were cut; a table has `columns` and `rows`.

    `is_quiet` sections, where nothing happens, are one line each on the page.
    """

    key: str
    title: str
    entries: Sequence[Entry] = ()
    count: int = 0
    note: str = ""
    tone: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()

    @property
    def is_quiet(self) -> bool:
        return not self.count and not self.rows

    @property
    def table(self) -> list[list[tuple[str, str]]]:
        """Return the rows as (column, text) pairs."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def is_open(self) -> bool:
        return len(self.entries) <= OPEN

    @property
    def hidden(self) -> int:
        """How many there are besides the entries shown."""
        return max(0, self.count - len(self.entries)) if self.entries else 0


# A section that compares the figures of before and after returns a function: it is called when all has been undone.
Previewed = Section | Callable[[], Section | None]
Previewer = Callable[[Sequence[Change]], Iterable[Previewed]]


@dataclass(frozen=True)
class Preview:
    """An operation as it would be from `effective_on` on, for people to take to the meeting."""

    effective_on: date
    day_before: date
    is_back_dated: bool
    before: Branch
    after: Branch
    sections: Sequence[Section]

    @property
    def loud(self) -> list[Section]:
        return [section for section in self.sections if not section.is_quiet]

    @property
    def quiet(self) -> list[Section]:
        return [section for section in self.sections if section.is_quiet]


def section(key: str, title: str, entries: Sequence[Entry], *, note: str = "", tone: str = "") -> Section:
    """Make a section of a list, cut at what a page can show."""
    return Section(key, title, entries[:SHOWN], len(entries), note, tone)


def preview(act: Callable[[], object]) -> Preview:
    """Carry out `act`, look at what it did, undo it, and return what was seen; nothing of it is kept.

    Raises:
        BadInput, NotAllowed, Conflict: as `act` itself would.
    """
    with transaction.atomic():
        logged = AuditEvent.objects.aggregate(newest=Max("id"))["newest"] or 0
        with hearing() as changes:
            act()
        day = changes[0].effective_on
        units = list(OrgUnit.objects.filter(changes__in=[change.change for change in changes]).distinct())
        before, after = branch_of(units, day - ONE_DAY, day), branch_of(units, day, day - ONE_DAY)
        found: list[Previewed] = [*_unit_sections(before, after, changes), *_access_sections(logged, changes)]
        found += [each for look in _previewers() for each in look(changes)]
        transaction.set_rollback(True)
    sections = [each if isinstance(each, Section) else each() for each in found]
    return Preview(day, day - ONE_DAY, day < today(), before, after, [each for each in sections if each is not None])


def _previewers() -> Iterator[Previewer]:
    for name in settings.LANGSEN_REORGANISED_PREVIEWS:
        yield import_string(name)


def _unit_sections(before: Branch, after: Branch, changes: Sequence[Change]) -> Iterator[Section]:
    """What begins, ends, is called otherwise, and stands under another superior."""
    then, now = before.by_unit, after.by_unit
    heirs = list_names(list(dict.fromkeys(heir.name for change in changes for heir in change.successors)))
    # A heir recorded earlier may begin on the same day; this operation establishes only its own.
    own = {each if isinstance(each, str) else each["code"] for one in changes for each in _established(one)}
    begin = [step for step in now.values() if step.code in own]
    yield section("begin", _("Units established"), [_entry(step, step.superior) for step in begin])
    end = [step for step in then.values() if not step.existed]
    words = _("goes to: %(units)s") % {"units": heirs} if heirs else _("nobody takes over; it counts at the superior")
    yield section(
        "end",
        _("Units that end"),
        [_entry(step, words) for step in end],
        note=_("What was recorded there stays there; by today's organisation it counts at whoever takes over."),
        tone="warn",
    )
    both = [(then[pk], now[pk]) for pk in now if pk in then]
    renamed = [(old, new) for old, new in both if old.name != new.name]
    yield section("rename", _("New names"), [Entry(f"{old.name} → {new.name}", old.code) for old, new in renamed])
    moved = [(old, new) for old, new in both if old.superior_code != new.superior_code]
    yield section("move", _("Units that move"), [_entry(new, f"{old.superior} → {new.superior}") for old, new in moved])


def _established(change: Change) -> Sequence[str | dict[str, str]]:
    facts: dict[str, list[str | dict[str, str]]] = change.change.facts
    return facts.get("established", [])


def _entry(step: Step, words: str) -> Entry:
    below = _("with %(count)s units below it") % {"count": step.below} if step.below else ""
    return Entry(f"{step.name} ({step.code})", " · ".join(each for each in (words, below) if each))


def _access_sections(logged: int, changes: Sequence[Change]) -> Iterator[Section]:
    """Whose roles end with their unit, and which invitations are withdrawn."""
    events = AuditEvent.objects.filter(pk__gt=logged)
    ended = events.filter(verb="grant.ended_with_unit").values("object_id")
    grants = Grant.objects.filter(pk__in=ended).select_related("user", "org_unit")
    yield section(
        "roles",
        _("Roles that end"),
        [
            Entry(f"{grant.user.display_name} – {grant.get_role_display()}", grant.org_unit.name)
            for grant in grants.order_by("user__display_name", "id")
        ],
        note=_("If these people are to go on, give them their role in the unit that takes over afterwards."),
        tone="warn",
    )
    withdrawn = events.filter(verb="invitation.ended_with_unit").values("object_id")
    invited = Invitation.objects.filter(pk__in=withdrawn).select_related("org_unit").order_by("id")
    if invited:
        yield section(
            "invitations",
            _("Invitations that are withdrawn"),
            [Entry(f"{each.display_name} – {each.get_role_display()}", each.org_unit.name) for each in invited],
        )
    if changes[0].effective_on < today():
        day = day_text(changes[0].effective_on)
        yield Section(
            "past",
            _("This day has passed"),
            count=1,
            note=_("Past figures by the organisation of that time change from %(day)s on.") % {"day": day},
            tone="warn",
        )
