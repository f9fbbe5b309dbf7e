"""Keep the texts of the pages complete in Vietnamese and English, app by app, without the gettext programs.

    python tools/messages.py extract [app ...]   bring the .po files of all apps (or those named) up to the code
    python tools/messages.py check   [app ...]   exit 1 when a text lacks its Vietnamese, is unused or differs in form
    python tools/messages.py compile             make the .mo files Django reads (only those that are older)

An app owns the texts its own files use; `config` owns those of the frame and of packages without Vietnamese.
The .po files hold no dates and no line numbers, and are sorted, so that they change only when a text does.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "langsen"
LANGUAGES = ("vi", "en")
PLURALS = {"vi": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
CONTEXT_LAST = ((1, "c"), 2)
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": CONTEXT_LAST,
    "pgettext_lazy": CONTEXT_LAST,
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Text:
    """A text as the code names it; `plural` is empty for most, `context` tells equal words apart."""

    msgid: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class App:
    """A folder of code with its own translations."""

    label: str
    folder: Path

    def po(self, language: str) -> Path:
        return self.folder / "locale" / language / "LC_MESSAGES" / "django.po"


def all_apps(package: Path = PACKAGE) -> list[App]:
    """Every Django app of the package, and `config`, which is none but owns the frame's texts."""
    folders = [path.parent for path in package.rglob("apps.py")] + [package / "config"]
    return [App(folder.name, folder) for folder in sorted(folders)]


def _sources(app: App) -> Iterator[Path]:
    for path in sorted(app.folder.rglob("*")):
        inside = path.relative_to(app.folder).parts
        if path.suffix in {".py", ".html", ".txt"} and not {"tests", "migrations", "static", "vendor"} & set(inside):
            yield path


def _as_python(path: Path) -> str:
    """The file as Python the extractor reads: of a template, its translatable parts alone."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return content
    flat = templatize(content, origin=str(path))
    return "\n".join(line.strip() for line in flat.splitlines()) + "\n"


def texts_of(app: App) -> set[Text]:
    """All texts the app's own files use."""
    found = set()
    for path in _sources(app):
        code = io.BytesIO(_as_python(path).encode())
        for _line, function, message, _comments in extract_python(code, list(KEYWORDS), [], {"encoding": "utf-8"}):
            text = _text(function, message)
            if text:
                found.add(text)
    return found


def _text(function: str, message: object) -> Text | None:
    parts = list(message) if isinstance(message, tuple) else [message]
    context = str(parts.pop(0)) if function.startswith(("pgettext", "npgettext")) else ""
    if not parts or not isinstance(parts[0], str) or not parts[0]:
        return None
    plural = parts[1] if "ngettext" in function or function.startswith("npgettext") else ""
    return Text(parts[0], plural if isinstance(plural, str) else "", context)


def _read(path: Path, language: str) -> dict[Text, Message]:
    if not path.is_file():
        return {}
    with path.open("rb") as source:
        catalog: Catalog = read_po(source, locale=language, abort_invalid=True)
    found = {}
    for message in catalog:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id, "")
            found[Text(ids[0], ids[1], message.context or "")] = message
    return found


def _strings(message: Message | None) -> list[str]:
    if message is None:
        return []
    return list(message.string) if isinstance(message.string, tuple) else [message.string or ""]


def _english(text: Text) -> list[str]:
    return [text.msgid, text.plural] if text.plural else [text.msgid]


def _entry(text: Text, strings: list[str]) -> str:
    lines = [f"msgctxt {normalize(text.context)}"] if text.context else []
    lines.append(f"msgid {normalize(text.msgid)}")
    if text.plural:
        lines.append(f"msgid_plural {normalize(text.plural)}")
        lines += [f"msgstr[{index}] {normalize(string)}" for index, string in enumerate(strings or [""])]
    else:
        lines.append(f"msgstr {normalize(strings[0] if strings else '')}")
    return "\n".join(lines) + "\n"


def render(language: str, entries: dict[Text, list[str]]) -> str:
    """The whole .po file: a fixed header and the entries in the order of their texts."""
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n'
    )
    return "\n".join([header, *(_entry(text, entries[text]) for text in sorted(entries))])


