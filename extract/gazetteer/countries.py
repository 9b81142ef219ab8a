"""Countries as Chinese texts name them: full names, one character (中俄, 美方), capitals."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from extract.gazetteer.organs import read_lines


@dataclass(frozen=True)
class Country:
    """A country: canonical name, other names, characters that stand for it, seats of power."""

    name: str
    aliases: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()


@cache
def countries() -> tuple[Country, ...]:
    """All countries of the table, 中国 first."""
    return tuple(
        Country(name, *(tuple(column.split()) for column in columns))
        for name, *columns in read_lines("countries.tsv")
    )


@cache
def _by_name() -> dict[str, Country]:
    index = {alias: item for item in countries() for alias in item.aliases}
    return index | {item.name: item for item in countries()}


@cache
def _by_character() -> dict[str, tuple[Country, ...]]:
    found: dict[str, list[Country]] = defaultdict(list)
    for item in countries():
        for character in item.characters:
            found[character].append(item)
    return {character: tuple(items) for character, items in found.items()}


def country(name: str) -> Country | None:
    """The country that goes by `name`, or None.

    Examples
    --------
    >>> country("俄罗斯联邦").name, country("俄")
    ('俄罗斯', None)
    """
    return _by_name().get(name)


def abbreviated_countries(character: str) -> tuple[Country, ...]:
    """The countries that one character may stand for.

    Examples
    --------
    >>> [item.name for item in abbreviated_countries("俄")]
    ['俄罗斯']
    """
    return _by_character().get(character, ())


@cache
def _seats() -> dict[str, Country]:
    return {seat: item for item in countries() for seat in item.seats}


@cache
def _pattern(seats: bool) -> re.Pattern[str]:
    names = {*_by_name(), *(_seats() if seats else ())}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def named_countries(text: str, *, seats: bool = False) -> list[tuple[int, int, Country]]:
    """Where in `text` (start, end) a country is named in full, and which it is.

    Parameters
    ----------
    text : str
    seats : bool
        Also by its capital or seat of power. (万象 is in 气象万象 as well.)

    Examples
    --------
    >>> [(at, item.name) for at, _, item in named_countries("白宫称将与俄罗斯会谈")]
    [(5, '俄罗斯')]
    >>> [(at, item.name) for at, _, item in named_countries("白宫称将与俄罗斯会谈", seats=True)]
    [(0, '美国'), (5, '俄罗斯')]
    """
    return [
        (*match.span(), country(match.group()) or _seats()[match.group()])
        for match in _pattern(seats).finditer(text)
    ]
