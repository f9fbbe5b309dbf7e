"""The command line as its contract says: help with an example for every command, exit codes, stdout for the result."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.conf import settings

from langsen.config.cli import HIDDEN, TOPICS, cli
from tests.runtime.owners import everything, run


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand by the words one types."""
    context = click.Context(cli)
    waiting = [(name, cli.get_command(context, name)) for name in TOPICS if name not in HIDDEN]
    while waiting:
        name, command = waiting.pop()
        assert command is not None, name
        yield name, command
        if isinstance(command, click.Group):
            waiting += [(f"{name} {part}", command.commands[part]) for part in command.commands]


def test_every_command_has_help_with_an_example() -> None:
    lacking = []
    for name, command in every_command():
        text = command.get_help(click.Context(command, info_name=f"langsen {name}"))
        if f"Example: langsen {name}" not in " ".join(text.split()) or not command.help:
            lacking.append(name)
    assert lacking == []


def test_help_needs_neither_django_nor_a_database() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from langsen.config.cli import cli;"
        "answer = CliRunner().invoke(cli, ['--help']); assert answer.exit_code == 0, answer.output;"
        "assert 'django' not in sys.modules, 'django was imported'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [["no-such-command"], ["figures", "--no-such-option"], ["up", "--port", "none"]])
def test_wrong_usage_is_2(tmp_path: Path, words: list[str]) -> None:
    done = run(tmp_path / "home", *words)
    assert done.returncode == 2
    assert done.stdout == ""


def test_a_store_never_made_is_4_and_the_message_says_what_to_type(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "audit", "verify")
    assert done.returncode == 4
    assert done.stdout == ""
    assert "langsen up" in done.stderr
    assert not everything(tmp_path / "home")


def test_a_server_that_does_not_answer_is_4(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "audit", "verify", DATABASE_URL=f"postgresql:///x?host={tmp_path}")
    assert done.returncode == 4
    assert "langsen doctor" in done.stderr


@pytest.mark.slow
def test_a_command_works_from_any_folder_and_with_no_language_set(tmp_path: Path) -> None:
    """A folder that holds a package of our name does not matter either."""
    (tmp_path / "langsen").mkdir()
    (tmp_path / "langsen" / "__init__.py").write_text("raise SystemExit('the wrong langsen')")
    program = Path(sys.executable).with_name("langsen")
    done = subprocess.run(
        [str(program), "--version"], cwd=tmp_path, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_package_knows_where_its_own_files_are() -> None:
    assert (Path(settings.PACKAGE_DIR) / "config" / "settings.py").is_file()
