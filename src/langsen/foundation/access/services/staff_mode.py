"""Staff mode: an operator may act everywhere for a short time, with a reason, and everything done then says so."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.models import StaffMode
from langsen.foundation.access.rules import staff_mode_of
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.text import clean

LONGEST_HOURS = 4


@transaction.atomic
def open_staff_mode(*, reason: str, hours: int, by: User) -> StaffMode:
    """Let an operator act everywhere for `hours` (1 to 4).

    Raises:
        NotAllowed: `by` is not an operator.
        BadInput: no reason, or too long.
        Conflict: it is already open.
    """
    if not by.is_operator:
        raise NotAllowed(_("Staff mode is for operators of the system only."))
    words = clean(reason)
    if not 10 <= len(words) <= 300:
        message = _("Say in 10 to 300 characters why staff mode is needed; the reason stands in the log.")
        raise BadInput(message, fields={"reason": message})
    if not 1 <= hours <= LONGEST_HOURS:
        raise BadInput(_("Staff mode lasts 1 to %(most)s hours.") % {"most": LONGEST_HOURS})
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if staff_mode_of(by) is not None:
        raise Conflict(_("Staff mode is already open."))
    mode = StaffMode.objects.create(user=by, reason=words, ends_at=timezone.now() + timedelta(hours=hours))
    record("staff_mode.opened", mode, by=by, data={"hours": hours})
    return mode


@transaction.atomic
def close_staff_mode(*, by: User) -> None:
    """End the operator's staff mode now; closing twice is the same as once."""
    mode = staff_mode_of(by)
    if mode is None:
        return
    StaffMode.objects.filter(pk=mode.pk).update(ends_at=timezone.now())
    record("staff_mode.closed", mode, by=by)
    by.acting_note = ""
