"""The trail: recorded with its cause, never changed, sealed in order, and a forgery is found."""

import hashlib
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import translation
from django.utils.translation import gettext

from langsen.foundation.accounts.models import User
from langsen.foundation.audit import seals
from langsen.foundation.audit.models import AuditEvent, AuditSeal
from langsen.foundation.audit.queries import history_of
from langsen.foundation.audit.services import Thing, changes, content_digest, record, record_many, record_rows
from langsen.foundation.audit.stores import audited_stores
from langsen.foundation.audit.words import changed_fields, register_values, register_verbs, registered_verbs, verb_words
from tests.contest_world import a_contest
from tests.factories import make_user
from tests.racing import at_once

FIRST_EVENT = "(SELECT min(id) FROM audit_auditevent)"
LAST_EVENT = "(SELECT max(id) FROM audit_auditevent)"
FIRST_SEAL = "(SELECT min(id) FROM audit_auditseal)"


@pytest.fixture
def user(db):
    return make_user(display_name="Lò Thị Hoa", username="hoa")


def record_some(user, count=5):
    record_many("account.created", [user] * count, by=user)


def forge(sql, *values, store="default"):
    """Change the trail the way only the owner of the server could: with the triggers switched off."""
    with connections[store].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("RESET session_replication_role")


class TestRecording:
    def test_an_event_keeps_names_as_text_and_its_own_digest(self, user):
        event = record("account.created", user, by=user, unit_id=7, data={"name": ["cũ", "mới"]})
        stored = AuditEvent.objects.get(pk=event.pk)
        assert (stored.actor_name, stored.object_label, stored.unit_id) == ("Lò Thị Hoa (hoa)", "Lò Thị Hoa", 7)
        assert stored.digest == content_digest(stored)
        assert list(history_of(user)) == [stored]

    def test_the_log_is_kept_in_one_language_whoever_writes(self, user):
        labelled = type("Labelled", (SimpleNamespace,), {"__str__": lambda self: gettext("January")})
        with translation.override("en"):
            assert record("account.created", labelled(pk=7, _meta=User._meta), by=user).object_label == "Tháng 1"

    def test_an_event_goes_with_the_transaction_that_caused_it(self, user):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record("account.created", user, by=user)
            raise ZeroDivisionError
        assert not AuditEvent.objects.exists()

    def test_only_what_differs_is_a_change(self):
        assert changes({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {"b": [2, 3], "c": [None, 4]}

    def test_words_of_a_change_name_the_field_as_the_page_does(self, user):
        event = record("account.created", user, by=user, data={"display_name": ["Hoa", "Lò Thị Hoa"], "note": "x"})
        field = str(User._meta.get_field("display_name").verbose_name)
        assert changed_fields(event) == [(field, "Hoa", "Lò Thị Hoa")]
        assert verb_words(event) == str(registered_verbs()["account.created"])
        assert verb_words(AuditEvent(verb="gone.away")) == "gone.away"

    def test_days_choices_and_yes_are_written_for_people(self, user):
        data = {"is_active": [True, False], "created_at": ["2023-09-22", None], "org_unit": ["A", "B"]}
        rows = {
            label: (before, after) for label, before, after in changed_fields(record("x", user, by=user, data=data))
        }
        assert ("có", "không") in rows.values()
        assert ("22/9/2023", None) in rows.values()
        assert rows["đơn vị"] == ("A", "B")

    def test_lists_and_objects_are_written_for_people(self, user, monkeypatch):
        monkeypatch.setattr("langsen.foundation.audit.words._VALUES", {})
        data = {"email": [[], ["a", "b"]], "display_name": [{}, {"phone": "to call", "since": "2023-09-22"}]}
        register_values({"accounts.User.email": {"a": "first", "b": "second"}})
        found = [(before, after) for _label, before, after in changed_fields(record("x", user, by=user, data=data))]
        assert found == [("", "first, second"), ("", "phone: to call; since: 22/9/2023")]

    def test_two_apps_cannot_use_one_verb(self):
        with pytest.raises(ValueError, match="twice"):
            register_verbs({"account.created": "something else"})


class TestTwoStores:
    """A trail of its own beside the records of each store."""

    @pytest.fixture
    def contest(self, user):
        return a_contest(organiser_id=77)

    def test_an_event_lies_in_the_store_of_its_record(self, user, contest):
        event = record("contest.announced", contest, by=user)
        record("account.created", user, by=user)
        record_many("contest.announced", [contest, user], by=user)
        assert [one.verb for one in history_of(contest)] == ["contest.announced"] * 2
        assert event.unit_id == 77
        assert [AuditEvent.objects.using(store).count() for store in audited_stores()] == [2, 2]

    def test_an_event_goes_with_the_transaction_of_its_own_store(self, user, contest):
        with pytest.raises(ZeroDivisionError), transaction.atomic(using="contests"):
            record("contest.announced", contest, by=user)
            raise ZeroDivisionError
        assert not history_of(contest).exists()

    def test_each_store_is_sealed_and_verified_for_itself(self, user, contest):
        record("contest.announced", contest, by=user)
        record("account.created", user, by=user)
        made = [seals.seal_settled(store=store) for store in audited_stores()]
        assert [(seal._state.db, seal.count) for seal in made] == [("default", 1), ("contests", 1)]
        forge("UPDATE audit_auditevent SET actor_name = 'X'", store="contests")
        assert [seals.verify(store=store).equal for store in audited_stores()] == [True, False]

    @pytest.mark.parametrize("sql", ["UPDATE audit_auditevent SET verb = 'x'", "DELETE FROM audit_auditevent"])
    def test_the_other_store_refuses_changes_too(self, user, contest, sql):
        record("contest.announced", contest, by=user)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using="contests"):
            connections["contests"].cursor().execute(sql)


class TestAppendOnly:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE audit_auditevent SET actor_name = 'X'",
            "UPDATE audit_auditevent SET seal_id = NULL",
            "DELETE FROM audit_auditevent",
            "TRUNCATE audit_auditevent, audit_auditseal CASCADE",
            "UPDATE audit_auditseal SET digest = 'x'",
            "DELETE FROM audit_auditseal",
        ],
    )
    def test_the_database_refuses(self, user, sql):
        record_some(user)
        seals.seal_settled()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql)
        assert AuditEvent.objects.count() == 5

    def test_a_seal_is_set_once(self, user):
        record_some(user, 1)
        first = seals.seal_settled()
        other = AuditSeal.objects.create(first_id=0, last_id=0, count=0, digest="x")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEvent.objects.update(seal=other)
        assert AuditEvent.objects.get().seal == first


