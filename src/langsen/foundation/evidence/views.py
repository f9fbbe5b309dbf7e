"""The pages of pictures and papers, the same for every register: attach, look, take off."""

from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict, NotFound
from langsen.foundation.evidence import rules, storage
from langsen.foundation.evidence.forms import AttachForm, CaptionForm, DetachForm
from langsen.foundation.evidence.models import EvidenceLink, StoredFile
from langsen.foundation.evidence.pages import STRIP, EvidencePages
from langsen.foundation.evidence.services import Attached, attach_files, change_caption, detach_file

_HOUR = 3600
# Nothing in a file may run or load anything, whatever it turns out to hold.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # LoginRequiredMiddleware lets nobody else pass


@require_http_methods(["GET", "HEAD", "POST"])
def attach_page(request: HttpRequest, pk: int, pages: EvidencePages) -> HttpResponse:
    """Choose photos and papers; what was not kept is named with the reason, what was is on the record."""
    user = _user(request)
    record = pages.record_for(user, pk)
    _require_change(user, pages, record)
    posted = request.method == "POST"
    form = AttachForm(request.POST if posted else None, request.FILES if posted else None)
    answer = Attached()
    if posted and form.is_valid():
        try:
            answer = _attach(form, record, pages, user)
        except BadInput as error:
            form.add_error("chosen", str(error.message))
        else:
            _tell(request, answer)
            if not answer.refused:
                return redirect(f"{record.get_absolute_url()}#{STRIP}")
    values = _values(pages, record, form, answer)
    # Some were kept: the page that names the others is an answer of its own, not the form drawn again.
    status = 200 if not posted or answer.kept else 422
    return render(request, "evidence/attach.html", values, status=status)


def _require_change(user: User, pages: EvidencePages, record: Any) -> None:
    """Refuse the form to whoever could not send it: 403 without the right, 409 while the record is closed."""
    require(user, pages.permission, record.org_unit)
    if why := pages.link.refuse_change(record):
        raise Conflict(why)


def _row_to_change(request: HttpRequest, pk: int, file: int, pages: EvidencePages) -> tuple[EvidenceLink, str]:
    """The file on its record, and the address of the strip it lies in; refused as `_require_change` does."""
    user = _user(request)
    row = pages.row_for(user, pk, file)
    _require_change(user, pages, row.record)
    return row, f"{row.record.get_absolute_url()}#{STRIP}"


def _attach(form: AttachForm, record: Any, pages: EvidencePages, user: User) -> Attached:
    uploads = form.uploads()
    return attach_files(
        pages.link,
        record,
        uploads,
        captions=[form.cleaned_data["caption"]] * len(uploads),
        is_signed_paper=pages.signed_papers and form.cleaned_data["is_signed_paper"],
        permission=pages.permission,
        by=user,
    )


def _values(pages: EvidencePages, record: Any, form: AttachForm, answer: Attached) -> dict[str, Any]:
    there = pages.link.rows_of(record).count()
    return {
        "record": record,
        "form": form,
        "answer": answer,
        "signed_papers": pages.signed_papers,
        "there": there,
        "left": max(0, rules.most_files() - there),
        "most_files": rules.most_files(),
        "most_mb": settings.EVIDENCE_FILE_MB,
        "request_mb": settings.UPLOAD_MB,
        "back_href": f"{record.get_absolute_url()}#{STRIP}",
    }


def _tell(request: HttpRequest, answer: Attached) -> None:
    if count := len(answer.kept):
        words = ngettext("%(count)s file is attached.", "%(count)s files are attached.", count)
        messages.success(request, words % {"count": count})
    if count := len(answer.already):
        words = ngettext(
            "%(count)s file was attached already and was not kept twice.",
            "%(count)s files were attached already and were not kept twice.",
            count,
        )
        messages.info(request, words % {"count": count})


@require_safe
def file_page(request: HttpRequest, pk: int, file: int, pages: EvidencePages) -> HttpResponseBase:
    """The file itself: a picture is shown, a paper is downloaded byte for byte."""
    stored = pages.row_for(_user(request), pk, file).file
    return _sent(storage.path_of(stored.stored_name), stored, stored.content_type, inline=stored.is_picture)


@require_safe
def thumbnail(request: HttpRequest, pk: int, file: int, pages: EvidencePages) -> HttpResponseBase:
    """The small picture of a photo."""
    stored = pages.row_for(_user(request), pk, file).file
    if not stored.is_picture:
        raise NotFound
    return _sent(storage.thumbnail_of(stored.stored_name), stored, "image/jpeg", inline=True)


def _sent(path: Path, stored: StoredFile, content_type: str, *, inline: bool) -> HttpResponseBase:
    try:
        content = path.open("rb")
    except OSError as error:
        raise NotFound(
            _(
                "The file “%(name)s” is recorded here, but it is not on the server's disk. Please tell the "
                "administrator: it may come back from a backup."
            )
            % {"name": stored.name}
        ) from error
    response = FileResponse(content, content_type=content_type)
    name = str(PurePosixPath(stored.name).with_suffix(f".{stored.format}")) if stored.name != "." else stored.name
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Content-Security-Policy"] = _FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={_HOUR}" if inline else "private, no-store"
    response["Content-Encoding"] = "identity"  # packed already: the compressing middleware leaves it alone
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def caption_page(request: HttpRequest, pk: int, file: int, pages: EvidencePages) -> HttpResponse:
    """Change what stands below a file."""
    row, back = _row_to_change(request, pk, file, pages)
    form = CaptionForm(request.POST if request.method == "POST" else None, initial={"caption": row.caption})
    if form.is_valid():
        try:
            changed = change_caption(row, form.cleaned_data["caption"], permission=pages.permission, by=_user(request))
        except BadInput as error:
            form.add_error("caption", str(error.message))
        else:
            if changed:
                messages.success(request, _("The caption is changed."))
            return redirect(back)
    values = {
        "row": row,
        "thumbnail_href": pages.href(row, "thumbnail") if row.file.is_picture else "",
        "back_href": back,
        "form": form,
    }
    return render(request, "evidence/caption.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def detach_page(request: HttpRequest, pk: int, file: int, pages: EvidencePages) -> HttpResponse:
    """Ask for the reason, then take the file off."""
    row, back = _row_to_change(request, pk, file, pages)
    posted = request.method == "POST"
    form = DetachForm(request.POST if posted else None)
    if posted and form.is_valid():
        detach_file(row, reason=form.cleaned_data["reason"], permission=pages.permission, by=_user(request))
        messages.success(request, _("The file is taken off."))
        return redirect(back)
    values = {
        "title": _("Take off: %(name)s") % {"name": row},
        "message": str(row.record),
        "consequences": [
            _("The file is removed from the server and cannot be fetched back."),
            _("The record stays; its history keeps the file's name and your reason."),
        ],
        "action": _("Take the file off"),
        "cancel_href": back,
        "form": form,
    }
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)
