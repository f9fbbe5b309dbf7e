"""A person asks for a correction of what is held; the unit's officer answers."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, NotFound
from langsen.foundation.core.states import transition
from langsen.foundation.core.text import number_text
from langsen.foundation.people.enums import CorrectionStatus
from langsen.foundation.people.models import CorrectionRequest, Person
from langsen.foundation.people.queries import home_membership
from langsen.foundation.people.services.persons import require_for_person

_TEXT_LIMIT = 2000


@transaction.atomic
def ask_correction(person: Person, *, text: str, by: User) -> CorrectionRequest:
    """Ask the officer of the person's unit to correct something; by the person, or by an officer for the person.

    Raises:
        BadInput: nothing was written, or too much.
        NotFound: neither oneself nor somebody of one's roster.
    """
    if person.user_id == by.pk:
        home = home_membership(person)
        if home is None:
            raise NotFound()
        unit = home.org_unit
    else:
        unit = require_for_person(by, Permission.PEOPLE_WRITE, person)
    request = CorrectionRequest.objects.create(person=person, org_unit=unit, text=_checked(text, "text"), asked_by=by)
    record("correction.asked", person, by=by, unit_id=unit.pk)
    return request


@transaction.atomic
def answer_correction(request: CorrectionRequest, *, is_done: bool, answer: str, by: User) -> None:
    """Answer a request: corrected, or kept as it is with the reason.

    Raises:
        BadInput: no answer was written.
        Conflict: it has been answered meanwhile.
        NotAllowed: `by` does not keep the unit's roster.
    """
    require(by, Permission.PEOPLE_WRITE, request.org_unit)
    transition(
        request,
        CorrectionStatus.DONE if is_done else CorrectionStatus.DECLINED,
        answer=_checked(answer, "answer"),
        answered_by=by,
        answered_at=timezone.now(),
    )
    record("correction.answered", request.person, by=by, unit_id=request.org_unit_id, data={"status": request.status})


def _checked(text: str, field: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words or len(words) > _TEXT_LIMIT:
        fault = _("Write something, with at most %(limit)s characters.") % {"limit": number_text(_TEXT_LIMIT)}
        raise BadInput(fault, fields={field: fault})
    return words
