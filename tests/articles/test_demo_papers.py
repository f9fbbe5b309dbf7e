"""The demonstration's photos and papers: drawn by code, kept like anybody's, attached by the accounts of the demo."""

from pathlib import Path
from typing import Any

import pytest

from langsen.config.demo import muong_sen_papers
from langsen.config.demo.worlds import Stage
from langsen.foundation.accounts.services import system_user
from tests.factories import make_session, make_tree, make_user


@pytest.mark.django_db
def test_meetings_of_the_demo_show_pictures(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    tree = make_tree(**{"MSE": ("province", None), "MSE-XNX": ("agencies", "MSE"), "MSE-XNX-A4": ("cell", "MSE-XNX")})
    make_user("province_officer", tree["MSE"], "tinh.chuyenvien")
    make_user("cell_secretary", tree["MSE-XNX-A4"], "chibo.bithu")
    above, cell = make_session(tree["MSE"]), make_session(tree["MSE-XNX-A4"])
    muong_sen_papers.load(Stage(by=system_user(), say=lambda words: None))
    attached = {row.file.name: row for row in above.evidence.all()}
    assert sorted(row.file.format for row in attached.values()) == ["docx", "jpg", "jpg", "pdf"]
    assert [row.is_signed_paper for row in attached.values()] == [False, False, False, True]
    assert {row.added_by.username for row in cell.evidence.all()} == {"chibo.bithu"}
    assert all("minh họa" in row.caption for row in cell.evidence.all())
