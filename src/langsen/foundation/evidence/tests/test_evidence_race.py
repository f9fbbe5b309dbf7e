"""Two people attaching at the same moment cannot pass the limit of a record together."""

import threading
from pathlib import Path

import pytest

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput
from langsen.foundation.evidence import rules, services
from langsen.foundation.evidence.inspection import Verdict
from langsen.foundation.evidence.services import Attached
from langsen.registers.study.models import SessionEvidence, StudySession
from tests import evidence_samples as samples
from tests.evidence_samples import upload
from tests.factories import make_session, make_unit
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def session(settings, tmp_path: Path, monkeypatch) -> StudySession:
    settings.FILES_DIR, settings.EVIDENCE_FILES = tmp_path, 1
    # What a file is takes a process each; here it is known, so that the two meet where the record is written.
    monkeypatch.setattr(services.inspection, "inspect", lambda jobs: [Verdict("pdf") for _job in jobs])
    return make_session(make_unit("C1"))


def race(session: StudySession) -> list[object]:
    def attach(number: int) -> Attached:
        sent = [upload(samples.pdf(b"/N %d" % number), f"{number}.pdf")]
        permission = Permission.STUDY_RECORD
        return services.attach_files(SessionEvidence, session, sent, permission=permission, by=system_user())

    return at_once(lambda: attach(1), lambda: attach(2))


def test_the_second_is_refused(session) -> None:
    results = race(session)
    assert sorted(type(result).__name__ for result in results) == [Attached.__name__, BadInput.__name__]
    assert session.evidence.count() == 1
    assert len(list(services.storage.kept_files())) == 1


def test_without_the_lock_both_pass(session, monkeypatch) -> None:
    """The twin: with the guard removed the race is really there."""
    gate, check = threading.Barrier(2), rules.check_count

    def check_together(there: int, coming: int) -> None:
        check(there, coming)
        gate.wait(timeout=20)

    monkeypatch.setattr(services, "_locked", lambda record: record)
    monkeypatch.setattr(services.rules, "check_count", check_together)
    assert all(isinstance(result, Attached) for result in race(session))
    assert session.evidence.count() == 2
