"""The roster from Excel, our own template or another list's headings."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where
from langsen.foundation.access.unit_imports import UnitImport
from langsen.foundation.audit.services import record
from langsen.foundation.core.copying import listed
from langsen.foundation.core.models import ImportStage
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Context, Judgement, SheetRow, State, Verdict
from langsen.foundation.core.text import number_text
from langsen.foundation.orgs.queries import descendants_on
from langsen.foundation.people.enums import PARTY_MEMBER_CLASSES
from langsen.foundation.people.imports import applying, judging, reading
from langsen.foundation.people.imports.columns import COLUMNS
from langsen.foundation.people.models import Membership, Post
from langsen.foundation.people.queries import people_for

_SHOWN_MISSING = 200


class RosterImport(UnitImport):
    """People, memberships and posts from a list. People missing from the file are named, never taken off."""

    code = "people"
    permission = Permission.PEOPLE_WRITE
    title = gettext_lazy("Import Party members and officials from Excel")
    url_prefix = "people:roster"
    back_url = "people:roster"
    columns = COLUMNS
    file_stem = "danh-sach-dang-vien"

    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        target = self.target(context)
        allowed = units_where(context.user, Permission.PEOPLE_WRITE).values("pk")
        units = reading.Units(target, list(descendants_on(target, today()).filter(pk__in=allowed)))
        verdicts: dict[int, Verdict] = {}
        lines = []
        for row in rows:
            try:
                lines.append(reading.understand(row, units))
            except reading.RowFault as fault:
                label = row.text("full_name")[:120]
                verdicts[row.number] = Verdict(row, State.REJECTED, label, [(fault.key, fault.words)])
        known = _known(lines, context)
        # Rows that mean somebody for certain go first, so that a namesake above them does not take the person.
        in_order = sorted(lines, key=lambda one: judging.certain(one, known) is None) if known.people else lines
        for line in context.progress.through(in_order, ImportStage.CHECKING, len(in_order)):
            verdicts[line.row.number] = judging.judge_line(line, known)
        ordered = [verdicts[row.number] for row in rows]
        return Judgement(ordered, _missing(lines, ordered))

    def apply(self, judgement: Judgement, context: Context) -> None:
        chosen: dict[State, list[judging.Plan]] = {State.NEW: [], State.CHANGED: []}
        for verdict in judgement.verdicts:
            if verdict.state in chosen:
                chosen[verdict.state].append(verdict.plan)
        applying.add_people(chosen[State.NEW], by=context.user, progress=context.progress)
        applying.change_people(chosen[State.CHANGED], by=context.user, progress=context.progress)
        data = {"added": len(chosen[State.NEW]), "changed": len(chosen[State.CHANGED])}
        record("people.imported", self.target(context), by=context.user, unit_id=context.org_unit_id, data=data)


def _known(lines: Sequence[reading.Line], context: Context) -> judging.Known:
    """Load everybody the reader may see who is called like somebody in the file, or carries a key of it."""
    visible = people_for(context.user)
    names = {line.folded for line in lines}
    keys = {line.source_key for line in lines if line.source_key}
    people = {person.pk: person for person in visible.filter(folded__in=listed(names))}
    if keys:
        people |= {person.pk: person for person in visible.filter(source_key__in=listed(keys))}
    day = today()
    memberships: dict[int, list[Membership]] = {}
    rows = Membership.objects.filter(person__in=list(people), during__contains=day).select_related("org_unit", "person")
    for row in rows.order_by("id"):
        memberships.setdefault(row.person_id, []).append(row)
    posts: dict[int, list[Post]] = {}
    for post in Post.objects.filter(person__in=list(people), during__contains=day).order_by("id"):
        posts.setdefault(post.person_id, []).append(post)
    ordered = sorted(people.values(), key=lambda person: person.pk)
    return judging.Known(ordered, memberships, posts)


def _missing(lines: Sequence[reading.Line], verdicts: Sequence[Verdict]) -> list[tuple[str, list[str]]]:
    """Name the Party members of the file's cells whom the file does not name."""
    units = {line.unit.pk for line in lines}
    names = {(line.folded, line.unit.pk) for line in lines}
    meant = {verdict.plan.person.pk for verdict in verdicts if verdict.plan and verdict.plan.person}
    # Plain tuples: a large file's cells hold tens of thousands of people, nearly all of them named in it.
    rows = (
        Membership.objects.filter(org_unit__in=units, during__contains=today(), person_class__in=PARTY_MEMBER_CLASSES)
        .order_by("person__sort_key", "person_id", "id")
        .values_list("person_id", "org_unit_id", "person__folded", "person__full_name", "org_unit__name")
    )
    absent = [
        f"{full_name} – {unit_name}"
        for person, unit, folded, full_name, unit_name in rows
        if person not in meant and (folded, unit) not in names
    ]
    if not absent:
        return []
    title = _("On the roster but not in this file: %(count)s people (they stay)")
    return [(title % {"count": number_text(len(absent))}, absent[:_SHOWN_MISSING])]
