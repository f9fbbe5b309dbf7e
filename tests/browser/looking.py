"""What is wrong with a page, in words: the one look of every test that goes through pages in a real browser.

axe finds nothing, nothing is wider than the screen, the console is silent, and no page says None.
"""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Error, Page


def faults_at(page: Page, address: str, where: str = "") -> Iterator[str]:
    """Go there and yield each fault, `where` first (the address unless told). What is no page has none."""
    where, said = where or address, list[str]()

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", heard)
    try:
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            yield f"{where}: {answer.status if answer else 'no answer'}"
        elif "text/html" in answer.headers.get("content-type", ""):
            yield from faults_shown(page, where)
            yield from (f"{where}: console: {words}" for words in said)
    except Error as error:
        if "Download is starting" not in str(error):  # an Excel file, not a page
            raise
    finally:
        page.remove_listener("console", heard)


def faults_shown(page: Page, where: str) -> Iterator[str]:
    """Yield what is wrong with what stands on the page now."""
    for fault in Axe().run(page).response["violations"]:
        yield f"{where}: {fault['id']}: {fault['nodes'][0]['html'][:160]}"
    wide, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > width:
        yield f"{where}: {wide} px wide on a screen of {width}"
    if "None" in page.locator("main").inner_text().split():
        yield f"{where}: says None"
