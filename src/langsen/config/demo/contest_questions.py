"""Nineteen questions of our own on the two themes of S0's contest; each names what it can be looked up in.

Facts checked against: the letter of 11/3/1948 as quoted by bqllang.gov.vn and congan.binhphuoc.gov.vn; the Call of
11/6/1948 as reprinted by ubmttq.dongnai.gov.vn; banthiduakhenthuongtw.gov.vn on what came before it.
"""

from dataclasses import dataclass

TEACHINGS = "Sáu điều Bác Hồ dạy Công an nhân dân"
CALL = "Lời kêu gọi thi đua ái quốc"
_LETTER = "Thư của Chủ tịch Hồ Chí Minh gửi Giám đốc Công an Khu XII, ngày 11/3/1948 (Hồ Chí Minh: Toàn tập, tập 5)"
_APPEAL = "Lời kêu gọi thi đua ái quốc, 11/6/1948, báo Cứu quốc số 968 ngày 24/6/1948 (Hồ Chí Minh: Toàn tập, tập 5)"
_HISTORY = "Ban Thi đua - Khen thưởng Trung ương: tư liệu về phong trào thi đua ái quốc năm 1948"


@dataclass(frozen=True)
class DemoQuestion:
    """A question with four answers, the right one first as written here; `right` moves it to its place."""

    theme: str
    text: str
    answers: tuple[str, str, str, str]
    right: int
    difficulty: int
    explanation: str
    source: str

    @property
    def options(self) -> list[dict[str, object]]:
        """The answers in their own order, as a version of a question keeps them."""
        wrong = list(self.answers[1:])
        ordered = [*wrong[: self.right], self.answers[0], *wrong[self.right :]]
        return [{"text": text, "right": place == self.right} for place, text in enumerate(ordered)]

    @property
    def key(self) -> int:
        return 1 << self.right


def _teaching(
    text: str, answers: tuple[str, str, str, str], right: int, difficulty: int, explanation: str
) -> DemoQuestion:
    return DemoQuestion(TEACHINGS, text, answers, right, difficulty, explanation, _LETTER)


def _call(
    text: str, answers: tuple[str, str, str, str], right: int, difficulty: int, explanation: str, source: str = _APPEAL
) -> DemoQuestion:
    return DemoQuestion(CALL, text, answers, right, difficulty, explanation, source)


_SIX = (
    "cần, kiệm, liêm, chính",
    "thân ái giúp đỡ",
    "tuyệt đối trung thành",
    "kính trọng, lễ phép",
    "tận tụy",
    "cương quyết, khôn khéo",
)

