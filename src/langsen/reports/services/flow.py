"""A report on its way: fixed and to be signed, issued, sent, received, asked to be supplemented, answered, given up."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.foundation.core.states import transition
from langsen.foundation.core.text import day_text, fold
from langsen.foundation.notifications.services import notify_unit
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import ancestors_on, home_of, parent_on
from langsen.reports import rules, snapshots
from langsen.reports.enums import FIXED, SEEN_ABOVE, ReportKind, ReportStatus
from langsen.reports.models import Report, ReportSection, ReportSnapshot
from langsen.reports.queries.readiness import Problem, problems_before_signing
from langsen.reports.services.locking import locked, locked_draft
from langsen.reports.services.numbers import take_missing

SENT, ASKED, RECEIVED = "report.sent", "report.supplement_asked", "report.received"


class NotReady(BadInput):
    """The report cannot go to be signed; `problems` says what is to be mended, and where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(dict.fromkeys(problem.message for problem in problems)))
        self.problems = problems


@dataclass(frozen=True)
class Sent:
    """A sent report, the unit it went to, and how many people there were told: 0 means nobody, say so."""

    report: Report
    to: OrgUnit
    told: int


@transaction.atomic
def submit_for_signing(report: Report, *, by: User) -> Report:
    """“Chốt số liệu, trình ký”: check the draft and take its snapshot. It can go back to drafting, which drops it.

    Raises:
        NotReady: something is to be mended first.
        Conflict: it is no draft any more, or numbers change at this very moment.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    current = locked_draft(report.pk)
    problems = problems_before_signing(current)
    if problems:
        raise NotReady(problems)
    transition(current, ReportStatus.SIGNING, submitted_at=timezone.now(), changed_at=timezone.now())
    content = snapshots.content_of(current)
    snapshot = ReportSnapshot.objects.create(
        report=current, content=content, sha256=snapshots.sha256_of(content), taken_by=by
    )
    record("report.submitted", current, by=by, data={"sha256": snapshot.sha256})
    return current


@transaction.atomic
def take_back(report: Report, *, reason: str, by: User) -> Report:
    """Send a report that waits for signature back to drafting; its snapshot is dropped.

    Raises:
        Conflict: it does not wait for signature (any more).
        BadInput: no reason is given.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    text = rules.checked_text(reason, "reason", 300, required=True)
    current = locked(report.pk)
    if current.status != ReportStatus.SIGNING:
        raise Conflict(_("This report does not wait for signature."))
    transition(current, ReportStatus.DRAFT, submitted_at=None, changed_at=timezone.now())
    ReportSnapshot.objects.filter(report=current).delete()
    record("report.taken_back", current, by=by, data={"reason": text})
    return current


