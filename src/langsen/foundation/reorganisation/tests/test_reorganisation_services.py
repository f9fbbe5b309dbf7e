"""Rename, move, merge, split, dissolve: what they do, to whom, and what they refuse."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from langsen.foundation.access.enums import Permission, Role
from langsen.foundation.access.models import Invitation
from langsen.foundation.access.rules import is_allowed
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import Line, OrgChange, OrgHome, OrgSecondLink, OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import (
    ancestors_on,
    children_on,
    descendants_on,
    home_of,
    name_on,
    parent_on,
    tree_version,
)
from langsen.foundation.reorganisation.bulk import NewUnit
from langsen.foundation.reorganisation.changes import Change, Decision
from langsen.foundation.reorganisation.services import (
    dissolve_unit,
    establish_unit,
    link_superior,
    merge_units,
    move_unit,
    rename_unit,
    split_unit,
)
from tests.factories import make_grant, make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 1)
EVE = date(2025, 6, 30)
FIRST = date(2020, 1, 1)
PAPER = Decision("12-QĐ/TU", date(2025, 6, 20), "Lò Văn Mẫu")
HEARD: list[Change] = []


def listen(change: Change) -> None:
    HEARD.append(change)


@pytest.fixture
def heard(settings) -> list[Change]:
    HEARD.clear()
    settings.LANGSEN_REORGANISED_HOOKS = [f"{__name__}.listen"]
    return HEARD


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(
        TW=("central", None),
        T1=("province", "TW"),
        T2=("province", "TW"),
        G1=("grassroots_committee", "T1"),
        G2=("grassroots_committee", "T1"),
        C1=("cell", "G1"),
        C2=("cell", "G1"),
        C3=("cell", "G2"),
    )


def facts(**changed: object) -> dict[str, object]:
    return {"effective_on": DAY, "decision": PAPER, "by": system_user(), **changed}


def codes(units) -> list[str]:
    return sorted(unit.code for unit in units)


def new(code: str, parent: str = "T1", kind: str = "grassroots_committee") -> NewUnit:
    return NewUnit(code, f"Đơn vị {code}", kind, parent, DAY)


def test_rename_keeps_the_old_name_for_its_days(tree) -> None:
    rename_unit(tree["C1"], name="Chi bộ  Hoa Ban", **facts())
    unit = OrgUnit.objects.get(code="C1")
    assert (name_on(unit, EVE), name_on(unit, DAY), unit.name) == ("Đơn vị C1", "Chi bộ Hoa Ban", "Chi bộ Hoa Ban")
    event = history_of(unit).first()
    assert event.verb == "org_unit.renamed"
    assert event.data["name"] == ["Đơn vị C1", "Chi bộ Hoa Ban"]
    change = OrgChange.objects.get(operation="rename")
    assert (change.decision_number, change.effective_on, change.facts["back_dated"]) == ("12-QĐ/TU", DAY, True)


def test_a_renaming_recorded_ahead_shows_on_its_day(tree) -> None:
    rename_unit(tree["C1"], name="Mai sau", **facts(effective_on=today() + timedelta(days=1)))
    assert OrgUnit.objects.get(code="C1").name == "Đơn vị C1"


def test_a_back_dated_renaming_lasts_until_the_next(tree) -> None:
    rename_unit(tree["C1"], name="Hai", **facts())
    rename_unit(tree["C1"], name="Một", **facts(effective_on=date(2024, 1, 1)))
    unit = OrgUnit.objects.get(code="C1")
    assert [name_on(unit, day) for day in (date(2023, 1, 1), EVE, DAY)] == ["Đơn vị C1", "Một", "Hai"]
    assert unit.name == "Hai"


def test_move_takes_everything_below_along(tree) -> None:
    move_unit(tree["G1"], parent=tree["T2"], **facts())
    assert codes(ancestors_on(tree["C1"], EVE)) == ["C1", "G1", "T1", "TW"]
    assert codes(ancestors_on(tree["C1"], DAY)) == ["C1", "G1", "T2", "TW"]
    assert codes(descendants_on(tree["T1"], DAY)) == ["C3", "G2", "T1"]


def test_move_back_and_forth_on_one_day_leaves_one_place(tree) -> None:
    move_unit(tree["G1"], parent=tree["T2"], **facts())
    move_unit(tree["G1"], parent=tree["T1"], **facts())
    assert parent_on(tree["G1"], DAY) == tree["T1"]
    assert home_of(tree["G1"]) == tree["G1"]


def test_merge_into_a_new_unit(tree, heard) -> None:
    version = tree_version()
    heir = merge_units([tree["G1"], tree["G2"]], successor=new("G9"), **facts())
    assert codes(children_on(heir, DAY)) == ["C1", "C2", "C3"]
    assert codes(children_on(tree["G1"], EVE)) == ["C1", "C2"]
    assert home_of(tree["G1"]) == home_of(tree["G2"]) == heir
    assert OrgUnit.objects.get(code="G1").last_on == EVE
    assert heir.from_on == DAY
    assert tree_version() == version + 1
    assert OrgSuccession.objects.filter(successor=heir, on=DAY).count() == 2
    (change,) = heard
    assert dict(change.mapping) == {tree["G1"].pk: heir.pk, tree["G2"].pk: heir.pk}
    assert codes(change.predecessors) == ["G1", "G2"]
    assert [history_of(unit).first().verb for unit in (tree["G1"], heir, tree["C1"])] == [
        "org_unit.merged",
        "org_unit.established",
        "org_unit.moved",
    ]


def test_merge_into_one_that_is_there(tree) -> None:
    merge_units([tree["G1"]], successor=tree["G2"], **facts())
    assert codes(children_on(tree["G2"], DAY)) == ["C1", "C2", "C3"]
    assert home_of(tree["G1"]) == tree["G2"]


def test_a_former_unit_is_reached_through_its_heir(tree) -> None:
    officer = make_user(Role.VIEWER, tree["G2"])
    assert not is_allowed(officer, Permission.ORGS_READ, tree["G1"])
    merge_units([tree["G1"]], successor=tree["G2"], **facts())
    assert is_allowed(officer, Permission.ORGS_READ, tree["G1"])


def test_roles_and_invitations_end_with_their_unit(tree) -> None:
    secretary = make_user(Role.GRASSROOTS_SECRETARY, tree["G1"])
    fresh = make_grant(secretary, Role.VIEWER, tree["G1"], today())
    Invitation.objects.create(
        display_name="Vàng Thị Mời",
        role=Role.VIEWER,
        org_unit=tree["G1"],
        digest="x",
        invited_by=system_user(),
        expires_at=timezone.now() + timedelta(days=3),
    )
    merge_units([tree["G1"]], successor=tree["G2"], **facts())
    assert not is_allowed(secretary, Permission.STUDY_RECORD, tree["G1"])
    assert not is_allowed(secretary, Permission.STUDY_RECORD, tree["C1"])
    # Back-dated, but the role was in force until today.
    assert secretary.grants.get(role=Role.GRASSROOTS_SECRETARY).during.upper == today()
    fresh.refresh_from_db()
    assert fresh.ended_at is not None
    assert history_of(fresh).get().verb == "grant.ended_with_unit"
    assert Invitation.objects.get().withdrawn_at is not None
    assert OrgChange.objects.get(operation="merge").facts["roles_ended"] == 2


def test_split_sends_each_child_where_told(tree, heard) -> None:
    heirs = split_unit(
        tree["G1"], successors=[new("G8"), new("G9")], children={"C1": "G8", "C2": "G9"}, members_to="G9", **facts()
    )
    assert [codes(children_on(heir, DAY)) for heir in heirs] == [["C1"], ["C2"]]
    row = OrgHome.objects.get(org_unit=tree["G1"])
    assert (row.home, row.line) == (tree["T1"], tree["G1"])
    assert dict(heard[0].mapping) == {tree["G1"].pk: heirs[1].pk}


def test_split_keeps_the_rest(tree, heard) -> None:
    split_unit(tree["G1"], successors=[new("G8")], children={"C2": "G8"}, keeps=True, **facts())
    assert codes(children_on(tree["G1"], DAY)) == ["C1"]
    assert home_of(tree["G1"]) == tree["G1"]
    assert heard[0].predecessors == ()
    # Later the rest ends too: its home is who took over then, not who once took a part.
    merge_units([tree["G1"]], successor=tree["G2"], **facts(effective_on=date(2026, 1, 1)))
    assert home_of(tree["G1"]) == tree["G2"]


def test_a_part_may_come_back(tree) -> None:
    (part,) = split_unit(tree["G1"], successors=[new("G8")], children={}, keeps=True, **facts())
    merge_units([part], successor=tree["G1"], **facts(effective_on=date(2026, 1, 1)))
    assert home_of(part) == tree["G1"]
    split_unit(tree["G1"], successors=[new("G7")], children={}, keeps=True, **facts(effective_on=date(2026, 2, 1)))


def test_a_child_may_be_a_successor(tree) -> None:
    split_unit(tree["G1"], successors=[tree["C1"], tree["C2"]], children={}, **facts())
    assert parent_on(tree["C1"], DAY) == tree["T1"]
    assert home_of(tree["G1"]) == tree["T1"]


def test_dissolve_counts_at_the_superior(tree) -> None:
    dissolve_unit(tree["C3"], **facts())
    assert home_of(tree["C3"]) == tree["G2"]
    dissolve_unit(tree["G1"], children_to=tree["G2"], **facts())
    assert codes(children_on(tree["G2"], DAY)) == ["C1", "C2"]
    assert home_of(tree["G1"]) == tree["T1"]


def test_dissolve_with_a_successor(tree, heard) -> None:
    dissolve_unit(tree["G1"], successor=tree["G2"], **facts())
    assert home_of(tree["G1"]) == tree["G2"]
    assert codes(children_on(tree["G2"], DAY)) == ["C1", "C2", "C3"]
    assert dict(heard[0].mapping) == {tree["G1"].pk: tree["G2"].pk}


def test_what_joined_later_goes_along_too(tree) -> None:
    """A back-dated merge also re-places a unit that came under the merged one after that day."""
    move_unit(tree["C3"], parent=tree["G1"], **facts(effective_on=date(2026, 1, 1)))
    merge_units([tree["G1"]], successor=tree["T2"], **facts())
    assert parent_on(tree["C3"], DAY) == tree["G2"]
    assert parent_on(tree["C3"], date(2026, 1, 1)) == tree["T2"]


def test_an_end_recorded_beforehand_may_get_its_successor(tree) -> None:
    old = make_unit("h1", "district", tree["T1"], last_on=EVE)
    merge_units([old], successor=tree["G1"], **facts())
    assert home_of(old) == tree["G1"]


def test_second_lines_are_dated(tree) -> None:
    state = make_unit("ubnd", "state", tree["T1"])
    other = make_unit("so", "state", tree["T1"])
    link_superior(tree["G1"], superior=state, line=Line.STATE, effective_on=date(2021, 1, 1), by=system_user())
    link_superior(tree["G1"], superior=other, line=Line.STATE, effective_on=DAY, by=system_user())
    link_superior(tree["G1"], superior=None, line=Line.STATE, effective_on=date(2026, 1, 1), by=system_user())
    links = OrgSecondLink.objects.filter(org_unit=tree["G1"]).order_by("during")
    assert [(link.superior.code, link.during.lower, link.during.upper) for link in links] == [
        ("UBND", date(2021, 1, 1), DAY),
        ("SO", DAY, date(2026, 1, 1)),
    ]
    with pytest.raises(BadInput):
        link_superior(tree["G1"], superior=state, line=Line.PARTY, effective_on=DAY, by=system_user())
    with pytest.raises(BadInput):
        link_superior(tree["G1"], superior=tree["G1"], line=Line.MASS, effective_on=DAY, by=system_user())


LONG = "ă" * 10_000
BAD = {
    "rename before it existed": lambda t: rename_unit(t["C1"], name="X", **facts(effective_on=date(2019, 1, 1))),
    "rename to nothing": lambda t: rename_unit(t["C1"], name="\x00 ", **facts()),
    "rename to the same": lambda t: rename_unit(t["C1"], name="Đơn vị  C1", **facts()),
    "a name without end": lambda t: rename_unit(t["C1"], name=LONG, **facts()),
    "no decision": lambda t: rename_unit(t["C1"], name="X", **facts(decision=Decision())),
    "decision without day": lambda t: rename_unit(t["C1"], name="X", **facts(decision=Decision("1"))),
    "a decision without end": lambda t: rename_unit(t["C1"], name="X", **facts(decision=Decision(LONG, DAY))),
    "the first day there is": lambda t: dissolve_unit(t["C1"], **facts(effective_on=date.min)),
    "the last day there is": lambda t: rename_unit(t["C1"], name="X", **facts(effective_on=date.max)),
    "move under itself": lambda t: move_unit(t["G1"], parent=t["G1"], **facts()),
    "move under its child": lambda t: move_unit(t["G1"], parent=t["C1"], **facts()),
    "move where it stands": lambda t: move_unit(t["G1"], parent=t["T1"], **facts()),
    "move before it existed": lambda t: move_unit(t["G1"], parent=t["T2"], **facts(effective_on=date(2019, 1, 1))),
    "merge into itself": lambda t: merge_units([t["G1"], t["G2"]], successor=t["G1"], **facts()),
    "merge nothing": lambda t: merge_units([], successor=t["G1"], **facts()),
    "merge one into a new one": lambda t: merge_units([t["G1"], t["G1"]], successor=new("G9"), **facts()),
    "merge into its child": lambda t: merge_units([t["G1"]], successor=t["C1"], **facts()),
    "merge into a code taken": lambda t: merge_units([t["G1"], t["G2"]], successor=new("C3"), **facts()),
    "merge into one below": lambda t: merge_units([t["G1"], t["G2"]], successor=new("G9", "C1"), **facts()),
    "merge of an unknown kind": lambda t: merge_units([t["C1"], t["C2"]], successor=new("C9", kind="x"), **facts()),
    "merge on its first day": lambda t: merge_units([t["G1"]], successor=t["G2"], **facts(effective_on=FIRST)),
    "split into one": lambda t: split_unit(t["C1"], successors=[new("G8")], children={}, **facts()),
    "split into one twice": lambda t: split_unit(t["C1"], successors=[new("G8"), new("g8")], children={}, **facts()),
    "split with itself": lambda t: split_unit(t["C1"], successors=[t["C1"], new("G8")], children={}, **facts()),
    "split without children": lambda t: split_unit(
        t["G1"], successors=[new("G8"), new("G9")], children={"C1": "G8"}, **facts()
    ),
    "split to a stranger": lambda t: split_unit(
        t["G1"], successors=[new("G8"), new("G9")], children={"C1": "T2", "C2": "G8"}, **facts()
    ),
    "split a stranger": lambda t: split_unit(
        t["G1"], successors=[new("G8"), new("G9")], children={"C1": "G8", "C2": "G8", "C3": "G8"}, **facts()
    ),
    "split below itself": lambda t: split_unit(
        t["C1"], successors=[new("G8", "C1"), new("G9")], children={}, **facts()
    ),
    "dissolve with children": lambda t: dissolve_unit(t["G1"], **facts()),
    "dissolve into its child": lambda t: dissolve_unit(t["G1"], successor=t["C1"], **facts()),
    "dissolve into itself": lambda t: dissolve_unit(t["G1"], successor=t["G1"], **facts()),
    "establish without decision": lambda t: establish_unit(
        code="N", name="N", kind="cell", parent=t["G1"], **facts(decision=Decision())
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_words_and_changes_nothing(tree, name: str) -> None:
    version, units, changes = tree_version(), OrgUnit.objects.count(), OrgChange.objects.count()
    with pytest.raises(BadInput) as refused:
        BAD[name](tree)
    assert len(str(refused.value)) > 10
    assert (tree_version(), OrgUnit.objects.count(), OrgChange.objects.count()) == (version, units, changes)
    assert not OrgUnit.objects.filter(during__endswith__isnull=False).exists()


def test_the_missing_children_are_named(tree) -> None:
    with pytest.raises(BadInput, match="C2"):
        split_unit(tree["G1"], successors=[new("G8"), new("G9")], children={"C1": "G8"}, **facts())


def test_what_ended_cannot_end_again(tree) -> None:
    dissolve_unit(tree["C1"], **facts())
    for day in (DAY, date(2024, 1, 1), date(2026, 1, 1)):
        with pytest.raises(BadInput):
            dissolve_unit(tree["C1"], **facts(effective_on=day))
    with pytest.raises(BadInput):
        rename_unit(tree["C1"], name="X", **facts())
    with pytest.raises(BadInput):
        move_unit(tree["C2"], parent=tree["C1"], **facts())


def test_a_unit_with_later_changes_does_not_end_before_them(tree) -> None:
    rename_unit(tree["C1"], name="Sau này", **facts(effective_on=date(2026, 1, 1)))
    with pytest.raises(BadInput, match="1/1/2026"):
        dissolve_unit(tree["C1"], **facts())


def test_a_circle_the_checks_cannot_see_is_refused_by_the_store(tree) -> None:
    make_unit("D1", parent=tree["C1"])
    deep = OrgUnit.objects.get(code="D1")
    with pytest.raises(Conflict):
        split_unit(tree["G1"], successors=[deep, tree["C2"]], children={"C1": "D1"}, **facts())
    assert OrgUnit.objects.get(code="G1").last_on is None


def test_a_form_opened_on_an_older_tree_is_refused(tree) -> None:
    version = tree_version()
    rename_unit(tree["C2"], name="Khác", **facts(tree_version=version))
    with pytest.raises(Conflict):
        merge_units([tree["G1"]], successor=tree["G2"], **facts(tree_version=version))
    assert OrgUnit.objects.get(code="G1").last_on is None


def test_rights_are_needed_at_every_unit_touched(tree) -> None:
    officer = make_user(Role.ORGANISATION_OFFICER, tree["T1"])
    rename_unit(tree["C1"], name="Được phép", **facts(by=officer))
    merge_units([tree["C1"]], successor=tree["C2"], **facts(by=officer))
    refused = [
        lambda: move_unit(tree["G1"], parent=tree["T2"], **facts(by=officer)),
        lambda: merge_units([tree["T1"]], successor=tree["T2"], **facts(by=officer)),
        lambda: dissolve_unit(tree["T1"], children_to=tree["T2"], **facts(by=officer)),
        lambda: rename_unit(tree["T2"], name="X", **facts(by=officer)),
        lambda: merge_units([tree["G1"], tree["G2"]], successor=new("G9", "T2"), **facts(by=officer)),
        lambda: rename_unit(tree["C2"], name="X", **facts(by=make_user(Role.CELL_SECRETARY, tree["C2"]))),
        lambda: split_unit(tree["T1"], successors=[new("X1", "TW"), new("X2", "TW")], children={}, **facts(by=officer)),
    ]
    for attempt in refused:
        with pytest.raises(NotAllowed):
            attempt()


def test_a_hook_that_fails_undoes_the_operation(tree, settings) -> None:
    settings.LANGSEN_REORGANISED_HOOKS = [f"{__name__}.fail"]
    with pytest.raises(RuntimeError):
        merge_units([tree["G1"]], successor=tree["G2"], **facts())
    assert OrgUnit.objects.get(code="G1").last_on is None
    assert not OrgSuccession.objects.exists()


def fail(change: Change) -> None:
    raise RuntimeError("a register could not follow")
