"""An invitation through a real SMTP conversation with a server on this machine."""

import email
import socket
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core.mail import get_connection
from django.test import Client
from django.urls import reverse

from tests.factories import make_tree, make_user


class Kept(Message):
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[email.message.Message] = []

    def handle_message(self, message: email.message.Message) -> None:
        self.messages.append(message)


@pytest.fixture
def mail_server(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Kept()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    yield handler
    server.stop()


@pytest.fixture
def officer(db, client: Client) -> Client:
    units = make_tree(TW=("central", None), T1=("province", "TW"))
    client.force_login(make_user("province_officer", units["T1"]))
    return client


def invitation() -> dict[str, str]:
    return {
        "display_name": "Giàng A Páo",
        "role": "viewer",
        "org_unit": "T1",
        "email": "pao@xa.example",
        "grant_until": "",
        "link_days": "7",
    }


def test_the_letter_arrives_in_vietnamese_with_its_link(officer: Client, mail_server: Kept) -> None:
    answer = officer.post(reverse("access:invite"), invitation())
    assert answer.status_code == 200, answer.content.decode()
    (raw,) = mail_server.messages
    letter = email.message_from_bytes(raw.as_bytes(), policy=default)
    assert letter["To"] == "pao@xa.example"
    assert "Làng Sen" in letter["Subject"]
    text = letter.get_content()
    assert "Giàng A Páo" in text
    assert "http://testserver/phan-quyen/" in text


def test_a_mail_server_that_is_away_undoes_nothing(officer: Client, mail_server: Kept, settings) -> None:
    settings.EMAIL_PORT = 1  # nobody listens there
    assert get_connection().port == 1
    answer = officer.post(reverse("access:invite"), invitation())
    assert answer.status_code == 200
    assert "/phan-quyen/" in answer.content.decode()
    assert mail_server.messages == []
