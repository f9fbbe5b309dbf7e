"""The API against its own description: whatever a program sends, the answer is foreseen there, never a 500."""

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.factories import make_tree, make_user


@pytest.fixture
def officer(client: Client, db: None) -> Client:
    units = make_tree(TW=("central", None), T1=("province", "TW"))
    client.force_login(make_user("province_officer", units["T1"]))
    return client


def test_no_question_breaks_the_api(officer: Client) -> None:
    schema = schemathesis.openapi.from_dict(officer.get("/api/v1/openapi.json").json())
    for operation in (found.ok() for found in schema.get_all_operations()):
        _ask(officer, operation)


def _ask(officer: Client, operation) -> None:  # type: ignore[no-untyped-def]
    @settings(max_examples=examples(40), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def asked(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        answer = officer.get(operation.full_path, {name: str(value) for name, value in (case.query or {}).items()})
        assert answer.status_code in (200, 400, 404, 422), answer.content
        assert answer["Content-Type"].startswith("application/json")

    asked()
