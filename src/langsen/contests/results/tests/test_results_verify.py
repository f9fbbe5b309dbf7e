"""A bundle written from the store verifies from itself alone, and a single changed value is found and named."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from langsen.contests.results.engine.bundle import MANIFEST, BadBundle
from langsen.contests.results.engine.verify import Verdict, verify
from langsen.contests.results.models import PrizeAward
from langsen.contests.results.services.bundling import write_bundle
from langsen.contests.results.services.closing import close_due_rounds
from langsen.contests.results.services.prizes import propose_now
from tests.results_world import a_held_contest

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundle") / "ket-qua.zip"


@pytest.fixture
def bundle(kept: Path) -> Path:
    """One bundle for the whole file: what is tested after it is written needs no database."""
    if not kept.exists():
        contest = a_held_contest()
        assert close_due_rounds() == 2
        propose_now(contest)
        assert PrizeAward.objects.count() >= 10
        write_bundle(contest, kept)
    return kept


def test_the_bundle_of_a_held_contest_is_equal(bundle: Path) -> None:
    verdict = verify(bundle)

    assert [str(one) for one in verdict.findings.kept] == []
    assert verdict.findings.checked["attempts"] > 40
    assert verdict.findings.checked["prizes"] >= 10


def test_the_command_needs_no_database_and_no_settings(bundle: Path, tmp_path: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "LANGSEN_HOME": str(tmp_path / "nothing-here")}
    run = subprocess.run(
        [sys.executable, "-m", "langsen", "contests", "verify", str(bundle), "--json"],
        capture_output=True, text=True, env=bare, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["equal"] is True
    assert not (tmp_path / "nothing-here").exists()


def test_the_command_names_the_place_of_one_changed_digit(bundle: Path, tmp_path: Path) -> None:
    changed = altered(bundle, tmp_path, "attempts.csv", changing("correct", row=5), mends_hash=True)
    run = subprocess.run(
        [sys.executable, "-m", "langsen", "contests", "verify", str(changed)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert run.returncode == 1
    assert "attempts.csv, line 6" in run.stdout
    assert "correct is" in run.stdout
    assert "NOT equal" in run.stdout


CHANGES = [
    ("questions.csv", "key"),
    ("questions.csv", "void"),
    ("units.csv", "head_count"),
    ("units.csv", "parent"),
    ("entrants.csv", "unit"),
    ("entrants.csv", "status"),
    ("attempts.csv", "correct"),
    ("attempts.csv", "answers"),
    ("attempts.csv", "questions"),
    ("attempts.csv", "seed"),
    ("attempts.csv", "number"),
    ("attempts.csv", "duration"),
    ("attempts.csv", "started"),
    ("attempts.csv", "deadline"),
    ("attempts.csv", "submitted"),
    ("attempts.csv", "entrant"),
    ("standings.csv", "used"),
    ("standings.csv", "submitted"),
    ("standings.csv", "all_correct"),
    ("standings.csv", "correct"),
    ("standings.csv", "duration"),
    ("standings.csv", "moment"),
    ("standings.csv", "phone"),
    ("standings.csv", "prediction"),
    ("standings.csv", "key1"),
    ("standings.csv", "key2"),
    ("standings.csv", "place"),
    ("contest_standings.csv", "correct"),
    ("contest_standings.csv", "key3"),
    ("contest_standings.csv", "place"),
    ("unit_tables.csv", "entrants"),
    ("unit_tables.csv", "numerator"),
    ("unit_tables.csv", "place"),
    ("totals.csv", "people"),
    ("totals.csv", "all_correct_attempts"),
    ("contest_standings.csv", "rounds"),
    ("contest_standings.csv", "key5"),
    ("parts.csv", "people"),
    ("parts.csv", "all_correct_people"),
    ("prizes.csv", "winner"),
    ("prizes.csv", "place"),
]


@pytest.mark.parametrize(("member", "column"), CHANGES)
def test_a_changed_value_is_found_even_when_its_hash_was_mended(
    bundle: Path, tmp_path: Path, member: str, column: str
) -> None:
    verdict = judged(altered(bundle, tmp_path, member, changing(column, row=2), mends_hash=True))

    assert verdict is None or not verdict.is_equal


@pytest.mark.parametrize(
    ("member", "column"),
    [("questions.csv", "text"), ("entrants.csv", "name"), ("units.csv", "name"), ("prizes.csv", "grounds")],
)
def test_a_word_that_follows_from_nothing_is_held_by_its_hash(
    bundle: Path, tmp_path: Path, member: str, column: str
) -> None:
    verdict = verify(altered(bundle, tmp_path, member, changing(column, row=2), mends_hash=False))

    assert f"sha256 of {member}" in [one.what for one in verdict.findings.kept]


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["rounds"][0].update(truth=said["rounds"][0]["truth"] + 1),
        lambda said: said["rounds"][1].update(opens=said["rounds"][1]["opens"] + 3_600_000),
        lambda said: said["rules"].update(time_limit_ms=601_000),
        lambda said: said["rules"].update(attempts_per_round=2),
        lambda said: said["rules"].update(counting="last"),
        lambda said: said["rules"].update(ranking=["score", "duration", "prediction", "moment"]),
        lambda said: said["rules"].update(unit_ranking="entrants"),
        lambda said: said["rules"].update(prize_cap_contest=None),
        lambda said: said["rules"].update(whole_order="sums"),
        lambda said: said["rules"].pop("whole_order"),
        lambda said: said.update(format="langsen-results-1"),
        lambda said: said["prizes"][0].update(count=2),
        lambda said: said["rounds"].pop(),
    ],
)  # fmt: skip
def test_a_changed_rule_is_found(bundle: Path, tmp_path: Path, change: Callable[[dict], object]) -> None:
    def other(text: str) -> str:
        said = json.loads(text)
        change(said)
        return json.dumps(said)

    verdict = judged(altered(bundle, tmp_path, MANIFEST, other, mends_hash=False))

    assert verdict is None or not verdict.is_equal


LISTS = ("attempts.csv", "standings.csv", "contest_standings.csv", "unit_tables.csv", "totals.csv", "prizes.csv")


def test_a_line_taken_out_or_put_in_twice_is_found(bundle: Path, tmp_path: Path) -> None:
    for member in (
        "attempts.csv",
        "standings.csv",
        "contest_standings.csv",
        "unit_tables.csv",
        "totals.csv",
        "parts.csv",
        "prizes.csv",
    ):
        for edit in (lambda lines: [*lines[:2], *lines[3:]], lambda lines: [*lines[:3], lines[2], *lines[3:]]):
            other = altered(
                bundle, tmp_path, member, lambda text, edit=edit: "".join(edit(text.splitlines(keepends=True))),
                mends_hash=True,
            )  # fmt: skip
            verdict = judged(other)
            assert verdict is None or not verdict.is_equal, member


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip at all", b"PK\x03\x04broken", b"PK\x05\x06" + bytes(18)],
)
def test_what_is_no_bundle_is_answered_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    with pytest.raises(BadBundle):
        verify(path)


def test_a_zip_bomb_and_missing_members_are_refused(tmp_path: Path, bundle: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(MANIFEST, json.dumps({"format": "langsen-results-1"}))
        out.writestr("attempts.csv", bytes(20_000_000))
    with pytest.raises(BadBundle, match="larger than any bundle"):
        verify(bomb)

    poor = tmp_path / "poor.zip"
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(poor, "w") as out:
        out.writestr(MANIFEST, old.read(MANIFEST))
    with pytest.raises(BadBundle, match="missing"):
        verify(poor)


PARTS = [
    ("kinds", lambda line: line.replace("Chi bộ", "Cơ quan")),
    ("devices", lambda line: line.replace('""phone""', '""computer""')),
    ("ages", lambda line: line.replace("18_30", "31_45")),
]


@pytest.mark.parametrize(("name", "change"), PARTS)
def test_a_group_that_was_renamed_is_found(
    bundle: Path, tmp_path: Path, name: str, change: Callable[[str], str]
) -> None:
    def renamed(text: str) -> str:
        lines = text.splitlines(keepends=True)
        other = [change(line) if f",{name}," in line else line for line in lines]
        assert other != lines
        return "".join(other)

    assert not verify(altered(bundle, tmp_path, "parts.csv", renamed, mends_hash=True)).is_equal


def test_age_bands_of_few_people_are_nowhere_in_the_bundle(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as held:
        lines = list(csv.DictReader(io.StringIO(held.read("parts.csv").decode())))

    assert {line["part"] for line in lines} == {"kinds", "ages", "devices"}
    assert all(int(line["people"]) >= 5 for line in lines)
    with zipfile.ZipFile(bundle) as held:
        assert "birth" not in held.read("entrants.csv").decode()


def test_a_bundle_of_the_first_format_still_verifies_by_its_own_rule(tmp_path: Path) -> None:
    """As published before: keys added up, no parts, no word of how rounds make one order."""
    contest = a_held_contest(whole_order="sums")
    close_due_rounds()
    propose_now(contest)
    path = tmp_path / "cu.zip"
    write_bundle(contest, path)

    old = _first_format(path, tmp_path)

    verdict = verify(old)
    assert [str(one) for one in verdict.findings.kept] == []
    changed = altered(old, tmp_path, "contest_standings.csv", changing("key3", row=2), mends_hash=True)
    assert not verify(changed).is_equal


def _first_format(bundle: Path, folder: Path) -> Path:
    """The bundle as the first format wrote it."""
    with zipfile.ZipFile(bundle) as held:
        members = {name: held.read(name) for name in held.namelist()}
    rows = list(csv.reader(io.StringIO(members["contest_standings.csv"].decode())))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[row[0], *row[2:9], row[10]] for row in rows])
    members["contest_standings.csv"] = out.getvalue().encode()
    manifest = json.loads(members[MANIFEST])
    manifest["format"] = "langsen-results-1"
    del manifest["rules"]["whole_order"], manifest["members"]["parts.csv"], members["parts.csv"]
    manifest["members"]["contest_standings.csv"]["sha256"] = hashlib.sha256(
        members["contest_standings.csv"]
    ).hexdigest()
    members[MANIFEST] = json.dumps(manifest).encode()
    path = folder / "dinh-dang-1.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_names_in_the_bundle_are_in_part_unless_agreed(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as held:
        text = held.read("entrants.csv").decode()

    assert "Lò Thị M." in text
    assert "Lò Thị Mai" not in text


def judged(path: Path) -> Verdict | None:
    """The verdict; None when it says in words that the bundle cannot be read."""
    try:
        return verify(path)
    except BadBundle as error:
        assert str(error)
        return None


def changing(column: str, *, row: int) -> Callable[[str], str]:
    """Change one digit (or word) of one cell."""

    def change(text: str) -> str:
        lines = list(csv.reader(io.StringIO(text)))
        place = lines[0].index(column)
        rows = [line for line in lines[row:] if line[place] != ""]
        old = rows[0][place]
        if old[-1:].isdigit():
            rows[0][place] = (
                f"{old[:-1]}{(int(old[-1]) + 1) % 10}" if column not in {"void", "phone"} else str(1 - int(old))
            )
        else:
            rows[0][place] = "barred" if column == "status" else ""
        assert rows[0][place] != old
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(lines)
        return out.getvalue()

    return change


def altered(bundle: Path, folder: Path, member: str, change: Callable[[str], str], *, mends_hash: bool) -> Path:
    """A copy of the bundle with one member changed, its hash in the manifest mended or not."""
    path = folder / "doi.zip"
    with zipfile.ZipFile(bundle) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members[member] = change(members[member].decode()).encode()
    if mends_hash:
        manifest = json.loads(members[MANIFEST])
        manifest["members"][member]["sha256"] = hashlib.sha256(members[member]).hexdigest()
        members[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path
