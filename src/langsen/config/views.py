"""Pages that belong to no register: text size, the style page, the service worker."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from langsen.config import style
from langsen.foundation.core.web import TEXT_SIZE_COOKIE, TEXT_SIZES, text_size

ONE_YEAR = 60 * 60 * 24 * 365


def _way_back(request: HttpRequest) -> str:
    back = request.POST.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else "/"


@login_not_required
@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Make the letters smaller, as usual, or larger, and remember it in this browser."""
    now = TEXT_SIZES.index(text_size(request))
    step = request.POST.get("step", "")
    wanted = {"smaller": max(now - 1, 0), "larger": min(now + 1, len(TEXT_SIZES) - 1)}.get(step, 0)
    response = redirect(_way_back(request))
    response.set_cookie(
        TEXT_SIZE_COOKIE, TEXT_SIZES[wanted], max_age=ONE_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
    )
    return response


@login_not_required
@require_GET
def style_page(request: HttpRequest) -> HttpResponse:
    """All components together; it exists for developers only."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "style.html", style.samples(request))


@login_not_required
@require_GET
def service_worker(request: HttpRequest) -> FileResponse:  # noqa: ARG001
    """The script that lets a recording page open again without a network; it must come from the root to reach it."""
    source = (settings.PACKAGE_DIR / "config" / "static" / "sw.js").open("rb")
    response = FileResponse(source, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows for a page it does not keep; it holds nothing personal."""
    return render(request, "offline.html")


@login_not_required
@require_GET
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Whom to ask for a new password or an account."""
    return render(request, "account/forgotten.html")
