"""The register follows the tree: planned sessions of an ending unit are held by whoever takes over."""

from django.utils import timezone

from langsen.foundation.audit.services import changes, record
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.reorganisation.changes import Change
from langsen.registers.study.enums import SessionStatus
from langsen.registers.study.models import SessionPoint, StudySession


def on_reorganised(change: Change) -> None:
    """Move planned sessions, and points of planned sessions, to the heir from the day on; past ones stay.

    A remote point whose heir already sits at the session (a point of its own, or the organiser) is dropped: one unit
    sits once. Nothing planned counts in a figure, so none is refreshed.
    """
    heirs = OrgUnit.objects.in_bulk(set(change.mapping.values()))
    ahead = {"status": SessionStatus.PLANNED, "held_on__gte": change.effective_on}
    for session in StudySession.objects.select_for_update().filter(org_unit__in=list(change.mapping), **ahead):
        before = session.org_unit.name
        heir = heirs[change.mapping[session.org_unit_id]]
        StudySession.objects.filter(pk=session.pk).update(org_unit=heir, changed_at=timezone.now())
        session.points.filter(is_main=True).update(org_unit=heir)
        session.points.filter(is_main=False, org_unit=heir).delete()
        session.org_unit = heir
        record("session.rehomed", session, by=change.by, data=changes({"org_unit": before}, {"org_unit": heir.name}))
    points = SessionPoint.objects.select_related("session", "org_unit").filter(
        is_main=False,
        org_unit__in=list(change.mapping),
        session__status=SessionStatus.PLANNED,
        session__held_on__gte=change.effective_on,
    )
    for point in points.order_by("id"):
        heir = heirs[change.mapping[point.org_unit_id]]
        if point.session.points.filter(org_unit=heir).exists():
            point.delete()
        else:
            SessionPoint.objects.filter(pk=point.pk).update(org_unit=heir, changed_at=timezone.now())
        record("point.changed", point.session, by=change.by, data={"unit": f"{point.org_unit.name} → {heir.name}"})
