"""Dates as documents write them, to ISO 8601."""

from __future__ import annotations

import re

_NUMERALS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "О": 0}
_DATE = re.compile(
    r"(?P<y>20\d\d|19\d\d)\s*[年\-/.]\s*(?P<m>\d{1,2})\s*(?:[月\-/.]\s*(?P<d>\d{1,2})\s*日?|月)?"
)
_CHINESE_DATE = re.compile(
    r"(?P<y>[二一][〇○О零一二三四五六七八九]{3})年(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?:(?P<d>[一二三四五六七八九十]{1,3})日)?"
)


def iso_date(line: str) -> str | None:
    """The first date in a line, as ISO 8601; without the day where none is given.

    Examples
    --------
    >>> iso_date("——2026年2月3日在上海市"), iso_date("二〇二四年一月二十七日")
    ('2026-02-03', '2024-01-27')
    >>> iso_date("2025年6月第三期"), iso_date("3月12日")
    ('2025-06', None)
    """
    if match := _DATE.search(line):
        year, month, day = int(match["y"]), int(match["m"]), match["d"]
    elif match := _CHINESE_DATE.search(line):
        year = int("".join(str(_NUMERALS.get(c, 0)) for c in match["y"]))
        month, day = _number(match["m"]), match["d"] and _number(match["d"])
    else:
        return None
    if not 1 <= month <= 12 or (day and not 1 <= int(day) <= 31):
        return None
    return f"{year}-{month:02d}" + (f"-{int(day):02d}" if day else "")


def _number(text: str) -> int:
    """A Chinese number below 100.

    >>> _number("二十七"), _number("十"), _number("三")
    (27, 10, 3)
    """
    tens, ten, ones = text.rpartition("十")
    digit = _NUMERALS.get
    return (digit(tens, 1) if tens else 1) * 10 + digit(ones, 0) if ten else digit(text, 0)
