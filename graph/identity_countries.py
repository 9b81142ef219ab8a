"""Countries in Chinese text: 中, 美方, 俄罗斯联邦, and the 国防部 that is not China's.

One character may stand for several countries (巴: 巴西, 巴基斯坦, 巴勒斯坦), and some for a
province as well (蒙, 新, 澳): what the document names in full decides, and what stands beside
the character. Where nothing does, it stays the document's own.
"""

from __future__ import annotations

import re

from extract import gazetteer as g
from extract.gazetteer import Country
from graph.identity_context import Context

_BODY = re.compile(
    r"^(?:政府|联邦|外交部|国防部|财政部|司法部|内政部|商务部|能源部|国务院|最高法院|宪法法院|总统府|总理府|首相府"
    r"|众议院|参议院|军方|警方|空军|海军|陆军|(?:国会|议会|央行)$)"
)
"""Bodies before which one character is a country: 俄国防部, 叙政府军."""
_CLEAR = frozenset("中华美俄日韩朝英法德")
"""Characters that stand for one country in any national text, and beside others in all."""
_DIRECTIONS = frozenset(("西方", "南方", "东方", "北方", "地方", "对方", "双方", "多方"))
_SENTENCE = re.compile(r"[。；！？\n]")
_CLAUSE = re.compile(r"[，。；：！？\n]")
_OF_CHINA = re.compile("中国|中方|中共|中央|我[国方]|习近平|李克强|全国|发言人|访问|会见")
_ABOUT = re.compile("(?:对|就|赴|原产于)$")
_MINISTRY = re.compile(r"(?:外交|国防|财政|司法|商务|教育|卫生)部|最高法院|央行|国务院")


def country_of(name: str, context: Context, position: int) -> Country | None:
    """The country that a whole name stands for, or None.

    Parameters
    ----------
    name : str
        A tidied name: 俄罗斯联邦, 俄, 俄方.
    context : Context
        The document's: in one of a division its own places come first.
    position : int
        Where in the document the name stands.
    """
    beside = _beside_country(name, context, position)
    if _is_local(name, context) and not beside:
        return None
    if found := g.country(name):
        return found
    character = name.removesuffix("方")
    if len(character) != 1:
        return g.country(character) if name.endswith("方") else None
    options = g.abbreviated_countries(character)
    if not options or name in _DIRECTIONS:
        return None
    if name == character and not beside:
        if context.jurisdiction is not None:
            return None
        if g.nicknamed(name):
            return _instead_of_province(name, options, context)
    return options[0] if character in _CLEAR else _only(options, context)


def _only(options: tuple[Country, ...], context: Context) -> Country | None:
    """The one of several countries that the document names."""
    named = [item for item in options if item in context.countries()]
    return named[0] if len(named) == 1 else None


def _is_local(name: str, context: Context) -> bool:
    """Whether a division here goes by the name: 日 in a document of 日照, 黑山 in 辽宁."""
    line = context.line()
    if len(name) == 1:
        return any(h.name.startswith(name) and h.level in ("city", "county") for h in line)
    province = next((home.division for home in line if home.level == "province"), None)
    if province is None or name.endswith("方"):
        return any(d.parent in {home.code for home in line} for d in g.by_short(name))
    return any(g.is_within(d, province) for d in g.by_short(name) if d.level != "township")


def is_abbreviated(name: str, context: Context) -> bool:
    """Whether a name is one character, or one and 方, that stands for some country.

    In a document of a division only with 方: the character alone is somewhere here.

    Examples
    --------
    >>> nowhere = Context(None, None, "", "")
    >>> [is_abbreviated(name, nowhere) for name in ("巴方", "巴", "地方")]
    [True, True, False]
    """
    if name in _DIRECTIONS or len(name.removesuffix("方")) != 1 or g.nicknamed(name):
        return False
    if len(name) == 1 and context.jurisdiction is not None:
        return False
    return bool(g.abbreviated_countries(name[0])) and not _is_local(name, context)


def acts(name: str) -> bool:
    """Whether a name that was taken for an organisation is a country: 中国, 俄方.

    Examples
    --------
    >>> acts("中国"), acts("俄方"), acts("西方")
    (True, True, False)
    """
    stem = name.removesuffix("方")
    return g.country(stem) is not None or (stem != name and stem in _CLEAR)


def _beside_country(name: str, context: Context, position: int) -> bool:
    """Whether another country's character, 方 or 对 stands beside: 中蒙, 澳方, 对美."""
    text = context.text
    if text[position : position + len(name)] != name:
        return False
    before, after = text[position - 1 : position], text[position + len(name) :][:1]
    return before in _CLEAR | {"印", "对"} or after in _CLEAR | {"印", "方"}


def _instead_of_province(
    name: str, options: tuple[Country, ...], context: Context
) -> Country | None:
    """新 alone is 新疆; in a document that names 新加坡 and never 新疆 it is that."""
    province = g.nicknamed(name)
    short = g.short_names(province.name, province.level)[0]
    return None if short in context.text else _only(options, context)


def spelled_out(name: str, context: Context, position: int) -> str:
    """俄国防部 as 俄罗斯国防部; any other name as it is.

    Examples
    --------
    >>> nowhere = Context(None, None, "", "")
    >>> [spelled_out(name, nowhere, 0) for name in ("俄国防部", "韩国会", "中国会计学会")]
    ['俄罗斯国防部', '韩国国会', '中国会计学会']
    """
    if not _BODY.match(name[1:]) or g.nicknamed(name[0]) or context.jurisdiction is not None:
        return name
    found = country_of(name[0], context, position)
    return found.name + name[1:] if found else name


def ministry_abroad(name: str, context: Context, position: int) -> Country | None:
    """The foreign country whose ministry a bare 国防部 or 司法部 is, or None for China's.

    Only where the same clause names that country, or its seat, before it (塞尔维亚第一副总理兼
    国防部长, 白宫、司法部和国会), and nothing in the sentence speaks of China.
    """
    if context.jurisdiction is not None or not _MINISTRY.fullmatch(name):
        return None
    before, after = context.text[max(0, position - 120) : position], context.text[position:]
    clause = _CLAUSE.split(before)[-1]
    named = g.named_countries(clause, seats=True)
    sentence = _SENTENCE.split(before)[-1] + _SENTENCE.split(after[:120])[0]
    if not named or _OF_CHINA.search(sentence):
        return None
    start, _, last = named[-1]
    # 就美国加征关税商务部表示: China's ministry about another country.
    if last.name == "中国" or _ABOUT.search(clause[:start]):
        return None
    # Only the United States have a 国务院 of their own.
    return last if name != "国务院" or last.name == "美国" else None