@transaction.atomic
def issue_report(
    report: Report,
    paper: SignedPaper,
    *,
    by: User,
    place: str,
    signed_for: str = "",
    signer_title: str = "",
    recipients: str = "",
) -> Report:
    """Record that the report was signed: number, day and signatory. From now on its content cannot be changed.

    Raises:
        Conflict: it does not wait for signature (any more), or the snapshot is not what was submitted.
        BadInput: number, day or signatory is missing; signed before the period ended; the number is taken.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    current = locked(report.pk)
    checked = _checked_paper(current, paper)
    words = {
        "place": rules.checked_text(place, "place", 120, required=True),
        "signed_for": rules.checked_text(signed_for, "signed_for", 120),
        "signer_title": rules.checked_text(signer_title, "signer_title", 120),
        "recipients": rules.checked_text(recipients, "recipients", 2000, lines=True),
    }
    snapshot = ReportSnapshot.objects.filter(report=current).first()
    if current.status == ReportStatus.SIGNING and (snapshot is None or not snapshots.is_true(snapshot)):
        raise Conflict(
            _("What was fixed at submission is not whole any more. Take the report back and submit it again.")
        )
    now = timezone.now()
    transition(current, ReportStatus.ISSUED, issued_at=now, changed_at=now, **checked.columns, **words)
    record("report.issued", current, by=by, data={"number": checked.number, "signed_on": checked.signed_on})
    return current


@transaction.atomic
def send_report(report: Report, *, by: User, sent_on: date | None = None) -> Sent:
    """Send an issued report: to the unit that asked for it, else to the superior of today.

    `sent_on` is the day the paper went out, when that was before it is recorded here. A report that answers a request
    for a supplement settles it: the asked report counts as received.

    Raises:
        Conflict: it is not issued, or was sent already.
        BadInput: there is no unit above; the day lies ahead or before the signature.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    current = locked(report.pk)
    to = recipient_of(current)
    now = timezone.now()
    sent_at = _sent_at(current, sent_on) if sent_on else now
    transition(current, ReportStatus.SENT, sent_at=sent_at, sent_to=to, changed_at=now)
    asked = current.answers
    if asked is not None and asked.status == ReportStatus.SUPPLEMENT_ASKED:
        transition(asked, ReportStatus.RECEIVED, received_at=now, changed_at=now)
        record("report.received", asked, by=by, data={"answered_by": current.signed_number})
    told = notify_unit(
        to,
        holding=Permission.REPORTS_RECEIVE,
        kind=SENT,
        subject=_("%(unit)s has sent a report: %(subject)s") % {"unit": current.org_unit, "subject": current.subject},
        href=current.get_absolute_url(),
        by=by,
    )
    record("report.sent", current, by=by, data={"to": to.name} | ({"sent_on": sent_on} if sent_on else {}))
    return Sent(current, to, told)


@transaction.atomic
def receive_report(report: Report, *, by: User) -> Report:
    """Record that a sent report was received. Receiving is no approval.

    Raises:
        NotAllowed: `by` receives no reports in the unit it was sent to.
        Conflict: it was not sent, or is received already.
    """
    current = locked(report.pk)
    require(by, Permission.REPORTS_RECEIVE, _sent_to(current))
    if current.status != ReportStatus.SENT:
        raise Conflict(_("Only a report that was sent and not yet received can be received."))
    transition(current, ReportStatus.RECEIVED, received_at=timezone.now(), changed_at=timezone.now())
    record("report.received", current, by=by)
    _tell_author(current, RECEIVED, _("Your report was received: %(subject)s"), "", by)
    return current


@transaction.atomic
def ask_supplement(report: Report, *, reason: str, by: User) -> Report:
    """Ask for a supplement with a reason; the unit answers with a report of its own.

    Raises:
        NotAllowed: `by` receives no reports in the unit it was sent to.
        Conflict: it was not sent, or a supplement is asked for already.
        BadInput: no reason is given.
    """
    current = locked(report.pk)
    require(by, Permission.REPORTS_RECEIVE, _sent_to(current))
    text = rules.checked_text(reason, "reason", 1000, required=True, lines=True)
    now = timezone.now()
    transition(current, ReportStatus.SUPPLEMENT_ASKED, asked_at=now, asked_reason=text, changed_at=now)
    record("report.supplement_asked", current, by=by, data={"asked_reason": text})
    _tell_author(current, ASKED, _("A supplement is asked for: %(subject)s"), text, by)
    return current


