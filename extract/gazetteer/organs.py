"""Central organs with their short forms, and universities with their place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Organ:
    """A central organ: canonical name, other names, the organ it belongs to."""

    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None


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
    """All central organs of the table, in its order."""
    return tuple(
        Organ(name, tuple(aliases.split()), parent or None)
        for name, aliases, parent in read_lines("organs.tsv")
    )


@cache
def _organ_index() -> dict[str, Organ]:
    index = {alias: item for item in organs() for alias in item.aliases}
    return index | {item.name: item for item in organs()}


def organ(name: str) -> Organ | None:
    """The central organ that goes by `name`, or None.

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
