"""May this Word file be a letterhead? Checked before it is kept: kind of file, its tokens one by one, a sample.

A letterhead is a program of a small kind: only loops over the lists of a document, conditions on its texts and the
texts themselves are let through; whatever else the token language knows is refused by name.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, nodes

from langsen.foundation.core.errors import BadInput
from langsen.foundation.papers.rendering import fill, sandbox
from langsen.foundation.papers.sample import SAMPLE_TEXTS, sample_paper

MOST_BYTES = 1_000_000
_MOST_UNPACKED, _MOST_PARTS = 20_000_000, 400
_DEEPEST = 6
_NOT_IN_A_LETTERHEAD = ("vbaProject", "activeX", "embeddings/", "attachedToolbars", "customUI")
_EXTERNAL = re.compile(rb"<Relationship [^>]*TargetMode=\"External\"[^>]*>")

# Every token with what it stands for; the pages show this list.
TOKENS: dict[str, Any] = {
    "superior_line": gettext_lazy("line of the superior organisation"),
    "own_line": gettext_lazy("own line"),
    "number": gettext_lazy("number of the document"),
    "code": gettext_lazy("code behind the number (BC/TU)"),
    "place": gettext_lazy("place name"),
    "date": gettext_lazy("day in words: ngày 05 tháng 02 năm 2026"),
    "title": gettext_lazy("kind of document in capitals"),
    "title_in_text": gettext_lazy("kind of document inside a sentence"),
    "subject": gettext_lazy("subject line under the title"),
    "body": gettext_lazy("paragraphs of the document"),
    "signed_for": gettext_lazy("on behalf of whom it is signed"),
    "signer_title": gettext_lazy("title of the signatory"),
    "signer_name": gettext_lazy("name of the signatory"),
    "recipients": gettext_lazy("recipients"),
    "appendix": gettext_lazy("tables of the appendix"),
}
# Without these a document would lose something that was written.
REQUIRED = ("number", "date", "subject", "body", "recipients", "signer_name", "appendix")

_TEXT = "text"
_LISTS = {"body": "block", "recipients": _TEXT, "appendix": "table", "table.columns": _TEXT, "table.rows": "row"}
_PARTS: Mapping[str, Mapping[str, str]] = {
    "block": {"kind": _TEXT, "text": _TEXT},
    "table": {"title": _TEXT, "columns": "table.columns", "rows": "table.rows"},
    "cell": {"text": _TEXT, "is_number": _TEXT},
}
_PLAIN_NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Compare, nodes.Operand, nodes.Const,
                nodes.Not, nodes.And, nodes.Or)  # fmt: skip


def check_letterhead(name: str, content: bytes, layout: str) -> None:
    """Refuse a file that is no usable letterhead.

    Raises:
        BadInput: at `upload`, naming the token and where it stands, or what is wrong with the file.
    """
    _check_package(name, content)
    try:
        document = Document(io.BytesIO(content))
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
    except Exception as error:  # whatever a broken package makes the reader stumble over
        raise _refuse(_("This Word file is damaged and cannot be opened. Save it again in Word and retry.")) from error
    _check_tokens(template, document)
    _check_sample(content, layout)


def _refuse(message: str) -> BadInput:
    return BadInput(message, fields={"upload": message})


def _check_package(name: str, content: bytes) -> None:
    if not name.lower().endswith(".docx"):
        raise _refuse(_("A letterhead is a Word file whose name ends in .docx."))
    if len(content) > MOST_BYTES:
        raise _refuse(_("This file is too large: a letterhead has at most 1 MB."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise _refuse(_("Unpacked, this file is far too large for a letterhead."))
            for part in parts:
                _check_part(part.filename, package.read(part))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        message = _("This is no Word file in the .docx format, or it is damaged. Save it again in Word as .docx.")
        raise _refuse(message) from error


def _check_part(name: str, data: bytes) -> None:
    if any(word.lower() in name.lower() for word in _NOT_IN_A_LETTERHEAD) or b"macroEnabled" in data:
        raise _refuse(_("This file holds macros or embedded objects (%(part)s). Take them out.") % {"part": name})
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _refuse(_("This Word file is damaged and cannot be opened. Save it again in Word and retry."))
    if name.endswith(".rels") and any(b"/hyperlink" not in link for link in _EXTERNAL.findall(data)):
        raise _refuse(_("This file loads something from elsewhere (%(part)s). Take it out.") % {"part": name})


def _check_tokens(template: DocxTemplate, document: WordDocument) -> None:
    _check_untouched_parts(document)
    used: set[str] = set()
    for place, xml in _texts_with_tokens(template):
        try:
            tree = sandbox().parse(template.patch_xml(xml))
        except TemplateSyntaxError as error:
            raise _refuse(_unreadable(error, xml)) from error
        _Walk(document, place, used).check(tree, {})
    for token in REQUIRED:
        if token not in used:
            raise _refuse(
                _("The token {{ %(token)s }} is missing (%(meaning)s). Put it where that belongs.")
                % {"token": token, "meaning": TOKENS[token]}
            )


def _check_untouched_parts(document: WordDocument) -> None:
    """Tokens work in the text, header and footer only; anywhere else they are refused."""
    properties = document.core_properties
    texts = [str(getattr(properties, name) or "") for name in ("author", "comments", "language", "subject", "title")]
    for part in document.part.package.parts:
        if "footnotes" in part.content_type or "endnotes" in part.content_type:
            texts.append(re.sub(r"<[^>]+>", "", part.blob.decode("utf-8", "replace")))
    if any("{{" in text or "{%" in text for text in texts):
        raise _refuse(_("Tokens may stand in the text, header and footer, not in notes or file properties."))


def _texts_with_tokens(template: DocxTemplate) -> Iterator[tuple[str, str]]:
    yield "", template.get_xml()
    for kind, place in ((RELATIONSHIP_TYPE.HEADER, _("in the header")), (RELATIONSHIP_TYPE.FOOTER, _("in the footer"))):
        for _key, part in template.get_headers_footers(kind):
            yield place, template.get_part_xml(part)


def _unreadable(error: TemplateSyntaxError, xml: str) -> str:
    lines = [re.sub(r"<[^>]+>", "", line) for line in re.split(r"<w:p[ >]", xml)]
    near = next((line.strip() for line in lines if line.count("{") != line.count("}")), "")
    if near:
        return _("A token cannot be read, in the paragraph “%(text)s”: braces are not closed.") % {"text": near[:120]}
    return _("A token cannot be read (%(reason)s).") % {"reason": error.message or ""}


class _Walk:
    """Goes through the tokens of one text; `scope` says what each loop's name stands for."""

    def __init__(self, document: WordDocument, place: str, used: set[str]) -> None:
        self.document, self.place, self.used = document, place, used

    def check(self, node: nodes.Node, scope: Mapping[str, str], depth: int = 0) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope, depth)
        elif isinstance(node, (nodes.Name, nodes.Getattr)):
            self._kind(node, scope)
        elif isinstance(node, _PLAIN_NODES):
            for child in node.iter_child_nodes():
                self.check(child, scope, depth)
        else:
            inner = node if isinstance(node, nodes.Name) else node.find(nodes.Name)
            name = inner.name if isinstance(inner, nodes.Name) else type(node).__name__
            raise self._refused(name, _("only names, loops and conditions are allowed"))

    def _loop(self, node: nodes.For, scope: Mapping[str, str], depth: int) -> None:
        listed = self._kind(node.iter, scope)
        item = {**_LISTS, "row": "cell"}.get(listed)
        if item is None or node.test or node.recursive or not isinstance(node.target, nodes.Name):
            raise self._refused(self._name(node.iter), _("it is no list"))
        if depth > _DEEPEST or (item in scope.values() and item != _TEXT):
            raise self._refused(self._name(node.iter), _("this list is gone through already"))
        inner = {**scope, node.target.name: item}
        for child in (*node.body, *node.else_):
            self.check(child, inner, depth + 1)

    def _kind(self, node: nodes.Node, scope: Mapping[str, str]) -> str:
        """What a name stands for; a name nobody knows is refused."""
        if isinstance(node, nodes.Name):
            if node.name in scope:
                return scope[node.name]
            if node.name in TOKENS:
                self.used.add(node.name)
                return node.name if node.name in _LISTS else _TEXT
        elif isinstance(node, nodes.Getattr):
            part = _PARTS.get(self._kind(node.node, scope), {}).get(node.attr)
            if part:
                return part
        raise self._refused(self._name(node), _("there is no such token"))

    def _name(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Name):
            return node.name
        if isinstance(node, nodes.Getattr):
            return f"{self._name(node.node)}.{node.attr}"
        return type(node).__name__

    def _refused(self, token: str, reason: str) -> BadInput:
        where = self.place or _where(self.document, token.rpartition(".")[2])
        return _refuse(
            _("Token “%(token)s” %(where)s: %(reason)s.") % {"token": token, "where": where, "reason": reason}
        )


def _where(document: WordDocument, word: str) -> str:
    for paragraph in document.element.body.iter(qn("w:p")):
        text = "".join(part.text or "" for part in paragraph.iter(qn("w:t")))
        if re.search(rf"{{[{{%].*\b{re.escape(word)}\b", text):
            return _("in the paragraph “%(text)s”") % {"text": text.strip()[:120]}
    return _("in the text")


def _check_sample(content: bytes, layout: str) -> None:
    """What passes is used at once: a sample with and without an appendix must come out whole."""
    try:
        fill(content, sample_paper(layout, with_appendix=False))
        written = Document(io.BytesIO(fill(content, sample_paper(layout))))
    except TemplateError as error:
        raise _refuse(_("The tokens cannot be filled in: %(reason)s.") % {"reason": error}) from error
    except Exception as error:  # a file that only breaks once its tokens are filled in
        raise _refuse(
            _("A sample cannot be written on this letterhead: a loop begins and ends in different places?")
        ) from error
    text = "".join(part.text or "" for part in written.element.body.iter(qn("w:t")))
    for expected in SAMPLE_TEXTS:
        if expected not in text:
            raise _refuse(_("In a sample the text “%(text)s” was lost. Compare with our file.") % {"text": expected})
