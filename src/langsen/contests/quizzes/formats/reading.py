"""A file of questions, whatever its format: its limits, what it is, and its items."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import islice

from django.utils.translation import gettext as _

from langsen.contests.quizzes.formats.aiken import read_aiken
from langsen.contests.quizzes.formats.encoding import utf8_text
from langsen.contests.quizzes.formats.gift import read_gift
from langsen.contests.quizzes.formats.items import MOST_ITEMS, Item
from langsen.contests.quizzes.formats.moodle import read_moodle
from langsen.contests.quizzes.formats.qti import ITEM, read_qti
from langsen.contests.quizzes.formats.xml import attribute, plain_name, read_xml
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import number_text

MAX_BYTES = 5 * 1024 * 1024
_MAX_UNPACKED = 20 * 1024 * 1024
_MAX_PARTS = 6_000
# What unpacking raises: broken zips, unknown methods, passwords (RuntimeError), broken streams of each method.
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, OSError, RuntimeError, EOFError, KeyError)
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class FileFormat(StrEnum):
    GIFT = "gift"
    MOODLE = "moodle"
    AIKEN = "aiken"
    QTI = "qti"


def read_items(content: bytes, format_: str = "") -> list[Item]:
    """Return the items of a file; `format_` is one of `FileFormat`, or empty to tell it by the content.

    Raises:
        BadInput: too large, not UTF-8, no such format, no question in it, or broken as a whole. Nothing is taken then.
    """
    if len(content) > MAX_BYTES:
        limit = {"limit": MAX_BYTES // 1024 // 1024}
        raise BadInput(_("The file is larger than %(limit)s MB. Divide it into several files.") % limit)
    if not content.strip():
        raise BadInput(_("The file is empty."))
    items = list(islice(_items(content, format_), MOST_ITEMS + 1))
    if len(items) > MOST_ITEMS:
        most = {"limit": number_text(MOST_ITEMS)}
        raise BadInput(_("The file has more than %(limit)s questions. Divide it into several files.") % most)
    if not items:
        raise BadInput(_("No question was found in the file."))
    return items


def _items(content: bytes, format_: str) -> Iterator[Item]:
    if content.startswith(_ZIP):
        return _package_items(content)
    if content.startswith(_OLD_EXCEL):
        raise _excel()
    text = utf8_text(content)
    found = format_ or _format_of(text)
    if found == FileFormat.GIFT:
        return read_gift(text)
    if found == FileFormat.AIKEN:
        return read_aiken(text)
    return _xml_items(text)


def _format_of(text: str) -> str:
    """Tell the format by the content: XML begins with <; Aiken has lines ANSWER and no brackets; else it is GIFT."""
    if text.lstrip().startswith("<"):
        return FileFormat.MOODLE
    has_answers = re.search(r"^\s*ANSWER\s*:", text, re.IGNORECASE | re.MULTILINE)
    return FileFormat.AIKEN if has_answers and "{" not in text else FileFormat.GIFT


def _xml_items(text: str) -> Iterator[Item]:
    root = read_xml(text)
    if plain_name(root) == "quiz":
        return read_moodle(root)
    if plain_name(root) == ITEM:
        return read_qti(root)
    if plain_name(root) in {"assessmenttest", "assessmentsection", "manifest"}:
        raise BadInput(_("This file names questions that lie in other files. Send the whole QTI package (.zip)."))
    raise BadInput(
        _("This is XML, but neither Moodle XML nor a QTI 2.1 or 3.0 item: it begins with <%(name)s>.")
        % {"name": plain_name(root)[:40]}
    )


def _package_items(content: bytes) -> Iterator[Item]:
    """The items of a QTI package: files named by imsmanifest.xml, unpacked in memory within limits."""
    parts = _Package(content)
    manifest = next((name for name in parts.names if name.rpartition("/")[2] == "imsmanifest.xml"), "")
    if not manifest:
        raise _excel() if "[Content_Types].xml" in parts.names else _no_package()
    folder = manifest.removesuffix("imsmanifest.xml")
    for resource in read_xml(utf8_text(parts.content(manifest))).iter():
        if plain_name(resource) == "resource" and attribute(resource, "type").startswith("imsqti_item"):
            yield from _resource_items(parts, folder, attribute(resource, "href"))


def _resource_items(parts: "_Package", folder: str, href: str) -> Iterator[Item]:
    name = folder + href
    if name not in parts.names:
        yield Item(0, href[:80], fault=_("The package names this file, but does not hold it."))
        return
    content = parts.content(name)
    try:
        items = list(_xml_items(utf8_text(content)))
    except BadInput as error:
        yield Item(0, href[:80], fault=str(error.message))
        return
    yield from (replace(item, name=f"{href}: {item.name}"[:120]) for item in items)


class _Package:
    """A zip file that is read part by part and never past its limits, whatever its directory claims."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGED as error:
            raise BadInput(_("The package is damaged and cannot be opened.")) from error
        self.names = {part.filename for part in self._archive.infolist()}
        self._left = _MAX_UNPACKED
        if len(self.names) > _MAX_PARTS:
            raise _too_much()

    def content(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as part:
                content = part.read(self._left + 1)
        except _DAMAGED as error:
            raise BadInput(_("The package is damaged and cannot be opened.")) from error
        self._left -= len(content)
        if self._left < 0:
            raise _too_much()
        return content


def _too_much() -> BadInput:
    return BadInput(_("The package unpacks to far more than a question bank holds, so it was not opened."))


def _no_package() -> BadInput:
    return BadInput(_("This packed file is no QTI package: it has no imsmanifest.xml."))


def _excel() -> BadInput:
    return BadInput(_("This is an Excel file. Use “Import from Excel” on the list of questions."))
