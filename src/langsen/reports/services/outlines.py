"""Keeping outlines: a changed one is a new version from a day on; the one before ends the day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict, NotAllowed
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import clean, day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.programmes.models import Programme
from langsen.reports import rules
from langsen.reports.enums import Cadence, Layout
from langsen.reports.models import Outline, OutlineFigure, OutlineSection
from langsen.reports.queries.numbers import figure_named
from langsen.reports.text.tokens import broken_in, canonical, tokens_in

MOST_SECTIONS, MOST_FIGURES, BODY_LENGTH = 60, 200, 20_000
_CODE_LENGTH = 60


@dataclass(frozen=True)
class SectionFacts:
    """A section: its heading and the sentences a draft begins with; {unit} and {period} are filled in then."""

    heading: str
    body: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class FigureFacts:
    code: str
    by_unit: bool = False


@dataclass(frozen=True)
class OutlineFacts:
    """What a form says about an outline."""

    code: str
    name_vi: str
    subject: str
    sections: Sequence[SectionFacts]
    figures: Sequence[FigureFacts] = ()
    name_en: str = ""
    cadence: str = Cadence.FREE
    layout: str = Layout.PARTY
    due_days: int = 0
    programme: Programme | None = None
    source: str = ""
    is_verified: bool = False


@transaction.atomic
def save_outline(org_unit: OrgUnit | None, facts: OutlineFacts, *, from_on: date, by: User) -> Outline:
    """Save an outline of `org_unit` (None: of the program) to be offered from `from_on` on.

    A version with the same code ends the day before; one that was to begin on that very day is replaced while nothing
    rests on it.

    Raises:
        NotAllowed: `by` keeps no outlines there.
        BadInput: a text is missing or too long, an unknown figure is named (all of them are listed), the code belongs
            to somebody else.
        Conflict: a later version exists, or reports rest on the version of that day.
    """
    _require(by, org_unit)
    columns = _columns(facts)
    sections, figures = _checked_sections(facts.sections), _checked_figures(facts.figures)
    code = _checked_code(facts.code)
    _make_room(code, org_unit, from_on)
    outline = Outline.objects.create(code=code, org_unit=org_unit, during=DateRange(from_on, None), **columns)
    OutlineSection.objects.bulk_create(
        OutlineSection(
            outline=outline, position=number, heading=one.heading, body=one.body, is_required=one.is_required
        )
        for number, one in enumerate(sections, start=1)
    )
    OutlineFigure.objects.bulk_create(
        OutlineFigure(outline=outline, position=number, code=one.code, by_unit=one.by_unit)
        for number, one in enumerate(figures, start=1)
    )
    record("report_outline.saved", outline, by=by, unit_id=outline.org_unit_id, data={"code": code, "from": from_on})
    return outline


@transaction.atomic
def end_outline(outline: Outline, *, last_on: date, by: User) -> Outline:
    """Offer an outline until `last_on` and no longer. Reports begun under it stay.

    Raises:
        BadInput: the day lies before its first.
        Conflict: it has ended already by that day.
    """
    _require(by, outline.org_unit)
    current = Outline.objects.select_for_update(of=("self",)).get(pk=outline.pk)
    if last_on < current.during.lower:
        raise rules.refuse("last_on", _("Choose a day from %(day)s on.") % {"day": day_text(current.during.lower)})
    if current.last_on is not None and current.last_on <= last_on:
        raise Conflict(_("This outline ends on %(day)s already.") % {"day": day_text(current.last_on)})
    current.during = DateRange(current.during.lower, last_on + ONE_DAY)
    current.save(update_fields=["during"])
    record("report_outline.ended", current, by=by, unit_id=current.org_unit_id, data={"last_on": last_on})
    return current


def _require(by: User, org_unit: OrgUnit | None) -> None:
    if org_unit is not None:
        require(by, Permission.REPORTS_OUTLINE, org_unit)
    elif not acts_everywhere(by):
        raise NotAllowed(_("An outline that came with the program is not changed. Save one of your own unit."))


def _make_room(code: str, org_unit: OrgUnit | None, from_on: date) -> None:
    versions = list(Outline.objects.select_for_update().filter(code=code).order_by("during"))
    if any(one.org_unit_id != (org_unit.pk if org_unit else None) for one in versions):
        raise rules.refuse("code", _("The code “%(code)s” is somebody else's. Choose another one.") % {"code": code})
    for version in versions:
        first, end = version.during.lower, version.during.upper
        if first > from_on:
            raise Conflict(
                _("There is a version from %(day)s on already. Choose a later day.") % {"day": day_text(first)}
            )
        if first == from_on:
            if version.reports.exists() or version.calls.exists():
                raise Conflict(_("Reports rest on the version of that day already. Choose a later day."))
            version.delete()
        elif end is None or end > from_on:
            version.during = DateRange(first, from_on)
            version.save(update_fields=["during"])


def _columns(facts: OutlineFacts) -> dict[str, Any]:
    if facts.cadence not in Cadence.values:
        raise rules.refuse("cadence", _("Choose the period."))
    if facts.layout not in Layout.values:
        raise rules.refuse("layout", _("Choose the layout."))
    if not -366 <= facts.due_days <= 366:
        raise rules.refuse("due_days", _("A report is due at most a year before or after the end of its period."))
    name = rules.checked_text(facts.name_vi, "name_vi", 200, required=True)
    return {
        "name_vi": name,
        "name_en": rules.checked_text(facts.name_en, "name_en", 200) or name,
        "subject": rules.checked_text(facts.subject, "subject", 400, required=True),
        "cadence": facts.cadence,
        "layout": facts.layout,
        "due_days": facts.due_days,
        "programme": facts.programme,
        "source": rules.checked_text(facts.source, "source", 300),
        "is_verified": facts.is_verified,
    }


def _checked_code(code: str) -> str:
    text = clean(code).lower()
    if (
        not text
        or len(text) > _CODE_LENGTH
        or not all(one.isascii() and (one.isalnum() or one in "-_") for one in text)
    ):
        raise rules.refuse("code", _("A code has letters without accents, digits and hyphens only."))
    return text


def _checked_sections(sections: Sequence[SectionFacts]) -> list[SectionFacts]:
    if not sections:
        raise rules.refuse("sections", _("An outline has at least one section."))
    if len(sections) > MOST_SECTIONS:
        raise rules.refuse("sections", _("At most %(most)s sections fit.") % {"most": MOST_SECTIONS})
    checked, mistakes, unknown = [], [], []
    for section in sections:
        heading = rules.checked_text(section.heading, "sections", 300, required=True)
        body = canonical(rules.checked_text(section.body, "sections", BODY_LENGTH, lines=True))
        mistakes += [broken.message for broken in broken_in(body)]
        unknown += [token.code for token in tokens_in(body) if token.code not in _FILLED]
        checked.append(SectionFacts(heading, body, section.is_required))
    mistakes += _unknown_ones(unknown)
    if mistakes:
        raise rules.refuse("sections", " ".join(dict.fromkeys(mistakes)))
    return checked


_FILLED = ("unit", "period")  # filled in when a draft is begun, no figures


def _checked_figures(figures: Sequence[FigureFacts]) -> list[FigureFacts]:
    if len(figures) > MOST_FIGURES:
        raise rules.refuse("figures", _("At most %(most)s figures fit.") % {"most": MOST_FIGURES})
    mistakes = _unknown_ones([one.code for one in figures])
    if mistakes:
        raise rules.refuse("figures", mistakes[0])
    return list({one.code: one for one in figures}.values())


def _unknown_ones(codes: Sequence[str]) -> list[str]:
    unknown = [code for code in dict.fromkeys(codes) if figure_named(code) is None]
    if not unknown:
        return []
    return [_("There are no such indicators: %(codes)s.") % {"codes": ", ".join(unknown)}]
