"""Form patterns as data: ``extract/patterns.json`` says what they are.

Quoted brands and projects with their generic noun, departments of local government by
their level and name, and what the model must not call a name, or not a part of one.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from extract.spans import Span, add_free


@cache
def _rules() -> dict[str, tuple]:
    data = json.loads(files("extract").joinpath("patterns.json").read_text(encoding="utf-8"))
    macros = data["macros"]

    def compiled(pattern: str) -> re.Pattern[str]:
        for name, body in macros.items():
            pattern = pattern.replace(name, body)
        return re.compile(pattern)

    return {
        kind: tuple((r["type"], r.get("confidence"), compiled(r["pattern"])) for r in data[kind])
        for kind in ("add", "whole", "trim", "trim_end", "drop")
    }


def find_patterns(text: str, kind: str = "add") -> list[Span]:
    """Names that their form gives away; earlier rules first, no two overlap.

    `kind` ``whole``: formal names that are right whatever the model found inside.

    Examples
    --------
    >>> text = "区教育局推出“银发暖餐”计划和“循政通”小程序。"
    >>> [(text[s.begin : s.end], s.label) for s in find_patterns(text)]
    [('区教育局', 'Organization'), ('“银发暖餐”计划', 'Project'), ('循政通', 'Brand')]
    """
    found: list[Span] = []
    for label, confidence, pattern in _rules()[kind]:
        found = add_free(
            found,
            (
                Span(m.start(label), m.end(label), label, confidence, "pattern")
                for m in pattern.finditer(text)
            ),
        )
    return found


def is_junk(text: str, label: str) -> bool:
    """Say whether a name is none by its form: numbers, group words, slogans, policies.

    >>> is_junk("12.5%", "Project"), is_junk("全省", "Place"), is_junk("寺桥水库", "Project")
    (True, True, False)
    >>> is_junk("12345", "Brand")  # a hotline
    False
    """
    return any(kind in ("*", label) and rule.fullmatch(text) for kind, _, rule in _rules()["drop"])


_EDGE = "，。；：、！？,;:!? \t\u3000●▲■◆★▪·"


def tidy(text: str, span: Span) -> Span | None:
    """Mend the edges of a span: no punctuation, blanks or verbs, quotes in pairs or not at all.

    Examples
    --------
    >>> text = "发起“银发暖餐”计划"
    >>> fixed = tidy(text, Span(3, 10, "Project", 0.7, "model"))
    >>> text[fixed.begin : fixed.end]
    '“银发暖餐”计划'
    >>> text = "区政协经济委会同区投促办调研"
    >>> fixed = tidy(text, Span(0, 7, "Organization", 0.7, "model"))
    >>> text[fixed.begin : fixed.end]
    '区政协经济委'
    """
    begin, end = _trim(text, span.begin, span.end)
    for opening, closing in ("“”", "《》", "（）", "()"):
        inside = text[begin:end]
        if inside.count(opening) == inside.count(closing):
            continue
        if inside.count(closing) > inside.count(opening):
            if begin and text[begin - 1] == opening and not inside.endswith(closing):
                begin -= 1
            elif inside.endswith(closing):
                end -= 1
        elif end < len(text) and text[end] == closing and not inside.startswith(opening):
            end += 1
        elif inside.startswith(opening):
            begin += 1
    inside = text[begin:end]
    if any(inside.count(a) != inside.count(b) for a, b in ("（）", "()")):
        return None  # It cuts through a bracket: (市、区)政协.
    # Quotes around the whole name are none of it.
    if (
        end - begin > 2
        and text[begin] in "“《"
        and text[end - 1] == "”》"["“《".index(text[begin])]
    ):
        if "”" not in text[begin + 1 : end - 1]:
            begin, end = begin + 1, end - 1
    begin, end = _trim(text, begin, end)
    for label, _, rule in _rules()["trim"]:
        if label == span.label and (leading := rule.match(text, begin, end)):
            begin = leading.end()
    for label, _, rule in _rules()["trim_end"]:
        if label == span.label:
            trailing = (m.start() for m in rule.finditer(text, begin) if m.end() == end)
            end = next(trailing, end)
    if begin >= end:
        return None
    return Span(begin, end, span.label, span.confidence, span.source)


def _trim(text: str, begin: int, end: int) -> tuple[int, int]:
    """Take punctuation and blanks off both ends."""
    while begin < end and text[begin] in _EDGE:
        begin += 1
    while begin < end and text[end - 1] in _EDGE:
        end -= 1
    return begin, end
