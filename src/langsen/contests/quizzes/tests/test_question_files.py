"""Question files: what is read, what is refused and why, and that what is written is read back."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from langsen.contests.quizzes.enums import QuestionKind
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.formats.gift import write_gift
from langsen.contests.quizzes.formats.moodle import write_moodle
from langsen.contests.quizzes.formats.reading import read_items
from langsen.contests.quizzes.rules import checked_facts, sameness
from langsen.foundation.core.errors import BadInput
from tests.examples import examples

GIFT = """// câu đầu
$CATEGORY: $course$/top/Lịch sử

::Tìm đường::[html]<p>Bác Hồ ra đi tìm đường cứu nước <b>năm nào</b>?</p>{
  ~1909#Chưa đúng
  =1911#Đúng: ngày 5/6/1911
  ~%0%1945
  ####Từ bến cảng Nhà Rồng
}

Điền vào: Bác sinh tại {=Kim Liên ~Nà Hoa \\= ~A\\:B \\{C\\} \\# \\~ \\\\} tỉnh Nghệ An

::Chọn nhiều:: Những ý nào đúng? {~%50%Cần ~%50%Kiệm ~%-100%Lười}
"""
AIKEN = "Câu một?\r\nA) Sai\r\nB. Đúng\r\nANSWER: B\r\n\r\nCâu hai?\r\nA. Cần\r\nB. Kiệm\r\nC. Lười\r\nANSWER: A, B\r\n"
MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/Đạo đức</text></category></question>
<question type="multichoice">
  <name><text>Câu 1</text></name>
  <questiontext format="html"><text><![CDATA[<p>Dòng một<br/>dòng hai &amp; ba</p><script>x()</script>]]></text>
  </questiontext>
  <generalfeedback format="html"><text>Vì thế</text></generalfeedback>
  <single>false</single>
  <answer fraction="50" format="html"><text>a</text><feedback><text>tốt</text></feedback></answer>
  <answer fraction="50"><text>b</text></answer>
  <answer fraction="0"><text>c</text></answer>
</question>
<question type="essay"><name><text>Bài luận</text></name></question>
<question type="multichoice"><name><text>Có hình</text></name>
  <questiontext format="html"><text>&lt;img src="x.png"&gt;</text></questiontext>
  <answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer></question>
</quiz>"""
QTI2 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q1" title="Câu QTI">
 <responseDeclaration identifier="R" cardinality="single">
 <correctResponse><value>B</value></correctResponse></responseDeclaration>
 <itemBody><p>Đoạn dẫn</p><choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>Chọn ý đúng &lt; 5</prompt>
  <simpleChoice identifier="A">Một</simpleChoice>
  <simpleChoice identifier="B">Hai<feedbackInline>x</feedbackInline></simpleChoice>
 </choiceInteraction></itemBody></assessmentItem>"""
QTI3 = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q2" title="Câu QTI 3">
 <qti-response-declaration identifier="R" cardinality="multiple">
 <qti-correct-response><qti-value>A</qti-value><qti-value>B</qti-value>
 </qti-correct-response></qti-response-declaration>
 <qti-item-body><qti-choice-interaction response-identifier="R" max-choices="0"><qti-prompt>Chọn</qti-prompt>
  <qti-simple-choice identifier="A">Một</qti-simple-choice>
  <qti-simple-choice identifier="B">Hai</qti-simple-choice>
  <qti-simple-choice identifier="C">Ba</qti-simple-choice>
 </qti-choice-interaction></qti-item-body></qti-assessment-item>"""
QTI_TEXT = """<assessmentItem identifier="q3" title="Điền từ">
 <itemBody><textEntryInteraction responseIdentifier="R"/></itemBody></assessmentItem>"""


def good(content: bytes, format_: str = "") -> list[QuestionFacts]:
    items = read_items(content, format_)
    assert [item.fault for item in items if item.fault] == []
    return [checked_facts(item.facts) for item in items]


def only_fault(content: str) -> str:
    (item,) = read_items(content.encode())
    return item.fault


def test_gift_reads_categories_weights_feedback_escapes_and_missing_words() -> None:
    first, second, third = good(GIFT.encode("utf-8-sig"))
    assert first.text == "Bác Hồ ra đi tìm đường cứu nước năm nào?"
    assert (first.category, first.letters, first.kind) == ("Lịch sử", "B", "single")
    assert first.explanation.splitlines()[0] == "Từ bến cảng Nhà Rồng"
    assert "1911: Đúng: ngày 5/6/1911" in first.explanation
    assert second.text == "Điền vào: Bác sinh tại _____ tỉnh Nghệ An"
    assert [option.text for option in second.options] == ["Kim Liên", "Nà Hoa =", "A:B {C} # ~ \\"]
    assert (third.kind, third.letters) == ("multiple", "A, B")


def test_gift_tells_the_line_each_question_begins_on() -> None:
    assert [item.line for item in read_items(GIFT.encode())] == [4, 11, 13]
    assert [item.line for item in read_items(GIFT.replace("\n", "\r\n").encode())] == [4, 11, 13]


def test_one_bad_question_in_a_hundred_is_the_only_one_refused() -> None:
    parts = [f"::Câu {n}:: Hỏi {n}? {{=đúng {n} ~sai {n}}}" for n in range(1, 101)]
    parts[41] = "::Câu 42:: Hỏi 42? {=đúng ~sai"
    items = read_items("\n\n".join(parts).encode())
    assert len(items) == 100
    assert [(item.line, item.name) for item in items if item.fault] == [(83, "Câu 42")]


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ("{}", "tự luận"),
        ("{T}", "đúng hay sai"),
        ("{#3:1}", "số"),
        ("{=a -> b =c -> d}", "ghép"),
        ("{=chỉ một}", "ngắn"),
        ("", "mô tả"),
        ("{=a =b ~c}", "nhiều phương án"),
        ("{=a ~%50%b}", "100"),
        ("{~%50%a ~%20%b ~c}", "70"),
        ("{=a ~b} ::x:: y {=c ~d}", "dòng trống"),
    ],
)
def test_gift_names_what_it_does_not_take(answers: str, name: str) -> None:
    assert name in only_fault(f"Câu hỏi {answers}")


