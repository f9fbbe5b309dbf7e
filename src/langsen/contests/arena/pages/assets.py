"""The files a phone loads: each under an address that changes with its content, packed once, when first asked for."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli

from langsen.contests.arena.pages.words import words
from langsen.contests.arena.wire import Request, Response

FOLDER = Path(__file__).parent / "files"
ADDRESS = "/thi/assets/"
SCRIPTS = ("dom.js", "outside.js", "keeping.js", "sending.js", "entry.js", "paper.js", "arena.js")
"""In the order in which they stand in the one script that is sent."""
PREVIEW_SCRIPTS = tuple("preview.js" if name == "outside.js" else name for name in SCRIPTS)
LANGUAGES = ("vi", "en")
SCRIPT = "text/javascript; charset=utf-8"


@dataclass(frozen=True)
class Packed:
    """A body with what it becomes under each encoding, and its fingerprint."""

    content_type: str
    plain: bytes
    encoded: tuple[tuple[str, bytes], ...]
    tag: str

    def response(self, request: Request, headers: list[tuple[str, str]], status: int = 200) -> Response:
        """Answer with the smallest form the browser takes, or that it has it already."""
        told = [("etag", f'"{self.tag}"'), ("vary", "Accept-Encoding, Cookie"), ("x-content-type-options", "nosniff")]
        if request.headers.get("if-none-match") in {f'"{self.tag}"', f'W/"{self.tag}"'}:
            return Response(304, b"", self.content_type, headers=told + headers)
        wanted = request.headers.get("accept-encoding", "")
        for name, body in self.encoded:
            if name in wanted:
                encoding = [("content-encoding", name)]
                return Response(status, body, self.content_type, headers=told + headers + encoding)
        return Response(status, self.plain, self.content_type, headers=told + headers)


def packed(body: bytes, content_type: str) -> Packed:
    """Pack a body that is sent often."""
    encoded = (("br", brotli.compress(body, quality=11)), ("gzip", gzip.compress(body, 9, mtime=0)))
    return Packed(content_type, body, encoded, hashlib.sha256(body).hexdigest()[:16])


def _script(language: str, names: Sequence[str]) -> bytes:
    said = json.dumps(words(language), ensure_ascii=False, indent=0)
    parts = [(FOLDER / name).read_text(encoding="utf-8") for name in names]
    return f'(() => {{\n"use strict";\nconst WORDS = {said};\n{"".join(parts)}}})();\n'.encode()


@cache
def assets() -> Mapping[str, Packed]:
    """Every file by the name it is asked for; the worker alone keeps its name."""
    made = {f"arena-{language}.js": packed(_script(language, SCRIPTS), SCRIPT) for language in LANGUAGES}
    made |= {f"preview-{language}.js": packed(_script(language, PREVIEW_SCRIPTS), SCRIPT) for language in LANGUAGES}
    for style in ("arena.css", "preview.css"):
        made[style] = packed((FOLDER / style).read_bytes(), "text/css; charset=utf-8")
    made["lotus.svg"] = packed((FOLDER / "lotus.svg").read_bytes(), "image/svg+xml")
    named = {_hashed(name, file): file for name, file in made.items()}
    version = hashlib.sha256("".join(sorted(named)).encode()).hexdigest()[:8]
    worker = (FOLDER / "sw.js").read_text(encoding="utf-8").replace("VERSION", version)
    return named | {"sw.js": packed(worker.encode(), SCRIPT)}


def _hashed(name: str, file: Packed) -> str:
    stem, _dot, ending = name.rpartition(".")
    return f"{stem}.{file.tag[:10]}.{ending}"


@cache
def address_of(name: str) -> str:
    """Where `arena.css` and its like are found."""
    stem, _dot, ending = name.rpartition(".")
    found = next(one for one in assets() if one.startswith(f"{stem}.") and one.endswith(f".{ending}"))
    return ADDRESS + found


def asset_response(request: Request) -> Response | None:
    """Answer for a file, or None if there is none of that name."""
    name = request.path.removeprefix(ADDRESS)
    found = assets().get(name)
    if found is None:
        return None
    if name == "sw.js":  # it looks after all of /thi/ and must be able to change
        return found.response(request, [("cache-control", "no-cache"), ("service-worker-allowed", "/thi/")])
    return found.response(request, [("cache-control", "public, max-age=31536000, immutable")])
