"""Which head and which letterhead file a document of a unit takes on its day."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from django.db.models import QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import ancestors_on, name_on, parent_on, units_matching
from langsen.foundation.papers.enums import Layout
from langsen.foundation.papers.models import Letterhead, OfficeHead, ReservedNumber
from langsen.foundation.papers.naming import Lines, Station, derive_lines


@dataclass(frozen=True)
class Head:
    """The head of a unit's documents on a day: the lines, whether somebody typed them, the letterhead file."""

    lines: Lines
    letterhead: Letterhead
    typed: OfficeHead | None = None

    @property
    def superior_line(self) -> str:
        return self.lines.superior_line

    @property
    def own_line(self) -> str:
        return self.lines.own_line

    @property
    def org_code(self) -> str:
        return self.lines.org_code

    @property
    def place(self) -> str:
        return self.lines.place

    @property
    def signed_for(self) -> str:
        return self.lines.signed_for

    @property
    def signer_title(self) -> str:
        return self.lines.signer_title

    @property
    def recipients(self) -> tuple[str, ...]:
        return self.lines.recipients

    def code(self, kind: str = "BC") -> str:
        """Return what stands behind a document's number: BC/TU in a Party document, BC-UBND in a State one."""
        mark = "-" if self.letterhead.layout == Layout.STATE else "/"
        return f"{kind}{mark}{self.org_code}"


def head_of(unit: OrgUnit, on: date, layout: str) -> Head:
    """Return the head of `unit`'s documents of `on`: as typed, else derived from its name and its superiors."""
    letterhead = letterhead_for(unit, on, layout)
    typed = OfficeHead.objects.filter(org_unit=unit, layout=layout, during__contains=on).first()
    if typed is None:
        return Head(derived_lines(unit, on, layout), letterhead)
    recipients = tuple(line for line in typed.recipients.splitlines() if line.strip())
    lines = Lines(
        typed.superior_line, typed.own_line, typed.org_code, typed.place, typed.signed_for, typed.signer_title,
        recipients,
    )  # fmt: skip
    return Head(lines, letterhead, typed)


def derived_lines(unit: OrgUnit, on: date, layout: str) -> Lines:
    """Return the lines that follow from the unit's name and place in the tree on `on`."""
    day = _day_in_tree(unit, on)
    above = [_station(one, day) for one in ancestors_on(unit, day).select_related("kind") if one != unit]
    over = [station for station in reversed(above) if station.level > 0]
    return derive_lines(_station(unit, day), over, layout)


def _day_in_tree(unit: OrgUnit, on: date) -> date:
    """The day itself, or the nearest one on which the unit stood in the tree (a report may follow its end)."""
    if parent_on(unit, on) or unit.exists_on(on):
        return on
    newest = OrgPlacement.objects.filter(org_unit=unit).order_by("-during").first()
    if newest is None:
        return on
    last = unit.last_on
    return last if last and last < on else max(on, unit.from_on)


def _station(unit: OrgUnit, day: date) -> Station:
    return Station(name_on(unit, day), unit.kind.level, unit.kind.is_cell, unit.kind.is_board)


def letterhead_for(unit: OrgUnit, on: date, layout: str) -> Letterhead:
    """Return the letterhead file in force on `on`: the unit's own, that of the nearest unit above, else the shipped."""
    above = [*reversed(ancestors_on(unit, _day_in_tree(unit, on)))]
    own = {
        row.org_unit_id: row
        for row in Letterhead.objects.filter(org_unit__in=above or [unit], layout=layout, during__contains=on)
    }
    return next((own[one.pk] for one in above or [unit] if one.pk in own), None) or shipped_letterhead(on, layout)


def shipped_letterhead(on: date, layout: str) -> Letterhead:
    """Return the letterhead that came with the program and fits documents of `on`."""
    shipped = Letterhead.objects.filter(org_unit=None, layout=layout)
    found = shipped.filter(during__contains=on).first() or shipped.order_by("during").first()
    assert found is not None  # migrations bring one for each layout, without a first day
    return found


def content_of(letterhead: Letterhead) -> bytes:
    """Return the Word file of a letterhead."""
    if letterhead.content is not None:
        return bytes(letterhead.content)
    return (files("langsen.foundation.papers.letterheads") / f"{letterhead.profile}.docx").read_bytes()


def shipped_letterheads() -> QuerySet[Letterhead]:
    """Return the letterheads that came with the program, the newest rules first."""
    return Letterhead.objects.filter(org_unit=None).order_by("layout", "-during", "id")


def shipped_by_profile(profile: str) -> Letterhead:
    """Return one letterhead that came with the program.

    Raises:
        NotFound: there is none of that name.
    """
    found = Letterhead.objects.filter(org_unit=None, profile=profile).first()
    if found is None:
        raise NotFound(profile)
    return found


def kept_units(user: User, text: str = "") -> QuerySet[OrgUnit]:
    """Return the living units whose forms of documents `user` keeps; without a search only those of a role's own."""
    units = units_where(user, Permission.PAPERS_WRITE).filter(during__contains=today()).select_related("kind")
    if text.strip():
        units = units_matching(text, units)
    elif not acts_everywhere(user):
        units = units.filter(pk__in=[unit.pk for unit in own_units(user)])
    return units.order_by("kind__level", "sort_key", "id")


def typed_head_for(user: User, pk: int) -> OfficeHead:
    """Return a typed head `user` keeps.

    Raises:
        NotFound: it does not exist, or is not theirs to keep.
    """
    kept = units_where(user, Permission.PAPERS_WRITE).values("pk")
    found = OfficeHead.objects.filter(org_unit__in=kept, pk=pk).select_related("org_unit__kind").first()
    if found is None:
        raise NotFound(pk)
    return found


def own_letterhead_for(user: User, pk: int) -> Letterhead:
    """Return an office's own letterhead `user` keeps.

    Raises:
        NotFound: it does not exist, or is not theirs to keep.
    """
    kept = units_where(user, Permission.PAPERS_WRITE).values("pk")
    found = Letterhead.objects.filter(org_unit__in=kept, pk=pk).select_related("org_unit__kind").first()
    if found is None:
        raise NotFound(pk)
    return found


def numbers_of(unit: OrgUnit, layout: str) -> QuerySet[ReservedNumber]:
    """Return the numbers taken from a unit's books, the newest first."""
    rows = ReservedNumber.objects.filter(book__org_unit=unit, book__layout=layout)
    return rows.select_related("book", "reserved_by").order_by("-book__during", "-number", "-id")


def number_for(user: User, pk: int) -> ReservedNumber:
    """Return a taken number of a unit whose forms of documents `user` keeps.

    Raises:
        NotFound: it does not exist, or is not theirs to keep.
    """
    kept = units_where(user, Permission.PAPERS_WRITE).values("pk")
    found = ReservedNumber.objects.filter(book__org_unit__in=kept, pk=pk).select_related("book__org_unit__kind").first()
    if found is None:
        raise NotFound(pk)
    return found
