"""The roles of the access table, what each of them does, and the shape of a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ADMIN = "admin"
PROVINCE = "province_officer"
STANDING = "standing_member"
COMMUNE = "commune_officer"
CLERK = "clerk"
ORGANISATION = "organisation_officer"
GRASSROOTS = "grassroots_secretary"
SECRETARY = "cell_secretary"
DEPUTY = "cell_deputy"
CONTEST_ORGANISER = "contest_organiser"
JUDGE = "judge"
MEMBER = "member"
VIEWER = "viewer"
STRANGER = "stranger"
ANONYMOUS = "anonymous"

BY_REACH = (
    PROVINCE, COMMUNE, ADMIN, ORGANISATION, GRASSROOTS, CLERK, STANDING, CONTEST_ORGANISER, SECRETARY, DEPUTY, JUDGE,
    VIEWER, MEMBER,
)  # fmt: skip
"""The roles of the office, who may do most first."""
OFFICE = frozenset(BY_REACH)
SIGNED_IN = OFFICE | {STRANGER}
# Who may do what to things of the cell, by the roles as the offices describe them (not read from the code).
STUDY_READERS = OFFICE - {ADMIN, CONTEST_ORGANISER, JUDGE, MEMBER}
FIGURE_READERS = OFFICE - {JUDGE}
RECORDERS = frozenset({PROVINCE, COMMUNE, GRASSROOTS, SECRETARY, DEPUTY})
REPORT_WRITERS = RECORDERS | {CLERK}
REPORT_RECEIVERS = frozenset({PROVINCE, COMMUNE, GRASSROOTS})
OUTLINE_KEEPERS = frozenset({ADMIN, PROVINCE, COMMUNE})
PAPER_KEEPERS = OUTLINE_KEEPERS | {CLERK}
PEOPLE_READERS = frozenset({PROVINCE, STANDING, COMMUNE, ORGANISATION, GRASSROOTS, SECRETARY, DEPUTY})
PEOPLE_WRITERS = PEOPLE_READERS - {STANDING}
SENSITIVE_READERS = frozenset({ORGANISATION, GRASSROOTS, SECRETARY})
ORGS_CHANGERS = frozenset({ADMIN, ORGANISATION})
PROGRAMME_WRITERS = frozenset({ADMIN, PROVINCE, COMMUNE})
GRANTERS = frozenset({ADMIN, PROVINCE, COMMUNE, GRASSROOTS})
LOG_READERS = frozenset({ADMIN, PROVINCE, COMMUNE, ORGANISATION})


@dataclass(frozen=True)
class Row:
    """What each role gets from one address with one method."""

    url: str
    kwargs: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    data: Mapping[str, object] = field(default_factory=dict)
    allow: frozenset[str] = SIGNED_IN
    forbid: frozenset[str] = frozenset()
    ok: int = 0
    rest: int = 404
    anonymous: int = 302
    public: bool = False
    query: str = ""

    def expected(self, role: str) -> int:
        """Return the status `role` must get."""
        ok = self.ok or (200 if self.method == "GET" else 302)
        if role == ANONYMOUS:
            return ok if self.public else self.anonymous
        if role in self.allow:
            return ok
        return 403 if role in self.forbid else self.rest

    def border(self) -> list[str]:
        """Return the roles between which the row is drawn: of those that get through the one that may do least
        elsewhere, of each kind of refusal the one that may do most, a refused stranger, and somebody not signed in."""
        asked: dict[int, str] = {}
        for role in (*BY_REACH, STRANGER):
            status = self.expected(role)
            if status not in asked or (role in self.allow and role != STRANGER):
                asked[status] = role
        return sorted({*asked.values(), ANONYMOUS} | ({STRANGER} - self.allow))

    def __str__(self) -> str:
        return f"{self.method} {self.url}{self.query}"
