"""The rules of a contest (thể lệ) in words, written from its parameters: nothing here is typed a second time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from langsen.contests.contests.consents import asked_fields
from langsen.contests.contests.enums import (
    AskedField,
    Counting,
    Prediction,
    PrizeScope,
    PrizeSubject,
    RankingKey,
    SignUp,
    UnitRanking,
    WholeOrder,
)
from langsen.contests.contests.models import Contest, PrizeRule, Round
from langsen.foundation.core.text import moment_text, number_text


@dataclass(frozen=True)
class Table:
    """Rows under headings; a text per cell."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def labelled(self) -> list[list[tuple[str, str]]]:
        """Return each row as (heading, text): on a phone a row is a card and names its own cells."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Section:
    """A part of the rules: sentences in order, then formulas, then tables."""

    anchor: str
    title: str
    lines: tuple[str, ...]
    formulas: tuple[str, ...] = ()
    tables: tuple[Table, ...] = field(default=())


def rules_of(contest: Contest) -> list[Section]:
    """Return the rules in the language of the page, every part that the contest declares."""
    return [section for write in _PARTS for section in [write(contest)] if section.lines or section.tables]


def minutes_text(seconds: int) -> str:
    """Return 600 as "10 phút" and 90 as "1 phút 30 giây"."""
    minutes, rest = divmod(seconds, 60)
    if not rest:
        return _("%(minutes)s minutes") % {"minutes": number_text(minutes)}
    if not minutes:
        return _("%(seconds)s seconds") % {"seconds": rest}
    return _("%(minutes)s minutes %(seconds)s seconds") % {"minutes": number_text(minutes), "seconds": rest}


def _purpose(contest: Contest) -> Section:
    lines = [line for line in contest.purpose.splitlines() if line.strip()]
    if contest.themes:
        lines.append(_("Themes: %(themes)s.") % {"themes": "; ".join(contest.themes)})
    return Section("muc-dich", _("What it is about"), tuple(lines))


def _who(contest: Contest) -> Section:
    lines = []
    if contest.least_age:
        lines.append(
            _("Anybody may take part who is at least %(age)s years old in the year of the contest.")
            % {"age": contest.least_age}
        )
    else:
        lines.append(_("Anybody may take part, at any age."))
    lines.append(_("Nobody needs to be a Party member or to have an account of this system."))
    lines.append(
        _("Whoever is below %(age)s in the year of the contest takes part with the consent of a parent or guardian.")
        % {"age": contest.guardian_below}
    )
    lines.append(
        _(
            "Members of the organising board and whoever writes or checks the questions do not take part; their "
            "names are on a list and a person looks at each match."
        )
    )
    lines.append(
        _(
            "Each person signs up once. When somebody seems to have signed up twice, a person of the organising "
            "board asks and decides."
        )
    )
    return Section("ai", _("Who may take part"), tuple(lines))


def _when(contest: Contest) -> Section:
    rounds = sorted(contest.rounds.all(), key=lambda one: one.number)
    rows = tuple((_round_name(one), moment_text(one.opens_at), moment_text(one.closes_at)) for one in rounds)
    lines = [_("Times are Vietnamese time, by the clock of this system; the clock of your phone does not matter.")]
    lines.append(_("A paper begun before a round closes may be finished within its time limit, also after the close."))
    lines.append(
        _("For slow connections an answer still counts up to %(seconds)s seconds after the time limit.")
        % {"seconds": contest.grace_seconds}
    )
    table = Table(_("Rounds"), (_("Round"), _("Opens"), _("Closes")), rows)
    return Section("thoi-gian", _("When"), tuple(lines), tables=(table,) if rows else ())


def _round_name(one: Round) -> str:
    return _("%(title)s (dry run, counts nowhere)") % {"title": one.title} if one.is_dry_run else one.title


_SIGN_UP_WORDS: dict[str, Callable[[], str]] = {
    SignUp.OPEN: lambda: _(
        "You sign up with the details listed under “Personal details”; no code by mail or message is needed. The "
        "organiser checks who you are before a prize is paid."
    ),
    SignUp.MAIL: lambda: _("You sign up with your mail address: a code sent there proves that it is yours."),
    SignUp.SMS: lambda: _("You sign up with your phone number: a code sent there proves that it is yours."),
    SignUp.OIDC: lambda: _("You sign up through another sign-in service."),
}


def _signing_up(contest: Contest) -> Section:
    lines = [
        _SIGN_UP_WORDS[contest.sign_up](),
        _(
            "At the end you get a personal code. It alone opens your paper and finds your result, on any device: "
            "keep it and give it to nobody."
        ),
        _("Whoever has lost the code asks the organiser for a new one; the old one is then void."),
    ]
    return Section("dang-ky", _("Sign-up and personal code"), tuple(lines))


_COUNTING_WORDS: dict[str, Callable[[], str]] = {
    Counting.BEST: lambda: _("Of several attempts in a round the best one counts, by the order of ranking below."),
    Counting.FIRST: lambda: _("Of several attempts in a round the first one counts."),
    Counting.LAST: lambda: _("Of several attempts in a round the last one counts."),
}


def _paper(contest: Contest) -> Section:
    lines = []
    if contest.themes:
        lines.append(_("Themes: %(themes)s.") % {"themes": "; ".join(str(theme) for theme in contest.themes)})
    lines.append(_("A paper takes at most %(time)s.") % {"time": minutes_text(contest.time_limit_seconds)})
    if contest.attempts_per_round is None:
        lines.append(_("In each round you may try as often as you like."))
    else:
        lines.append(
            _("In each round you may try at most %(count)s times.") % {"count": number_text(contest.attempts_per_round)}
        )
    if contest.attempts_per_round != 1:
        lines.append(_COUNTING_WORDS[contest.counting]())
    lines.append(_("A question counts when exactly its right answers are chosen."))
    lines.append(
        _("Each answer is kept when the page says “saved”. When time is up, what was saved is handed in by itself.")
    )
    lines.append(
        _("Your number of right answers is told at once.")
        if contest.shows_score
        else _("Your number of right answers is told with the results.")
    )
    return Section("bai-thi", _("The paper"), tuple(lines))


def _prediction(contest: Contest) -> Section:
    title = _("Prediction")
    if contest.prediction == Prediction.NONE:
        return Section("du-doan", title, ())
    asked = str(Prediction(contest.prediction).label)
    lines = (
        _("In each round you also predict: %(what)s in this round.") % {"what": asked},
        _(
            "The distance is the difference between your number and the true one; smaller is better. One "
            "prediction belongs to each person and round: the last one sent with a paper."
        ),
    )
    return Section("du-doan", title, lines)


def _ranking(contest: Contest) -> Section:
    keys = [str(RankingKey(key).label) for key in contest.ranking]
    order = " → ".join(keys)
    lines = [
        _("Results are ordered by: %(order)s. Each point decides only between those who are equal in all before it.")
        % {"order": order}
    ]
    if RankingKey.DURATION in contest.ranking or RankingKey.MOMENT in contest.ranking:
        lines.append(
            _("Times are measured by the system to a thousandth of a second, from the arrival of your request.")
        )
    lines += _whole_contest(contest)
    lines.append(_("Who is still equal after that and shares a prize place is drawn by lot."))
    lines.append(
        _(
            "The draw follows the published method RFC 3797. The numbered list of those concerned, its SHA-256 "
            "and the future public numbers that will decide are announced before these are known; the transcript "
            "is published. So anybody can repeat the draw with the list and the numbers and find the same names."
        )
    )
    return Section("xep-hang", _("Order of ranking"), tuple(lines))


_WHOLE_WORDS: dict[str, Callable[[], str]] = {
    WholeOrder.SUMS: lambda: _(
        "In the whole contest the counted results of a person's rounds are added up, point by point, and compared in "
        "the same order."
    ),
    WholeOrder.MORE_ROUNDS: lambda: _(
        "In the whole contest the right answers of a person's rounds are added up. With equally many right answers "
        "whoever took part in more rounds comes first; only then are the other points compared, each added up over "
        "the rounds. So nobody gains by leaving a round out."
    ),
}


def _whole_contest(contest: Contest) -> list[str]:
    """How several rounds make one order; empty when there is one round only."""
    real = [one for one in contest.rounds.all() if not one.is_dry_run]
    return [_WHOLE_WORDS[contest.whole_order]()] if len(real) > 1 else []


_UNIT_WORDS: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    UnitRanking.ENTRANTS: (
        lambda: _("Units are ranked by how many people took part."),
        lambda: _("figure of a unit = number of its people with at least one paper handed in"),
    ),
    UnitRanking.RATE: (
        lambda: _("Units are ranked by the share of their people who took part."),
        lambda: _(
            "figure of a unit = people with at least one paper handed in ÷ head count of the unit × 100%; the "
            "head count and its day stand in the table of units"
        ),
    ),
    UnitRanking.AVERAGE_BEST: (
        lambda: _("Units are ranked by the average of their people's counted results."),
        lambda: _(
            "figure of a unit = sum of the right answers in each person's counted paper ÷ number of its people "
            "with a paper handed in"
        ),
    ),
}


def _units(contest: Contest) -> Section:
    title = _("Ranking of units")
    if AskedField.UNIT not in contest.asks:
        return Section("don-vi", title, ())
    words, formula = _UNIT_WORDS[contest.unit_ranking]
    lines = (
        words(),
        _(
            "Compared are the organisations directly under %(organiser)s, whatever their kind, in one list. You "
            "pick your own cell or unit; it counts for the organisation it belongs to."
        )
        % {"organiser": contest.organiser_name},
        _("The list of units is the one of the day it was taken; a unit that ends during the contest keeps its place."),
    )
    return Section("don-vi", title, lines, (formula(),))


def _prizes(contest: Contest) -> Section:
    rules = list(contest.prize_rules.all())
    rows = tuple(_prize_row(rule) for rule in rules)
    lines = []
    if any(rule.subject == PrizeSubject.PERSON for rule in rules):
        if any(rule.scope == PrizeScope.ROUND for rule in rules):
            words = _("One person gets at most %(count)s prizes in a round.")
            lines.append(words % {"count": contest.prize_cap_round})
        if contest.prize_cap_contest is not None:
            words = _("One person gets at most %(count)s prizes in the whole contest.")
            lines.append(words % {"count": contest.prize_cap_contest})
        lines.append(_("Who has reached the cap is passed over and the next in order moves up."))
        lines.append(
            _(
                "The jury decides the prizes by these rules and records its grounds. Before a prize is paid the "
                "organiser checks who the person is."
            )
        )
    heads = (_("Prize"), _("For"), _("Scope"), _("Number"), _("Amount (đồng)"))
    return Section("giai-thuong", _("Prizes"), tuple(lines), tables=(Table(_("Prizes"), heads, rows),) if rows else ())


def _prize_row(rule: PrizeRule) -> tuple[str, ...]:
    amount = number_text(rule.amount) if rule.amount else "–"
    return (
        str(rule.get_rank_display()),
        str(rule.get_subject_display()),
        str(rule.get_scope_display()),
        number_text(rule.count),
        amount,
    )


def _results(contest: Contest) -> Section:
    lines = [
        _(
            "Results name your public number, your unit, the right answers, the time and the moment of the "
            "counted paper."
        )
    ]
    if contest.masks_names:
        lines.append(
            _(
                "Names are published in part (for example “Lò Thị M.”) unless you agreed to your full name; you may "
                "take that back at any time."
            )
        )
    else:
        lines.append(_("Names of the winners are published."))
    lines.append(
        _(
            "With your code you find your own result. The published file holds everything needed to count the "
            "results again."
        )
    )
    if contest.appeal_days:
        lines.append(
            _(
                "Within %(days)s days after the results anybody who took part may appeal with their code; each "
                "appeal is answered with its reasons."
            )
            % {"days": contest.appeal_days}
        )
    lines.append(_("If an answer key proves wrong, all papers are graded again and the change is announced publicly."))
    return Section("ket-qua", _("Results and appeals"), tuple(lines))


def _personal(contest: Contest) -> Section:
    rows = [(_("Full name"), _("to name you in the results and on a prize"))]
    rows += [(str(asked.label), purpose) for asked, purpose in asked_fields(contest)]
    rows.append((_("parent or guardian"), _("only of the young: to keep who agreed")))
    lines = [
        _(
            "Nothing more is asked. The details are kept until %(months)s months after the results and then "
            "deleted; results keep the public number, the unit and the age group."
        )
        % {"months": contest.keep_months},
        _("Only the organising board reads them; each look at a hidden detail is recorded."),
        _(
            "You may see what is kept about you, correct it and take back consent under “My details”, and ask "
            "the organiser to delete it."
        ),
        *_signals(contest),
    ]
    table = Table(_("Personal details"), (_("What"), _("What for")), tuple(rows))
    return Section("du-lieu", _("Personal details"), tuple(lines), tables=(table,))


def _signals(contest: Contest) -> Iterator[str]:
    if not contest.watches_signals:
        yield _("No unusual signs are computed.")
        return
    yield _(
        "Three unusual signs are computed away from the exam: papers far faster than reading allows, the same "
        "wrong answers as others, many sign-ups on one device (a random number that the page makes, no trace of "
        "the device itself)."
    )
    yield _(
        "They only ask a person to look. Nobody loses anything by a machine alone. They are kept as long as the "
        "personal details."
    )


def _changing(contest: Contest) -> Section:
    lines = [_("From the announcement on, every change of these rules is listed publicly with its reason.")]
    if contest.contact:
        lines.append(_("Questions: %(contact)s.") % {"contact": contest.contact})
    return Section("thay-doi", _("Changes and contact"), tuple(lines))


_PARTS: tuple[Callable[[Contest], Section], ...] = (
    _purpose,
    _who,
    _when,
    _signing_up,
    _paper,
    _prediction,
    _ranking,
    _units,
    _prizes,
    _results,
    _personal,
    _changing,
)
