"""What an operation on the tree means for the roster, for its preview: who goes along, who waits to be transferred."""

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.people.enums import MembershipEnd
from langsen.foundation.people.models import Membership
from langsen.foundation.people.queries import people_for
from langsen.foundation.reorganisation.changes import Change
from langsen.foundation.reorganisation.previews import Entry, Section, section


def on_reorganised(changes: Sequence[Change]) -> Iterator[Section]:
    """Return who was carried over by the operation just carried out, and who still stands in a unit that ended."""
    for change in changes:
        if change.predecessors:
            yield _carried(change)
            yield from _posts(change)
            yield _waiting(change)


def _carried(change: Change) -> Section:
    ended = Membership.objects.filter(
        org_unit__in=list(change.mapping), end_reason=MembershipEnd.REORGANISED, during__endswith=change.effective_on
    )
    names = {heir.pk: heir.name for heir in change.successors}

    def way(row: Membership) -> str:
        return f"{row.org_unit.name} → {names.get(change.mapping[row.org_unit_id], '')}"

    entries = _named(change, list(ended.select_related("org_unit")), way)
    return section("people", _("Officials and Party members who go along"), entries)


def _posts(change: Change) -> Iterator[Section]:
    """Posts and exemptions that go on in the heir, as the register itself has just written down."""
    event = AuditEvent.objects.filter(
        verb="people.reorganised", object_type=change.change._meta.label_lower, object_id=change.change.pk
    ).first()
    moved = event.data if event else {}
    labels = {"posts": _("Posts that go on"), "exemptions": _("Exemptions that go on")}
    for key, label in labels.items():
        if moved.get(key):
            yield Section(key, f"{label}: {moved[key]}", count=moved[key])


def _waiting(change: Change) -> Section:
    """People of units whose heir was not said: they stay until somebody transfers them one by one."""
    left = [unit.pk for unit in change.predecessors if unit.pk not in change.mapping]
    rows = Membership.objects.filter(during__contains=change.effective_on, org_unit__in=left).select_related("org_unit")
    return section(
        "waiting",
        _("People who stay in a unit that ends, until they are transferred"),
        _named(change, list(rows), lambda row: row.org_unit.name),
        note=_("The units that take over are several: transfer each person to one of them afterwards."),
        tone="warn",
    )


def _named(change: Change, rows: Sequence[Membership], note: Callable[[Membership], str]) -> list[Entry]:
    """Name the people of these memberships to whoever may see people; to others they are a number."""
    ids = {row.person_id for row in rows}
    visible = {person.pk: person for person in people_for(change.by).filter(pk__in=ids)}
    named = sorted(
        (row for row in rows if row.person_id in visible),
        key=lambda row: (visible[row.person_id].sort_key, row.person_id, row.pk),
    )
    entries = [Entry(visible[row.person_id].full_name, note(row)) for row in named]
    return entries + [Entry(_("a person whose name you may not see"), note(row)) for row in rows if row not in named]
