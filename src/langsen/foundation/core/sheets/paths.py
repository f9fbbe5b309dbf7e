"""The addresses of an import, for a register's own `urls.py`."""

from django.urls import URLPattern, path

from langsen.foundation.core.sheets import views


def import_paths(kind_code: str, name: str) -> list[URLPattern]:
    """Return the four pages of an import, named `<name>_import`, `_import_run`, `_import_rejected`, `_import_template`.

    Use `path("nhap/", include(import_paths("people", "roster")))` and set the kind's `url_prefix` to match.
    """
    kind = {"kind_code": kind_code}
    return [
        path("", views.start, kind, name=f"{name}_import"),
        path("mau.xlsx", views.template, kind, name=f"{name}_import_template"),
        path("<int:pk>/", views.run_page, kind, name=f"{name}_import_run"),
        path("<int:pk>/can-sua.xlsx", views.rejected, kind, name=f"{name}_import_rejected"),
    ]
