"""Reading programmes and themes: an installation's catalogue, open to everybody who is signed in."""

from django.db.models import Prefetch, QuerySet

from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import fold
from langsen.registers.programmes.models import Programme, Theme


def themes_matching(text: str = "", *, in_force_only: bool = False) -> list[Theme]:
    """Return the themes whose name or source holds every word of `text`, newest first."""
    themes = Theme.objects.select_related("programme", "org_unit").order_by("-during", "id")
    if in_force_only:
        themes = themes.filter(during__contains=today())
    words = fold(text).split()
    return [
        theme
        for theme in themes
        if all(word in fold(f"{theme.name_vi} {theme.name_en} {theme.source} {theme.org_unit.name}") for word in words)
    ]


def programmes_in_order() -> QuerySet[Programme]:
    """Return the programmes, the newest first, each with its themes."""
    themes = Theme.objects.select_related("org_unit").order_by("-during", "id")
    return Programme.objects.order_by("-issued_on", "-id").prefetch_related(Prefetch("themes", queryset=themes))


def theme_by_code(code: str) -> Theme:
    """Return a theme.

    Raises:
        NotFound: there is none.
    """
    theme = Theme.objects.select_related("programme", "org_unit").filter(code=code).first()
    if theme is None:
        raise NotFound
    return theme
