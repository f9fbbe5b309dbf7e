"""Sample data of the style page, where all components stand together."""

from datetime import date, datetime
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.forms import DayField
from langsen.foundation.core.web import page_of

MODES = [("", _("All")), ("direct", "Trực tiếp"), ("online", "Trực tuyến")]
UNITS = ("Phường Hoa Ban", "Phường Suối Trong", "Phường Đồi Chè", "Xã Nậm Xanh", "Xã Bản Mới", "Xã Thung Mây")
PAST_MONTHS = 9


class SampleFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    mode = forms.ChoiceField(label="Hình thức", choices=MODES, required=False)
    held_on = DayField(label="Từ ngày", required=False)


class SampleForm(forms.Form):
    title = forms.CharField(label="Nội dung sinh hoạt", help_text="Ví dụ: Học tập chuyên đề năm 2023, quý III")
    held_on = DayField(label="Ngày tổ chức")
    attendance = forms.IntegerField(label="Số tham dự")
    mode = forms.ChoiceField(label="Hình thức", choices=MODES[1:])
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea)
    conclusion = forms.ChoiceField(label="Kết luận", choices=MODES[1:], widget=forms.RadioSelect)
    confirmed = forms.BooleanField(label="Đã đối chiếu với biên bản", required=False)
    scan = forms.FileField(label="Biên bản (ảnh chụp hoặc PDF)", required=False)


def samples(request: HttpRequest) -> dict[str, object]:
    """Everything the style page draws."""
    now = timezone.now()
    wrong = SampleForm({"title": "", "held_on": "31/2/2023", "attendance": "57"})
    return {
        "filter_form": SampleFilter(request.GET or {"q": "lao cai", "mode": "direct"}),
        "form": wrong,
        "page": page_of(request, [_row(number) for number in range(1, 131)], 6),
        "trend": [71.5, 79.0, 84.2, 90.1, 94.0, 97.2, 98.7],
        "history": _history(now),
        "months": [str(number) for number in range(1, 13)],
        "heat": [_heat_row(index, unit) for index, unit in enumerate(UNITS)],
        "ranked": [{"label": unit, "value": 61 - 9 * index, "href": "#"} for index, unit in enumerate(UNITS)],
        "tabs": [
            {"label": "Thông tin", "href": "#", "current": True},
            {"label": "Điểm cầu", "href": "#", "count": 61},
            {"label": "Điểm danh", "href": "#", "count": 2701},
        ],
        "series": [
            {"name": "Năm 2023", "values": [12, 18, 25, 31, 29, 40, 44, 52, 61, None, None, None]},
            {"name": "Năm 2022", "values": [10, 14, 19, 22, 30, 31, 35, 37, 41, 45, 50, 58]},
        ],
        "tones": ["ok", "warn", "bad", "info", "honour", "idle"],
    }


def _row(number: int) -> SimpleNamespace:
    return SimpleNamespace(
        held_on=date(2023, 9, 1 + number % 28),
        title=f"Sinh hoạt chuyên đề quý III, buổi {number}",
        unit=UNITS[number % len(UNITS)],
        attendance=37 + number * 13,
        state=("Đã tổ chức", "ok") if number % 3 else ("Dự kiến", "idle"),
    )


def _history(now: datetime) -> list[dict[str, object]]:
    return [
        {"at": now, "text": "Đã ghi nhận buổi sinh hoạt", "by": "Lò Văn Bình, Bí thư chi bộ"},
        {"on": date(2023, 9, 12), "text": "Đổi ngày tổ chức từ 11/9/2023 thành 12/9/2023", "note": "Nhập thay"},
    ]


def _heat_row(index: int, unit: str) -> dict[str, object]:
    cells = []
    for month in range(12):
        silent = index == 4 and month > 3
        level: object = "future" if month >= PAST_MONTHS else None if silent else 1 + (index * 5 + month * 3) % 3
        cells.append({"level": level, "text": f"{unit}, tháng {month + 1}"})
    return {"label": unit, "href": "#", "cells": cells}
