"""The addresses of contests."""

from django.urls import URLPattern, URLResolver, include, path

from langsen.contests.contests.views import entering, entrant_acts, entrants, office, office_parts, own_details, public
from langsen.foundation.core.sheets.paths import import_paths

app_name = "contests"

_PUBLIC: list[URLPattern] = [
    path("cuoc-thi/", public.contest_list, name="public_contests"),
    path("cuoc-thi/<slug:slug>/", public.contest_page, name="public_contest"),
    path("cuoc-thi/<slug:slug>/the-le/", public.rules_page, name="public_rules"),
    path("cuoc-thi/<slug:slug>/thay-doi/", public.changes_page, name="public_changes"),
    path("cuoc-thi/<slug:slug>/dang-ky/", entering.sign_up_page, name="sign_up"),
    path("cuoc-thi/<slug:slug>/dang-ky/don-vi/", entering.find_units, name="find_units"),
    path("cuoc-thi/<slug:slug>/ma-cua-toi/", entering.my_code, name="my_code"),
    path("cuoc-thi/<slug:slug>/ma-cua-toi/cat/", entering.put_code_away, name="put_code_away"),
    path("cuoc-thi/<slug:slug>/vao-thi/", entering.enter, name="enter"),
    path("cuoc-thi/<slug:slug>/cua-toi/", own_details.mine, name="mine"),
    path("cuoc-thi/<slug:slug>/cua-toi/dong/", own_details.close_mine, name="close_mine"),
]

_OFFICE = "to-chuc-thi/<int:pk>/nguoi-du-thi/"
_ENTRANTS: list[URLPattern] = [
    path(_OFFICE, entrants.entrants, name="entrants"),
    path(f"{_OFFICE}excel/", entrants.entrants_excel, name="entrants_excel"),
    path(f"{_OFFICE}xoa-thong-tin/", entrants.forget, name="forget_entrants"),
    path(f"{_OFFICE}dau-hieu/", entrant_acts.flags, name="entrant_flags"),
    path(f"{_OFFICE}dau-hieu/<int:flag>/", entrant_acts.decide_flag, name="decide_entrant_flag"),
    path(f"{_OFFICE}<int:number>/", entrants.entrant_page, name="entrant"),
    path(f"{_OFFICE}<int:number>/xem/", entrants.reveal_entrant, name="reveal_entrant"),
    path(f"{_OFFICE}<int:number>/ma-moi/", entrant_acts.new_code, name="new_entrant_code"),
    path(f"{_OFFICE}<int:number>/<slug:act>/", entrant_acts.entrant_act, name="entrant_act"),
]

_ONE = "to-chuc-thi/<int:pk>/"
_BOARD: list[URLPattern | URLResolver] = [
    path("to-chuc-thi/", office.contest_list, name="contests"),
    path("to-chuc-thi/excel/", office.contest_list_excel, name="contests_excel"),
    path("to-chuc-thi/moi/", office.open_page, name="open"),
    path("to-chuc-thi/nhap-don-vi/", include(import_paths("contest_units", "units"))),
    path(_ONE, office.contest_page, name="contest"),
    path(f"{_ONE}the-le/", office.change_page, name="change"),
    path(f"{_ONE}cong-bo/", office.announce_page, name="announce"),
    path(f"{_ONE}huy/", office.cancel_page, name="cancel"),
    path(f"{_ONE}theo-doi/", office.monitor_page, name="monitor"),
    path(f"{_ONE}vong/", office_parts.rounds_page, name="rounds"),
    path(f"{_ONE}vong/them/", office_parts.round_page, name="round_add"),
    path(f"{_ONE}vong/<int:number>/", office_parts.round_page, name="round"),
    path(f"{_ONE}vong/<int:number>/bo/", office_parts.remove_round_page, name="round_remove"),
    path(f"{_ONE}giai-thuong/", office_parts.prizes_page, name="prizes"),
    path(f"{_ONE}don-vi/", office_parts.units_page, name="units"),
    path(f"{_ONE}don-vi/them/", office_parts.add_unit_page, name="unit_add"),
    path(f"{_ONE}don-vi/xoa-het/", office_parts.empty_units_page, name="units_empty"),
    path(f"{_ONE}don-vi/excel/", office_parts.units_excel, name="units_excel"),
    path(f"{_ONE}don-vi/<int:unit>/", office_parts.head_count_page, name="head_count"),
    path(f"{_ONE}khong-du-thi/", office_parts.barred_page, name="barred"),
    path(f"{_ONE}khong-du-thi/<int:person>/bo/", office_parts.lift_bar_page, name="lift_bar"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_PUBLIC, *_ENTRANTS, *_BOARD]
