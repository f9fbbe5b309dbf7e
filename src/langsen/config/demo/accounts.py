"""Demo accounts: one for each role, below Mường Sen, and one province officer of Lai Châu."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from langsen.config.demo.worlds import Stage
from langsen.foundation.access.enums import Role
from langsen.foundation.access.services.grants import grant_role
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import create_account
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.queries import unit_by_code
from langsen.foundation.people.enums import PersonClass
from langsen.foundation.people.models import Person
from langsen.foundation.people.services import ask_correction, link_account


@dataclass(frozen=True)
class DemoAccount:
    """An account, whom it plays and where. `words` tell a visitor at the terminal."""

    username: str
    full_name: str
    role: Role
    unit: str
    words: str


CELL = "MSE-XNX-A4"
ACCOUNTS = (
    DemoAccount("quantri", "Quàng Minh Siêng", Role.ADMIN, "MSE", "quản trị hệ thống"),
    DemoAccount("tinh.chuyenvien", "Nông Thị Thắm", Role.PROVINCE_OFFICER, "MSE", "chuyên viên cấp tỉnh, Mường Sen"),
    DemoAccount("thuongtruc", "Lò Khăm Phiêng", Role.STANDING_MEMBER, "MSE", "thường trực, Ban Thường vụ"),
    DemoAccount("tochuc", "Bế Quốc Hảo", Role.ORGANISATION_OFFICER, "MSE", "chuyên viên Ban Tổ chức"),
    DemoAccount("xa.chuyenvien", "Lường Thị Ơn", Role.COMMUNE_OFFICER, "MSE-XNX", "chuyên viên cấp xã, xã Nậm Xanh"),
    DemoAccount("xa.vanthu", "Tẩn Mùi Chiêm", Role.CLERK, "MSE-XNX", "văn thư, xã Nậm Xanh"),
    DemoAccount(
        "coso.bithu", "Đoàn Hữu Quyết", Role.GRASSROOTS_SECRETARY, "MSE-UBT-BV", "cấp ủy cơ sở, Đảng bộ Bệnh viện"
    ),
    DemoAccount("chibo.bithu", "Vàng A Tủa", Role.CELL_SECRETARY, CELL, "bí thư chi bộ ở xã Nậm Xanh"),
    DemoAccount("chibo.chiuy", "Giàng Thị Mỷ", Role.CELL_DEPUTY, CELL, "chi ủy viên được phân công, cùng chi bộ"),
    DemoAccount("dangvien", "", Role.MEMBER, CELL, "đảng viên, cùng chi bộ"),
    DemoAccount("thi.tochuc", "Lừ Thị Dọn", Role.CONTEST_ORGANISER, "MSE", "Ban Tổ chức cuộc thi"),
    DemoAccount("giamkhao", "Triệu Quốc Doanh", Role.JUDGE, "MSE", "giám khảo cuộc thi"),
    DemoAccount("nguoixem", "Chẻo Tả Mấy", Role.VIEWER, "MSE", "người xem"),
    DemoAccount(
        "lch.chuyenvien",
        "Tòng Văn Chung",
        Role.PROVINCE_OFFICER,
        "LCH",
        "chuyên viên cấp tỉnh, Lai Châu",
    ),
)


def password_file() -> Path:
    """Where the password of the demo accounts is noted for whoever runs this installation."""
    return Path(settings.RUNTIME_DIR) / "demo-password"


def entrant_code_file() -> Path:
    """Where the personal code of the demonstration's entrant is noted, with which anybody may sit the open quiz."""
    return Path(settings.RUNTIME_DIR) / "demo-entrant-code"


def load(stage: Stage) -> None:
    """Make the accounts. The file is written first: a password nobody can read would lock the demo."""
    stage.say("Demo accounts")
    note(password_file(), stage.password)
    member = _a_member()
    for account in ACCOUNTS:
        unit = unit_by_code(account.unit)
        user = create_account(
            username=account.username,
            display_name=account.full_name or member.full_name,
            password=None,
            is_operator=account.role == Role.ADMIN,  # so that staff mode can be seen
            unit_id=unit.pk,
            by=stage.by,
        )
        grant_role(user=user, role=account.role, org_unit=unit, by=stage.by)
        if account.role == Role.MEMBER:
            link_account(member, user, by=stage.by)
            ask_correction(member, text="Ngày vào Đảng ghi ở đây chậm một tháng so với quyết định kết nạp.", by=user)
    # They share one password, so it is hashed once: hashing is slow on purpose.
    usernames = [account.username for account in ACCOUNTS]
    User.objects.filter(username__in=usernames).update(password=make_password(stage.password))


def _a_member() -> Person:
    """The first member of the cell, in whose name one may look at "what is held about me"."""
    return (
        Person.objects.filter(
            memberships__org_unit__code=CELL,
            memberships__person_class=PersonClass.FULL_MEMBER,
            memberships__during__contains=today(),
        )
        .order_by("pk")[:1]
        .get()
    )


def note(path: Path, words: str) -> None:
    """Write a file only whoever runs this installation can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(words + "\n")
