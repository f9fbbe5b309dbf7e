"""Looking at every page of the access table in a real browser, for the two tests that do so side by side."""

from collections.abc import Iterator

from django.urls import reverse
from playwright.sync_api import Browser, Page

from tests.access_roles import ANONYMOUS, Row
from tests.access_table import TABLE
from tests.access_world import World, make_world, user_of
from tests.browser.arena_site import serve_arena_files
from tests.browser.conftest import SignIn
from tests.browser.looking import faults_at

# The reader who sees most of a page comes first.
READERS = (
    "organisation_officer", "province_officer", "admin", "commune_officer", "grassroots_secretary", "cell_secretary",
    "cell_deputy", "member", ANONYMOUS,
)  # fmt: skip
NOT_PAGES = ("api:", "service_worker", "set_", "mfa_download", "contests:find_units")


def pages() -> Iterator[tuple[Row, str]]:
    """Each address once, with the first reader who gets it."""
    seen = set()
    for row in TABLE:
        if row.method != "GET" or row.url.startswith(NOT_PAGES) or (row.url, row.query) in seen:
            continue
        reader = next((role for role in READERS if row.expected(role) == 200), None)
        if reader:
            seen.add((row.url, row.query))
            yield row, reader


class Visitor:
    """A page of its own for each reader and width, which goes from address to address as a person would."""

    def __init__(self, browser: Browser, world: World, sign_in: SignIn, base: str) -> None:
        self.browser, self.world, self.sign_in, self.base = browser, world, sign_in, base
        self.pages: dict[tuple[str, int], Page] = {}

    def page(self, reader: str, width: int) -> Page:
        if (reader, width) not in self.pages:
            context = self.browser.new_context(
                viewport={"width": width, "height": 844}, locale="vi-VN", service_workers="block"
            )
            context.route("**/thi/assets/**", serve_arena_files)
            if reader != ANONYMOUS:
                self.sign_in(context, user_of(self.world, reader))
            self.pages[reader, width] = context.new_page()
        return self.pages[reader, width]

    def faults(self, row: Row, reader: str, width: int) -> Iterator[str]:
        path = reverse(row.url, kwargs={name: value.format_map(self.world) for name, value in row.kwargs.items()})
        where = f"{path}{row.query} as {reader} at {width}"
        page = self.page(reader, width)
        yield from faults_at(page, self.base + path + row.query.format_map(self.world), where)


def faults_of_every_page(browser: Browser, sign_in: SignIn, base: str, width: int) -> list[str]:
    """Look at each page at `width` and return what is wrong, in words."""
    visitor = Visitor(browser, make_world(), sign_in, base)
    looked_at, faults = 0, []
    for row, reader in pages():
        faults += visitor.faults(row, reader, width)
        looked_at += 1
    assert looked_at > 100  # a list that lost its pages proves nothing
    return faults
