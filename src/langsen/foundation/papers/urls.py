"""Addresses of the forms of documents."""

from django.urls import path

from langsen.foundation.papers import views

app_name = "papers"

urlpatterns = [
    path("", views.heads, name="heads"),
    path("kem-theo/<slug:profile>/", views.shipped_file, name="shipped_file"),
    path("dau-van-ban/<int:pk>/ket-thuc/", views.end_head, name="head_end"),
    path("tep/<int:pk>/", views.own_file, name="own_file"),
    path("tep/<int:pk>/ket-thuc/", views.end_letterhead, name="letterhead_end"),
    path("so/<int:pk>/khong-dung/", views.void_number, name="number_void"),
    path("don-vi/<str:code>/", views.unit_page, name="unit"),
    path("don-vi/<str:code>/<slug:layout>/sua/", views.edit_head, name="head_edit"),
    path("don-vi/<str:code>/<slug:layout>/mau/", views.preview, name="preview"),
    path("don-vi/<str:code>/<slug:layout>/tep/", views.file_in_force, name="file"),
    path("don-vi/<str:code>/<slug:layout>/thay-tep/", views.upload_letterhead, name="letterhead_upload"),
    path("don-vi/<str:code>/<slug:layout>/so/", views.numbers, name="numbers"),
    path("don-vi/<str:code>/<slug:layout>/so/mo/", views.open_book, name="book_open"),
    path("don-vi/<str:code>/<slug:layout>/so/lay/", views.reserve_number, name="number_reserve"),
]
