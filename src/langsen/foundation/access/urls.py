"""Addresses of accounts and roles."""

from django.urls import path

from langsen.foundation.access import views

app_name = "access"

urlpatterns = [
    path("", views.grants, name="grants"),
    path("excel/", views.grants_excel, name="grants_excel"),
    path("vai-tro/", views.roles, name="roles"),
    path("cap/", views.give_role, name="give_role"),
    path("<int:pk>/ket-thuc/", views.end_role, name="end_role"),
    path("<int:pk>/mat-khau/", views.reset, name="reset"),
    path("loi-moi/", views.invitations, name="invitations"),
    path("loi-moi/moi/", views.invite, name="invite"),
    path("loi-moi/<int:pk>/lien-ket/", views.renew, name="renew"),
    path("loi-moi/<int:pk>/thu-hoi/", views.withdraw, name="withdraw"),
    path("nhan/<str:token>/", views.accept, name="accept"),
    path("mat-khau-moi/<str:uid>/<str:token>/", views.new_password, name="new_password"),
    path("che-do-ho-tro/", views.staff_mode, name="staff_mode"),
    path("che-do-ho-tro/ket-thuc/", views.end_staff_mode, name="end_staff_mode"),
]
