"""The dated tree of organisations.

Every range is half-open `[from, to)`. The counting tree is the Party line (`OrgPlacement`); the State or
mass-organisation superior is a second dated link. The database refuses overlaps and cycles: integer equality is
written as `int8range(x, x, '[]') WITH &&`, which needs no extension.
"""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import day_text


def _same(expression: object) -> tuple[Func, str]:
    """Integer equality for an exclusion constraint."""
    return Func(expression, expression, Value("[]"), function="int8range"), RangeOperators.OVERLAPS


class Named(models.Model):
    """Catalogue data with a name in both languages."""

    name_vi = models.CharField(_("name (Vietnamese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return self.name_vi if (get_language() or "vi").startswith("vi") else self.name_en

    def __str__(self) -> str:
        return self.name


class Line(models.TextChoices):
    PARTY = "party", _("Party line")
    STATE = "state", _("State line")
    MASS = "mass", _("mass organisations")


class UnitKind(Named):
    """A kind of organisation: dated data with flags that rules ask for, so that no rule knows a kind by name.

    `level`: 0 central, 1 province, 2 directly under the province (district before 1/7/2025, commune since),
    3 grassroots organisation, 4 cell under a grassroots committee.
    """

    code = models.SlugField(max_length=40, unique=True)
    line = models.CharField(max_length=8, choices=Line, default=Line.PARTY)
    level = models.PositiveSmallIntegerField(_("level"))
    is_cell = models.BooleanField(_("is a cell"), default=False)
    is_grassroots = models.BooleanField(_("is a grassroots organisation"), default=False)
    is_board = models.BooleanField(_("is an advisory board"), default=False)
    during = DateRangeField(_("in use"))

    class Meta:
        ordering = ["level", "code"]


class OrgUnit(models.Model):
    """An organisation that keeps its identity through renaming and moving. `name` is the newest name in force."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=200, editable=False, db_index=True)
    sort_key = models.CharField(max_length=900, editable=False)
    kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT, verbose_name=pgettext_lazy("unit", "kind"))
    during = DateRangeField(_("exists"))
    is_published = models.BooleanField(
        _("published figures only"),
        default=False,
        help_text=_("A real unit that holds only what was published; lateness and due lists are not reckoned for it."),
    )

    class Meta:
        verbose_name = _("organisation")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(during__isempty=False) & models.Q(during__startswith__isnull=False),
                name="orgs_unit_range",
            )
        ]
        indexes = [models.Index(fields=["sort_key", "id"], name="orgs_unit_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def org_unit_id(self) -> int:
        """Itself: events about a unit belong to that unit."""
        return self.pk

    @property
    def from_on(self) -> date:
        first: date = self.during.lower
        return first

    @property
    def last_on(self) -> date | None:
        """The last day the unit exists, or None while no end is known."""
        return self.during.upper - ONE_DAY if self.during.upper else None

    def exists_on(self, day: date) -> bool:
        return self.from_on <= day and (self.during.upper is None or day < self.during.upper)

    @property
    def days_text(self) -> str:
        """ "đến 30/6/2025" style facts stand on pages; here the bare range."""
        return f"{day_text(self.from_on)} – {day_text(self.last_on)}"


class OrgName(models.Model):
    """What a unit was called, when."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, editable=False)
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orgs_name_once", expressions=[_same(F("org_unit_id")), ("during", RangeOperators.OVERLAPS)]
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrgPlacement(models.Model):
    """Under whom a unit stood, when, in the counting tree. The root has a placement without parent."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(OrgUnit, null=True, on_delete=models.PROTECT, related_name="child_placements")
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orgs_placement_once", expressions=[_same(F("org_unit_id")), ("during", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=F("org_unit")),
                name="orgs_placement_not_self",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org_unit_id} < {self.parent_id} {self.during}"


class OrgSecondLink(models.Model):
    """The State or mass-organisation superior of a unit, dated; award levels will ask for it."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="second_links")
    superior = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="second_subordinates")
    line = models.CharField(max_length=8, choices=Line)
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name=f"orgs_second_link_{line}_once",
                expressions=[_same(F("org_unit_id")), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(line=line),
            )
            for line in ("state", "mass")
        ]

    def __str__(self) -> str:
        return f"{self.org_unit_id} ~ {self.superior_id}"


class OrgClosure(models.Model):
    """Every ancestor of every unit, itself included, with the days on which that was so. Derived from placements.

    A cycle would put the same pair in both orders on one day, which the constraint refuses.
    """

    ancestor = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="below")
    descendant = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="above")
    depth = models.PositiveSmallIntegerField()
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orgs_closure_acyclic",
                expressions=[
                    _same(Least(F("ancestor_id"), F("descendant_id"))),
                    _same(Greatest(F("ancestor_id"), F("descendant_id"))),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            models.Index(fields=["ancestor", "descendant"], name="orgs_closure_down"),
            models.Index(fields=["descendant", "ancestor"], name="orgs_closure_up"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id}"


class Operation(models.TextChoices):
    ESTABLISH = "establish", _("established")
    RENAME = "rename", _("renamed")
    MOVE = "move", _("moved")
    MERGE = "merge", _("merged")
    SPLIT = "split", _("divided")
    DISSOLVE = "dissolve", _("dissolved")


class OrgChange(models.Model):
    """One operation on the tree, with the decision it rests on. `facts` says what it did, for people and for replay."""

    operation = models.CharField(_("operation"), max_length=10, choices=Operation)
    effective_on = models.DateField(_("effective from"))
    decision_number = models.CharField(_("decision number"), max_length=80, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    signatory = models.CharField(_("signed by"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    units = models.ManyToManyField(OrgUnit, related_name="changes")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-effective_on", "-id"]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {day_text(self.effective_on)}"


class OrgSuccession(models.Model):
    """Who took over from whom, from which day. A unit that only lost a part lives on and may have several such days."""

    predecessor = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="precedents")
    on = models.DateField()
    change = models.ForeignKey(OrgChange, on_delete=models.PROTECT, related_name="successions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="orgs_succession_once"),
            models.CheckConstraint(condition=~models.Q(predecessor=F("successor")), name="orgs_succession_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} -> {self.successor_id}"


class OrgHome(models.Model):
    """Where a unit's records count by today's organisation. Derived from successions; a living unit is its own home.

    `line` is the divided unit whose figures stand as a line of their own at `home`, when there is one.
    """

    org_unit = models.OneToOneField(OrgUnit, primary_key=True, on_delete=models.CASCADE, related_name="home_row")
    home = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="homecomers")
    line = models.ForeignKey(OrgUnit, null=True, on_delete=models.CASCADE, related_name="line_members")

    class Meta:
        indexes = [models.Index(fields=["home", "org_unit"], name="orgs_home_units")]

    def __str__(self) -> str:
        return f"{self.org_unit_id} @ {self.home_id}"


class TreeState(models.Model):
    """One row: the tree's version, raised by every operation, and the day the homes were reckoned for."""

    version = models.PositiveIntegerField(default=1)
    homes_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="orgs_tree_state_single")]

    def __str__(self) -> str:
        return f"v{self.version}"