@transaction.atomic
def answer_report(report: Report, kind: str, *, by: User) -> Report:
    """Begin a supplementary or replacing report: the old text, fresh numbers, a number of its own when issued.

    Also without being asked: a correction of an issued report is a new one, and the two can be compared.

    Raises:
        Conflict: the report is not issued yet, or is being answered already.
        BadInput: neither a supplement nor a replacement.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    if kind not in (ReportKind.SUPPLEMENT, ReportKind.REPLACEMENT):
        raise rules.refuse("kind", _("Choose a supplementary or a replacing report."))
    asked = locked(report.pk)
    if asked.status not in FIXED:
        raise Conflict(_("This report is not issued yet: change it itself."))
    answer = _answer(asked, kind, by)
    take_missing(answer)
    record("report.opened", answer, by=by, data={"answers": asked.signed_number, "kind": str(kind)})
    return answer


def _answer(asked: Report, kind: str, by: User) -> Report:
    """Add the answer with the old text."""
    subject = f"{asked.subject[:380]} ({_KIND_WORDS[kind]})"
    try:
        with transaction.atomic():
            answer = Report.objects.create(
                outline=asked.outline,
                call=asked.call,
                org_unit=asked.org_unit,
                first_on=asked.first_on,
                last_on=asked.last_on,
                reading=asked.reading,
                layout=asked.layout,
                kind=kind,
                answers=asked,
                subject=subject,
                folded=fold(subject)[:400],
                opened_by=by,
            )
    except IntegrityError as error:
        raise Conflict(_("This report is being answered already. Open that draft.")) from error
    ReportSection.objects.bulk_create(
        ReportSection(
            report=answer,
            position=section.position,
            heading=section.heading,
            body=section.body,
            is_required=section.is_required,
            is_left_out=section.is_left_out,
        )
        for section in asked.sections.all()
    )
    return answer


@transaction.atomic
def cancel_report(report: Report, *, reason: str, by: User) -> Report:
    """Give up a draft, with a reason; the row stays, and the unit may begin this report anew.

    Raises:
        Conflict: it is no draft any more.
        BadInput: no reason is given.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    text = rules.checked_text(reason, "reason", 300, required=True)
    current = locked(report.pk)
    transition(current, ReportStatus.CANCELLED, cancel_reason=text, changed_at=timezone.now())
    record("report.cancelled", current, by=by, data={"cancel_reason": ["", text]})
    return current


def recipient_of(report: Report) -> OrgUnit:
    """Return the unit a report goes to: who asked for it while that stands above, else the superior of today.

    Raises:
        BadInput: there is no unit above.
    """
    unit = report.org_unit if report.org_unit.exists_on(today()) else home_of(report.org_unit)
    above = {one.pk for one in ancestors_on(unit, today())}
    if report.call is not None and report.call.org_unit_id in above:
        return report.call.org_unit
    # The report of an ended unit goes to where its heirs report, or to the heir itself at the top of the tree.
    to = parent_on(unit, today())
    if to is None:
        raise BadInput(_("There is no unit above %(unit)s to send the report to.") % {"unit": unit.name})
    return to


def _sent_to(report: Report) -> OrgUnit:
    if report.sent_to is None or report.status not in SEEN_ABOVE:
        raise Conflict(_("This report has not been sent."))
    return report.sent_to


def _sent_at(report: Report, sent_on: date) -> datetime:
    if sent_on > today() or (report.signed_on and sent_on < report.signed_on):
        raise rules.refuse("sent_on", _("A report is sent between the day it was signed and today."))
    return timezone.now() if sent_on == today() else timezone.make_aware(datetime.combine(sent_on, time(12)))


def _checked_paper(report: Report, paper: SignedPaper) -> SignedPaper:
    checked = paper.checked()
    if not checked.number or checked.signed_on is None:
        raise rules.refuse("signed_number", _("A report is issued with its number, its day and its signatory."))
    if checked.signed_on < report.last_on:
        raise rules.refuse(
            "signed_on",
            _("The report covers the days to %(day)s; it cannot have been signed before.")
            % {"day": day_text(report.last_on)},
        )
    same = Report.objects.filter(
        org_unit=report.org_unit,
        signed_number=checked.number,
        signed_on__year=checked.signed_on.year,
        status__in=FIXED,
    )
    if same.exclude(pk=report.pk).exists():
        raise rules.refuse(
            "signed_number", _("The number %(number)s is taken by another report.") % {"number": checked.number}
        )
    return checked


def _tell_author(report: Report, kind: str, words: str, text: str, by: User) -> None:
    notify_unit(
        report.org_unit,
        holding=Permission.REPORTS_WRITE,
        kind=kind,
        subject=words % {"subject": report.subject},
        text=text,
        href=report.get_absolute_url(),
        or_above=False,  # the unit's own news
        by=by,
    )


# A report is Vietnamese whatever the language of the page.
_KIND_WORDS: dict[str, str] = {ReportKind.SUPPLEMENT: "bổ sung", ReportKind.REPLACEMENT: "thay thế"}
