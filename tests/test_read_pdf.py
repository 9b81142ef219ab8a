"""The PDF reader, on files that a browser and a PDF library made."""

from __future__ import annotations

import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from extract.header import read_header
from extract.read import content_id, read_documents
from tests.test_read import PARAGRAPHS, REPORT, only, squeezed
from zhitu.errors import DocumentError

CSS = """
@page { size: A4; margin: 25mm 20mm;
        @top-center { content: "衢州日报 · 政协专版"; font-size: 9pt }
        @bottom-center { content: "— " counter(page) " —"; font-size: 9pt } }
body { font-size: 12pt; line-height: 1.6; margin: 0 }
p { text-indent: 2em; margin: 0; text-align: justify }
p.title { text-indent: 0; text-align: center; font-size: 16pt; column-span: all }
"""


@pytest.fixture(scope="module")
def print_page(tmp_path_factory):
    """Print HTML to PDF with a real browser."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    assert browser, "Chromium is missing; on Debian or Ubuntu: apt-get install chromium"
    folder = tmp_path_factory.mktemp("pdf")

    def to_pdf(name: str, css: str, body: str) -> Path:
        page = folder / f"{name}.html"
        page.write_text(f"<meta charset=utf-8><style>{css}</style>{body}", encoding="utf-8")
        target = page.with_suffix(".pdf")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        subprocess.run(
            [browser, *options, f"--user-data-dir={folder}", f"--print-to-pdf={target}", str(page)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return target

    return to_pdf


def paragraphs_html(paragraphs: list[str]) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_pdf_columns_give_the_paragraphs_back(print_page, columns):
    head = "".join(f"<p class=title>{escape(line)}</p>" for line in PARAGRAPHS[:3])
    body = head + paragraphs_html(PARAGRAPHS[3:])
    style = f"columns:{columns};column-gap:8mm"
    document = only(print_page(f"columns{columns}", CSS, f"<div style='{style}'>{body}</div>"))
    assert [squeezed(line) for line in document.text.split("\n")] == [
        squeezed(paragraph) for paragraph in PARAGRAPHS
    ]
    assert document.id == content_id(REPORT)
    assert read_header(document).header.speaker == "叶美峰"


def test_pdf_newspaper_page_gives_article_after_article(print_page):
    """An article in two columns, one beside it, one below both in three."""
    folder = Path(__file__).parent / "data" / "written" / "docs"

    def article(name: str) -> tuple[str, list[str]]:
        lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        return lines[0], [line for line in lines[1:] if len(line) > 25][:4]

    articles = [article("written0_2"), article("written1_3"), article("written2_7")]
    blocks = [
        f"<h2>{escape(title)}</h2><div class=c{columns}>{paragraphs_html(text)}</div>"
        for (title, text), columns in zip(articles, (2, 1, 3), strict=True)
    ]
    css = (
        "@page { size: A3; margin: 15mm } body { font-size: 10.5pt; line-height: 1.5; margin: 0 }"
        "p { text-indent: 2em; margin: 0; text-align: justify }"
        "h2 { font-size: 20pt; margin: 4mm 0; text-align: center }"
        ".row { display: flex; gap: 8mm } .row > :first-child { width: 66% }"
        ".row > :last-child { width: 34% } .c2 { columns: 2 } .c3 { columns: 3 }"
    )
    page = f"<div class=row><div>{blocks[0]}</div><div>{blocks[1]}</div></div>{blocks[2]}"
    found = [squeezed(line) for line in only(print_page("news", css, page)).text.split("\n")]
    expected = [squeezed(line) for title, text in articles for line in (title, *text)]
    assert found == expected


def test_pdf_ruled_table_comes_row_by_row_and_a_frame_is_no_table(print_page):
    long = "新建航电枢纽三座，整治航道二十七公里，同步建设跨江桥梁与沿江绿道"
    rows = [("1", "常山江航电枢纽工程", long), ("2", "千家排抽水蓄能电站", "建设上下水库")]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    before = "2024年，全县安排重点项目42个，投资86.5亿元，现将主要项目列表如下，请认真实施。"
    framed = "方框里的一段话也是正文，它不应该被当成表格处理，而是按照普通的段落读出来，保持完整。"
    css = (
        "body { font-size: 12pt } p { text-indent: 2em; margin: 0; text-align: justify }"
        "table { border-collapse: collapse } td { border: 1px solid; width: 30% }"
    )
    body = (
        f"<p>{before}</p><table>{table}</table>"
        f"<div style='border:1px solid;padding:8px'><p>{framed}</p></div>"
    )
    assert only(print_page("table", css, body)).text.split("\n") == [
        before,
        *("\t".join(row) for row in rows),
        framed,
    ]


def _chinese_canvas(path: Path, **options) -> canvas.Canvas:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(path), pagesize=A4, **options)
    page.setFont("STSong-Light", 12)
    return page


def test_pdf_with_ragged_lines_tables_and_page_break(tmp_path):
    path = tmp_path / "a.pdf"
    page = _chinese_canvas(path)
    page.drawString(250, 800, "工作简报")
    for number, line in enumerate(
        ["　　今年以来，县农业农村局在县委、县政府的坚强领导下，扎实推进", "各项工作，成效明显。"]
    ):
        page.drawString(70, 740 - 20 * number, line)
    for number, cells in enumerate([("项目", "投资", "进度"), ("寺桥水库", "3.2", "开工")]):
        for column, cell in enumerate(cells):
            page.drawString(90 + 130 * column, 660 - 20 * number, cell)
    page.drawString(70, 600, "　　下一步，将全面加快寺桥水库、柯城抽水蓄能电站等重大项目的建")
    page.drawString(290, 30, "- 1 -")
    page.showPage()
    page.setFont("STSong-Light", 12)
    page.drawString(70, 760, "设进度。")
    page.drawString(290, 30, "- 2 -")
    page.save()
    assert only(path).text.split("\n") == [
        "工作简报",
        "今年以来，县农业农村局在县委、县政府的坚强领导下，扎实推进各项工作，成效明显。",
        "项目  投资  进度",
        "寺桥水库  3.2  开工",
        "下一步，将全面加快寺桥水库、柯城抽水蓄能电站等重大项目的建设进度。",
    ]


def test_pdf_without_text_layer_is_called_a_scan(tmp_path):
    path = tmp_path / "scan.pdf"
    page = canvas.Canvas(str(path), pagesize=A4)
    page.rect(100, 100, 300, 300, fill=1)
    page.save()
    with pytest.raises(DocumentError, match="scan"):
        list(read_documents(path))


def test_pdf_with_password(tmp_path):
    path = tmp_path / "locked.pdf"
    page = _chinese_canvas(path, encrypt="秘密".encode().hex())
    page.drawString(70, 700, "柯城区政协")
    page.save()
    with pytest.raises(DocumentError, match="password"):
        list(read_documents(path))
