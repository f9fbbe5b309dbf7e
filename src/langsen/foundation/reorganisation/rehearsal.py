"""What an operation would do: it is carried out, looked at, and undone."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import Operation, OrgChange, OrgUnit
from langsen.foundation.reorganisation.history import list_names, words


def rehearse(act: Callable[[], object], unit: OrgUnit) -> list[str]:
    """Return the consequences of `act` for people to confirm; nothing of it is kept.

    Raises:
        BadInput, NotAllowed, Conflict: as `act` itself would.
    """
    with transaction.atomic():
        newest = OrgChange.objects.aggregate(newest=Max("id"))["newest"] or 0
        logged = AuditEvent.objects.aggregate(newest=Max("id"))["newest"] or 0
        act()
        changes = list(OrgChange.objects.filter(pk__gt=newest).order_by("id"))
        names = dict(OrgUnit.objects.filter(changes__in=changes).values_list("code", "name"))
        roles = AuditEvent.objects.filter(pk__gt=logged, verb="grant.ended_with_unit").order_by("id")
        found = [line for change in changes for line in _consequences(change, unit, names)]
        found += _roles([event.object_label for event in roles])
        transaction.set_rollback(True)
    return found


def _consequences(change: OrgChange, unit: OrgUnit, names: dict[str, str]) -> list[str]:
    facts = change.facts
    subject = OrgUnit.objects.get(code=unit.code)
    if change.operation == Operation.ESTABLISH:
        lines = [_("Established: %(units)s") % {"units": list_names(list(names.values()))}]
    else:
        lines = [f"{unit.name}: {words(change, subject, names)}"]
    lines.insert(0, _("In force from %(day)s.") % {"day": day_text(change.effective_on)})
    for heir in dict.fromkeys((facts.get("children") or {}).values()):
        moved = [names.get(code, code) for code, parent in facts["children"].items() if parent == heir]
        lines.append(
            _("%(count)s units go to %(heir)s: %(units)s")
            % {"count": len(moved), "heir": names.get(heir, heir), "units": list_names(moved)}
        )
    if facts.get("predecessors"):
        ended = list_names([names.get(code, code) for code in facts["predecessors"]])
        lines.append(
            _("Ended: %(units)s. What was recorded there stays there; by today's organisation it counts at the heir.")
            % {"units": ended}
        )
    if facts.get("back_dated"):
        lines.append(
            _("This day has passed: past figures by the organisation of that time change from %(day)s on.")
            % {"day": day_text(change.effective_on)}
        )
    return lines


def _roles(labels: Sequence[str]) -> list[str]:
    if not labels:
        return [_("No role ends.")]
    return [_("Roles that end with their unit: %(roles)s") % {"roles": list_names(list(labels))}]
