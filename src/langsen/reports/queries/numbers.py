"""The numbers of a report: what it holds, what their sources say now, and how each is printed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from langsen.foundation.core.periods import today
from langsen.foundation.core.text import number_text
from langsen.foundation.figures.catalogue import Figure, Ratio, all_figures
from langsen.foundation.figures.drill import ids_behind
from langsen.foundation.figures.engine import Asked, UnitEnded, Value, figures_of, refuse_ended, rows_by_unit
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgClosure, OrgHome, OrgUnit
from langsen.reports.models import Report, ReportNumber, ReportSnapshot
from langsen.reports.text.printing import EMPTY, Number, Printed, printed
from langsen.reports.text.tokens import Token, tokens_in

Key = tuple[str, str]  # (code of the figure, code of the unit or "" for the report's own)
_MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True)
class Unreadable:
    """Why a bound number cannot be read, in clear words."""

    message: str


@dataclass(frozen=True)
class Changed:
    """A number whose source says something else now. `problem` is set when the source cannot be read any more."""

    number: ReportNumber
    name: str
    held: str
    live: str
    problem: str = ""
    reason: str = ""


@dataclass(frozen=True)
class AppendixLine:
    """A line of the appendix: the report's own number, and by unit if the outline asks for that."""

    figure: Figure
    number: Number
    rows: tuple["AppendixRow", ...] = ()


@dataclass(frozen=True)
class AppendixRow:
    key: str
    name: str
    divided: bool
    number: Number


def figure_named(code: str) -> Figure | None:
    """Return the figure with this code, or None when there is no such indicator (any more)."""
    return next((figure for figure in all_figures() if figure.code == code), None)


def figure_name(code: str) -> str:
    """Return what the figure is called in a report (in Vietnamese), with its parent for a part; else its code."""
    figure = figure_named(code)
    if figure is None:
        return code
    with translation.override("vi"):
        return f"{figure_name(figure.parent)}: {figure.name}" if figure.parent else str(figure.name)


def held_numbers(report: Report) -> dict[Key, ReportNumber]:
    return {(number.code, number.unit_code): number for number in report.numbers.all()}


def printed_token(token: Token, numbers: Mapping[Key, Number]) -> Printed:
    """Return how the token is printed; a number the report does not hold is a dash with a problem."""
    number = numbers.get(token.key)
    if number is None:
        figure = figure_named(token.code)
        message = _("The report holds no value for this number.") if figure else unknown_figure(token.code)
        return Printed(EMPTY, message)
    return printed(number, token.form)


def keys_of(report: Report) -> list[Key]:
    """Return what the report needs a value for: every token of its text and every line of its appendix."""
    keys = [token.key for section in report.kept_sections for token in tokens_in(section.body)]
    keys += [(line.code, "") for line in report.outline.figures.all()]
    return list(dict.fromkeys(keys))


def read_numbers(report: Report, keys: Iterable[Key]) -> dict[Key, Value | Unreadable]:
    """Return what the sources say now, reckoned once per unit; what cannot be read says why."""
    by_unit: dict[str, list[str]] = {}
    for code, unit_code in keys:
        by_unit.setdefault(unit_code, []).append(code)
    found: dict[Key, Value | Unreadable] = {}
    for unit_code, codes in by_unit.items():
        known = tuple(figure for figure in all_figures() if figure.code in codes)
        asked = _asked(report, unit_code, known)
        for code in codes:
            found[code, unit_code] = Unreadable(unknown_figure(code))
        if isinstance(asked, Unreadable):
            found |= {(figure.code, unit_code): asked for figure in known}
        else:
            found |= {(value.figure.code, unit_code): value for value in figures_of(asked)}
    return found


def unknown_figure(code: str) -> str:
    return _("There is no indicator “%(code)s” (any more). Take it out or choose another one.") % {"code": code}


def _asked(report: Report, unit_code: str, figures: tuple[Figure, ...]) -> Asked | Unreadable:
    unit = unit_of_number(report, unit_code)
    if isinstance(unit, Unreadable):
        return unit
    return Asked(unit, report.period, Reading(report.reading), figures=figures)


def unit_of_number(report: Report, unit_code: str) -> OrgUnit | Unreadable:
    """Return the unit a number is about, or why it cannot be: unknown, not below, ended, not there in the period."""
    unit = report.org_unit if not unit_code else OrgUnit.objects.filter(code=unit_code).first()
    if unit is None:
        return Unreadable(_("There is no unit with the code “%(code)s”.") % {"code": unit_code})
    reading = Reading(report.reading)
    try:
        refuse_ended(unit, reading, _("This unit has ended; by today's organisation it counts in %(home)s (%(code)s)."))
    except UnitEnded as ended:
        return Unreadable(f"{unit.name} ({unit.code}): {ended.message}")
    if reading == Reading.THEN and not _within(unit, report):
        return Unreadable(
            _("“%(unit)s” (%(code)s, %(days)s) did not exist in the period of this report.")
            % {"unit": unit.name, "code": unit.code, "days": unit.days_text}
        )
    if unit != report.org_unit and not _below(unit, report):
        return Unreadable(
            _("“%(unit)s” (%(code)s) is not below %(own)s in this period.")
            % {"unit": unit.name, "code": unit.code, "own": report.org_unit.name}
        )
    return unit


