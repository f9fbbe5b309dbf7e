"""An office's own Word file: what passes, and how everything else is refused."""

import io
import zipfile
from collections.abc import Callable
from importlib.resources import files

import pytest
from docx import Document
from docx.oxml.ns import qn

from langsen.foundation.core.errors import BadInput
from langsen.foundation.papers import letterhead_check
from langsen.foundation.papers.letterhead_check import check_letterhead

SHIPPED = {"dang_05": "party", "dang_36": "party", "nn_30": "state"}


def shipped(profile: str = "dang_05") -> bytes:
    return (files("langsen.foundation.papers.letterheads") / f"{profile}.docx").read_bytes()


def with_text(old: str, new: str) -> bytes:
    """The shipped file with a text changed, as an office would in Word."""
    document = Document(io.BytesIO(shipped()))
    for text in document.element.body.iter(qn("w:t")):
        if old in (text.text or ""):
            text.text = text.text.replace(old, new)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    stream = io.BytesIO(shipped())
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr(name, data)
    return stream.getvalue()


def refusal(content: bytes, name: str = "mau.docx") -> str:
    with pytest.raises(BadInput) as refused:
        check_letterhead(name, content, "party")
    return str(refused.value.fields["upload"])


@pytest.mark.parametrize(("profile", "layout"), SHIPPED.items())
def test_the_shipped_files_pass(profile: str, layout: str) -> None:
    check_letterhead(f"{profile}.docx", shipped(profile), layout)


def test_a_fixed_line_of_the_office_passes() -> None:
    check_letterhead("mau.docx", with_text("{{ own_line }}", "ĐẢNG ỦY XÃ BẢN MỚI"), "party")


def test_a_wrong_token_is_named_with_its_place() -> None:
    words = refusal(with_text("Số {{ number }}", "Số {{ nmber }}"))
    assert "nmber" in words
    assert "Số {{ nmber }}-{{ code }}" in words


def test_a_missing_token_is_named() -> None:
    assert "{{ subject }}" in refusal(with_text("{{ subject }}", "Về việc báo cáo"))


@pytest.mark.parametrize(
    "token",
    [
        "{{ place | upper }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ range(99999999) }}",
        "{{ place.__init__ }}",
        "{{ 'x' * 999999999 }}",
        "{% set x = 1 %}",
        "{% include 'a' %}",
        "{% for a in body %}{% for b in body %}{% endfor %}{% endfor %}",
        "{% for a in place %}{% endfor %}",
        "{{ place",
        "{% if place %}",
    ],
)
def test_what_is_no_plain_token_is_refused(token: str) -> None:
    assert refusal(with_text("{{ place }}", token))


def test_tokens_in_file_properties_are_refused() -> None:
    document = Document(io.BytesIO(shipped()))
    document.core_properties.subject = "{{ range(9) }}"
    stream = io.BytesIO()
    document.save(stream)
    assert refusal(stream.getvalue())


BROKEN: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"van ban",
    "cut off": lambda: shipped()[:9000],
    "a workbook": lambda: zipped({"xl/workbook.xml": b"<a/>"}),
    "no document": lambda: zipped({"[Content_Types].xml": b"<Types/>"}),
    "macros": lambda: with_part("word/vbaProject.bin", b"x"),
    "entities": lambda: with_part("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'),
    "embedded": lambda: with_part("word/embeddings/oleObject1.bin", b"x"),
    "elsewhere": lambda: with_part(
        "word/_rels/x.rels", b'<Relationship Type="attachedTemplate" Target="http://a" TargetMode="External"/>'
    ),
    "unpacks hugely": lambda: zipped({"word/document.xml": b" " * 21_000_000}),
    "too large": lambda: shipped() + b"0" * 1_000_000,
}


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_letterhead_is_refused_in_clear_words(make: Callable[[], bytes]) -> None:
    assert refusal(make())


def test_only_docx_by_name() -> None:
    assert ".docx" in refusal(shipped(), "mau.docm")


def test_without_the_look_at_tokens_a_program_would_run(monkeypatch) -> None:
    """The control: the sandbox alone lets a costly expression through; it is the check that stops it."""
    monkeypatch.setattr(letterhead_check, "_check_tokens", lambda *_: None)
    check_letterhead("mau.docx", with_text("{{ place }}", "{{ 'x' * 2000 }}"), "party")
