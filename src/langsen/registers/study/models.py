"""Study sessions, the places where people sat, and who was there."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.evidence.models import EvidenceLink
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import AttendanceClass
from langsen.foundation.people.models import Person
from langsen.registers.kit.models import RegisterRecord
from langsen.registers.programmes.models import Theme
from langsen.registers.study.enums import AttendanceSource, CountedBy, Mode, ReviewKind, SessionKind, SessionStatus


class StudySession(RegisterRecord):
    """A conference, meeting, salute, trip or self-study organised by `org_unit`; only held ones count.

    A session of several days belongs to its first day, `held_on`.
    """

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        SessionStatus.PLANNED: frozenset({SessionStatus.HELD, SessionStatus.CANCELLED}),
        SessionStatus.HELD: frozenset({SessionStatus.CANCELLED}),
        SessionStatus.CANCELLED: frozenset({SessionStatus.PLANNED, SessionStatus.HELD}),
    }

    org_unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="study_sessions", verbose_name=_("organiser")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SessionKind)
    title = models.CharField(_("content"), max_length=300)
    folded = models.CharField(max_length=300, editable=False)
    status = models.CharField(_("state"), max_length=10, choices=SessionStatus, default=SessionStatus.PLANNED)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    held_on = models.DateField(_("day"))
    last_on = models.DateField(_("last day"), null=True, blank=True)
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    chair = models.CharField(_("chair"), max_length=200, blank=True)
    guests = models.TextField(_("guests by title"), max_length=2000, blank=True)
    minutes = models.TextField(_("minutes"), max_length=20000, blank=True)
    has_study_item = models.BooleanField(_("the agenda holds studying and following"), default=False)
    review_kind = models.CharField(_("what kind of review"), max_length=8, choices=ReviewKind, blank=True)
    programme_text = models.TextField(_("programme"), max_length=5000, blank=True)
    papers_read = models.TextField(_("papers read"), max_length=5000, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=5000, blank=True)
    cancelled_from = models.CharField(max_length=10, choices=SessionStatus, blank=True, editable=False)
    above_roll_reason = models.CharField(_("why more than the roll were present"), max_length=300, blank=True)
    themes = models.ManyToManyField(Theme, related_name="sessions", blank=True, verbose_name=_("themes"))

    class Meta:
        verbose_name = _("session")
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["org_unit", "held_on"], name="study_session_unit_day"),
            models.Index(fields=["-held_on", "-id"], name="study_session_order"),
            # Who took part in conferences is counted over attendances: which sessions count is read from this alone.
            models.Index(
                fields=["id"], name="study_session_conferences", condition=Q(status="held", kind="study_conference")
            ),
            # Which cells held a thematic meeting is looked up cell by cell.
            models.Index(
                fields=["org_unit", "held_on"],
                name="study_session_thematic",
                condition=Q(status="held", kind="thematic_meeting"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=models.F("held_on")), name="study_session_days"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("study:session", args=[self.pk])

    @property
    def tone(self) -> str:
        """The tone of the state badge."""
        return {SessionStatus.HELD: "ok", SessionStatus.PLANNED: "info"}.get(SessionStatus(self.status), "idle")

    @property
    def final_on(self) -> date:
        """The last day of the session; its only day when it has one."""
        return self.last_on or self.held_on


class SessionPoint(models.Model):
    """A place where people sat. Every session has one main point at its organiser; online and hybrid ones may have
    remote points, each counted at its own unit. The main point of an online session is its host, not a remote point.

    The five `present_*` numbers are lượt; when `counted_by` is the roll, the service derives them from it.
    """

    session = models.ForeignKey(StudySession, on_delete=models.CASCADE, related_name="points")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="study_points", verbose_name=_("unit"))
    is_main = models.BooleanField(default=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    invited = models.PositiveIntegerField(_("invited"), null=True, blank=True)
    counted_by = models.CharField(max_length=6, choices=CountedBy, default=CountedBy.HEADS)
    present_members = models.PositiveIntegerField(_("Party members present"), default=0)
    present_officials = models.PositiveIntegerField(_("cadres, civil servants, employees present"), default=0)
    present_union_members = models.PositiveIntegerField(_("union and association members present"), default=0)
    present_public = models.PositiveIntegerField(_("residents present"), default=0)
    present_other = models.PositiveIntegerField(_("others present"), default=0)
    check_in_code = models.CharField(max_length=24, unique=True, null=True, editable=False)
    reported_at = models.DateTimeField(_("numbers recorded at"), null=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("point")
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(is_main=True), name="study_point_one_main"),
            models.UniqueConstraint(
                fields=["session", "org_unit"], condition=Q(is_main=False), name="study_point_unit_once"
            ),
        ]
        indexes = [models.Index(fields=["org_unit", "session"], name="study_point_unit")]

    def __str__(self) -> str:
        return f"{self.org_unit} – {self.session}"

    def get_absolute_url(self) -> str:
        return f"{self.session.get_absolute_url()}#diem-{self.pk}"

    @property
    def present_others(self) -> int:
        """Those who sat here and are no Party members."""
        return self.present - self.present_members

    @property
    def present_by_class(self) -> dict[str, int]:
        """Those who sat here by attendance class."""
        return {name: getattr(self, f"present_{name}") for name in AttendanceClass.values}

    @property
    def present(self) -> int:
        """All who sat here, of every class."""
        return (
            self.present_members
            + self.present_officials
            + self.present_union_members
            + self.present_public
            + self.present_other
        )


class Attendance(models.Model):
    """`person` took part in `session`; `studied_on` is the session's day, or the day of make-up study.

    `org_unit` is where the person sat (the point's unit). Make-up study counts people, not attendances.
    """

    session = models.ForeignKey(StudySession, on_delete=models.CASCADE, related_name="attendances", db_index=False)
    point = models.ForeignKey(SessionPoint, on_delete=models.CASCADE, related_name="attendances")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    attendance_class = models.CharField(max_length=14, choices=AttendanceClass)
    source = models.CharField(max_length=8, choices=AttendanceSource, default=AttendanceSource.ROLL)
    studied_on = models.DateField(_("studied on"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attendance")
        constraints = [
            # Who studied a theme is read session by session: the day lies in the index, which serves the key as well.
            models.UniqueConstraint(fields=["session", "person"], include=["studied_on"], name="study_attendance_once")
        ]
        indexes = [
            models.Index(
                fields=["org_unit", "studied_on"], include=["person", "session"], name="study_attendance_unit"
            ),
            models.Index(fields=["person", "studied_on"], name="study_attendance_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.session}"


class Excuse(models.Model):
    """`person`, who belongs to `point`, was absent with leave (có phép). Why is nobody's business here.

    Whoever is absent without a row was absent without leave. It counts in no figure.
    """

    point = models.ForeignKey(SessionPoint, on_delete=models.CASCADE, related_name="excuses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("absence with leave")
        constraints = [models.UniqueConstraint(fields=["point", "person"], name="study_excuse_once")]

    def __str__(self) -> str:
        return f"{self.person} – {self.point}"


class SessionEvidence(EvidenceLink):
    """A photo or paper of a session; whoever sees the session sees it."""

    record = models.ForeignKey(StudySession, on_delete=models.PROTECT, related_name="evidence")

    class Meta(EvidenceLink.Meta):
        verbose_name = _("picture or paper of a session")

    @classmethod
    def refuse_change(cls, record: StudySession) -> str:
        if record.status == SessionStatus.CANCELLED:
            return gettext("This session is cancelled. Take the cancellation back first.")
        return ""


# The additive figures of study, in the order of the source in `figures.py`.
TOTAL_COLUMNS = (
    "conferences",
    "conferences_in_person",
    "conferences_online",
    "conferences_hybrid",
    "attendances",
    "attendances_members",
    "attendances_officials",
    "attendances_union_members",
    "attendances_public",
    "attendances_other",
    "online_attendances",
    "remote_points",
    "remote_points_study",
    "remote_points_review",
    "remote_points_other",
    "review_conferences",
    "thematic_meetings",
    "regular_meetings",
    "historic_trips",
    "historic_trip_people",
)


class StudyTotal(models.Model):
    """The cache of study's additive figures: one wide row per unit and whole quarter (Q) or month (M).

    Never incremented: `figures.refresh` recomputes a row from records with the same SQL `rebuild` uses.
    The columns are those of the source in `figures.py`, in its order: whole numbers a unit cannot outgrow in a quarter.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="+")
    grain = models.CharField(max_length=1, choices=[("Q", "Q"), ("M", "M")])
    starts_on = models.DateField()
    conferences = models.IntegerField()
    conferences_in_person = models.IntegerField()
    conferences_online = models.IntegerField()
    conferences_hybrid = models.IntegerField()
    attendances = models.IntegerField()
    attendances_members = models.IntegerField()
    attendances_officials = models.IntegerField()
    attendances_union_members = models.IntegerField()
    attendances_public = models.IntegerField()
    attendances_other = models.IntegerField()
    online_attendances = models.IntegerField()
    remote_points = models.IntegerField()
    remote_points_study = models.IntegerField()
    remote_points_review = models.IntegerField()
    remote_points_other = models.IntegerField()
    review_conferences = models.IntegerField()
    thematic_meetings = models.IntegerField()
    regular_meetings = models.IntegerField()
    historic_trips = models.IntegerField()
    historic_trip_people = models.IntegerField()

    class Meta:
        # A quarter of the whole country is one stretch of this index, its numbers included: no row is looked up.
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "starts_on", "org_unit"], include=TOTAL_COLUMNS, name="study_total_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.org_unit_id} {self.grain} {self.starts_on}"
