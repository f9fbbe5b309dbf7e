"""The errors a use case may raise; the middleware turns each into a page or a JSON answer.

Messages are gettext strings meant for the person who caused the error: what happened, what is kept, what to do.
"""

from collections.abc import Mapping


class LangsenError(Exception):
    """Something a person can be told about in plain words.

    `message` is shown as it is; `fields` maps form field names to their own messages.
    """

    status = 400

    def __init__(self, message: object = "", *, fields: Mapping[str, object] | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.fields = dict(fields or {})


class BadInput(LangsenError):
    """What was sent cannot be recorded as it stands; nothing was changed (400)."""


class NotAllowed(LangsenError):
    """The person sees the object but may not do this to it (403)."""

    status = 403


class NotFound(LangsenError):
    """It does not exist, or the person may not see it; the two look the same (404)."""

    status = 404


class Conflict(LangsenError):
    """Somebody else changed it meanwhile, or a rule of the store refuses the change (409)."""

    status = 409
