"""How much one request may bring: decided by what it announces, before anything of it is written to the disk."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from langsen.foundation.core.text import number_text

_READ_AWAY_AT_MOST = 1024 * 1024 * 1024
_CHUNK = 1024 * 1024


class TooMuchSent(RequestDataTooBig):
    """The request is larger than `UPLOAD_MB`."""


class BoundedUpload(FileUploadHandler):
    """The first upload handler: refuses a request that announces too much, keeps nothing itself."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: ARG002
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        if content_length > settings.UPLOAD_MB * 1024 * 1024:
            _read_away(input_data, content_length)
            raise TooMuchSent

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers that follow keep the file."""


def _read_away(stream: Any, size: int) -> None:
    """Take what is still coming, keeping nothing: a browser reads no answer before it has sent everything."""
    left = size if size <= _READ_AWAY_AT_MOST else 0
    while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
        left -= len(chunk)


def refusal_words(error: BaseException) -> str:
    """Say what was too much about a refused request; empty for another fault."""
    if isinstance(error, TooManyFilesSent):
        return _("More than %(limit)s files were sent at once, so none was kept. Choose the ones that matter.") % {
            "limit": number_text(settings.DATA_UPLOAD_MAX_NUMBER_FILES)
        }
    if isinstance(error, TooMuchSent):
        return _("More than %(limit)s MB were sent at once, so nothing was kept. Send the files in several parts.") % {
            "limit": number_text(settings.UPLOAD_MB)
        }
    return ""