def test_aiken_reads_one_and_several_right_answers() -> None:
    one, two = good(AIKEN.encode())
    assert (one.text, one.letters, one.kind) == ("Câu một?", "B", "single")
    assert (two.letters, two.kind) == ("A, B", "multiple")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Câu?\nA. x\nB. y\n\nCâu hai?\nA. x\nB. y\nANSWER: A\n", "ANSWER"),
        ("Câu?\nA. x\nB. y\nANSWER: C\n", "C"),
        ("Câu?\nA. x\nC. y\nANSWER: A\n", "A, C"),
        ("Chỉ có chữ\n\nCâu hai?\nA. x\nB. y\nANSWER: A\n", "theo sau"),
        ("ANSWER: A\n", "ANSWER"),
    ],
)
def test_aiken_names_what_is_wrong_and_goes_on(text: str, words: str) -> None:
    items = read_items(text.encode())
    assert words in items[0].fault
    assert all(item.facts for item in items[1:])


def test_moodle_reads_choice_questions_and_names_the_rest() -> None:
    first, essay, picture = read_items(MOODLE.encode())
    assert first.facts is not None
    assert first.facts.text == "Dòng một\ndòng hai & ba"
    assert (first.facts.category, first.facts.letters, first.facts.kind) == ("Đạo đức", "A, B", "multiple")
    assert first.facts.explanation == "Vì thế\na: tốt"
    assert first.line == 4
    assert "essay" in essay.fault
    assert "<img>" in picture.fault


def test_qti_of_both_versions_alone_and_in_a_package() -> None:
    (two,), (three,) = good(QTI2.encode()), good(QTI3.encode())
    assert (two.text, two.letters, two.kind) == ("Đoạn dẫn\nChọn ý đúng < 5", "B", "single")
    assert [option.text for option in two.options] == ["Một", "Hai"]
    assert (three.letters, three.kind) == ("A, B", "multiple")
    items = read_items(package({"q1.xml": QTI2, "b/q2.xml": QTI3, "q3.xml": QTI_TEXT}, missing=("no.xml",)))
    assert [bool(item.facts) for item in items] == [True, True, False, False]
    assert "textentryinteraction" in items[2].fault


def package(files: dict[str, str], missing: tuple[str, ...] = ()) -> bytes:
    resources = "".join(
        f'<resource identifier="r{at}" type="imsqti_item_xmlv2p1" href="{name}"/>'
        for at, name in enumerate([*files, *missing])
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", f"<manifest><resources>{resources}</resources></manifest>")
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


BILLION = '<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><quiz><question type="&b;"/></quiz>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BILLION.encode(), "DTD"),
        (b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "DTD"),
        (b"<quiz><question></quiz>", "dòng 1"),
        (b"<quiz>" + b"<a>" * 500 + b"</a>" * 500 + b"</quiz>", "lồng"),
        (b"<svg/>", "svg"),
        (b"<assessmentTest/>", "zip"),
        (b"<quiz/>", "Không tìm thấy câu hỏi"),
        (b"   \n", "không có nội dung"),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
        (b"{=a ~b}\n\n" * 5001, "5.000"),
        (b"PK\x03\x04broken", "hỏng"),
        ("Câu hỏi nào đúng của năm".encode("utf-16"), "UTF-16"),
        ("Bác Hồ là người sáng lập".encode("latin-1", "replace") + b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_file_that_is_bad_as_a_whole_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_items(content)
    assert words in str(refused.value.message)


CP1258 = "Ca\u0302u ho\u0309i: Nga\u0300y na\u0300o la\u0300 \u0111u\u0301ng?"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Câu hỏi về Bác Hồ và Đảng {=của ~không}".encode(), ""),
        (
            "Câu hỏi: năm nào là đúng của các đáp án".replace("ỏ", "o\u0309")
            .replace("ă", "ă")
            .encode("cp1258", "ignore"),
            "Windows-1258",
        ),
        ("C©u hái: n¨m nµo lµ ®óng cña B¸c Hå".encode("latin-1"), "TCVN3"),
        ("C©u hái: n¨m nµo lµ ®óng cña B¸c Hå".encode(), "TCVN3"),
        ("Caâu hoûi: naêm naøo laø ñuùng cuûa Baùc Hoà".encode("latin-1"), "VNI"),
        ("Caâu hoûi: naêm naøo laø ñuùng cuûa Baùc Hoà".encode(), "VNI"),
    ],
)
def test_other_encodings_are_named_and_nothing_is_taken(content: bytes, name: str) -> None:
    if not name:
        assert len(read_items(content)) == 1
        return
    with pytest.raises(BadInput) as refused:
        read_items(content)
    assert name in str(refused.value.message)
    assert "UTF-8" in str(refused.value.message)


