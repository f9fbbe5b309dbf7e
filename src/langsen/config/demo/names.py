"""Invented names of people, put together from parts in the manner of the peoples of the north-west.

A name is drawn by chance, part by part, so it means nobody. Deterministic for one `Random`.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Manner:
    """How one people names: family names, middle parts and given names for men and women."""

    families: tuple[str, ...]
    men_middles: tuple[str, ...]
    women_middles: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KINH = Manner(
    families=_words("Nguyễn Nguyễn Nguyễn Trần Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Ngô Dương Đoàn Trịnh Mai Cao Tạ Lưu"),
    men_middles=_words("Văn Văn Đức Quang Xuân Thanh Trung Hữu Mạnh Ngọc Đình Tuấn Bá"),
    women_middles=_words("Thị Thị Thị Thu Ngọc Thanh Hồng Bích Phương Kim Thùy"),
    men=_words(
        "An Bảo Bình Chiến Cường Dũng Đạt Định Giang Hà Hải Hiếu Hoàn Huy Hưng Khánh Khoa Kiên Lâm Lộc Long Lực Minh "
        "Nam Nghĩa Phong Phúc Quân Quyết Sơn Tâm Tân Thắng Thành Thịnh Thông Tiến Toàn Trường Tùng Việt Vinh Vượng"
    ),
    women=_words(
        "Ánh Chi Chinh Diệp Dung Duyên Giang Hà Hạnh Hằng Hiền Hoa Hòa Huệ Hương Lan Lệ Liên Linh Loan Mai Mận Mến Nga "
        "Ngân Nhàn Nhung Oanh Quế Quyên Sen Thảo Thoa Thơm Thu Thúy Trang Trinh Tuyết Vân Xuân Yến"
    ),
)
THAI = Manner(
    families=_words("Lò Lò Lò Lường Quàng Tòng Cà Vì Cầm Hoàng Hà Lừ Điêu Mào Khoàng Ngần"),
    men_middles=_words("Văn Văn Văn Văn Khăm Minh Xuân Ngọc"),
    women_middles=_words("Thị Thị Thị Thị Thu Hồng"),
    men=_words(
        "Ánh Biên Chung Cương Diện Hặc Hòa Inh Khụt Lả Lún Muôn Nọi Panh Phanh Phiêng Pọm Siêng Sơi Tiện Un Xôm"
    ),
    women=_words("Bun Chính Dọn Đôi É Hặc Hoan Inh Lả Lan Muôn Nọi Ơn Panh Phương Pâng Sươi Thoa Tiện Vân Xiên Yêu"),
)
MONG = Manner(
    families=_words("Giàng Giàng Vàng Sùng Thào Mùa Hạng Lầu Ly Cứ Má Hờ Chang Tráng Lù Sừ"),
    men_middles=_words("A A A A Seo Páo"),
    women_middles=_words("Thị Thị Thị Seo"),
    men=_words("Chìa Chinh Chống Chu Của Dế Dinh Dơ Khua Lử Nhè Páo Phừ Sà Sáng Sình Súa Tằng Thái Tính Tủa Vảng Vừ"),
    women=_words("Chở Chứ Cở Dí Dợ Dua Ka Mai Máy Mị Mo Mỷ Nhìa Pà Pàng Sáy Say Só Súa Súng Vá Xua"),
)
TAY = Manner(
    families=_words("Nông Nông Hoàng Lương Ma Triệu Đàm Bế Lộc Chu La Lý"),
    men_middles=_words("Văn Văn Đức Quốc Hải Trung"),
    women_middles=_words("Thị Thị Thị Thu Bích"),
    men=_words("Bằng Biên Chiến Cầu Dân Doanh Đoàn Hảo Hiệu Khải Kỳ Luân Lương Nghiệp Nhâm Phù Quyền Sảng Thế Vĩ"),
    women=_words("Chiên Cúc Điệp Én Hậu Hoài Huế Kiều Lịch Liễu Ngoan Nguyệt Nhuận Sâm Thắm Thiêm Tươi Viền Yên"),
)
DAO = Manner(
    families=_words("Phàn Phàn Chẻo Tẩn Tẩn Lý Bàn Triệu Đặng Phùng"),
    men_middles=_words("Sành Láo Vần Văn Chòi Tài Kim"),
    women_middles=_words("Mùi Mẩy Mùi Thị Lở Tả"),
    men=_words("Chiêu Chuyền Dào Diết Kinh Lìn Lụa Nhàn Pao Phây Quẩy Sếnh Sơn Tá Tiến Tỉn Vảng Vầy"),
    women=_words("Chài Chiêu Coi Diện Ghển Khé Lai Mấy Mủi Nái Nảy Nhẩy Pham Pết San Sểnh Viện"),
)
HIGHLAND = (KINH, THAI, MONG, TAY, DAO)


def person_name(random: Random, shares: tuple[float, float, float, float, float]) -> tuple[str, str]:
    """Return (full name, sex "m" or "f"); `shares` weigh Kinh, Thái, Mông, Tày and Dao manners."""
    manner = random.choices(HIGHLAND, shares)[0]
    if random.random() < 0.57:
        middles, given, sex = manner.men_middles, manner.men, "m"
    else:
        middles, given, sex = manner.women_middles, manner.women, "f"
    return f"{random.choice(manner.families)} {random.choice(middles)} {random.choice(given)}", sex
