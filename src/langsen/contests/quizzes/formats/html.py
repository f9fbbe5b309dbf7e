"""HTML of other programs as plain text: paragraphs and line breaks stay, everything else of the markup goes.

Kept: the words, line breaks (br, p, div, li, headings), raised text as ^2. Dropped with their content: scripts, styles,
comments. Refused, because the question would lose its sense: pictures, sound, video, formulas, tables.
"""

import re
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from langsen.contests.quizzes.formats.items import Unfit

_LINES = frozenset({"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr"})
_DROPPED = frozenset({"script", "style", "template", "head", "title"})
_REFUSED = frozenset(
    {"img", "audio", "video", "object", "embed", "iframe", "svg", "math", "table", "picture", "canvas"}
)


def plain_text(html: str) -> str:
    """Return what a reader of the HTML sees as words.

    Raises:
        Unfit: it holds a picture, sound, video, formula or table.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.found).split("\n")]
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


def html_of(text: str) -> str:
    """Return plain text as HTML that `plain_text` reads back."""
    lines = [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in text.split("\n")]
    return "<p>" + "<br>".join(lines) + "</p>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._dropped = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        if tag in _REFUSED:
            raise Unfit(_("It holds what the bank cannot keep (%(tag)s); only text is taken.") % {"tag": f"<{tag}>"})
        if tag in _DROPPED:
            self._dropped += 1
        elif tag in _LINES:
            self.found.append("\n")
        elif tag == "sup" and not self._dropped:
            self.found.append("^")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(self._dropped - 1, 0)
        elif tag in _LINES and tag != "br":
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.found.append(" ".join(data.split("\n")))