QUESTIONS = (
    _teaching(
        "Bức thư có sáu điều dạy về tư cách người Công an cách mệnh được Chủ tịch Hồ Chí Minh viết ngày nào?",
        ("11/3/1948", "19/8/1945", "19/5/1946", "11/6/1948"),
        1,
        1,
        "Thư đề ngày 11/3/1948; ngày 11/6/1948 là ngày ra Lời kêu gọi thi đua ái quốc.",
    ),
    _teaching(
        "Bức thư ngày 11/3/1948 được Chủ tịch Hồ Chí Minh gửi cho ai?",
        (
            "Đồng chí Hoàng Mai, Giám đốc Công an Khu XII",
            "Giám đốc Nha Công an Trung ương",
            "Trưởng ty Công an tỉnh Tuyên Quang",
            "Bộ trưởng Bộ Nội vụ",
        ),
        2,
        1,
        "Thư gửi đồng chí Hoàng Mai, khi đó là Giám đốc Công an Khu XII.",
    ),
    _teaching(
        "Trước khi có bức thư, Công an Khu XII đã gửi biếu Chủ tịch Hồ Chí Minh tờ nội san nào?",
        ("Bạn dân", "Rèn luyện", "Luyện tiến", "Công an mới"),
        0,
        2,
        "Đó là nội san Bạn dân, số Tết Mậu Tý (1948), của Công an Khu XII.",
    ),
    _teaching(
        "Theo lời Bác dạy, đối với tự mình, người Công an cách mệnh phải thế nào?",
        (f"Phải {_SIX[0]}", f"Phải {_SIX[1]}", f"Phải {_SIX[3]}", f"Phải {_SIX[4]}"),
        3,
        1,
        "Điều thứ nhất: Đối với tự mình, phải cần, kiệm, liêm, chính.",
    ),
    _teaching(
        "Theo lời Bác dạy, đối với đồng sự, người Công an cách mệnh phải thế nào?",
        (f"Phải {_SIX[1]}", f"Phải {_SIX[5]}", f"Phải {_SIX[0]}", f"Phải {_SIX[2]}"),
        1,
        1,
        "Điều thứ hai: Đối với đồng sự, phải thân ái giúp đỡ.",
    ),
    _teaching(
        "Cụm từ nào hoàn thành đúng lời Bác dạy: “Đối với Chính phủ, phải ...”?",
        (_SIX[2], _SIX[3], _SIX[4], _SIX[1]),
        0,
        1,
        "Điều thứ ba: Đối với Chính phủ, phải tuyệt đối trung thành.",
    ),
    _teaching(
        "Theo lời Bác dạy, đối với nhân dân, người Công an cách mệnh phải thế nào?",
        (f"Phải {_SIX[3]}", f"Phải {_SIX[2]}", f"Phải {_SIX[5]}", f"Phải {_SIX[0]}"),
        2,
        1,
        "Điều thứ tư: Đối với nhân dân, phải kính trọng, lễ phép.",
    ),
    _teaching(
        "Trong sáu điều dạy, hai chữ “tận tụy” nói về mối quan hệ nào?",
        ("Đối với công việc", "Đối với tự mình", "Đối với nhân dân", "Đối với Chính phủ"),
        3,
        2,
        "Điều thứ năm: Đối với công việc, phải tận tụy.",
    ),
    _teaching(
        "Theo lời Bác dạy, đối với địch, người Công an cách mệnh phải thế nào?",
        (f"Phải {_SIX[5]}", f"Phải {_SIX[4]}", f"Phải {_SIX[1]}", f"Phải {_SIX[3]}"),
        0,
        1,
        "Điều thứ sáu: Đối với địch, phải cương quyết, khôn khéo.",
    ),
    _teaching(
        "Trong thư, Bác viết Công an của ta là công an nhân dân, vì nhân dân mà phục vụ và dựa vào đâu mà làm việc?",
        ("Dựa vào nhân dân", "Dựa vào mệnh lệnh của cấp trên", "Dựa vào vũ khí, phương tiện", "Dựa vào nội quy"),
        1,
        2,
        "Bác viết: công an của ta là công an nhân dân, vì nhân dân mà phục vụ và dựa vào nhân dân mà làm việc.",
    ),
    _call(
        "Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc vào ngày nào?",
        ("11/6/1948", "11/3/1948", "27/3/1948", "1/6/1948"),
        2,
        1,
        "Lời kêu gọi đề ngày 11/6/1948; năm 2023 là tròn 75 năm.",
    ),
    _call(
        "Lời kêu gọi thi đua ái quốc nêu mục đích của thi đua là gì?",
        (
            "Diệt giặc đói, diệt giặc dốt, diệt giặc ngoại xâm",
            "Làm cho mau, làm cho tốt, làm cho nhiều",
            "Toàn dân kháng chiến, toàn diện kháng chiến",
            "Phát triển công nghiệp, mở mang thương mại",
        ),
        0,
        1,
        "Câu đầu của Lời kêu gọi: mục đích là diệt giặc đói, diệt giặc dốt, diệt giặc ngoại xâm.",
    ),
    _call(
        "Theo Lời kêu gọi, cách làm của thi đua ái quốc là dựa vào gì?",
        (
            "Lực lượng của dân, tinh thần của dân",
            "Sự giúp đỡ của bạn bè quốc tế",
            "Ngân sách của Chính phủ",
            "Kinh nghiệm của các nước đi trước",
        ),
        3,
        1,
        "Dựa vào lực lượng của dân, tinh thần của dân, để gây hạnh phúc cho dân.",
    ),
    _call(
        "Theo Lời kêu gọi, bất kỳ làm việc gì, người dân Việt Nam đều cần phải thi đua nhau thế nào?",
        (
            "Làm cho mau, làm cho tốt, làm cho nhiều",
            "Học cho giỏi, nhớ cho lâu, dạy cho nhiều",
            "Nói cho đúng, viết cho hay, đọc cho nhiều",
            "Đi cho nhanh, đến cho sớm, về cho đông",
        ),
        1,
        1,
        "Sĩ, nông, công, thương, binh đều cần thi đua: làm cho mau, làm cho tốt, làm cho nhiều.",
    ),
    _call(
        "Theo Lời kêu gọi, mỗi người dân cần trở nên một chiến sĩ trên những mặt trận nào?",
        (
            "Quân sự, kinh tế, chính trị, văn hóa",
            "Quân sự, ngoại giao, tài chính, giáo dục",
            "Nông nghiệp, công nghiệp, thương nghiệp, vận tải",
            "Chính trị, ngoại giao, giáo dục, y tế",
        ),
        2,
        2,
        "Bốn mặt trận được nêu: quân sự, kinh tế, chính trị, văn hóa.",
    ),
    _call(
        "Lời kêu gọi nêu khẩu hiệu nào về kháng chiến?",
        (
            "Toàn dân kháng chiến, toàn diện kháng chiến",
            "Trường kỳ kháng chiến, nhất định thắng lợi",
            "Tất cả cho tiền tuyến, tất cả để chiến thắng",
            "Tổ quốc trên hết, kháng chiến đến cùng",
        ),
        0,
        3,
        "Nguyên văn: thực hiện khẩu hiệu “Toàn dân kháng chiến, toàn diện kháng chiến”.",
    ),
    _call(
        "Theo Lời kêu gọi, trong cuộc thi đua ái quốc chúng ta vừa kháng chiến, vừa làm gì?",
        ("Vừa kiến quốc", "Vừa đàm phán", "Vừa di cư", "Vừa tích trữ"),
        3,
        1,
        "Nguyên văn: vừa kháng chiến, vừa kiến quốc.",
    ),
    _call(
        "Chỉ thị phát động phong trào thi đua ái quốc của Ban Thường vụ Trung ương Đảng được ban hành ngày nào?",
        ("27/3/1948", "11/3/1948", "1/6/1948", "24/6/1948"),
        1,
        3,
        "Chỉ thị ra ngày 27/3/1948, trước Lời kêu gọi hơn hai tháng.",
        _HISTORY,
    ),
    _call(
        "Sắc lệnh số 195 ngày 1/6/1948 của Chủ tịch Hồ Chí Minh thành lập tổ chức nào?",
        (
            "Ban vận động thi đua ái quốc",
            "Viện Huân chương",
            "Nha Bình dân học vụ",
            "Ủy ban vận động đời sống mới",
        ),
        2,
        3,
        "Sắc lệnh số 195 lập Ban vận động thi đua ái quốc từ trung ương đến khu, tỉnh, huyện, xã.",
        _HISTORY,
    ),
)

