"""Word files out: letterheads as they are, and a sample written on one."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import fold
from langsen.foundation.papers.queries import (
    content_of,
    head_of,
    letterhead_for,
    own_letterhead_for,
    shipped_by_profile,
)
from langsen.foundation.papers.rendering import render_docx
from langsen.foundation.papers.sample import sample_paper
from langsen.foundation.papers.views.doors import kept_unit, layout_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx_response(content: bytes, name: str) -> HttpResponse:
    """Return a Word file to be saved; the name keeps plain letters only."""
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{slugify(fold(name)) or 'van-ban'}.docx")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def shipped_file(request: HttpRequest, profile: str) -> HttpResponse:  # noqa: ARG001 - open to everybody signed in
    """A letterhead that came with the program, to be changed in Word."""
    return docx_response(content_of(shipped_by_profile(profile)), profile)


@require_safe
def own_file(request: SignedIn, pk: int) -> HttpResponse:
    """An office's own letterhead."""
    row = own_letterhead_for(request.user, pk)
    return docx_response(content_of(row), row.name.rpartition(".")[0])


@require_safe
def file_in_force(request: SignedIn, code: str, layout: str) -> HttpResponse:
    """The letterhead file that documents of today take."""
    row = letterhead_for(kept_unit(request.user, code), today(), layout_of(layout))
    return docx_response(content_of(row), row.profile or row.name.rpartition(".")[0])


@require_safe
def preview(request: SignedIn, code: str, layout: str) -> HttpResponse:
    """A short invented document with the unit's head of today."""
    unit = kept_unit(request.user, code)
    head = head_of(unit, today(), layout_of(layout))
    return docx_response(render_docx(sample_paper(layout, head=head), head=head), f"van-ban-mau-{unit.code}")
