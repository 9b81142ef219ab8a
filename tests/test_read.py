"""Readers, on real files of every kind: what comes out is the text, or one clear line."""

from __future__ import annotations

import io
import json
import zipfile
from html import escape
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from extract.documents import Document
from extract.header import read_header
from extract.read import content_id, find_files, make_document, read_documents
from extract.sentences import segment
from zhitu.errors import DocumentError, UsageError

EXAMPLES = Path(__file__).parent.parent / "examples"
REPORT = (EXAMPLES / "柯城区政协常委会工作报告2024.txt").read_text(encoding="utf-8")
PARAGRAPHS = [line.strip() for line in REPORT.splitlines() if line.strip()]


def only(path: Path, **options) -> Document:
    (document,) = read_documents(path, **options)
    return document


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- plain text and encodings --------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [("utf-8", b""), ("utf-8-sig", b""), ("gb18030", b""), ("utf-16-le", b"\xff\xfe")],
)
def test_encodings_give_the_same_document(tmp_path, encoding, bom):
    path = tmp_path / "报告.txt"
    path.write_bytes(bom + REPORT.replace("\n", "\r\n").encode(encoding))
    document = only(path)
    assert document.text == REPORT
    assert document.id == only(EXAMPLES / "柯城区政协常委会工作报告2024.txt").id
    assert document.name == "报告.txt"
    assert document.source == str(path.absolute())


TRADITIONAL = "政協衢州市柯城區委員會常務委員會工作報告。過去一年，全區政協系統圍繞中心、服務大局。"


@pytest.mark.parametrize("length", [8, 20, len(TRADITIONAL)])
def test_big5(tmp_path, length):
    path = tmp_path / "a.txt"
    path.write_bytes(TRADITIONAL[:length].encode("big5"))
    assert only(path).text == TRADITIONAL[:length]


@pytest.mark.parametrize("length", [3, 8, 20])
def test_short_gb18030_is_not_taken_for_big5(tmp_path, length):
    path = tmp_path / "a.txt"
    for start in range(0, 2000, 97):
        text = squeezed(REPORT)[start : start + length]
        path.write_bytes(text.encode("gb18030"))
        assert only(path).text == text


def test_four_byte_characters_and_a_stray_nul_survive(tmp_path):
    path = tmp_path / "a.txt"
    text = "常山县\U00020bb7野家\U0001f600项目\x00开工。" + "全县政协委员认真履职，" * 20
    path.write_text(text, encoding="utf-8")
    assert only(path).text == text


