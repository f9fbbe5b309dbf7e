"""How pages that are kept finished learn that what they tell has changed, in whatever process it did."""

from django.db import connections

from langsen.contests.contests.models import Contest, PageVersion
from langsen.contests.stores import STORE

_RAISE = """
    INSERT INTO contests_pageversion AS v (contest_id, number) VALUES (%s, 1)
    ON CONFLICT (contest_id) DO UPDATE SET number = v.number + 1
"""


def raise_page_version(contest_id: int) -> None:
    """Void every finished page of a contest when the caller's transaction commits, and not before.

    Every service that changes what a public page tells calls this: names and consents, who takes part, countings,
    prizes, publications, what is organised. Call it last: until the end others who change this contest wait for it.
    """
    with connections[STORE].cursor() as cursor:
        cursor.execute(_RAISE, [contest_id])


def page_version_of(contest: Contest) -> int:
    """Return the number as it was read with the contest (`queries.public.public_contest`); 0: nothing changed yet."""
    found: PageVersion | None = getattr(contest, "page_version", None)
    return found.number if found else 0
