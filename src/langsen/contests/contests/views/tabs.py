"""The tabs over the office pages of one contest, whichever app keeps them."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from langsen.contests.contests.models import Contest

_TABS = (
    ("contest", "contests:contest", gettext_lazy("Overview")),
    ("rounds", "contests:rounds", gettext_lazy("Rounds")),
    ("papers", "quizzes:papers", gettext_lazy("Papers")),
    ("prizes", "contests:prizes", gettext_lazy("Prizes")),
    ("units", "contests:units", gettext_lazy("Units")),
    ("barred", "contests:barred", gettext_lazy("May not take part")),
    ("entrants", "contests:entrants", gettext_lazy("Entrants")),
    ("monitor", "contests:monitor", gettext_lazy("Monitor")),
    ("results", "results:contest", gettext_lazy("Results")),
)


def tabs_of(contest: Contest, current: str) -> list[dict[str, Any]]:
    """Return the tabs of a contest's pages, those of other apps only where they exist."""
    found = []
    for name, url, label in _TABS:
        try:
            href = reverse(url, args=[contest.pk])
        except NoReverseMatch:
            continue
        found.append({"label": str(label), "href": href, "current": name == current})
    return found
