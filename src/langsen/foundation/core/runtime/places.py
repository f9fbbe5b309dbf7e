"""Where things lie on disk. Imported by the settings, so nothing of Django here."""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

_HERE = Path(__file__).resolve()


def project_root() -> Path | None:
    """The folder of pyproject.toml when running from a source checkout, else None (an installed wheel)."""
    source = _HERE.parents[4]  # .../src, above langsen/foundation/core/runtime
    root = source.parent
    if source.name == "src" and (root / "pyproject.toml").is_file():
        return root
    return None


def runtime_dir() -> Path:
    """The folder everything Langsen writes lies in; it need not exist yet.

    `$LANGSEN_HOME`, else `var/` of a source checkout, else `$XDG_STATE_HOME/langsen`, else `~/.local/state/langsen`.
    """
    if home := os.environ.get("LANGSEN_HOME"):
        return Path(home).expanduser().absolute()
    if root := project_root():
        return root / "var"
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "langsen"


def make_runtime_dir() -> Path:
    """The runtime folder, made when missing.

    The superuser's may be passed through by others, because the database then runs as another account below it;
    what lies inside guards itself. An existing folder keeps its mode.
    """
    folder = runtime_dir()
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def make_runtime_folders() -> None:
    """The folders that the pages expect to find: uploaded files, mail kept as files, collected assets."""
    for name in ("files", "mail", "static"):
        (make_runtime_dir() / name).mkdir(mode=0o700, exist_ok=True)


def secret_key() -> str:
    """The signing key of this installation, made at first need (mode 0600).

    Where the folder cannot be written (a read-only check, say) the key is a fresh one for this process only.
    """
    path = runtime_dir() / "secret_key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    except OSError:
        return secrets.token_urlsafe(48)
    key = secrets.token_urlsafe(48)
    try:
        make_runtime_dir()
        draft = path.with_name(f"secret_key.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key)
        # Two processes may start at once: the first link wins and both read the same key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
        return path.read_text(encoding="ascii")
    except OSError:
        return key


def contest_store_of(url: str) -> str:
    """Return the address of the contest store that belongs to the register store at `url`.

    `$LANGSEN_CONTESTS_URL`, else the database NAME_contests on the same server.
    """
    if given := os.environ.get("LANGSEN_CONTESTS_URL"):
        return given
    parts = urlsplit(url)
    # Put together by hand: urlunsplit drops the slashes of an address without a host, which a socket's has not.
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or '/langsen'}_contests?{parts.query}".rstrip("?")
