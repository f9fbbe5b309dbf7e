"""What the front says itself, while the pages or the arena are away: no template and no style sheet can be had then."""

import base64
import hashlib
import json

from aiohttp import web

RETRY_SECONDS = 3
_STYLE = (
    "body{font:1.1rem/1.6 sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color:#1b1b1b}h1{color:#9d1c1f}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'"

_PAGES = {
    "vi": (
        "Trang đang được khởi động lại",
        "Việc này chỉ mất vài giây. Những gì đã lưu vẫn còn nguyên.",
        "Nếu đồng chí vừa gửi một biểu mẫu, xin quay lại trang trước và gửi lại.",
    ),
    "en": (
        "The pages are starting again",
        "This takes a few seconds. What was saved is safe.",
        "If you have just sent a form, please go back and send it again.",
    ),
}
_ARENA = {
    "vi": (
        "Phòng thi đang được khởi động lại",
        "Việc này chỉ mất vài giây. Những câu trả lời đã lưu vẫn còn nguyên.",
        "Bạn cứ để nguyên trang này; nếu vừa bấm nộp bài, bạn hãy quay lại trang trước và bấm lại.",
    ),
    "en": (
        "The contest room is starting again",
        "This takes a few seconds. Saved answers are safe.",
        "Please stay here; if you have just handed in, go back and press again.",
    ),
}
_AGAIN = {"vi": "Thử lại", "en": "Try again"}


def away_page(path: str, cookie: str, *, to_arena: bool, again: bool) -> web.Response:
    """Say that one side is away: as JSON to the arena's client, as a page to people. `again`: the page tries by itself.

    The arena's client knows 503 `unavailable` and keeps its answers; everybody else gets 502.
    """
    language = "en" if "langsen_language=en" in cookie else "vi"
    title, first, second = (_ARENA if to_arena else _PAGES)[language]
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store", "Server": "langsen"}
    if path.startswith("/thi/api/"):
        body = {"error": "unavailable", "message": f"{title}. {first}", "retry_ms": RETRY_SECONDS * 1000}
        text = json.dumps(body, ensure_ascii=False)
        return web.Response(status=503, text=text, content_type="application/json", headers=headers)
    refresh = f'<meta http-equiv="refresh" content="{RETRY_SECONDS}">' if again else ""
    link = f'<p><a href="">{_AGAIN[language]}</a></p>' if again else ""
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{refresh}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1><p>{first}</p><p>{second}</p>{link}</main></body></html>"
    )
    headers["Content-Security-Policy"] = _POLICY
    return web.Response(status=502, text=page, content_type="text/html", headers=headers)