def extract(app: App, others: list[App]) -> list[Text]:
    """Write the app's .po files to match its code; return the texts that still lack Vietnamese.

    A text that another app has translated already is taken from there.
    """
    used = texts_of(app)
    known: dict[Text, Message] = {}
    for source in (*others, app):
        known |= {text: message for text, message in _read(source.po("vi"), "vi").items() if any(_strings(message))}
    vietnamese = {text: _strings(known.get(text))[:1] for text in used}
    for language, entries in (("vi", vietnamese), ("en", {text: _english(text) for text in used})):
        path = app.po(language)
        if used or path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(language, entries), encoding="utf-8")
    return sorted(text for text, strings in vietnamese.items() if not any(strings))


def check(app: App) -> list[str]:
    """What is wrong with the app's translations, a line each."""
    used = texts_of(app)
    found = []
    for language in LANGUAGES:
        known = _read(app.po(language), language)
        where = f"{app.label} {language}"
        found += [f"{where}: unused: {text.msgid!r}" for text in sorted(known.keys() - used)]
        for text in sorted(used):
            message = known.get(text)
            if message is None or not all(_strings(message)):
                found.append(f"{where}: missing: {text.msgid!r}")
            elif message.fuzzy:
                found.append(f"{where}: uncertain (fuzzy): {text.msgid!r}")
            elif not _same_placeholders(text, _strings(message)):
                found.append(f"{where}: placeholders differ: {text.msgid!r}")
    return found


def _same_placeholders(text: Text, strings: list[str]) -> bool:
    """Each form names what the last form of the text names; a singular may leave its number out."""
    expected = sorted(PLACEHOLDER.findall(text.plural or text.msgid))
    allowed = (expected, sorted(PLACEHOLDER.findall(text.msgid)))
    return all(sorted(PLACEHOLDER.findall(string)) in allowed for string in strings)


def conflicts(apps: list[App]) -> list[str]:
    """Texts that two apps translate differently: Django shows only one of them, everywhere."""
    seen: dict[Text, tuple[str, list[str]]] = {}
    found = []
    for app in apps:
        for text, message in _read(app.po("vi"), "vi").items():
            label, strings = seen.setdefault(text, (app.label, _strings(message)))
            if strings != _strings(message):
                found.append(
                    f"{label} and {app.label} differ: {text.msgid!r}: {strings[0]!r}, {_strings(message)[0]!r}"
                )
    return found


def compile_all(apps: list[App]) -> int:
    """Make each .mo that is older than its .po; return how many were made."""
    made = 0
    for path in (app.po(language) for app in apps for language in LANGUAGES):
        target = path.with_suffix(".mo")
        if not path.is_file() or (target.is_file() and target.stat().st_mtime_ns > path.stat().st_mtime_ns):
            continue
        with path.open("rb") as source:
            catalog = read_po(source, locale=path.parent.parent.name, abort_invalid=True)
        content = io.BytesIO()
        write_mo(content, catalog)
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(content.getvalue())
        fresh.replace(target)
        made += 1
    return made


def _chosen(labels: list[str]) -> list[App]:
    apps = {app.label: app for app in all_apps()}
    unknown = set(labels) - apps.keys()
    if unknown:
        raise SystemExit(f"messages: no such app: {', '.join(sorted(unknown))}; there are {', '.join(apps)}")
    return [apps[label] for label in labels] if labels else list(apps.values())


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    command, *labels = arguments or ["help"]
    if command == "extract":
        for app in _chosen(labels):
            for text in extract(app, all_apps()):
                print(f"{app.label}: to be translated: {text.msgid!r}")
        return 0
    if command == "check":
        faults = [fault for app in _chosen(labels) for fault in check(app)] + conflicts(all_apps())
        print(*faults, sep="\n", end="\n" if faults else "")
        return 1 if faults else 0
    if command == "compile" and not labels:
        print(f"messages: {compile_all(all_apps())} compiled", file=sys.stderr)
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
