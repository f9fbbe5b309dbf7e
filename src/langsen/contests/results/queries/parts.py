"""Results by unit type, age band and device, as the tables of pages, workbooks and papers show them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from langsen.contests.results.engine.parts import AGES, COMPUTER, DEVICES, FEW, KINDS, PHONE, UNKNOWN, Part, told
from langsen.contests.results.models import ResultTotals
from langsen.contests.results.rules import parts_in

Words = str | Promise
_AGE_WORDS: dict[str, Words] = {
    "below_18": gettext_lazy("below 18"),
    "18_30": gettext_lazy("18 to 30"),
    "31_45": gettext_lazy("31 to 45"),
    "46_60": gettext_lazy("46 to 60"),
    "above_60": gettext_lazy("above 60"),
    UNKNOWN: gettext_lazy("year of birth not given"),
}
_DEVICE_WORDS: dict[str, Words] = {
    PHONE: pgettext_lazy("device", "phone"),
    COMPUTER: pgettext_lazy("device", "computer"),
}


@dataclass(frozen=True)
class PartLine:
    """A group with its people, attempts, all-correct people and attempts; without counts, the words `instead`."""

    label: str
    counts: tuple[int, int, int, int] | None
    instead: str = ""


@dataclass(frozen=True)
class PartTable:
    """One way of dividing the results: what it is called, a plain sentence, its lines."""

    name: str
    title: Words
    note: Words
    lines: list[PartLine]


_TABLES: tuple[tuple[str, Words, Words], ...] = (
    (
        KINDS,
        gettext_lazy("By type of unit"),
        gettext_lazy("The type of the unit each person named; everything handed in counts, whoever it was."),
    ),
    (
        AGES,
        gettext_lazy("By age"),
        gettext_lazy("Age in the year of the first round, fixed at the close; later corrections change nothing."),
    ),
    (
        DEVICES,
        gettext_lazy("By phone and computer"),
        gettext_lazy("Each person counts once, with the device of the paper that counts; in the whole contest a phone "
                     "used in any round counts."),
    ),
)  # fmt: skip


def part_tables(totals: ResultTotals | None, *, public: bool) -> list[PartTable]:
    """Return the tables of a round or the whole contest that say anything: nobody's age known, no table of ages.

    For the public, groups of few people are named without figures and told joined.
    """
    if totals is None:
        return []
    found = []
    for name, title, note in _TABLES:
        parts = sorted(parts_in(totals, name), key=_order(name))
        if any(one.labels != (UNKNOWN,) for one in parts):
            found.append(PartTable(name, title, note, _lines(parts, name, public=public)))
    return found


def _lines(parts: list[Part], name: str, *, public: bool) -> list[PartLine]:
    shown = told(parts) if public else parts
    joined = shown[-1] if shown and len(shown[-1].labels) > 1 else None
    lines = [PartLine(_label(name, one.labels[0]), one.counts) for one in shown if one is not joined]
    if joined is None:
        return lines
    few = {one.labels[0] for one in parts if one.people < FEW}
    for label in sorted(joined.labels, key=lambda label: _order(name)(Part((label,), 0, 0, 0, 0))):
        words = _("fewer than %(few)s") % {"few": FEW} if label in few else _("joined below")
        lines.append(PartLine(_label(name, label), None, words))
    return [*lines, PartLine(_("These groups together"), joined.counts)]


def _label(name: str, label: str) -> str:
    if name == KINDS:
        return label or _("no unit named")
    return str((_AGE_WORDS if name == AGES else _DEVICE_WORDS).get(label, label))


def _order(name: str) -> Callable[[Part], tuple[bool, int, str]]:
    """Ages from young to old, phones first, unit types by name; what is not known comes last."""
    known: Iterable[str] = {AGES: _AGE_WORDS, DEVICES: _DEVICE_WORDS}.get(name, ())
    places = {label: place for place, label in enumerate(known)}
    return lambda part: (part.labels[0] == UNKNOWN, places.get(part.labels[0], 0), part.labels[0])
