"""Addresses of static files that change with their content, so that an update is seen at once by every browser."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@lru_cache(maxsize=512)
def _version(path: str, modified_ns: int) -> str:  # noqa: ARG001  (the time of change is part of the cache's key)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=512)
def _found_once(name: str) -> str | None:
    found = finders.find(name)
    return str(found) if found else None


class VersionedFiles(StaticFilesStorage):
    """`/static/langsen.css?v=3f2a…`: no copying step, the files are served from where they lie."""

    def url(self, name: str | None) -> str:
        address: str = super().url(name)
        path = _found_once(name or "")
        if path is None or path.endswith(".woff2"):  # style sheets name fonts without a version
            return address
        return f"{address}?v={_version(path, Path(path).stat().st_mtime_ns if settings.DEBUG else 0)}"
