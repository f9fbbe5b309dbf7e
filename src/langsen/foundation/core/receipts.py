"""Receipts: an entry a browser sends with its own id is recorded once, however often it is sent.

A phone may lose its connection between sending and the answer, so the browser's outbox (`outbox.js`) sends again. The
receipt is written in the same transaction as the entry: of two at once the second waits and gets the first answer.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.models import Receipt
from langsen.foundation.core.web import Fault, answer

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

FIELD = "client_id"
OUTBOX_HEADER = "X-Langsen-Outbox"  # sent by outbox.js: "now" with the person waiting, "later" in the background
USER_HEADER = "X-Langsen-User"  # whose entry it is, so that nobody sends another's
SAVED_HEADER = "X-Langsen-Saved"
REASON_HEADER = "X-Langsen-Reason"
OFFLINE_HEADER = "X-Langsen-Offline"


def receipted(action: str) -> Callable[[View[P]], View[P]]:
    """Let a view that records one entry (POST, then redirect) record a client's entry only once.

    The view stays as it is: it redirects when it has recorded, and draws its form again (422) when it has not; then
    nothing it did is kept. The message "Saved at …" is added here. A form without a client id works as ever.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def once(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                response = view(request, *args, **kwargs)
                response[OFFLINE_HEADER] = "1"
                return response
            if _sent_for_another(request):
                return _refusal(request)
            client_id = _client_id(request)
            if client_id is None:
                return view(request, *args, **kwargs)
            with transaction.atomic():
                receipt, first = _claim(int(request.user.pk or 0), client_id, action)
                if not first:
                    return _answer(request, receipt)
                response = view(request, *args, **kwargs)
                if response.status_code not in {302, 303}:
                    transaction.set_rollback(True)
                    return response
                receipt.location = response["Location"]
                receipt.save(update_fields=["location"])
            return _answer(request, receipt, fresh=True)

        return once

    return decorate


def _sent_for_another(request: HttpRequest) -> bool:
    sender = request.headers.get(USER_HEADER)
    return bool(sender) and sender != str(request.user.pk)


def _refusal(request: HttpRequest) -> HttpResponse:
    """The outbox keeps the entry until the person who made it is back; the header tells it so."""
    words = _("This entry was made by another account. Sign in with that account to send it.")
    response = answer(request, Fault(403, _("You may not do this"), words))
    response[REASON_HEADER] = "user"
    return response


def _client_id(request: HttpRequest) -> uuid.UUID | None:
    raw = request.POST.get(FIELD, "")
    if not raw:
        return None
    try:
        return uuid.UUID(raw)
    except ValueError as error:
        raise BadInput(_("The page has lost the number of this entry. Reload it and send again.")) from error


def _claim(user_id: int, client_id: uuid.UUID, action: str) -> tuple[Receipt, bool]:
    """The receipt of this entry and whether it is the first; waits while the same entry is being recorded."""
    try:
        with transaction.atomic():
            return Receipt.objects.create(user_id=user_id, client_id=client_id, action=action), True
    except IntegrityError:
        receipt = Receipt.objects.get(user_id=user_id, client_id=client_id)
    if receipt.action != action:
        raise Conflict(_("This entry has already been recorded elsewhere."))
    return receipt, False


def _answer(request: HttpRequest, receipt: Receipt, *, fresh: bool = False) -> HttpResponse:
    at = timezone.localtime(receipt.answered_at).strftime("%H:%M")
    mode = request.headers.get(OUTBOX_HEADER)
    if mode != "later":
        text = (
            _("Saved at %(time)s.") if fresh else _("This had already been saved at %(time)s; it was not saved twice.")
        )
        messages.success(request, text % {"time": at})
    if mode:
        response: HttpResponse = JsonResponse({"location": receipt.location, "at": at})
        response[SAVED_HEADER] = "1"
        return response
    return redirect(receipt.location)
