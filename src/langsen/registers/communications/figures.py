"""Row 22 of the catalogue: what units published, in parts by kind, at the unit of the output on its day."""

from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.figures.catalogue import Figure
from langsen.registers.communications.enums import OutputKind
from langsen.registers.communications.models import Output
from langsen.registers.kit.figures import flow, lines_of, rows_by_kind

OUTPUTS = rows_by_kind(
    "communications",
    Output,
    {
        OutputKind.COLUMN: "columns_shown",
        OutputKind.ARTICLE: "articles",
        OutputKind.BOOK: "books",
        OutputKind.FANPAGE: "posts",
        OutputKind.PANEL: "panels",
    },
    day="published_on",
    where="status = 'recorded'",
    permission=Permission.COMMUNICATIONS_READ,
    describe=lines_of(Output.objects.all, title="title", day="published_on"),
)

_O = "programmes.communication_outputs"

FIGURES: tuple[Figure, ...] = (
    flow(22, _O, _("Communication outputs published"), OUTPUTS, "total", noun=_("outputs")),
    flow(22, f"{_O}.column", _("columns and programmes"), OUTPUTS, "columns_shown", parent=_O, breakdown="kind"),
    flow(22, f"{_O}.article", _("news items and articles"), OUTPUTS, "articles", parent=_O, breakdown="kind"),
    flow(22, f"{_O}.book", _("books and documents"), OUTPUTS, "books", parent=_O, breakdown="kind"),
    flow(22, f"{_O}.fanpage", _("fanpage posts"), OUTPUTS, "posts", parent=_O, breakdown="kind"),
    flow(22, f"{_O}.panel", _("panels and slogans"), OUTPUTS, "panels", parent=_O, breakdown="kind"),
    flow(22, f"{_O}.other", _("other outputs"), OUTPUTS, "other", parent=_O, breakdown="kind"),
)
