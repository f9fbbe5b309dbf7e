"""The quick look at the demonstration: the two small real worlds, and the refusal of a store with other data."""

from datetime import date

import pytest

from langsen.config.demo import _load_world, load_demo
from langsen.config.demo.worlds import Stage
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.periods import Period
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_unit
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import home_of, unit_by_code
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))


@pytest.fixture
def small_worlds() -> None:
    stage = Stage(by=system_user(), say=lambda _message: None)
    for name in ("TW", "LCI", "YBA", "LCI2"):
        _load_world(name, stage)


@pytest.mark.usefixtures("small_worlds")
def test_the_city_s_conference_and_trip_stay_countable_after_its_end() -> None:
    then = {value.figure.code: value.value for value in figures_of(Asked(unit_by_code("LCA"), YEAR))}
    assert then["study.historic_trips"] == 1
    assert then["study.historic_trip_people"] == 100
    assert then["study.review_conferences"] == 1
    rows = rows_by_unit(Asked(unit_by_code("LCI2"), YEAR, Reading.TODAY))
    assert {row.key for row in rows if row.divided} == {"LCA", "NLO"}
    assert home_of(unit_by_code("NLO-PTR")).kind.code == "commune"


@pytest.mark.usefixtures("small_worlds")
def test_a_world_is_loaded_once() -> None:
    units, events = OrgUnit.objects.count(), AuditEvent.objects.count()
    _load_world("LCI", Stage(by=system_user(), say=lambda _message: None))
    assert (OrgUnit.objects.count(), AuditEvent.objects.count()) == (units, events)


def test_a_store_with_an_office_s_own_data_is_refused() -> None:
    make_unit("own", kind="central")
    with pytest.raises(Conflict):
        load_demo(lambda _message: None)
    assert OrgUnit.objects.count() == 1