class TestSeals:
    def test_what_waits_is_sealed_in_order_and_verifies(self, user):
        record_some(user)
        first = seals.seal_settled(limit=3)
        second = seals.seal_settled()
        assert (first.count, second.count, seals.seal_settled()) == (3, 2, None)
        record_some(user, 1)
        found = seals.verify()
        assert (found.equal, found.events, found.seals, found.waiting) == (True, 6, 2, 1)
        assert seals.verify(second.digest[:16]).equal
        assert not seals.verify("0123456789abcdef").equal

    @pytest.mark.parametrize(
        ("forgery", "words"),
        [
            (
                "UPDATE audit_auditevent SET actor_name = 'X' WHERE id = (SELECT min(id) FROM audit_auditevent)",
                "content",
            ),
            ("UPDATE audit_auditevent SET data = '{}' WHERE id = (SELECT max(id) FROM audit_auditevent)", "content"),
            ("DELETE FROM audit_auditevent WHERE id = (SELECT min(id) FROM audit_auditevent)", "instead of"),
            (
                "UPDATE audit_auditseal SET digest = repeat('0', 64) WHERE id = (SELECT min(id) FROM audit_auditseal)",
                "chain",
            ),
        ],
    )
    def test_a_forgery_is_found(self, user, forgery, words):
        record_many("account.created", [user] * 5, by=user, data={"n": 1})
        seals.seal_settled(limit=3)
        seals.seal_settled(limit=1)
        forge(forgery)
        found = seals.verify()
        assert not found.equal
        assert any(words in fault for fault in found.faults)

    def test_rows_written_at_once_carry_the_same_digests_as_single_events(self, user):
        names = ["Vàng Thị Đào", 'tab\t "quote" \\N', "\u2028 line", "x" * 400]
        things = [Thing(number, name, user.pk) for number, name in enumerate(names)]
        record_rows("person.added", User, things, by=user, data={"từ": ["a", None, 1.5]})
        rows = AuditEvent.objects.filter(verb="person.added").order_by("id")
        assert [row.object_label for row in rows] == [name[:300] for name in names]
        assert all(content_digest(row) == row.digest for row in rows)
        seals.seal_settled()
        assert seals.verify().equal

    def test_a_forger_who_recomputes_the_digest_still_breaks_the_chain(self, user):
        record_some(user)
        seals.seal_settled()
        event = AuditEvent.objects.order_by("id").first()
        event.actor_name = "Người khác"
        forge(
            "UPDATE audit_auditevent SET actor_name = %s, digest = %s WHERE id = %s",
            event.actor_name,
            content_digest(event),
            event.pk,
        )
        assert any("chain" in fault for fault in seals.verify().faults)

    def test_a_forger_who_recomputes_everything_is_found_by_a_printed_seal(self, user):
        record_some(user)
        printed = seals.seal_settled().digest
        event = AuditEvent.objects.order_by("id").first()
        event.actor_name = "Người khác"
        event.digest = content_digest(event)
        chain = hashlib.sha256(seals.GENESIS.encode())
        for row in AuditEvent.objects.order_by("id"):
            chain.update(f"|{row.pk}:{event.digest if row.pk == event.pk else row.digest}".encode())
        forge(
            "UPDATE audit_auditevent SET actor_name = %s, digest = %s WHERE id = %s",
            event.actor_name,
            event.digest,
            event.pk,
        )
        forge("UPDATE audit_auditseal SET digest = %s", chain.hexdigest())
        assert seals.verify().equal
        assert not seals.verify(printed[:12]).equal


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_leave_one_chain():
    user = make_user()
    record_some(user, 50)

    def seal():
        return [seals.seal_settled(limit=7) for _turn in range(5)]

    assert not [one for one in at_once(*[seal] * 4) if isinstance(one, Exception)]
    while seals.seal_settled():
        pass
    found = seals.verify()
    assert (found.equal, found.events, found.waiting) == (True, 50, 0)
    assert sum(AuditSeal.objects.values_list("count", flat=True)) == 50