def test_radicals_of_pdf_fonts_become_characters(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("⼈⺠政协⼯作⻓期开展", encoding="utf-8")
    assert only(path).text == "人民政协工作长期开展"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \r\n\t\n", "empty"),
        ("a.txt", "\ufeff".encode(), "empty"),
        ("a.txt", b"\x00\x01\x02\xff" * 500, "binary"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
        ("a.txt", b"%PDF-1.7\n...", "PDF"),
        ("a.txt", REPORT.encode("gb18030")[:-1] + b"\xff\xff\x80", "UTF-8"),
        ("a.pdf", b"%PDF-1.7\nbroken", "PDF"),
        ("a.docx", b"PK\x03\x04broken", "docx"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "docx"),
        ("a.xlsx", b"PK\x03\x04", "csv"),
        ("a.zip", b"PK\x03\x04broken", "archive"),
        ("a.jsonl", b'{"text": ', "JSON"),
        ("a.jsonl", b"[1, 2]", "object"),
        ("a.csv", "标题,部门\n一,二\n".encode(), "--text-column"),
        ("a.csv", "标题,正文\n".encode(), "no rows"),
        ("a.html", b"<html><title>x</title><body><nav></nav></body></html>", "main text"),
    ],
)
def test_bad_files_say_so_in_one_line(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        list(read_documents(path))
    message = str(caught.value)
    assert str(path) in message and says in message and "\n" not in message


def test_a_file_that_cannot_be_opened(tmp_path):
    with pytest.raises(DocumentError, match="cannot be read"):
        list(read_documents(tmp_path / "gone.txt"))


# --- markup -------------------------------------------------------------------------------


def test_markdown_leaves_the_words(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: x\n---\n# 2023年工作回顾\n\n"
        "推进**寺桥水库**等\n项目，见[官网](a.cn/b_c)。\n\n"
        "- 第一项\n- 第二项\n\n```python\nprint(1)\n```\n\n"
        "| 项目 | 进度 |\n|---|---|\n| 寺桥水库 | 开工 |\n",
        encoding="utf-8",
    )
    assert only(path).text.split("\n") == [
        "2023年工作回顾",
        "推进寺桥水库等项目，见官网。",
        "第一项",
        "第二项",
        "项目\t进度",
        "寺桥水库\t开工",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_html_gives_title_and_main_text(tmp_path, encoding):
    body = "".join(f"<p>　　{escape(p)}</p>" for p in PARAGRAPHS[3:20])
    page = (
        f"<!DOCTYPE html><html><head><meta charset='{encoding}'>"
        "<title>柯城区政协工作报告_柯城区政府网</title></head><body>"
        "<div class='nav'><a href='/'>首页</a> <a href='/a'>政务公开</a> "
        "<a href='/b'>办事服务</a></div>"
        f"<div class='article'><h1>柯城区政协常委会工作报告</h1>{body}</div>"
        "<div class='related'><h3>相关阅读</h3><ul>"
        + "".join(f"<li><a href='/{n}'>柯城区召开第{n}次重点工作会议</a></li>" for n in range(9))
        + "</ul></div>"
        "<div class='footer'>版权所有 柯城区人民政府办公室 浙ICP备05000001号</div></body></html>"
    )
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(encoding, "xmlcharrefreplace"))
    lines = only(path).text.split("\n")
    assert lines[0] == "柯城区政协常委会工作报告"
    assert [squeezed(line) for line in lines[1:]] == [squeezed(p) for p in PARAGRAPHS[3:20]]


# --- Word ---------------------------------------------------------------------------------


def test_docx_keeps_order_tables_and_tracked_insertions(tmp_path):
    word = docx.Document()
    word.add_heading("2023年工作回顾", 1)
    paragraph = word.add_paragraph("推进")
    paragraph.add_run("寺桥水库").bold = True
    paragraph._p.append(
        parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>建设</w:t></w:r></w:ins>"),
    )
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>停工</w:delText></w:r></w:del>"),
    )
    table = word.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "柯城抽水蓄能电站"
    table.cell(0, 2).text = "开工"
    word.add_paragraph("各项工作顺利。")
    word.sections[0].header.paragraphs[0].text = "内部资料"
    path = tmp_path / "a.docx"
    word.save(path)
    assert only(path).text.split("\n") == [
        "2023年工作回顾",
        "推进寺桥水库建设",
        "柯城抽水蓄能电站\t开工",
        "各项工作顺利。",
    ]


def test_docx_reads_content_controls(tmp_path):
    word = docx.Document()
    word.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r>"
            "<w:t>常山县政府工作报告</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    word.add_paragraph("各位代表：")
    path = tmp_path / "a.docx"
    word.save(path)
    assert only(path).text == "常山县政府工作报告\n各位代表："


def test_docx_writes_out_automatic_numbers(tmp_path):
    word = docx.Document()
    numbering = word.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f"<w:abstractNum {nsdecls('w')} w:abstractNumId='90'>"
            "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/>"
            "<w:lvlText w:val='%1、'/></w:lvl>"
            "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/>"
            "<w:lvlText w:val='（%2）'/></w:lvl></w:abstractNum>"
        ),
    )
    numbering.append(
        parse_xml(f"<w:num {nsdecls('w')} w:numId='91'><w:abstractNumId w:val='90'/></w:num>")
    )
    for text, level in [
        ("工作回顾", 0),
        ("抓项目", 1),
        ("抓招商", 1),
        ("工作任务", 0),
        ("抓创新", 1),
    ]:
        paragraph = word.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{level}'/><w:numId w:val='91'/></w:numPr>"
            )
        )
    path = tmp_path / "a.docx"
    word.save(path)
    assert only(path).text.split("\n") == [
        "一、工作回顾",
        "（一）抓项目",
        "（二）抓招商",
        "二、工作任务",
        "（一）抓创新",
    ]


# --- tables and archives ------------------------------------------------------------------


def test_csv_rows_are_documents(tmp_path):
    path = tmp_path / "新闻.csv"
    path.write_bytes(
        '标题,正文,日期\n"寺桥水库开工","近日，寺桥水库开工。\n县领导参加。",2024-03-12\n二,常山县政协开会。,\n'.encode(
            "gb18030"
        )
    )
    first, second = read_documents(path)
    assert first.text == "近日，寺桥水库开工。\n县领导参加。"
    assert (first.name, first.source) == ("新闻.csv#1", f"{path.absolute()}#1")
    assert read_header(first).header.title == "寺桥水库开工"
    assert read_header(first).header.date == "2024-03-12"
    assert second.source.endswith("#2")


