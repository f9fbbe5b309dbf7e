"""XML from outside, opened safely: no DTD, no entities, bounded depth; every element knows its line."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput

DEEPEST = 100
_LINE = "\0line"  # no attribute of a file can have this name


class _Builder(TreeBuilder):
    """Notes the line of each element and refuses endless nesting."""

    parser: Any = None
    depth = 0

    def start(self, tag: Any, attrs: Any) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadInput(_("The file is nested deeper than any question, so it was not opened."))
        element = super().start(tag, attrs)
        element.set(_LINE, str(self.parser.parser.CurrentLineNumber))
        return element

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


def read_xml(text: str) -> Element:
    """Return the root element of an XML text, which is UTF-8 whatever it declares.

    Raises:
        BadInput: not well formed (with the line), with a DTD or entities, or nested too deep.
    """
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    builder.parser = parser
    try:
        parser.feed(text.encode())
        root: Element = parser.close()
    except ParseError as error:
        line = error.position[0]
        raise BadInput(_("The file is no well-formed XML: line %(line)s.") % {"line": line}) from error
    except DefusedXmlException as error:
        raise BadInput(
            _("The file declares entities or a DTD, which question files do not need. It was not opened.")
        ) from error
    return root


def line_of(element: Element) -> int:
    """Return the line an element begins on."""
    return int(element.get(_LINE, "0"))


def plain_name(element: Element) -> str:
    """Return an element's name without its namespace, in small letters, without hyphens and the prefix "qti-"."""
    bare = str(element.tag).rpartition("}")[2].lower()
    return bare.removeprefix("qti-").replace("-", "")


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its plain name (responseIdentifier and response-identifier are one), else ''."""
    found: Mapping[str, str] = element.attrib
    for key, value in found.items():
        if key.rpartition("}")[2].lower().replace("-", "") == name:
            return value
    return ""
