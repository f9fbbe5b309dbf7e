"""The addresses of a register's pictures and papers, for its own `urls.py`."""

from django.urls import URLPattern, path

from langsen.foundation.evidence import views
from langsen.foundation.evidence.pages import EvidencePages


def evidence_paths(pages: EvidencePages) -> list[URLPattern]:
    """Return the pages, named as `pages.prefix` without namespace, with `_file`, `_thumbnail`, `_caption`, `_detach`.

    Use `path("hoi-nghi/<int:pk>/tai-lieu/", include(evidence_paths(SESSION_EVIDENCE)))`: the record is `pk`.
    """
    name, options = pages.prefix.partition(":")[2], {"pages": pages}
    return [
        path("", views.attach_page, options, name=name),
        path("<int:file>/", views.file_page, options, name=f"{name}_file"),
        path("<int:file>/nho.jpg", views.thumbnail, options, name=f"{name}_thumbnail"),
        path("<int:file>/chu-thich/", views.caption_page, options, name=f"{name}_caption"),
        path("<int:file>/go/", views.detach_page, options, name=f"{name}_detach"),
    ]
