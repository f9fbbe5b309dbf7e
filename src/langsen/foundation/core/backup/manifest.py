"""What an archive says of itself: the last member, with the digest of every other."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput

FORMAT = 1
NAME = "manifest.json"
DATABASE = "database.dump"
FILES = "files/"
# Small files of the runtime folder that the store cannot be used without.
KEPT = ("secret_key", "demo-password")


@dataclass(frozen=True)
class Member:
    """One file of the archive: name, bytes, SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the archive holds and which program made it.

    `migrations` is the schema as "app.name"; `rows` the number of rows of each table whose rows are in the archive;
    `facts` what the command adds (the last seal of the audit trail); `missing` files that the store names but that were
    not on the disk; `server` and `dumped_by` major versions of PostgreSQL and of its pg_dump.
    """

    langsen: str
    made_at: str
    server: int
    dumped_by: int
    migrations: tuple[str, ...]
    rows: dict[str, int]
    facts: dict[str, Any]
    missing: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    format: int = field(default=FORMAT)

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @property
    def files(self) -> int:
        return sum(member.name.startswith(FILES) for member in self.members)


def read_manifest(content: bytes) -> Manifest:
    """Return the manifest.

    Raises:
        BadInput: it is none, or of a newer form than this program knows.
    """
    try:
        facts = json.loads(content)
        if int(facts["format"]) > FORMAT:
            raise BadInput(newer_words(str(facts.get("langsen", "?"))))
        members = tuple(Member(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in facts["members"])
        return Manifest(
            langsen=str(facts["langsen"]),
            made_at=str(facts["made_at"]),
            server=int(facts["server"]),
            dumped_by=int(facts["dumped_by"]),
            migrations=tuple(map(str, facts["migrations"])),
            rows={str(table): int(count) for table, count in facts["rows"].items()},
            facts=dict(facts["facts"]),
            missing=tuple(map(str, facts["missing"])),
            members=members,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            _("The archive is damaged: its list of contents (%(name)s) cannot be read.") % {"name": NAME}
        ) from error


def newer_words(version: str) -> str:
    words = _(
        "This is a backup of a newer version (%(theirs)s): install that version or a later one, then restore. "
        "Nothing was changed."
    )
    return words % {"theirs": version}
