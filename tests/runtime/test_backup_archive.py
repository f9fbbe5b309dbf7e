"""The form of an archive: what is altered, cut off, smuggled in or newer is refused before anything is written."""

import gzip
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from langsen.foundation.core.backup import manifest as manifests
from langsen.foundation.core.backup.archive import Archive, Reading, verified, visit_members
from langsen.foundation.core.backup.holding import files_held
from langsen.foundation.core.backup.manifest import Manifest, Store
from langsen.foundation.core.backup.restoring import refuse_newer
from langsen.foundation.core.errors import BadInput

STORE = Store(
    server=18,
    dumped_by=18,
    migrations=("core.0001_initial",),
    rows={"core_receipt": 3},
    facts={"last_seal": "ab"},
)
FACTS = Manifest(langsen="0.1.0", made_at="2026-11-22T08:00:00+07:00", stores={"default": STORE})


def form_1(facts: dict[str, object]) -> dict[str, object]:
    """The list of contents as the first versions wrote it: of the register store alone."""
    return {**facts, **facts["stores"]["default"], "format": 1} | {"stores": None}  # type: ignore[index, dict-item]


def make(folder: Path, **changes: object) -> Path:
    """An archive as a backup makes it, of small made-up files."""
    (folder / "dump").write_bytes(os.urandom(5000))
    (folder / "photo").write_bytes(b"\xff\xd8" + os.urandom(3000))
    (folder / "paper").write_bytes("báo cáo sáu tháng ".encode() * 500)
    path = folder / "a.tar.gz"
    with path.open("wb") as out:
        archive = Archive(out)
        archive.add("database.dump", folder / "dump")
        archive.add("files/evidence/ab/cd/ảnh", folder / "photo")
        archive.add("files/evidence/ef/01/giấy", folder / "paper")
        archive.close_with(replace(FACTS, members=tuple(archive.members), **changes))  # type: ignore[arg-type]
    return path


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    path = make(tmp_path)
    kept: dict[str, bytes] = {}

    def keep(name: str, chunks: Iterable[bytes]) -> None:
        kept[name] = b"".join(chunks)

    reading = Reading(keep)
    visit_members(path, reading.visit)
    assert reading.result() == verified(path)
    assert reading.result().files == 2
    assert kept["files/evidence/ef/01/giấy"] == (tmp_path / "paper").read_bytes()
    assert kept["database.dump"] == (tmp_path / "dump").read_bytes()


def test_any_tar_can_open_it(tmp_path: Path) -> None:
    with tarfile.open(make(tmp_path)) as tar:
        assert tar.getnames()[-1] == "manifest.json"
        assert all(info.mode == 0o600 for info in tar)


def test_no_altered_byte_changes_what_is_restored(tmp_path: Path) -> None:
    """Every fortieth byte, one after the other: packed bytes, headers of tar, the list, the checksum at the end.

    A run of zeros can be packed in several ways: an altered byte that unpacks to the very same bytes does no harm.
    """
    path = make(tmp_path)
    sound, whole = path.read_bytes(), gzip.decompress(path.read_bytes())
    harmless = range(4, 10)  # gzip's note of time and system, which nothing depends on
    places = [
        place for place in [*range(0, len(sound), 40), *range(len(sound) - 8, len(sound))] if place not in harmless
    ]
    same = 0
    for place in places:
        damaged = bytearray(sound)
        damaged[place] ^= 0x41
        path.write_bytes(damaged)
        if _unpacked(bytes(damaged)) == whole:
            same += 1
            continue
        with pytest.raises(BadInput):
            verified(path)
    assert same < len(places) / 20


def _unpacked(packed: bytes) -> bytes | None:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = make(tmp_path)
    sound = path.read_bytes()
    for length in [0, 1, 10, *range(20, len(sound), 97), len(sound) - 9, len(sound) - 1]:
        path.write_bytes(sound[:length])
        with pytest.raises(BadInput):
            verified(path)


def test_the_damaged_member_is_named(tmp_path: Path) -> None:
    """Packed anew with one byte changed, so that only its digest can tell."""
    path = make(tmp_path)
    with tarfile.open(path) as tar:
        members = [(info, tar.extractfile(info).read()) for info in tar]  # type: ignore[union-attr]
    with tarfile.open(path, "w:gz") as tar:
        for info, content in members:
            altered = content[:-1] + b"!" if info.name.endswith("ảnh") else content
            tar.addfile(info, io.BytesIO(altered))
    with pytest.raises(BadInput, match="ảnh"):
        verified(path)


def test_a_flipped_bit_names_the_member_it_lies_in(tmp_path: Path) -> None:
    """Unpacked all the same, as random bytes are stored as they are; only the checksum at the end is wrong."""
    path = make(tmp_path)
    damaged = bytearray(path.read_bytes())
    damaged[2500] ^= 0x10
    path.write_bytes(damaged)
    with pytest.raises(BadInput, match=r"database\.dump"):
        verified(path)


