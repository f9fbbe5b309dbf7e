"""Addresses of the roster."""

from django.urls import include, path

from langsen.foundation.core.sheets.paths import import_paths
from langsen.foundation.people.views import belonging, changing, correcting, exchange, looking

app_name = "people"

urlpatterns = [
    path("", looking.roster, name="roster"),
    path("xuat.xlsx", exchange.export, name="roster_export"),
    path("nhap/", include(import_paths("people", "roster"))),
    path("them/", changing.add, name="add"),
    path("don-vi-chia/<str:code>/", belonging.divided, name="divided"),
    path("toi/", correcting.me, name="me"),
    path("toi/de-nghi/", correcting.ask, name="ask"),
    path("de-nghi/", correcting.corrections, name="corrections"),
    path("de-nghi/<int:pk>/", correcting.correction, name="correction"),
    path("<int:pk>/", looking.person_page, name="person"),
    path("<int:pk>/hien/", looking.reveal, name="reveal"),
    path("<int:pk>/in/", looking.print_page, name="print"),
    path("<int:pk>/in-du/", looking.print_revealed, name="print_revealed"),
    path("<int:pk>/sua/", changing.change, name="change"),
    path("<int:pk>/tai-khoan/", changing.link_account, name="link_account"),
    path("<int:pk>/de-nghi/", correcting.ask_for, name="ask_for"),
    path("<int:pk>/them-don-vi/", belonging.add_membership, name="add_membership"),
    path("<int:pk>/chuyen/<int:membership>/", belonging.transfer, name="transfer"),
    path("<int:pk>/ket-thuc/<int:membership>/", belonging.end, name="end_membership"),
    path("<int:pk>/chinh-thuc/<int:membership>/", belonging.full_member, name="full_member"),
    path("<int:pk>/chuc-vu/", changing.give_post, name="give_post"),
    path("<int:pk>/chuc-vu/<int:post>/", changing.end_post, name="end_post"),
    path("<int:pk>/mien/", changing.exempt, name="exempt"),
    path("<int:pk>/mien/<int:exemption>/", changing.end_exemption, name="end_exemption"),
]
