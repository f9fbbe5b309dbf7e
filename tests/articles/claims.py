"""Every figure of the source articles this version holds, as they print it; `docs/articles.md` lists the same."""

from dataclasses import dataclass

PUBLISHED, CHOSEN = "published", "chosen"


@dataclass(frozen=True)
class Claim:
    """A figure of an article: `value` is a count, or (numerator, denominator) of a ratio."""

    article: str
    unit: str
    first: str
    last: str
    code: str
    value: int | tuple[int, int]
    origin: str = PUBLISHED

    @property
    def command(self) -> str:
        return f"langsen figures --unit {self.unit} --from {self.first} --to {self.last} --json"


_LCH = ("S1", "LCH", "2021-05-18", "2023-05-17")
_DAY = ("S1", "LCH", "2023-05-17", "2023-05-17")
_CCQ = ("S3", "CCQ", "2023-01-01", "2023-12-31")
_LCA = ("S0", "LCA", "2023-01-01", "2023-12-31")
_LCA_QUIZ = ("S0", "LCA", "2023-04-01", "2023-04-30")
_LCA_DAY = ("S0", "LCA", "2023-09-22", "2023-09-22")

CLAIMS = (
    Claim(*_LCH, "study.sessions", 8198),
    Claim(*_LCH, "study.sessions.in_person", 8198, CHOSEN),
    Claim(*_LCH, "study.sessions.online", 0, CHOSEN),
    Claim(*_LCH, "study.sessions.hybrid", 0, CHOSEN),
    Claim(*_LCH, "study.attendances", 431346),
    Claim(*_LCH, "study.participants", 31204, CHOSEN),
    Claim(*_LCH, "study.participation_rate", (31204, 31615), CHOSEN),
    Claim(*_LCH, "study.online_attendances", 0, CHOSEN),
    Claim(*_LCH, "study.remote_points", 8),
    Claim(*_LCH, "study.remote_points.review", 8),
    Claim(*_LCH, "study.review_conferences", 1),
    Claim(*_DAY, "study.remote_points", 8),
    Claim(*_DAY, "study.remote_points.review", 8),
    Claim(*_DAY, "study.review_conferences", 1),
    Claim(*_CCQ, "study.remote_points.study", 61),
    Claim(*_CCQ, "study.online_attendances", 2701),
    Claim(*_CCQ, "study.participation_rate", (3150, 3150), CHOSEN),
    Claim(*_CCQ, "study.make_up_pending", 0),
    Claim(*_LCA, "study.historic_trips", 1, CHOSEN),
    Claim(*_LCA, "study.historic_trip_people", 100),
    Claim(*_LCA_DAY, "study.review_conferences", 1),
    Claim(*_LCA_QUIZ, "contests.contests", 1),
    Claim(*_LCA_QUIZ, "contests.contests.quiz", 1),
    Claim(*_LCA_QUIZ, "contests.accounts", 15451),
    Claim(*_LCA_QUIZ, "contests.attempts", 89131),
    Claim(*_LCA_QUIZ, "contests.attempts.round_1", 46548, CHOSEN),
    Claim(*_LCA_QUIZ, "contests.attempts.round_2", 42583, CHOSEN),
    Claim(*_LCA_QUIZ, "contests.all_correct_people", 12957),
    Claim(*_LCA_QUIZ, "contests.all_correct_attempts", 55539, CHOSEN),
    Claim(*_LCA_QUIZ, "contests.collective_prizes", 6),
    Claim(*_LCA_QUIZ, "contests.collective_prizes.first", 1),
    Claim(*_LCA_QUIZ, "contests.collective_prizes.second", 1),
    Claim(*_LCA_QUIZ, "contests.collective_prizes.third", 1),
    Claim(*_LCA_QUIZ, "contests.collective_prizes.consolation", 3),
    Claim(*_LCA_QUIZ, "contests.individual_prizes.first", 2, CHOSEN),
    Claim(*_LCA_QUIZ, "contests.individual_prizes.second", 4, CHOSEN),
)
