"""The addresses of results."""

from django.urls import URLPattern, path

from langsen.contests.results.views import jury, office, public, standings

app_name = "results"
_OF = "cuoc-thi/<slug:slug>"
_DESK = "ket-qua-thi/<int:pk>"
urlpatterns: list[URLPattern] = [
    path(f"{_OF}/ket-qua/", public.results, name="public_results"),
    path(f"{_OF}/ket-qua/excel/", public.results_excel, name="public_results_excel"),
    path(f"{_OF}/ket-qua/pdf/", public.results_paper, name="public_results_pdf"),
    path(f"{_OF}/ket-qua/co-cau/excel/", public.parts_excel, name="public_parts_excel"),
    path(f"{_OF}/don-vi/", public.units, name="public_units"),
    path(f"{_OF}/don-vi/excel/", public.units_excel, name="public_units_excel"),
    path(f"{_OF}/tra-cuu/", public.find, name="public_find"),
    path(f"{_OF}/tra-cuu/chung-nhan/", public.certificate, name="public_certificate"),
    path(f"{_OF}/boc-tham/", public.draws, name="public_draws"),
    path(f"{_OF}/cham-lai/", public.regradings, name="public_regradings"),
    path(f"{_OF}/kiem-chung/", public.verification, name="public_verify"),
    path(f"{_OF}/kiem-chung/goi-ket-qua/", public.bundle, name="public_bundle"),
    path("ket-qua-thi/", office.contests, name="contests"),
    path(f"{_DESK}/", office.contest, name="contest"),
    path(f"{_DESK}/xet-giai/", office.begin_judging, name="begin_judging"),
    path(f"{_DESK}/cong-bo/", office.publish, name="publish"),
    path(f"{_DESK}/vong/<int:number>/cong-bo/", office.publish_round, name="publish_round"),
    path(f"{_DESK}/bang-xep-hang/", standings.standings, name="standings"),
    path(f"{_DESK}/bang-xep-hang/excel/", standings.standings_excel, name="standings_excel"),
    path(f"{_DESK}/co-cau/", standings.parts, name="parts"),
    path(f"{_DESK}/co-cau/excel/", standings.parts_excel, name="parts_excel"),
    path(f"{_DESK}/ket-qua/pdf/", standings.paper, name="paper"),
    path(f"{_DESK}/giai-thuong/", jury.prizes, name="prizes"),
    path(f"{_DESK}/giai-thuong/de-xuat/", jury.propose, name="propose"),
    path(f"{_DESK}/giai-thuong/<int:award>/<slug:what>/", jury.decide, name="decide"),
    path(f"{_DESK}/boc-tham/", jury.draws, name="draws"),
    path(f"{_DESK}/boc-tham/<int:tie>/cong-bo/", jury.announce_draw, name="announce_draw"),
    path(f"{_DESK}/boc-tham/<int:draw>/boc/", jury.hold_draw, name="hold_draw"),
    path(f"{_DESK}/cham-lai/", jury.regradings, name="regradings"),
    path(f"{_DESK}/phan-tich/", office.items, name="items"),
    path(f"{_DESK}/dau-hieu/", office.signals, name="signals"),
    path(f"{_DESK}/khieu-nai/", office.appeals, name="appeals"),
    path(f"{_DESK}/khieu-nai/<int:appeal>/", office.appeal, name="appeal"),
]
