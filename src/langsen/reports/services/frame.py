"""The frame of a draft: its subject, and which sections of the outline it has."""

import hashlib
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.text import fold
from langsen.reports import rules
from langsen.reports.models import Report, ReportSection
from langsen.reports.services.locking import locked_draft
from langsen.reports.services.numbers import drop_unnamed, take_missing


def frame_mark(report: Report) -> str:
    """Return a mark of the frame as it stands, which a form carries to notice somebody else's change."""
    left_out = [section.position for section in report.sections.all() if section.is_left_out]
    return hashlib.sha256(f"{report.subject}\n{left_out}".encode()).hexdigest()[:16]


@transaction.atomic
def change_frame(report: Report, *, subject: str, left_out: Collection[int], by: User, seen: str = "") -> Report:
    """Change the subject of a draft, and leave out just the sections at these positions; the others are put back.

    A section left out keeps its text; its numbers go, and take the value of that moment when it comes back. `seen` is
    the `frame_mark` the form was opened on.

    Raises:
        BadInput: no subject or one too long; a section that must be filled, or all of them, would be left out.
        Conflict: changed meanwhile, or the report is no draft any more.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    current = locked_draft(report.pk)
    if seen and seen != frame_mark(current):
        raise Conflict(_("Somebody else has changed this meanwhile. Compare with what stands here, then save again."))
    text = rules.checked_text(subject, "subject", 400, required=True)
    sections = list(current.sections.all())
    wanted = {section.pk for section in sections if section.position in set(left_out)}
    _check_left_out(sections, wanted)
    turned = [section for section in sections if section.is_left_out != (section.pk in wanted)]
    data: dict[str, object] = {} if text == current.subject else {"subject": [current.subject, text]}
    if gone := [section.heading for section in turned if section.pk in wanted]:
        data["left_out"] = "; ".join(gone)
    if back := [section.heading for section in turned if section.pk not in wanted]:
        data["put_back"] = "; ".join(back)
    if not data:
        return current
    for section in turned:
        ReportSection.objects.filter(pk=section.pk).update(is_left_out=section.pk in wanted)
    current.subject, current.folded = text, fold(text)[:400]
    Report.objects.filter(pk=current.pk).update(subject=text, folded=current.folded, changed_at=timezone.now())
    take_missing(current)
    drop_unnamed(current)
    record("report.frame_changed", current, by=by, data=data)
    return current


def _check_left_out(sections: list[ReportSection], wanted: set[int]) -> None:
    for section in sections:
        if section.pk in wanted and section.is_required:
            message = _("“%(heading)s” must be filled by the outline, so it cannot be left out.")
            raise rules.refuse("kept", message % {"heading": section.heading})
    if len(wanted) == len(sections):
        raise rules.refuse("kept", _("A report has at least one section."))
