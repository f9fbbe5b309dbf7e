"""The page of a contest: the same few bytes for everybody, so that the opening costs the server nothing."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import translation

from langsen.contests.arena.pages.assets import LANGUAGES, Packed, address_of, packed
from langsen.contests.arena.wire import Request, Response

LANGUAGE_COOKIE, TEXT_COOKIE = "langsen_language", "langsen_text"
TEXT_SIZES = ("normal", "large", "larger", "largest")
HTML = "text/html; charset=utf-8"
TEMPLATES = (
    "arena/shell.html",
    "arena/plain_entry.html",
    "arena/plain_paper.html",
    "arena/plain_receipt.html",
    "arena/plain_message.html",
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [("content-security-policy", POLICY), ("referrer-policy", "same-origin")]


def language_of(request: Request) -> str:
    """The language chosen on the site, else Vietnamese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def text_size_of(request: Request) -> str:
    """The size of letters chosen on the site."""
    chosen = request.cookies.get(TEXT_COOKIE, "")
    return chosen if chosen in TEXT_SIZES else TEXT_SIZES[0]


def drawn(template: str, language: str, text_size: str, slug: str, title: str, **facts: object) -> str:
    """Draw a page of the arena in its frame."""
    frame = {
        "language": language,
        "text_size": text_size,
        "contest": {"slug": slug, "title": title},
        "css": address_of("arena.css"),
        "lotus": address_of("lotus.svg"),
        "script": address_of(f"arena-{language}.js"),
    }
    with translation.override(language):
        return render_to_string(template, frame | facts)


@lru_cache(maxsize=256)
def _shell(language: str, text_size: str, slug: str, title: str, known: bool) -> Packed:
    return packed(drawn("arena/shell.html", language, text_size, slug, title, known=known).encode(), HTML)


def shell(request: Request, slug: str, title: str, *, known: bool) -> Response:
    """Answer with the page that the script fills; `known`: the browser carries a ticket of this contest."""
    page = _shell(language_of(request), text_size_of(request), slug, title, known)
    return page.response(request, [("cache-control", "no-cache"), *HEADERS])


def page(request: Request, template: str, slug: str, title: str, *, status: int = 200, **facts: object) -> Response:
    """Answer with a page made for this reader, which nobody keeps."""
    text = drawn(template, language_of(request), text_size_of(request), slug, title, **facts)
    headers = [("cache-control", "no-store"), ("x-content-type-options", "nosniff"), *HEADERS]
    return Response(status, text.encode(), HTML, headers=headers)
