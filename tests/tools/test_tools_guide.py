"""`docs/new-register.md` stays true: its code can be read, and everything it takes from the project exists."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import get_template

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "new-register.md"
INVENTED = "langsen.registers.visits"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def imported(code: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(INVENTED):
            yield from ((node.module, alias.name) for alias in node.names)


def whole_files() -> list[str]:
    return [code for code in blocks("python") if not code.startswith(" ")]


def test_the_guide_has_its_files() -> None:
    assert len(whole_files()) > 12
    assert len(blocks("django")) == 4


@pytest.mark.parametrize("code", whole_files(), ids=lambda code: str(code).splitlines()[0][:40])
def test_what_a_file_imports_exists(code: str) -> None:
    for module, name in imported(code):
        found = importlib.import_module(module)
        assert hasattr(found, name) or importlib.util.find_spec(f"{module}.{name}"), f"{module}.{name}"


def test_what_is_called_through_a_module_exists() -> None:
    code = "\n".join(whole_files())
    for name in set(re.findall(r"\bkit\.(\w+)", code)):
        homes = [importlib.import_module(f"langsen.registers.kit.{part}") for part in ("views", "services")]
        assert any(hasattr(home, name) for home in homes) or name in {"models", "rules", "queries", "register", "forms",
            "imports", "exports", "figures", "services", "views"}, name  # fmt: skip


def test_the_frames_its_templates_fill_exist() -> None:
    for name in re.findall(r'{% (?:extends|include) "([^"]+)"', "\n".join(blocks("django"))):
        get_template(name)


def test_the_files_it_names_exist() -> None:
    named = re.findall(
        r"`((?:src|tests|tools|docs|config|foundation|registers)/[\w/.]+\.\w+)`", GUIDE.read_text("utf-8")
    )
    root = GUIDE.parents[1]
    for path in named:
        assert "visits" in path or any((root / base / path).exists() for base in ("", "src/langsen")), path
