"""A unit that ends while a contest runs, from the register to the page of results."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from langsen.contests.contests.models import Contest, ContestUnit
from langsen.contests.contests.queries.public import units_like
from langsen.contests.contests.services.units import mark_ended_units, take_units
from langsen.contests.contests.tasks import mark_ended
from langsen.contests.results.services import closing, publishing
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services.dissolving import dissolve_unit
from tests.contest_world import a_contest, a_round, a_unit, an_attempt, an_entrant, questions_in
from tests.factories import make_tree
from tests.results_world import stand

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(
        XA=("agencies", None), CS=("grassroots_committee", "XA"), CB=("cell", "CS"), CS2=("grassroots_committee", "XA")
    )


def running(tree: dict[str, OrgUnit]) -> Contest:
    contest = a_contest(organiser_id=tree["XA"].pk, status="draft", frozen_at=None, unit_ranking="entrants")
    take_units(contest, on=today() - 30 * ONE_DAY, by=system_user())
    Contest.objects.filter(pk=contest.pk).update(status="announced", frozen_at=timezone.now())
    contest.refresh_from_db()
    return contest


def dissolve(unit: OrgUnit, on: date, heir: OrgUnit) -> None:
    decision = Decision("12-QĐ/ĐU", on - ONE_DAY)
    dissolve_unit(unit, effective_on=on, decision=decision, by=system_user(), successor=heir)


def test_dissolved_in_the_register_it_keeps_what_it_reached(
    tree: Any, client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_DIR = tmp_path
    contest = running(tree)
    unit = contest.units.get(code="CS2")
    of = a_round(contest, opens_at=timezone.now() - timedelta(days=2), hours=24)
    questions_in(of)
    entrant = an_entrant(contest, "Lò Thị Mai", unit=unit)
    other = an_entrant(contest, "Vàng A Pó", unit=contest.units.get(code="CB"))
    for one in (entrant, other):
        an_attempt(of, one, answers=[1, 2, 4, 8, 1], correct=5)
    stand(of, {})
    assert [one.code for one in units_like(contest, "CS2")] == ["CS2"]

    dissolve(tree["CS2"], today(), tree["CS"])
    mark_ended(0)

    unit.refresh_from_db()
    assert unit.ended_on == today() - ONE_DAY
    assert units_like(contest, "CS2") == []  # nobody signs up for it any more
    entrant.refresh_from_db()
    assert entrant.unit_id == unit.pk  # who did stays
    closing.close_due_rounds()
    publishing.publish_round(of.__class__.objects.get(pk=of.pk), by=system_user())
    page = client.get(reverse("results:public_units", args=[contest.slug])).content.decode()
    assert unit.name in page
    assert contest.units.get(code="CS").name in page
    found = {row.unit.code: row.entrants for row in contest.unit_results.filter(round=of).select_related("unit")}
    assert (found["CS2"], found["CS"]) == (1, 1)  # its people are not counted for the successor


def test_on_its_last_day_a_unit_is_still_there(tree: Any) -> None:
    contest = running(tree)
    dissolve(tree["CS2"], today() + ONE_DAY, tree["CS"])
    assert mark_ended_units() == 1
    assert contest.units.get(code="CS2").ended_on == today()
    assert [one.code for one in units_like(contest, "CS2")] == ["CS2"]


def test_done_again_it_changes_and_records_nothing(tree: Any) -> None:
    contest = running(tree)
    assert mark_ended_units() == 0
    dissolve(tree["CS2"], today(), tree["CS"])
    assert mark_ended_units() == 1
    assert mark_ended_units() == 0
    assert [event.verb for event in history_of(contest)].count("contest.units_ended") == 1


def test_a_list_of_a_file_and_a_contest_that_is_over_are_left_alone(tree: Any) -> None:
    stranger = a_contest(organiser_id=987_654)
    a_unit(stranger, "Đơn vị bạn", source_id=123_456)
    file = a_unit(running(tree), "Đơn vị từ tệp")
    over = running(tree)
    Contest.objects.filter(pk=over.pk).update(status="published")
    dissolve(tree["CS2"], today(), tree["CS"])
    assert mark_ended_units() == 1
    assert ContestUnit.objects.exclude(ended_on=None).exclude(contest=file.contest).count() == 0
    file.refresh_from_db()
    assert file.ended_on is None