def test_jsonl_with_named_column_and_rows_without_text(tmp_path):
    path = tmp_path / "a.jsonl"
    rows = [
        {"id": 1, "words": "柯城区政协"},
        {"id": 2, "words": ""},
        {"id": 3, "words": "常山县政协\ud800"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    got: list[Document] = []
    with pytest.raises(DocumentError, match="1 of 3 rows have no text \\(rows 2\\)"):
        got.extend(iter_into(got, read_documents(path, text_column="words")))
    assert [d.text for d in got] == ["柯城区政协", "常山县政协\ufffd"]
    with pytest.raises(DocumentError, match="no column 'body'; its columns are id, words"):
        list(read_documents(path, text_column="body"))


def test_json_array_named_outright(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('[{"text": "柯城区政协"}, {"text": "常山县政协"}]', encoding="utf-8")
    assert [d.text for d in read_documents(path)] == ["柯城区政协", "常山县政协"]
    with pytest.raises(UsageError, match="no documents"):
        find_files([tmp_path])


def iter_into(found: list, items):
    """Keep what came before an error."""
    for item in items:
        found.append(item)
    return []


def test_zip_reads_members_and_names_the_bad_ones(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("深处.txt", "常山县政协委员履职。")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("报告/柯城.txt", REPORT)
        archive.writestr("空.txt", "")
        archive.writestr("__MACOSX/._x.txt", "junk")
        archive.writestr("图.png", "no document")
        archive.writestr("内.zip", inner.getvalue())
    got: list[Document] = []
    with pytest.raises(DocumentError, match=r"空\.txt: empty"):
        got.extend(iter_into(got, read_documents(path)))
    assert [d.name for d in got] == ["柯城.txt", "深处.txt"]
    assert got[0].source == f"{path.absolute()}#报告/柯城.txt"
    assert got[1].source == f"{path.absolute()}#内.zip#深处.txt"


def test_zip_made_on_chinese_windows(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("XXXX.txt", "常山县政协委员履职。")
    raw = path.read_bytes().replace(b"XXXX", "报告".encode("gbk"))
    path.write_bytes(raw)
    assert only(path).name == "报告.txt"


def test_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.read.MEMBER_LIMIT", 1 << 20)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "常山" * (1 << 20))
    with pytest.raises(DocumentError, match="too large"):
        list(read_documents(path))


# --- finding files and identity -----------------------------------------------------------


def test_find_files_recursively_and_each_once(tmp_path):
    for name in (
        "b/深/二.txt",
        "b/一.pdf",
        "b/旧.doc",
        "b/图.png",
        "b/.hidden/x.txt",
        "b/~$一.docx",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = find_files([tmp_path / "b", tmp_path / "b/一.pdf", tmp_path / "b/图.png"])
    names = [str(path.relative_to(tmp_path / "b")) for path in found]
    assert sorted(names[:3]) == ["一.pdf", "旧.doc", "深/二.txt"]
    assert names[3:] == ["图.png"]


def test_find_files_through_a_relative_path(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.chdir(tmp_path / "work")
    assert [path.name for path in find_files([".."])] == ["a.txt"]


def test_folder_without_documents_and_missing_path(tmp_path):
    with pytest.raises(UsageError, match="no documents in this folder"):
        find_files([tmp_path])
    with pytest.raises(UsageError, match="no such file or folder"):
        find_files([tmp_path / "gone"])


def test_the_same_text_is_one_document_and_another_is_not(tmp_path):
    word = docx.Document()
    for paragraph in PARAGRAPHS:
        word.add_paragraph(paragraph)
    word.save(tmp_path / "a.docx")
    assert only(tmp_path / "a.docx").id == make_document(REPORT, "b.txt").id
    assert make_document(REPORT.replace("叶美峰", "叶美丰"), "c").id != content_id(REPORT)


def test_boilerplate_shared_by_two_documents_stays_two_sentences():
    shared = "让我们更加紧密地团结在以习近平同志为核心的党中央周围！"
    one = segment(make_document(f"柯城区政协开会。\n{shared}", "a"))
    two = segment(make_document(f"常山县政协开会。\n{shared}", "b"))
    assert one.sentences[1].text == two.sentences[1].text == shared
    assert one.sentences[1].id != two.sentences[1].id
