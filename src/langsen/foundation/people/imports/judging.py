"""Recognising people: the same, another, or a doubt that is put to the person who imports."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Candidate, State, Verdict
from langsen.foundation.core.text import fold
from langsen.foundation.people.enums import PARTY_MEMBER_CLASSES, PersonClass
from langsen.foundation.people.imports.reading import Line
from langsen.foundation.people.models import Membership, Person, Post

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
SAME_AS_ROW = "row"


@dataclass
class Plan:
    """What applying a row would do. Without `person` it adds one."""

    line: Line
    person: Person | None = None
    fields: dict[str, object] = field(default_factory=dict)
    membership: Membership | None = None  # today's, in the row's unit
    transfer_from: Membership | None = None
    opens_membership: bool = False
    becomes_full_on: date | None = None
    new_class: str = ""
    post: str = ""

    @property
    def changes_something(self) -> bool:
        return bool(
            self.fields
            or self.transfer_from
            or self.opens_membership
            or self.becomes_full_on
            or self.new_class
            or self.post
        )


@dataclass
class Known:
    """Who is there already, loaded once for the whole file."""

    people: Sequence[Person]
    memberships: dict[int, list[Membership]]
    posts: dict[int, list[Post]]
    by_name: dict[str, list[Person]] = field(default_factory=dict)
    by_key: dict[str, Person] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)  # person -> row that means this person
    seen: dict[tuple[object, ...], int] = field(default_factory=dict)  # whom this file names -> in which row first

    def __post_init__(self) -> None:
        for person in self.people:
            self.by_name.setdefault(person.folded, []).append(person)
            if person.source_key:
                self.by_key[person.source_key] = person

    def free(self, people: Iterable[Person]) -> list[Person]:
        return [person for person in people if person.pk not in self.taken]

    def in_unit(self, person: Person, unit_id: int) -> Membership | None:
        rows = self.memberships.get(person.pk, [])
        return next((row for row in rows if row.org_unit_id == unit_id), None)


def spelling(name: str) -> tuple[tuple[str, str], ...]:
    """The name with its tones but without where they are written: Hoà and Hòa are one, Hoa another."""
    words = []
    for word in unicodedata.normalize("NFD", name.casefold()).split():
        letters = "".join(ch for ch in word if ch not in _TONES)
        words.append((letters, "".join(sorted(ch for ch in word if ch in _TONES))))
    return tuple(words)


def certain(line: Line, known: Known) -> Person | None:
    """Return the person this row means beyond doubt: the handbook's key; or name, birth and unit together.

    A row that knows the year alone, as our own masked export does, means the person of that unit born in it.
    """
    if line.source_key and line.source_key in known.by_key:
        person = known.by_key[line.source_key]
        return person if person.pk not in known.taken else None
    if line.folded not in known.by_name:
        return None
    there = [
        person
        for person in known.free(known.by_name[line.folded])
        if known.in_unit(person, line.unit.pk) and spelling(person.full_name) == spelling(line.full_name)
    ]
    year_only = bool(line.given.get("born_year_only"))
    for person in there:
        if person.born_on == line.born_on and (line.born_on is None or person.born_year_only == year_only):
            return person
    if year_only and line.born_on:
        same_year = [person for person in there if person.born_on and person.born_on.year == line.born_on.year]
        return same_year[0] if len(same_year) == 1 else None
    return None


def likely(line: Line, known: Known) -> list[Person]:
    """Return people the row may mean: the same name without accents, and the same unit or year of birth."""
    found = []
    for person in known.free(known.by_name.get(line.folded, [])):
        same_year = bool(person.born_on and line.born_on and person.born_on.year == line.born_on.year)
        if same_year or known.in_unit(person, line.unit.pk):
            found.append(person)
    return found


def judge_line(line: Line, known: Known) -> Verdict:
    """Judge one row; rows before it have taken the people they mean."""
    row = line.row
    label = f"{line.full_name} – {line.unit.name}"
    person = certain(line, known)
    candidates = [] if person else likely(line, known)
    identity = (line.folded, line.born_on, line.unit.pk)
    twin = None if person else known.seen.get(identity)
    offered = [Candidate(str(one.pk), _described(one, known)) for one in candidates]
    if twin is not None:
        offered.append(Candidate(SAME_AS_ROW, _("row %(row)s of this file") % {"row": twin}))
    if person is None and row.choice in {one.value for one in offered}:
        if row.choice == SAME_AS_ROW:
            return Verdict(row, State.UNCHANGED, label, candidates=offered)
        person = next(one for one in candidates if str(one.pk) == row.choice)
    elif person is None and offered and row.choice != "new":
        return Verdict(row, State.DOUBTFUL, label, reasons=[("full_name", _doubt(offered))], candidates=offered)
    known.seen.setdefault(identity, row.number)
    if person is None:
        return Verdict(row, State.NEW, label, candidates=offered, plan=Plan(line))
    known.taken[person.pk] = row.number
    plan = plan_for(line, person, known)
    state = State.CHANGED if plan.changes_something else State.UNCHANGED
    return Verdict(row, state, label, [("", words) for words in _consequences(plan)], offered, plan)


def _doubt(offered: Sequence[Candidate]) -> str:
    return _("Likely already there: %(who)s.") % {"who": "; ".join(one.label for one in offered)}


def _described(person: Person, known: Known) -> str:
    """Name, year of birth and units: what an officer needs to recognise a person, nothing masked."""
    year = str(person.born_on.year) if person.born_on else ""
    units = ", ".join(row.org_unit.name for row in known.memberships.get(person.pk, []))
    return " – ".join(part for part in (person.full_name, year, units) if part)


def plan_for(line: Line, person: Person, known: Known) -> Plan:
    """Say what the row changes for a person already there; an empty cell never takes anything away."""
    plan = Plan(line, person, membership=known.in_unit(person, line.unit.pk))
    plan.fields = {name: value for name, value in line.given.items() if getattr(person, name) != value}
    if plan.fields.get("born_year_only") and person.born_on and not person.born_year_only:
        for name in ("born_on", "born_year_only"):  # a year does not replace a day
            plan.fields.pop(name, None)
    if line.source_key and line.source_key != person.source_key:
        plan.fields["source_key"] = line.source_key
    if plan.membership is None:
        _join(plan, line, person, known)
    else:
        _reclass(plan, line, plan.membership)
    held = [post for post in known.posts.get(person.pk, []) if post.org_unit_id == line.unit.pk]
    if line.post and fold(line.post) not in {fold(post.title) for post in held}:
        plan.post = line.post
    return plan


def _join(plan: Plan, line: Line, person: Person, known: Known) -> None:
    """Not in the row's unit yet: Party members are transferred, others belong to one more unit."""
    party = [row for row in known.memberships.get(person.pk, []) if row.person_class in PARTY_MEMBER_CLASSES]
    if party and line.person_class in PARTY_MEMBER_CLASSES and party[0].during.lower < today():
        plan.transfer_from = party[0]
    else:
        plan.opens_membership = True


