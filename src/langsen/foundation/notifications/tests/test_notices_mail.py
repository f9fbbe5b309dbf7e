"""Notices by mail through a real SMTP conversation with a server on this machine."""

import email
import socket
from datetime import timedelta
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from langsen.config import doctor
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.notifications import mailing, queries, services
from langsen.foundation.notifications.enums import MailState
from langsen.foundation.notifications.models import Notice
from tests.factories import make_tree, make_user

pytestmark = pytest.mark.django_db


class Kept(Message):
    """A mail server that keeps what it is given and refuses whom it does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[email.message.Message] = []
        self.answer_to_recipient = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: email.message.Message) -> None:
        self.messages.append(email.message_from_bytes(message.as_bytes(), policy=default))


@pytest.fixture
def mail_server(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = Kept()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    yield kept
    server.stop()


@pytest.fixture
def secretary(mail_server) -> User:
    units = make_tree(TI=("province", None), CB=("cell", "TI"))
    user = make_user("cell_secretary", units["CB"], display_name="Giàng A Páo")
    user.email = "pao@xa.example"
    user.save()
    return user


def tell(user: User, subject: str = "Đề nghị gửi báo cáo sáu tháng", text: str = "") -> None:
    unit = user.grants.get().org_unit
    services.notify_unit(
        unit, holding=Permission.STUDY_RECORD, kind="test", subject=subject, text=text, href="/", by=system_user()
    )


def queued(user: User) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notifications.mail_waiting'"
            " AND (args->>'user_id')::bigint = %s AND status = 'todo'",
            [user.pk],
        )
        return int(cursor.fetchone()[0])


def test_the_letter_says_what_it_is_about_and_where_to_open_it(secretary, mail_server, settings) -> None:
    settings.LANGSEN_URL = "https://langsen.example"
    tell(secretary, text="Hạn gửi: 30/6/2026.")
    assert queued(secretary) == 1
    mailing.mail_waiting(secretary.pk)
    (letter,) = mail_server.messages
    notice = Notice.objects.get()
    assert letter["To"] == "pao@xa.example"
    assert letter["Subject"].strip() == "[Làng Sen] Đề nghị gửi báo cáo sáu tháng"
    text = letter.get_content()
    assert "Kính gửi đồng chí Giàng A Páo" in text
    assert "Hạn gửi: 30/6/2026." in text
    assert f"https://langsen.example/thong-bao/{notice.pk}/" in text
    assert notice.mail_state == MailState.SENT
    assert notice.mailed_at is not None


def test_without_an_address_of_the_site_the_letter_says_where_to_look(secretary, mail_server, settings) -> None:
    settings.LANGSEN_URL = ""
    tell(secretary)
    mailing.mail_waiting(secretary.pk)
    text = mail_server.messages[0].get_content()
    assert "http" not in text
    assert "đăng nhập Làng Sen" in text


def test_what_waits_together_goes_in_one_letter_and_only_once(secretary, mail_server) -> None:
    tell(secretary, "Việc thứ nhất")
    tell(secretary, "Việc thứ hai")
    mailing.mail_waiting(secretary.pk)
    mailing.mail_waiting(secretary.pk)
    (letter,) = mail_server.messages
    assert letter["Subject"] == "[Làng Sen] 2 thông báo mới"
    assert "Việc thứ nhất" in letter.get_content()
    assert "Việc thứ hai" in letter.get_content()


def test_who_declined_or_has_no_address_gets_none(secretary, mail_server) -> None:
    tell(secretary)
    services.choose_mail(wants_mail=False, by=secretary)
    tell(secretary)
    mailing.mail_waiting(secretary.pk)
    assert mail_server.messages == []
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {MailState.NONE}
    services.choose_mail(wants_mail=True, by=secretary)
    User.objects.filter(pk=secretary.pk).update(email="")
    tell(secretary)
    assert queued(secretary) == 1, "only the first was queued"


def test_an_account_closed_meanwhile_gets_none(secretary, mail_server) -> None:
    tell(secretary)
    User.objects.filter(pk=secretary.pk).update(is_active=False)
    mailing.mail_waiting(secretary.pk)
    assert mail_server.messages == []


def test_a_server_that_is_away_is_tried_again_and_nothing_is_lost(secretary, mail_server, settings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # nobody listens there
    tell(secretary)
    with pytest.raises(mailing.NotMailedYet):
        mailing.mail_waiting(secretary.pk)
    notice = Notice.objects.get()
    assert notice.mail_state == MailState.WAITING
    assert notice.mail_error
    settings.EMAIL_PORT = port
    mailing.mail_waiting(secretary.pk)
    notice.refresh_from_db()
    assert (notice.mail_state, notice.mail_error) == (MailState.SENT, "")
    assert len(mail_server.messages) == 1


def test_after_some_hours_it_is_given_up_and_said(secretary, mail_server, settings, client: Client) -> None:
    settings.EMAIL_PORT = 1
    tell(secretary)
    Notice.objects.update(created_at=timezone.now() - mailing.TRY_FOR - timedelta(minutes=1))
    mailing.mail_waiting(secretary.pk)
    notice = Notice.objects.get()
    assert notice.mail_state == MailState.FAILED
    client.force_login(secretary)
    page = client.get(reverse("notices:inbox")).content.decode()
    assert "Thư gửi đồng chí không tới nơi" in page
    assert "pao@xa.example" in page
    trouble = queries.mail_trouble()
    assert trouble is not None
    assert trouble.count == 1


def test_an_address_the_server_refuses_is_not_tried_again(secretary, mail_server) -> None:
    mail_server.answer_to_recipient = "550 no such mailbox"
    tell(secretary)
    mailing.mail_waiting(secretary.pk)
    notice = Notice.objects.get()
    assert notice.mail_state == MailState.FAILED
    assert "550 no such mailbox" in notice.mail_error


def test_a_server_that_asks_for_patience_is_tried_again(secretary, mail_server) -> None:
    mail_server.answer_to_recipient = "451 try later"
    tell(secretary)
    with pytest.raises(mailing.NotMailedYet):
        mailing.mail_waiting(secretary.pk)


def test_an_address_that_is_none_is_said_and_not_tried_again(secretary, mail_server) -> None:
    User.objects.filter(pk=secretary.pk).update(email="páo\r\nBcc: x@y.example")
    tell(secretary)
    mailing.mail_waiting(secretary.pk)
    assert Notice.objects.get().mail_state == MailState.FAILED
    assert mail_server.messages == []


def test_a_claimed_letter_is_left_to_its_worker_until_that_is_surely_gone(secretary, mail_server) -> None:
    tell(secretary)
    Notice.objects.update(mail_claimed_at=timezone.now())
    mailing.mail_waiting(secretary.pk)
    assert mail_server.messages == []
    Notice.objects.update(mail_claimed_at=timezone.now() - mailing.CLAIMS_HOLD_FOR * 2)
    mailing.mail_waiting(secretary.pk)
    assert len(mail_server.messages) == 1


def test_what_a_killed_worker_left_is_queued_again(secretary, mail_server) -> None:
    tell(secretary)
    assert mailing.mail_left_behind() == 0
    Notice.objects.update(created_at=timezone.now() - mailing.TRY_FOR * 2)
    assert mailing.mail_left_behind() == 1
    assert queued(secretary) == 2


def test_the_doctor_says_that_mail_does_not_get_through(secretary, mail_server) -> None:
    assert doctor.check_mail().well
    mail_server.answer_to_recipient = "550 no such mailbox"
    tell(secretary)
    mailing.mail_waiting(secretary.pk)
    found = doctor.check_mail()
    assert not found.well
    assert "550" in found.found


def test_the_choice_is_made_on_a_page(secretary, client: Client) -> None:
    client.force_login(secretary)
    page, address = reverse("notices:mail"), {"email": "pao@xa.example"}
    assert client.get(page).context["form"].initial == {"wants_mail": True, **address}
    assert client.post(page, address).status_code == 302
    assert not queries.wants_mail(secretary)
    assert client.post(page, {"wants_mail": "on", **address}).status_code == 302
    assert queries.wants_mail(secretary)


def test_a_new_address_ends_the_trouble_with_the_former_one(secretary, mail_server, client: Client) -> None:
    mail_server.answer_to_recipient = "550 no such mailbox"
    tell(secretary)
    mailing.mail_waiting(secretary.pk)
    client.force_login(secretary)
    page = reverse("notices:mail")
    assert client.post(page, {"wants_mail": "on", "email": "khong phai dia chi"}).status_code == 422
    assert client.post(page, {"wants_mail": "on", "email": "pao2@xa.example"}).status_code == 302
    assert queries.mail_trouble(secretary) is None
    mail_server.answer_to_recipient = ""
    secretary.refresh_from_db()
    tell(secretary)
    mailing.mail_waiting(secretary.pk)
    assert [letter["To"] for letter in mail_server.messages] == ["pao2@xa.example"]
    assert AuditEvent.objects.filter(verb="account.address_changed").count() == 1
