"""Who must study a theme, who has, and who still has to: the same rules as rows 4 and 13 of the figures."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.foundation.orgs.queries import children_on
from langsen.foundation.people.models import Exemption, Membership
from langsen.registers.programmes.models import Theme
from langsen.registers.study.enums import SessionStatus
from langsen.registers.study.models import Attendance, StudySession
from langsen.registers.study.standing import FEW_UNITS


@dataclass(frozen=True)
class Participation:
    """How far a theme has come in a unit and below: people, each once."""

    unit: OrgUnit
    obliged: int
    studied: int
    below: bool

    @property
    def pending(self) -> int:
        return self.obliged - self.studied

    @property
    def rate(self) -> float | None:
        return self.studied / self.obliged if self.obliged else None


def reckoned_on(theme: Theme) -> date:
    """Return the day a theme's participation is read on: today, or its last day when that has passed."""
    end = theme.during.upper
    return min(today(), end - ONE_DAY) if end else today()


def obliged_by(theme: Theme, day: date) -> QuerySet[Membership]:
    """Return the memberships that oblige somebody to study the theme on `day`, exempt people left out."""
    reach = OrgClosure.objects.filter(ancestor=theme.org_unit_id, during__contains=day).values("descendant")
    exempt = Exemption.objects.filter(person=OuterRef("person"), during__contains=day)
    return Membership.objects.filter(
        ~Exists(exempt), org_unit__in=reach, during__contains=day, person_class__in=theme.obliged_classes
    )


def _studied(theme: Theme, day: date, *, units: int = 1) -> Q:
    """The person took part in a held session on the theme, make-up included, up to `day`.

    Where the people of many `units` are counted, all who studied the theme are read at once, not person by person.
    """
    studied = Attendance.objects.filter(
        studied_on__lte=day, session__status=SessionStatus.HELD, session__themes=theme.pk
    )
    if units > FEW_UNITS:
        return Q(person__in=studied.values("person"))
    return Q(Exists(studied.filter(person=OuterRef("person"))))


def pending_make_up(user: User, unit: OrgUnit, theme: Theme, day: date) -> QuerySet[Membership]:
    """Return who in `unit` and below still has to study the theme on `day`: one membership a row, by unit and name.

    Only people whose roster `user` may read.
    """
    below = OrgClosure.objects.filter(ancestor=unit, during__contains=day).values("descendant")
    mine = units_where(user, Permission.PEOPLE_READ).values("pk")
    return (
        obliged_by(theme, day)
        .filter(~_studied(theme, day), org_unit__in=below)
        .filter(org_unit__in=mine)
        .select_related("person", "org_unit")
        .order_by("org_unit__sort_key", "org_unit_id", "person__sort_key", "id")
    )


def participation_in(unit: OrgUnit, theme: Theme, day: date) -> Participation:
    """Return how far the theme has come in `unit` and everything below it."""
    return _participations([unit], theme, day)[0]


def participation_below(unit: OrgUnit, theme: Theme, day: date) -> list[Participation]:
    """Return the same for each unit directly below `unit`, those with most people pending first."""
    rows = _participations(list(children_on(unit, day)), theme, day)
    return sorted(rows, key=lambda row: (-row.pending, row.unit.sort_key, row.unit.pk))


def _participations(units: list[OrgUnit], theme: Theme, day: date) -> list[Participation]:
    ids = [unit.pk for unit in units]
    reached = OrgClosure.objects.filter(ancestor__in=ids, during__contains=day).count()
    counted = (
        obliged_by(theme, day)
        .filter(Q(org_unit__above__ancestor__in=ids, org_unit__above__during__contains=day))
        .values("org_unit__above__ancestor")
        .annotate(
            obliged=Count("person", distinct=True),
            studied=Count("person", distinct=True, filter=_studied(theme, day, units=reached)),
        )
        .order_by("org_unit__above__ancestor")
    )
    found = {row["org_unit__above__ancestor"]: (row["obliged"], row["studied"]) for row in counted}
    placements = OrgClosure.objects.filter(ancestor__in=ids, depth=1, during__contains=day)
    parents = set(placements.values_list("ancestor_id", flat=True))
    return [Participation(unit, *found.get(unit.pk, (0, 0)), below=unit.pk in parents) for unit in units]


def themes_for(user: User, day: date | None = None) -> QuerySet[Theme]:
    """Return the themes that reach a unit of `user`'s, those in force on `day` only when it is given; newest first."""
    units = units_where(user, Permission.STUDY_READ).values("pk")
    above = OrgClosure.objects.filter(descendant__in=units).values("ancestor")
    themes = Theme.objects.filter(org_unit__in=above).select_related("org_unit__kind", "programme")
    if day is not None:
        themes = themes.filter(during__contains=day)
    return themes.order_by("-during", "id")


def make_up_sessions(theme: Theme, unit: OrgUnit, day: date) -> QuerySet[StudySession]:
    """Return the held sessions on the theme that make-up study in `unit` can belong to: its own, above or below."""
    above = OrgClosure.objects.filter(descendant=unit, during__contains=day).values("ancestor")
    below = OrgClosure.objects.filter(ancestor=unit, during__contains=day).values("descendant")
    sessions = StudySession.objects.filter(status=SessionStatus.HELD, themes=theme)
    sat = Q(points__org_unit__in=above) | Q(org_unit__in=above) | Q(org_unit__in=below)
    return sessions.filter(sat).select_related("org_unit").distinct().order_by("-held_on", "-id")


def themes_reaching(unit: OrgUnit, day: date) -> QuerySet[Theme]:
    """Return the themes in force on `day` that oblige somebody in `unit`: its own and those from above."""
    above = OrgClosure.objects.filter(descendant=unit, during__contains=day).values("ancestor")
    return Theme.objects.filter(org_unit__in=above, during__contains=day).order_by("-during", "id")


def themes_offered(session: StudySession) -> QuerySet[Theme]:
    """Return the themes a session may be on: those that reach its organiser on its day, and those it has."""
    reaching = themes_reaching(session.org_unit, session.held_on).order_by().values("pk")
    themes = Theme.objects.filter(Q(pk__in=reaching) | Q(pk__in=session.themes.values("pk")))
    return themes.order_by("-during", "id")
