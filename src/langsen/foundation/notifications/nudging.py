"""What a "remind" button says, signed by the page that draws it, so that nobody sends other words in its place."""

from dataclasses import asdict, dataclass

from django.core import signing

_SALT = "langsen.notices.nudge"
GOOD_FOR = 60 * 60 * 24


@dataclass(frozen=True)
class NudgeAsked:
    """A reminder as a page offers it: unit (code), what it is about, words, the page it opens, who is told."""

    unit: str
    about: str
    subject: str
    text: str
    href: str
    holding: str


def signed(asked: NudgeAsked) -> str:
    return signing.dumps(asdict(asked), salt=_SALT, compress=True)


def nudge_of(token: str) -> NudgeAsked:
    """Return what a button said.

    Raises:
        signing.BadSignature: it was altered, or drawn more than a day ago.
    """
    return NudgeAsked(**signing.loads(token, salt=_SALT, max_age=GOOD_FOR))
