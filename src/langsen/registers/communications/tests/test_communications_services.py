"""Outputs are recorded once, changed by who saw them, cancelled and restored; links lead to pages and nowhere else."""

from datetime import date, timedelta
from typing import Any

import pytest

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.registers.communications import services
from langsen.registers.communications.models import Output
from langsen.registers.communications.queries import Filters, outputs_for
from langsen.registers.communications.rules import checked_link
from langsen.registers.communications.services import OutputFacts
from langsen.registers.kit.queries import THEN, history_lines
from tests.factories import make_output, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2023, 5, 17)
FACTS = OutputFacts("article", "Gương sáng bản Nà Hoa", DAY, "Cổng thông tin", "https://vi-du.vn/bai?so=1#dau", "Kỳ 1")


def facts(**changed: Any) -> OutputFacts:
    return OutputFacts(**(vars(FACTS) | changed))


def test_an_output_is_recorded_once_and_entry_for_another_unit_is_marked() -> None:
    cell = make_unit("C1")
    output = services.record_output(cell, FACTS, by=make_user(Role.CELL_DEPUTY, cell))
    assert (output.status, output.entered_for_other, output.link) == ("recorded", False, FACTS.link)
    above = make_user(Role.COMMUNE_OFFICER, make_unit("DX"))
    with pytest.raises(NotAllowed):
        services.record_output(cell, facts(title="Khác"), by=above)
    for same in (FACTS, facts(title="GƯƠNG sáng  bản nà hoa"), facts(note="khác")):
        with pytest.raises(BadInput) as caught:
            services.record_output(cell, same, by=system_user())
        assert "title" in caught.value.fields
    services.record_output(cell, facts(channel="Đài truyền thanh"), by=system_user())
    assert Output.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "opera"}, "kind"),
        ({"title": " \u0000 "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"channel": "x" * 201}, "channel"),
        ({"note": "x" * 1001}, "note"),
        ({"published_on": date(1923, 1, 1)}, "published_on"),
        ({"published_on": date(2019, 12, 31)}, "published_on"),
        ({"published_on": today() + timedelta(days=1)}, "published_on"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"paper": SignedPaper("7-KH/ĐU")}, "signed_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(changed: dict[str, Any], field: str) -> None:
    unit = make_unit("C1")
    with pytest.raises(BadInput) as caught:
        services.record_output(unit, facts(**changed), by=system_user())
    assert list(caught.value.fields) == [field]
    with pytest.raises(BadInput):
        services.record_outputs([(unit, FACTS), (unit, facts(**changed))], by=system_user())
    assert not Output.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("vi-du.vn/bai-1", "https://vi-du.vn/bai-1"),
        ("http://vi-du.vn:8080/x", "http://vi-du.vn:8080/x"),
        ("HTTPS://Vi-Du.vn/Đường/Dẫn?q=ấ", "HTTPS://Vi-Du.vn/Đường/Dẫn?q=ấ"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://vi-du.vn/%0aalert(1)", None),
        ("data:text/html,<script>", None),
        ("ftp://vi-du.vn/x", None),
        ("https://", None),
        ("https://vi-du", None),
        ("https://vi-du.vn@xau.vn/", None),
        ("https://vi-du.vn:hai/", None),
        ("https://[::1", None),
        ("bài đăng hôm qua", None),
        ("https://vi-du.vn/" + "x" * 500, None),
    ],
)
def test_a_link_leads_to_a_page_or_is_refused(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(BadInput):
            checked_link(typed)
    else:
        assert checked_link(typed) == kept


def test_a_change_is_told_and_nobody_overwrites_what_they_have_not_seen() -> None:
    output = make_output(make_unit("C1"))
    seen = output.changed_at
    services.change_output(output, FACTS, by=system_user(), seen=seen)
    with pytest.raises(Conflict):
        services.change_output(output, facts(title="Của người sau"), by=system_user(), seen=seen)
    assert Output.objects.get().title == FACTS.title
    services.change_output(Output.objects.get(), FACTS, by=system_user())
    assert [event.verb for event in history_of(output)] == ["output.changed", "output.recorded"]
    told = history_lines(output)[0]["note"]
    assert "Cổng thông tin" in told
    assert "folded" not in told


def test_cancelled_stays_with_its_reason_and_comes_back_unless_recorded_again() -> None:
    cell = make_unit("C1")
    output = services.record_output(cell, FACTS, by=system_user())
    with pytest.raises(BadInput):
        services.cancel_output(output, reason=" ", by=system_user())
    services.cancel_output(output, reason="Ghi nhầm đơn vị", by=system_user())
    with pytest.raises(Conflict):
        services.cancel_output(output, reason="Lần nữa", by=system_user())
    with pytest.raises(Conflict):
        services.change_output(output, facts(title="Khác"), by=system_user())
    again = services.record_output(cell, FACTS, by=system_user())
    with pytest.raises(BadInput):
        services.restore_output(output, by=system_user())
    services.cancel_output(again, reason="Đã có", by=system_user())
    assert services.restore_output(output, by=system_user()).status == "recorded"
    assert Output.objects.get(pk=output.pk).cancel_reason == ""


def test_the_list_is_scoped_searched_without_accents_and_read_in_both_ways() -> None:
    party, other = make_unit("DB", "grassroots_committee"), make_unit("DX", "grassroots_committee")
    cell = make_unit("C1", parent=party, name="Chi bộ Nà Hoa")
    mine = make_output(cell, title="Đẩy mạnh nêu gương", channel="Đài truyền thanh xã")
    make_output(other)
    reader = make_user(Role.VIEWER, party)

    def found(**asked: Any) -> list[Output]:
        return list(outputs_for(reader, Filters(**asked)))

    assert found() == [mine]
    assert found(text="day MANH truyen thanh na hoa") == [mine]
    assert found(unit=party, tree=THEN, kind="article", status="recorded", first=DAY, last=DAY) == [mine]
    for none in ({"text": "khác"}, {"kind": "book"}, {"status": "cancelled"}, {"first": today()}, {"unit": other}):
        assert found(**none) == []