def _reclass(plan: Plan, line: Line, membership: Membership) -> None:
    official = line.given.get("official_on")
    if membership.person_class == line.person_class:
        return
    if membership.person_class == PersonClass.PROBATIONARY_MEMBER and isinstance(official, date):
        if membership.during.lower < official <= today():
            plan.becomes_full_on = official
        else:
            plan.new_class = PersonClass.FULL_MEMBER
    elif line.class_is_said:
        plan.new_class = line.person_class


def _consequences(plan: Plan) -> list[str]:
    """What would change, in words; masked values are not repeated."""
    words = []
    labels = {field.name: str(field.verbose_name) for field in Person._meta.concrete_fields}
    names = [labels[name] for name in plan.fields if name not in _UNSHOWN]
    if names:
        words.append(_("changes: %(fields)s") % {"fields": ", ".join(names)})
    if plan.transfer_from:
        words.append(_("transferred from %(unit)s as of today") % {"unit": plan.transfer_from.org_unit.name})
    if plan.opens_membership:
        words.append(_("also belongs to %(unit)s") % {"unit": plan.line.unit.name})
    if plan.becomes_full_on:
        words.append(_("becomes a full member"))
    if plan.new_class:
        words.append(_("class: %(class)s") % {"class": PersonClass(plan.new_class).label})
    if plan.post:
        words.append(_("post: %(post)s") % {"post": plan.post})
    return words


_UNSHOWN = {"born_year_only", "source_key"}