def test_a_missing_and_an_added_member_are_noticed(tmp_path: Path) -> None:
    path = make(tmp_path)
    with tarfile.open(path) as tar:
        members = [(info, tar.extractfile(info).read()) for info in tar]  # type: ignore[union-attr]
    for kept in (members[:1] + members[2:], [members[0], _member("files/x"), *members[1:]]):
        with tarfile.open(path, "w:gz") as tar:
            for info, content in kept:
                tar.addfile(info, io.BytesIO(content))
        with pytest.raises(BadInput):
            verified(path)


def _member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    info.size = 3 if kind == tarfile.REGTYPE else 0
    return info, b"abc"


@pytest.mark.parametrize(
    "smuggled",
    [
        _member("../secret_key"),
        _member("files/../../secret_key"),
        _member("/etc/passwd"),
        _member("files/"),
        _member("files/./x"),
        _member("files//x"),
        _member("files/..\\x"),
        _member("postgres/data/x"),
        _member("files/x", tarfile.SYMTYPE, "/etc/passwd"),
        _member("files/x", tarfile.LNKTYPE, "database.dump"),
        _member("files/x", tarfile.DIRTYPE),
        _member("files/x", tarfile.FIFOTYPE),
        _member("files/x", tarfile.CHRTYPE),
    ],
    ids=lambda one: f"{one[0].name} {one[0].type!r}",
)
def test_what_no_backup_holds_is_refused(tmp_path: Path, smuggled: tuple[tarfile.TarInfo, bytes]) -> None:
    path = tmp_path / "b.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.addfile(smuggled[0], io.BytesIO(smuggled[1]))
    written: list[str] = []
    with pytest.raises(BadInput):
        visit_members(path, lambda name, chunks: written.append(name))
    assert written == []


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for _number in range(2):
            info, content = _member("files/x")
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(BadInput, match="files/x"):
        visit_members(path, lambda name, chunks: b"".join(chunks))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 not ours", gzip.compress(b"no tar"), gzip.compress(b"\0" * 10240), b"\x1f\x8b" + b"x" * 99],
    ids=["empty", "a zip", "no tar", "an empty tar", "a broken gzip"],  # gzip writes the time: no name for a test
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.tar.gz"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        verified(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.tar\.gz"):
        verified(tmp_path / "none.tar.gz")


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts | {"format": 3},
        lambda facts: facts | {"stores": 7},
        lambda facts: facts | {"stores": {"default": {"rows": 7}}},
        lambda facts: facts | {"stores": {**facts["stores"], "elsewhere": facts["stores"]["default"]}},
        lambda facts: [],
    ],
)
def test_a_list_of_contents_we_cannot_read(change: Callable[[dict[str, object]], object]) -> None:
    facts = json.loads(FACTS.as_bytes())
    with pytest.raises(BadInput):
        manifests.read_manifest(json.dumps(change(facts)).encode())


def test_an_archive_of_the_first_versions_is_the_register_store_s_alone() -> None:
    found = manifests.read_manifest(json.dumps(form_1(json.loads(FACTS.as_bytes()))).encode())
    assert (found.stores, found.rows, found.format) == ({"default": STORE}, 3, 1)


def test_an_archive_that_lacks_a_store_it_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"contests\.dump"):
        verified(make(tmp_path, stores={"default": STORE, "contests": STORE}))


@pytest.mark.parametrize("alias", ["default", "contests"])
def test_a_newer_schema_is_refused_and_an_older_one_is_not(alias: str) -> None:
    refuse_newer(FACTS)
    newer = replace(STORE, migrations=("core.0001_initial", "core.0999_to_come"))
    with pytest.raises(BadInput, match="phiên bản mới hơn"):
        refuse_newer(replace(FACTS, langsen="9.0", stores={"default": STORE, alias: newer}))


def test_a_file_deleted_meanwhile_is_still_copied(tmp_path: Path) -> None:
    files = tmp_path / "files"
    (files / "evidence" / "incoming").mkdir(parents=True)
    (files / "evidence" / "incoming" / "half").write_bytes(b"half")
    (files / "evidence" / "old").write_bytes(b"old")
    (files / "link").symlink_to("/etc/passwd")
    with files_held(files) as held:
        (files / "evidence" / "old").unlink()
        (files / "evidence" / "new").write_bytes(b"new")
        held.catch_up()
        assert held.names() == ["evidence/new", "evidence/old"]
        assert (held.place / "evidence" / "old").read_bytes() == b"old"
    assert not list(tmp_path.glob(".backup-files-*"))


def test_what_a_killed_backup_held_is_let_go(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    left = tmp_path / ".backup-files-4194305"  # no process has so high a number
    left.mkdir()
    with files_held(tmp_path / "files"):
        assert not left.exists()