# Not checked yet: what an office's bank looks like while it is being written. Facts of common knowledge.
_PARTY_DOCUMENTS = "Học tập và làm theo Bác"
UNCHECKED = (
    DemoQuestion(
        _PARTY_DOCUMENTS,
        "Chỉ thị số 05-CT/TW của Bộ Chính trị về đẩy mạnh việc học tập và làm theo tư tưởng, đạo đức, phong cách "
        "Hồ Chí Minh được ban hành ngày nào?",
        ("15/5/2016", "18/5/2021", "7/11/2006", "14/5/2011"),
        1,
        2,
        "Chỉ thị số 05-CT/TW ban hành ngày 15/5/2016.",
        "Chỉ thị số 05-CT/TW ngày 15/5/2016 của Bộ Chính trị khóa XII",
    ),
    DemoQuestion(
        _PARTY_DOCUMENTS,
        "Kết luận số 01-KL/TW của Bộ Chính trị về tiếp tục thực hiện Chỉ thị số 05-CT/TW được ban hành ngày nào?",
        ("18/5/2021", "15/5/2016", "19/5/2018", "3/2/2020"),
        2,
        2,
        "Kết luận số 01-KL/TW ban hành ngày 18/5/2021.",
        "Kết luận số 01-KL/TW ngày 18/5/2021 của Bộ Chính trị khóa XIII",
    ),
)
