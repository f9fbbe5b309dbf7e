"""The keeper of texts finds what lacks Vietnamese, keeps what is there and writes files that change only with texts."""

from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from tools import messages
from tools.messages import App, Text

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
a = _("Saved at %(time)s.")
b = ngettext("%(n)s row", "%(n)s rows", 2)
c = pgettext("month", "May")
d = "not a text for people"
"""
PAGE = """{% load i18n %}<p>it's {% translate "Next" %}</p>
  {% page_head title=_("Figures") %}{% endpage_head %}
    {% blocktranslate count n=rows trimmed %}
      One thing
    {% plural %}
      {{ n }} things
    {% endblocktranslate %}
  {# _("a comment") #}
"""
USED = {
    Text("Saved at %(time)s."),
    Text("%(n)s row", "%(n)s rows"),
    Text("May", "", "month"),
    Text("Next"),
    Text("Figures"),
    Text("One thing", "%(n)s things"),
}


@pytest.fixture
def app(tmp_path: Path) -> App:
    (tmp_path / "templates").mkdir()
    (tmp_path / "views.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "templates" / "page.html").write_text(PAGE, encoding="utf-8")
    return App("sample", tmp_path)


def translate(app: App, words: dict[str, str]) -> None:
    path = app.po("vi")
    content = path.read_text(encoding="utf-8")
    for msgid, vietnamese in words.items():
        before, after = content.split(f'"{msgid}"\n', 1)
        content = f'{before}"{msgid}"\n' + after.replace('""', f'"{vietnamese}"', 1)
    path.write_text(content, encoding="utf-8")


def test_texts_are_found_in_code_and_templates(app: App) -> None:
    assert messages.texts_of(app) == USED


def test_tests_and_migrations_say_nothing_to_people(app: App) -> None:
    for folder in ("tests", "migrations"):
        (app.folder / folder).mkdir()
        (app.folder / folder / "x.py").write_text('_("hidden")', encoding="utf-8")
    assert messages.texts_of(app) == USED


def test_extract_keeps_what_is_translated_and_drops_what_is_gone(app: App) -> None:
    assert len(messages.extract(app, [])) == len(USED)
    translate(app, {"Next": "Tiếp"})
    (app.folder / "views.py").write_text("", encoding="utf-8")
    left = messages.extract(app, [])
    content = app.po("vi").read_text(encoding="utf-8")
    assert 'msgstr "Tiếp"' in content
    assert "Saved at" not in content
    assert Text("Next") not in left


def test_extract_takes_what_another_app_has_translated(app: App, tmp_path: Path) -> None:
    messages.extract(app, [])
    translate(app, {"Next": "Tiếp"})
    other = App("other", tmp_path / "elsewhere")
    other.folder.mkdir()
    (other.folder / "x.py").write_text('_("Next")', encoding="utf-8")
    assert messages.extract(other, [app]) == []


def test_a_second_extract_changes_nothing(app: App) -> None:
    messages.extract(app, [])
    before = app.po("vi").read_bytes(), app.po("en").read_bytes()
    messages.extract(app, [])
    assert (app.po("vi").read_bytes(), app.po("en").read_bytes()) == before


def test_check_names_what_is_missing_unused_and_malformed(app: App) -> None:
    messages.extract(app, [])
    words = {"Next": "Tiếp", "Figures": "Số liệu", "%(n)s rows": "%(n)s dòng", "%(n)s things": "%(n)s việc"}
    translate(app, {**words, "Saved at %(time)s.": "Đã lưu lúc %(gio)s."})
    (app.folder / "templates" / "page.html").write_text(PAGE.replace("Next", "Forward"), encoding="utf-8")
    found = messages.check(app)
    assert "sample vi: missing: 'Forward'" in found
    assert "sample vi: unused: 'Next'" in found
    assert "sample vi: missing: 'May'" in found
    assert "sample vi: placeholders differ: 'Saved at %(time)s.'" in found


def test_check_is_content_with_a_complete_app(app: App) -> None:
    (app.folder / "views.py").write_text("", encoding="utf-8")
    messages.extract(app, [])
    translate(app, {"Next": "Tiếp", "Figures": "Số liệu", "%(n)s things": "Có %(n)s việc"})
    assert messages.check(app) == []


def test_two_apps_may_not_translate_one_text_differently(app: App, tmp_path: Path) -> None:
    other = App("other", tmp_path / "elsewhere")
    other.folder.mkdir()
    (other.folder / "x.py").write_text('_("Next")', encoding="utf-8")
    messages.extract(app, [])
    messages.extract(other, [])
    translate(app, {"Next": "Tiếp"})
    translate(other, {"Next": "Sau"})
    assert messages.conflicts([app, other]) == ["sample and other differ: 'Next': 'Tiếp', 'Sau'"]


def test_compile_makes_what_django_reads_and_only_when_older(app: App) -> None:
    messages.extract(app, [])
    translate(app, {"Next": "Tiếp"})
    assert messages.compile_all([app]) == 2
    with app.po("vi").with_suffix(".mo").open("rb") as made:
        assert read_mo(made).get("Next").string == "Tiếp"
    assert messages.compile_all([app]) == 0


def test_the_package_has_an_owner_for_every_text() -> None:
    labels = [app.label for app in messages.all_apps()]
    assert len(labels) == len(set(labels))
    assert {"config", "core", "office", "study"} <= set(labels)


@pytest.mark.slow  # `make check` asks the same
def test_every_text_of_the_package_is_complete_in_both_languages() -> None:
    apps = messages.all_apps()
    assert [fault for app in apps for fault in messages.check(app)] + messages.conflicts(apps) == []
