"""A real browser: Debian's Chromium, with nothing of its own reaching the network."""

import os
import shutil
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from langsen.foundation.accounts.models import User
from tests.browser.arena_site import rules, site, wording

__all__ = ["rules", "site", "wording"]  # fixtures of the arena's tests
CHROMIUM = os.environ.get("LANGSEN_CHROMIUM") or shutil.which("chromium")
# Playwright keeps an event loop in the test's thread; Django would refuse the database there, though nothing is async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


class SignIn(Protocol):
    def __call__(self, context: BrowserContext, user: User, at: str = "") -> None: ...


@pytest.fixture(scope="session", autouse=True)
def _chromium() -> None:
    if not CHROMIUM:
        pytest.skip("chromium is not installed (Debian package `chromium`, or name it by LANGSEN_CHROMIUM)")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    }


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    return {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": {"width": 390, "height": 844}}


@pytest.fixture
def sign_in(live_server: Any) -> SignIn:
    """Sign a user in, in that browser context, without the pages of sign-in."""

    def signed_in(context: BrowserContext, user: User, at: str = "") -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": at or live_server.url}])

    return signed_in


@pytest.fixture
def said(page: Page) -> Iterator[list[str]]:
    """What the page's console complained about: a broken rule of the content policy, a missing file, an error."""
    words: list[str] = []
    page.on("console", lambda message: words.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: words.append(str(error)))
    yield words
