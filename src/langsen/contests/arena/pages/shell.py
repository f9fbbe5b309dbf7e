"""The page of a contest: the same bytes for everybody, so that the opening costs the server nothing."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import translation

from langsen.contests.arena.pages.assets import LANGUAGES, Packed, address_of, packed
from langsen.contests.arena.wire import Request, Response

LANGUAGE_COOKIE, TEXT_COOKIE = "langsen_language", "langsen_text"
TEXT_SIZES = ("normal", "large", "larger", "largest")
HTML = "text/html; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
]


def language_of(request: Request) -> str:
    """The language chosen on the site, else Vietnamese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def drawn(request: Request, template: str, slug: str, title: str, organiser: str, **facts: object) -> str:
    """Draw a page in the reader's language and text size."""
    language, size = language_of(request), request.cookies.get(TEXT_COOKIE, "")
    text_size = size if size in TEXT_SIZES else TEXT_SIZES[0]
    return _drawn(template, language, text_size, slug, title, organiser, facts)


def _drawn(
    template: str, language: str, text_size: str, slug: str, title: str, organiser: str, facts: dict[str, object]
) -> str:
    frame = {
        "language": language,
        "text_size": text_size,
        "contest": {"slug": slug, "title": title, "organiser_name": organiser},
        "css": address_of("arena.css"),
        "lotus": address_of("lotus.svg"),
        "script": address_of(f"arena-{language}.js"),
    }
    with translation.override(language):
        return render_to_string(template, frame | facts)


@lru_cache(maxsize=256)
def _shell(language: str, text_size: str, slug: str, title: str, organiser: str) -> Packed:
    return packed(_drawn("arena/shell.html", language, text_size, slug, title, organiser, {}).encode(), HTML)


def shell(request: Request, slug: str, title: str, organiser: str) -> Response:
    """Answer with the page that the script fills."""
    size = request.cookies.get(TEXT_COOKIE, "")
    text_size = size if size in TEXT_SIZES else TEXT_SIZES[0]
    page = _shell(language_of(request), text_size, slug, title, organiser)
    return page.response(request, [("cache-control", "no-cache"), *HEADERS])
