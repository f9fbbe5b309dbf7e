"""Two at the same moment, with real connections: an output counts once, and nobody overwrites unseen."""

from datetime import date

import pytest

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.registers.communications import services
from langsen.registers.communications.models import Output
from langsen.registers.communications.services import OutputFacts
from tests.factories import make_output, make_unit
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DAY = date(2023, 5, 17)


def refusals(results: list[object]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_the_same_output_recorded_by_two_at_once_counts_once() -> None:
    unit, facts = make_unit("C1"), OutputFacts("article", "Gương sáng", DAY)
    results = at_once(*[lambda: services.record_output(unit, facts, by=system_user())] * 2)
    assert refusals(results) == [BadInput]
    assert Output.objects.count() == 1


def changes() -> list[object]:
    output = make_output(make_unit("C1"))
    seen = output.changed_at
    return at_once(
        *(
            lambda title=title: services.change_output(
                output, OutputFacts("article", title, DAY), by=system_user(), seen=seen
            )
            for title in ("Một", "Hai")
        )
    )


def test_of_two_changes_made_on_the_same_page_one_is_told() -> None:
    assert refusals(changes()) == [Conflict]


def test_without_the_comparison_the_second_would_overwrite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "check_unchanged", lambda seen, now: None)
    assert refusals(changes()) == []
