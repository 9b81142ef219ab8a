"""Markdown and HTML to plain text: the words, without the markup and the page around them."""

from __future__ import annotations

import re

from extract.read_text import decode
from zhitu.errors import DocumentError

_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_SHORT = 100
"""Characters below which a page's text is taken for incomplete and sought less strictly."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)


def markdown_text(data: bytes, name: str) -> str:
    """The text of a Markdown file: a paragraph, heading, list item or table row a line.

    Code blocks, raw HTML, pictures and front matter are left out; emphasis and links leave
    their words.

    Examples
    --------
    >>> markdown_text("# 工作报告\\n\\n推进**寺桥水库**\\n建设，见[网](a.cn)。".encode(), "a.md")
    '工作报告\\n推进寺桥水库建设，见网。'
    """
    from markdown_it import MarkdownIt

    text = _FRONT_MATTER.sub("", decode(data, name))
    lines: list[str] = []
    row: list[str] | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            lines.append("\t".join(row))
            row = None
        elif token.type == "inline":
            words = "".join(_inline(child.type, child.content) for child in token.children or ())
            words = _join_soft_breaks(words)
            lines.append(words) if row is None else row.append(words)
    return "\n".join(line for line in lines if line.strip())


def _inline(kind: str, content: str) -> str:
    if kind in ("softbreak", "hardbreak"):
        return "\n"
    return content if kind in ("text", "code_inline", "text_special") else ""


def _join_soft_breaks(text: str) -> str:
    """Join lines as a browser would, but without a space between Chinese characters."""
    return re.sub(r"(?<=[!-~])\n(?=[!-~])", " ", text).replace("\n", "")


def html_text(data: bytes, name: str) -> str:
    """The main text of a web page, its title first; menus, sidebars and footers left out.

    Raises
    ------
    DocumentError
        If no text can be told from the page's furniture.
    """
    import trafilatura

    source = _decode_html(data, name)
    # Strict first: lists of related news would fill the graph with what is not told here.
    text = None
    for strict in (True, False):
        text = trafilatura.extract(
            source, include_comments=False, include_tables=True, favor_precision=strict
        )
        if text and len(text) >= _SHORT:
            break
    if not text or not text.strip():
        raise DocumentError(f"{name}: no main text on this page; save the text as txt instead")
    lines = [re.sub(r"^\s*[-|]\s|\s\|\s*$", "", line) for line in text.splitlines()]
    lines = [re.sub(r"\s\|\s", "\t", line) for line in lines]
    text = "\n".join(line for line in lines if line.strip(" |-"))
    title = _html_title(source)
    if title and title not in text[:400]:
        text = f"{title}\n{text}"
    return text


def _decode_html(data: bytes, name: str) -> str:
    """By the page's own word where it holds true, else as any text."""
    if match := _CHARSET.search(data[:4096]):
        encoding = match[1].decode("ascii").lower()
        encoding = {"gb2312": "gb18030", "gbk": "gb18030"}.get(encoding, encoding)
        try:
            text = data.decode(encoding, "replace")
        except LookupError:
            return decode(data, name)
        # A page with a few broken bytes is shown by any browser, and read here.
        if text.count("\ufffd") <= len(text) / 100:
            return text
    return decode(data, name)


def _html_title(source: str) -> str | None:
    """The heading of the page: its only ``h1``, else the ``title`` without the site's name."""
    from lxml import etree, html

    try:
        tree = html.fromstring(source.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return None
    headings = [" ".join(h.text_content().split()) for h in tree.iter("h1")]
    headings = [heading for heading in headings if heading]
    if len(headings) == 1:
        return headings[0]
    title = next((" ".join(t.text_content().split()) for t in tree.iter("title")), "")
    return re.split(r"\s*[-_|—–]{1,2}\s*", title)[0] or None
