"""The button that reminds a unit, for any page."""

from datetime import datetime

from django import template

from langsen.foundation.access.enums import Permission
from langsen.foundation.notifications.nudging import NudgeAsked, signed
from langsen.foundation.notifications.queries import last_nudges
from langsen.foundation.notifications.rules import may_nudge
from langsen.foundation.orgs.models import OrgUnit

register = template.Library()


@register.inclusion_tag("notifications/nudge_button.html", takes_context=True)
def nudge_button(
    context: template.Context,
    unit: OrgUnit,
    about: str,
    subject: str,
    text: str = "",
    href: str = "",
    holding: str = Permission.STUDY_RECORD,
    allowed: bool | None = None,
) -> dict[str, object]:
    """A form that reminds `unit` of `about` in one click, and says when that was last done; nothing for who may not.

    `holding`: the permission whose holders in the unit are told. `allowed`: the page knows already whether the reader
    may remind (a list below one unit asks once); otherwise it is asked here. When the unit was last reminded is read
    once a page for each `about`.
    """
    request = context["request"]
    if allowed is None:
        allowed = may_nudge(request.user, unit)
    if not allowed:
        return {"allowed": False}
    return {
        "allowed": True,
        "unit": unit,
        "last": _last(request, about).get((about, unit.pk)),
        "nudge": signed(NudgeAsked(unit.code, about, subject, text, href, holding)),
        "back": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }


def _last(request: object, about: str) -> dict[tuple[str, int], datetime]:
    known: dict[str, dict[tuple[str, int], datetime]] = request.__dict__.setdefault("_last_nudges", {})
    if about not in known:
        known[about] = last_nudges([about])
    return known[about]