def _within(unit: OrgUnit, report: Report) -> bool:
    return unit.from_on <= report.last_on and (unit.during.upper is None or report.first_on < unit.during.upper)


def _below(unit: OrgUnit, report: Report) -> bool:
    if report.reading == Reading.TODAY:
        home = OrgHome.objects.filter(org_unit=unit).values_list("home", flat=True)
        below = OrgClosure.objects.filter(ancestor=report.org_unit, during__contains=today())
        return below.filter(descendant__in=home).exists()
    return OrgClosure.objects.filter(
        ancestor=report.org_unit, descendant=unit, during__overlap=report.period.range
    ).exists()


def same_number(held: Number, live: Number) -> bool:
    return (
        stored(held.value) == stored(live.value)
        and held.numerator == live.numerator
        and held.denominator == live.denominator
    )


def stored(value: int | float | Decimal | None) -> Decimal | None:
    """Return a value as the store keeps it, with six decimals."""
    return None if value is None else Decimal(str(value)).quantize(_MILLIONTH)


def changed_numbers(report: Report) -> list[Changed]:
    """Return the numbers whose source says something else than the report, in the order they were taken."""
    held = list(report.numbers.all())
    live = read_numbers(report, [(number.code, number.unit_code) for number in held])
    changed = []
    for number in held:
        now = live[number.code, number.unit_code]
        name = number_name(number.code, number.unit_code)
        if isinstance(now, Unreadable):
            changed.append(Changed(number, name, printed(number).text, EMPTY, problem=now.message))
        elif not same_number(number, now):
            reason = _records_since(report, number)
            changed.append(Changed(number, name, _with_base(number), _with_base(now), reason=reason))
    return changed


def ids_kept(snapshot: ReportSnapshot, code: str, unit_code: str, part: str = "amounts") -> dict[int, int] | None:
    """Return the ids behind a number with their amounts as the snapshot keeps them; None when it kept a hash only."""
    for number in snapshot.content["numbers"]:
        if (number["code"], number["unit_code"]) == (code, unit_code):
            behind = number["behind"].get(part, {})
            return {int(pk): amount for pk, amount in behind["ids"]} if "ids" in behind else None
    return None


def _records_since(report: Report, number: ReportNumber) -> str:
    """Return how many records came, went and changed since the snapshot; empty for a draft, which keeps none."""
    snapshot = ReportSnapshot.objects.filter(report=report).first()
    figure, unit = figure_named(number.code), unit_of_number(report, number.unit_code)
    if snapshot is None or figure is None or isinstance(unit, Unreadable):
        return ""
    part = "numerator" if isinstance(figure.count, Ratio) else "amounts"
    kept = ids_kept(snapshot, number.code, number.unit_code, part)
    if kept is None:
        return ""
    live = ids_behind(Asked(unit, report.period, Reading(report.reading)), figure, part=part)
    came, gone = len(live.keys() - kept.keys()), len(kept.keys() - live.keys())
    other = sum(1 for pk in live.keys() & kept.keys() if live[pk] != kept[pk])
    return _("records since: %(came)s more, %(gone)s fewer, %(changed)s changed") % {
        "came": number_text(came),
        "gone": number_text(gone),
        "changed": number_text(other),
    }


def number_name(code: str, unit_code: str) -> str:
    return f"{figure_name(code)} ({unit_code})" if unit_code else figure_name(code)


def _with_base(number: Number) -> str:
    text = printed(number).text
    if number.denominator is None:
        return text
    return f"{text} ({printed(number, 'tử').text}/{printed(number, 'mẫu').text})"


def appendix_of(report: Report) -> list[AppendixLine]:
    """Return the appendix of numbers: the report's own values, and the rows by unit as the sources say now."""
    return appendix_lines(report, held_numbers(report))


def appendix_lines(report: Report, held: Mapping[Key, Number]) -> list[AppendixLine]:
    """As `appendix_of`, with the values in `held`: also for a report that is not stored."""
    lines = list(report.outline.figures.all())
    rows = _rows_by_unit(report, [line.code for line in lines if line.by_unit])
    found = []
    for line in lines:
        figure, number = figure_named(line.code), held.get((line.code, ""))
        if figure is not None and number is not None:
            found.append(AppendixLine(figure, number, rows.get(line.code, ())))
    return found


def _rows_by_unit(report: Report, codes: list[str]) -> dict[str, tuple[AppendixRow, ...]]:
    figures = tuple(figure for figure in all_figures() if figure.code in codes)
    asked = _asked(report, "", figures)
    if not figures or isinstance(asked, Unreadable):
        return {}
    table = rows_by_unit(asked)
    return {
        figure.code: tuple(AppendixRow(row.key, row.name, row.divided, row.values[index]) for row in table)
        for index, figure in enumerate(figures)
    }