def test_a_package_that_unpacks_without_end_is_not_opened() -> None:
    bomb = package({"q1.xml": "<a>" + " " * (21 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(BadInput) as refused:
        read_items(bomb)
    assert "quá nhiều" in str(refused.value.message)


def test_an_excel_file_is_sent_to_its_own_page() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
    with pytest.raises(BadInput, match="Excel"):
        read_items(stream.getvalue())


# Round trips: what is written is read back the same, whatever signs stand in it.

SIGNS = st.sampled_from(
    [*"aăâđêôơưbAĐ 019~=#{}:\\/%[]&<>\"'.,;?!-$_()|\n*^", "::", "####", "->", "//", "%50%", "[html]", "\\n"]
)
WORDS = st.lists(SIGNS, min_size=1, max_size=25).map("".join)


@st.composite
def questions(draw: st.DrawFn) -> QuestionFacts:
    count = draw(st.integers(2, 10))
    texts = draw(
        st.lists(WORDS, min_size=count, max_size=count, unique_by=lambda text: " ".join(text.split()).casefold())
    )
    right = draw(st.sets(st.integers(0, count - 1), min_size=1))
    kind = draw(st.sampled_from([QuestionKind.SINGLE, QuestionKind.MULTIPLE]))
    if kind == QuestionKind.SINGLE:
        right = {min(right)}
    line = WORDS.map(lambda text: " ".join(text.split()))
    facts = QuestionFacts(
        text=draw(WORDS),
        options=tuple(Option(text, place in right) for place, text in enumerate(texts)),
        kind=kind,
        category=draw(line),
        difficulty=draw(st.integers(1, 3)),
        theme=draw(line),
        explanation=draw(WORDS),
        source=draw(line),
    )
    try:
        return checked_facts(facts)
    except BadInput:
        return draw(st.nothing())


def tidy(facts: QuestionFacts) -> QuestionFacts:
    """Empty lines inside a text are not kept by HTML; both sides are compared without them."""

    def lines(text: str) -> str:
        return "\n".join(line for line in text.split("\n") if line.strip())

    return checked_facts(
        QuestionFacts(
            **{
                **vars(facts),
                "text": lines(facts.text),
                "explanation": lines(facts.explanation),
                "options": tuple(Option(lines(option.text), option.right) for option in facts.options),
            }
        )
    )


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(questions(), min_size=1, max_size=4))
def test_gift_comes_back_as_it_was_written(bank: list[QuestionFacts]) -> None:
    written = write_gift([(f"Câu {n} ::x", facts) for n, facts in enumerate(bank)])
    assert good(written.encode(), "gift") == bank


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(questions(), min_size=1, max_size=4))
def test_moodle_comes_back_as_it_was_written(bank: list[QuestionFacts]) -> None:
    written = write_moodle([(f"Câu {n}", facts) for n, facts in enumerate(bank)])
    assert [tidy(facts) for facts in good(written)] == [tidy(facts) for facts in bank]


@settings(max_examples=examples(300), deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("aB \n\n~=#{}:\\%[]<>/&;!?-.)ANSWER$1")), max_size=120)
    | st.text(max_size=80),
    st.sampled_from(["", "gift", "aiken", "moodle", "qti"]),
)
def test_whatever_is_sent_is_read_or_refused_in_words(text: str, format_: str) -> None:
    try:
        items = read_items(text.encode("utf-8", "surrogatepass"), format_)
    except BadInput as refused:
        assert str(refused.message)
        return
    assert all((item.facts is None) == bool(item.fault) for item in items)
    for item in items:
        if item.facts is not None:
            try:
                checked_facts(item.facts)
            except BadInput as refused:
                assert str(refused.message)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.binary(max_size=60), st.sampled_from([b"", b"PK\x03\x04", b"<quiz>", b"\xef\xbb\xbf", b"<?xml version='1.0'?>"])
)
def test_bytes_of_any_kind_are_read_or_refused_in_words(content: bytes, head: bytes) -> None:
    try:
        read_items(head + content)
    except BadInput as refused:
        assert str(refused.message)


def test_the_same_question_is_the_same_in_another_order_and_case() -> None:
    one = QuestionFacts("Năm nào?", (Option("1911", True), Option("Năm A")))
    other = QuestionFacts("NĂM  nào?", (Option("năm a"), Option("1911", True)))
    assert sameness(one) == sameness(other)
