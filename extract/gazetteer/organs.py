"""Bodies that documents everywhere name, with their short forms, and universities by place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Organ:
    """A body that documents everywhere name: canonical name, other names, what it belongs to.

    `central` tells organs of the country from firms, universities and exchanges.
    """

    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    central: bool = True


@dataclass(frozen=True)
class University:
    """A university or college and its position in degrees, if known."""

    name: str
    lng: float | None = None
    lat: float | None = None


def read_lines(table: str) -> list[list[str]]:
    """Rows of one of the tables beside this file, cut at tabs."""
    text = files("extract.gazetteer").joinpath(table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and line[0] != "#"]


@cache
def organs() -> tuple[Organ, ...]:
    """All bodies of the two tables, in their order."""
    return tuple(
        Organ(name, tuple(aliases.split()), parent or None, central)
        for table, central in (("organs.tsv", True), ("institutions.tsv", False))
        for name, aliases, parent in read_lines(table)
    )


@cache
def _organ_index() -> dict[str, Organ]:
    index = {alias: item for item in organs() for alias in item.aliases}
    return index | {item.name: item for item in organs()}


def organ(name: str) -> Organ | None:
    """The body that goes by `name` everywhere, or None.

    Examples
    --------
    >>> organ("国家民委").name
    '中华人民共和国国家民族事务委员会'
    """
    return _organ_index().get(name)


@cache
def _university_index() -> dict[str, University]:
    return {
        name: University(name, float(lng) if lng else None, float(lat) if lat else None)
        for name, lng, lat in read_lines("universities.tsv")
    }


def universities() -> tuple[University, ...]:
    """All universities and colleges of the table."""
    return tuple(_university_index().values())


def university(name: str) -> University | None:
    """The university of exactly this name, or None.

    Examples
    --------
    >>> university("浙江大学").name
    '浙江大学'
    """
    return _university_index().get(name)
