"""What stands around a section while it is written: the outline with its marks, facts of numbers, typed numbers."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.foundation.orgs.models import OrgUnit
from langsen.reports.document import Content, paper_of
from langsen.reports.models import Report, ReportSection
from langsen.reports.queries.numbers import Changed, Key, figure_name, held_numbers, printed_token
from langsen.reports.queries.texts import candidates_for, lower_texts, repeated_text
from langsen.reports.text.openings import is_unwritten, openings_in
from langsen.reports.text.printing import printed
from langsen.reports.text.tokens import Token, broken_in, canonical, shown, tokens_in
from langsen.reports.text.typed import TypedNumber, typed_numbers
from langsen.reports.views.drawing import Drawing, base_text, dated, now_words

AROUND = 24  # letters of the sentence quoted beside a typed number


def key_text(key: Key) -> str:
    """Return code@UNIT, as a token names it."""
    return f"{key[0]}@{key[1]}" if key[1] else key[0]


def key_of(text: str) -> Key:
    code, _at, unit = text.partition("@")
    return code, unit


class SectionPage:
    """The values of the page around one section."""

    def __init__(
        self,
        report: Report,
        sections: list[ReportSection],
        section: ReportSection,
        changes: Mapping[Key, Changed],
        *,
        chosen: str,
    ) -> None:
        self.report, self.sections, self.section, self.changes = report, sections, section, changes
        self.chosen = chosen
        self.numbers = held_numbers(report)
        self.drawing = Drawing(report, self.numbers)

    def shown_body(self, body: str) -> str:
        """Return the text with the value of each number before its bar."""
        return shown(body, lambda token: printed_token(token, self.numbers).text)

    def values(self, body: str) -> dict[str, Any]:
        """Return what the template needs beside the form; `body` is the text in it, saved or not."""
        text = canonical(body)
        loose = self._loose(text)
        return {
            "outline": self._outline(),
            "paper": paper_of(self.report, Content((), {}, ())),
            "dated": dated(self.report),
            "facts": self._facts(text),
            "loose": loose,
            "loose_words": [row["typed"] for row in loose],
            "loose_title": ngettext(
                "%(count)s number without a source", "%(count)s numbers without a source", len(loose)
            )
            % {"count": len(loose)},
            "repeated": [
                sentence
                for row in repeated_text(self.report)
                if row.section.pk == self.section.pk
                for sentence in row.sentences
            ],
            "lower": [
                {"text": row, "lines": self.drawing.lines(row.text), "href": row.report.get_absolute_url()}
                for row in lower_texts(self.report, self.section.position)
            ],
            **self._stale(),
        }

    def _stale(self) -> dict[str, Any]:
        count = sum(1 for change in self.changes.values() if not change.problem)
        title = ngettext("%(count)s number has changed", "%(count)s numbers have changed", count)
        return {
            "stale_count": count,
            "stale_title": title % {"count": count},
            "update_all": _("Update all numbers of the report"),
        }

    def _outline(self) -> list[dict[str, Any]]:
        base = reverse("reports:edit", args=[self.report.pk])
        rows = []
        for section in self.sections:
            mends = self._mends(section)
            is_filled = not is_unwritten(section.body)
            words = _("must be filled") if section.is_required else _("nothing written yet")
            if mends:
                words = ngettext("%(count)s thing to mend", "%(count)s things to mend", mends) % {"count": mends}
            rows.append(
                {
                    "href": f"{base}?section={section.position}",
                    "heading": section.heading,
                    "current": section.pk == self.section.pk,
                    "mends": mends,
                    "words": words,
                    "is_filled": is_filled,
                }
            )
        return rows

    def _mends(self, section: ReportSection) -> int:
        tokens = tokens_in(section.body)
        faulty = sum(1 for one in tokens if one.key in self.changes or printed_token(one, self.numbers).problem)
        unwritten = 0 if is_unwritten(section.body) else len(openings_in(section.body))
        return faulty + unwritten + len(broken_in(section.body)) + len(typed_numbers(section.body))

    def _facts(self, body: str) -> list[dict[str, Any]]:
        tokens = {token.key: token for token in reversed(tokens_in(body))}
        keys = list(dict.fromkeys(token.key for token in tokens_in(body)))
        units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=[key[1] for key in keys if key[1]])}
        facts = [self._fact(tokens[key], units) for key in keys]
        if facts and not any(fact["is_open"] for fact in facts):
            next((fact for fact in facts if fact["changed"] or fact["problem"]), facts[0])["is_open"] = True
        return facts

    def _fact(self, token: Token, units: Mapping[str, OrgUnit]) -> dict[str, Any]:
        number = self.numbers.get(token.key)
        change = self.changes.get(token.key)
        live = change.live if change and not change.problem else ""
        unit = units.get(token.unit_code) if token.unit_code else self.report.org_unit
        return {
            "key": key_text(token.key),
            "name": figure_name(token.code),
            "text": printed(number).text if number else "–",
            "unit": unit.name if unit else token.unit_code,
            "base": base_text(number) if number else "",
            "taken_at": number.taken_at if number else None,
            "href": self.drawing.href(token),
            "changed": now_words(live) if live else "",
            "update": _("Update to %(value)s") % {"value": live} if live else "",
            "problem": change.problem if change and change.problem else printed_token(token, self.numbers).problem,
            "is_open": key_text(token.key) == self.chosen,
        }

    def _loose(self, body: str) -> list[dict[str, Any]]:
        if not typed_numbers(body):
            return []
        return [
            _loose_row(body, place, typed)
            for place, typed in enumerate(typed_numbers(body, candidates_for(self.report)))
        ]


def _loose_row(body: str, place: int, typed: TypedNumber) -> dict[str, Any]:
    line_start = body.rfind("\n", 0, typed.start) + 1
    line_end = body.find("\n", typed.end)
    before = body[max(line_start, typed.start - AROUND) : typed.start]
    after = body[typed.end : min(typed.end + AROUND, line_end if line_end >= 0 else len(body))]
    offers = []
    if typed.may_be:
        text = printed(typed.may_be.number).text
        key = key_text(typed.may_be.token.key)
        offers.append(
            {
                "text": text,
                "name": typed.may_be.name,
                "act": f"bind:{place}|{typed.text}|{key}",
                "label": _("Replace with the number %(value)s") % {"value": text},
            }
        )
    return {
        "typed": typed.text,
        "before": _words_after_cut(before, is_start=True),
        "after": _words_after_cut(after, is_start=False),
        "offers": offers,
    }


def _words_after_cut(text: str, *, is_start: bool) -> str:
    """Leave out a word cut in two, and tokens, at the outer end of a quotation."""
    text = text.replace("{", " ").replace("}", " ")
    if len(text) < AROUND:
        return text
    return text[text.find(" ") + 1 :] if is_start else text[: text.rfind(" ")] + "…"
