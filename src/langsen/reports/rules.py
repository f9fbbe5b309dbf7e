"""What may be written in a report and by whom: checks of texts, periods, units, and whose a draft is."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, contact_for, grants_of, roles_with
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.periods import Period, half, month, quarter, today, year
from langsen.foundation.core.text import clean, day_text, number_text
from langsen.foundation.orgs.models import OrgClosure, OrgHome, OrgUnit
from langsen.foundation.orgs.queries import ensure_homes, name_on
from langsen.reports.models import Outline

LONGEST = timedelta(days=6 * 366)  # a report looks back over a term of office at most
EARLIEST = date(1945, 9, 2)
_ROMAN = ("I", "II", "III", "IV")


def refuse(field: str, message: str) -> BadInput:
    """Return the error that shows `message` at the form's `field`."""
    return BadInput(message, fields={field: message})


def checked_text(value: str, field: str, longest: int, *, required: bool = False, lines: bool = False) -> str:
    """Return `value` without stray white space and control characters; `lines` keeps its line breaks.

    Raises:
        BadInput: too long, or empty though required.
    """
    text = "\n".join(clean(line) for line in value.splitlines()).strip() if lines else clean(value)
    if len(text) > longest:
        raise refuse(
            field,
            _("This text has %(length)s letters; at most %(longest)s fit.")
            % {"length": number_text(len(text)), "longest": number_text(longest)},
        )
    if required and not text:
        raise refuse(field, _("This must not be left empty."))
    return text


def own_unit_ids(user: User, permission: Permission) -> list[int]:
    """Return the units `user` holds `permission` in by a role given there, and ended units whose heir such a unit is.

    Drafts are their unit's own: a role further up does not reach them (docs/adr/0041).
    """
    granted = grants_of(user).filter(role__in=roles_with(permission)).values_list("org_unit", flat=True)
    ensure_homes()
    return list(OrgHome.objects.filter(home__in=list(granted)).values_list("org_unit", flat=True))


def is_own(user: User, permission: Permission, unit: OrgUnit) -> bool:
    """Say whether `user` holds `permission` in `unit` itself."""
    return acts_everywhere(user) or unit.pk in own_unit_ids(user, permission)


def require_own(user: User, permission: Permission, unit: OrgUnit) -> None:
    """Refuse unless `user` holds `permission` by a role given in `unit` itself.

    Raises:
        NotAllowed: the message names whom to ask.
    """
    if not is_own(user, permission, unit):
        raise NotAllowed(
            _("A report is written by people with a role in %(unit)s itself. Contact: %(who)s.")
            % {"unit": unit.name, "who": contact_for(unit)}
        )


def check_period(unit: OrgUnit, period: Period) -> None:
    """Refuse a period no report of `unit` can have: ahead of today, too long, or without the unit.

    Raises:
        BadInput: at `last_on` or `org_unit`.
    """
    if period.first > today():
        raise refuse("first_on", _("This period has not begun yet: there is nothing to report."))
    if period.first < EARLIEST:
        raise refuse("first_on", _("The day %(day)s is too long ago.") % {"day": day_text(period.first)})
    if period.last - period.first > LONGEST:
        raise refuse("last_on", _("A report covers six years at most. Check the days."))
    if not _exists_within(unit, period):
        raise refuse(
            "org_unit",
            _("“%(unit)s” (%(days)s) did not exist in the period %(period)s.")
            % {"unit": unit.name, "days": unit.days_text, "period": period},
        )


def check_offered(outline: Outline, unit: OrgUnit, period: Period) -> None:
    """Refuse an outline of somebody else, or one not in use today nor at the end of the period.

    Raises:
        BadInput: at `outline`.
    """
    in_use = any(_holds(outline, day) for day in (today(), period.last))
    if not in_use:
        raise refuse(
            "outline",
            _("The outline “%(outline)s” is not in use any more. Choose another one.") % {"outline": outline.name},
        )
    if outline.org_unit_id is None:
        return
    above = OrgClosure.objects.filter(ancestor=outline.org_unit_id, descendant=unit, during__overlap=period.range)
    if not above.exists() and not OrgClosure.objects.filter(
        ancestor=outline.org_unit_id, descendant=unit, during__contains=today()
    ):
        raise refuse("outline", _("The outline “%(outline)s” is not kept for this unit.") % {"outline": outline.name})


def _holds(outline: Outline, day: date) -> bool:
    upper = outline.during.upper
    return outline.during.lower <= day and (upper is None or day < upper)


def _exists_within(unit: OrgUnit, period: Period) -> bool:
    return unit.from_on <= period.last and (unit.during.upper is None or period.first < unit.during.upper)


def period_words(period: Period) -> str:
    """Return the period as a report says it: quý I năm 2026, 6 tháng đầu năm 2026, năm 2026, or its two days."""
    number = period.last.year
    if period == year(number):
        return f"năm {number}"
    for index, words in ((1, "6 tháng đầu năm"), (2, "6 tháng cuối năm")):
        if period == half(number, index):
            return f"{words} {number}"
    for index in range(1, 5):
        if period == quarter(number, index):
            return f"quý {_ROMAN[index - 1]} năm {number}"
    if period == month(number, period.last.month):
        return f"tháng {period.last.month} năm {number}"
    return f"từ ngày {day_text(period.first)} đến ngày {day_text(period.last)}"


def filled(text: str, unit: OrgUnit, period: Period) -> str:
    """Return a text of an outline with {unit}, as it was called at the end of the period, and {period} filled in."""
    return text.replace("{unit}", name_on(unit, period.last)).replace("{period}", period_words(period))
