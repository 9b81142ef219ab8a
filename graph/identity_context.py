"""What a document knows that its names leave unsaid: jurisdiction, issuer, places before.

`Home` is a jurisdiction: a division, or a village or zone that the gazetteer lacks. A
`Context` is built once a document and answers which 区 is meant by 区政协, which 镇 by
镇政府, and which of several 城关镇.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from extract import gazetteer as g
from extract.documents import Document
from extract.gazetteer import Country, Division

LEVEL_WORDS = (
    "自治区 自治州 自治县 自治旗 省 市 区 县 州 盟 旗 地区 镇 乡 街道 村 社区 "
    "园区 开发区 高新区 经开区 工业园区 新区 保税区 示范区 度假区 合作区"
).split()
"""Words that stand for a whole place name in a short form: 区政协, 镇政府, 园区管委会."""

_LEVEL = re.compile(
    r"^(?:[我本全]?(自治区|自治州|自治县|自治旗|地区|街道|社区|工业园区|园区|高新技术产业开发区|高新区|"
    r"经济技术开发区|经济开发区|经开区|开发区|新区|综合保税区|保税区|示范区|度假区|合作区|省|市|区|县|州|盟|旗|镇|乡|村))"
)
# 市场, 区块链, 村镇银行, 镇江 … begin with a level word and mean something else.
_NOT_LEVEL = re.compile(
    r"^(?:[省市区县乡村]级|市场|市容|市民(?!政|族|宗)|市政(?!府|协)|区域|区块|县域|省际|村镇|村民|州际|社会|旗舰|旗下|盟友|"
    r"镇静|乡村|乡土|地区性)"
)
ZONE = re.compile(
    r"(?:开发区|高新区|经开区|园区|新区|合作区|保税区|管理区|示范区|度假区|自贸区|试验区|片区)$"
)


@dataclass(frozen=True)
class Home:
    """A jurisdiction: where an organisation belongs, or what a place name denotes.

    `path` is the canonical name; `division` is None for villages and for zones that the
    gazetteer does not know, `code` may still be a village's.
    """

    path: str
    name: str
    level: str
    code: str | None = None
    division: Division | None = None

    @classmethod
    def of(cls, division: Division) -> Home:
        """The home that is this division."""
        return cls(g.path(division), division.name, division.level, division.code, division)

    def inside(self, name: str, level: str, code: str | None = None) -> Home:
        """A place in this one that is no row of the table of divisions."""
        return Home(self.path + name, name, level, code)


_TOP_BODY = re.compile(
    r"^(?:政协|中共|共青团|中国国民党革命委员会|中国民主同盟|中国民主建国会|中国民主促进会|中国农工民主党|中国致公党|九三学社|"
    r"台湾民主自治同盟)"
)


def home_in_name(name: str) -> Home | None:
    """The division whose full path an organisation's canonical name holds, or None.

    Examples
    --------
    >>> home_in_name("政协浙江省衢州市柯城区委员会机关党组").code
    '330802'
    >>> home_in_name("柯城区某协会") is None
    True
    """
    rest = _TOP_BODY.sub("", name)
    division = g.locate(rest).division
    if division is None or not rest.startswith(g.path(division)):
        return None
    return Home.of(division)


def level_word(text: str) -> tuple[str, int] | None:
    """The level word that `text` begins with and where it ends, or None.

    Examples
    --------
    >>> level_word("区政协"), level_word("我市"), level_word("市场监管局")
    (('区', 1), ('市', 2), None)
    """
    if _NOT_LEVEL.match(text):
        return None
    if text.startswith("地委"):
        return "地区", 1
    match = _LEVEL.match(text)
    return (match.group(1), match.end()) if match else None


@dataclass
class Context:
    """One document's jurisdiction, and the places read so far by their position."""

    jurisdiction: Home | None
    issuer: str | None
    kind: str
    text: str
    document: str = ""
    _at: list[int] = field(default_factory=list)
    _homes: list[Home] = field(default_factory=list)
    _countries: frozenset[Country] | None = None

    @classmethod
    def of(cls, document: Document) -> Context:
        """The context of a document whose header has been read."""
        header = document.header
        home = None
        if header.jurisdiction is not None:
            division = g.division(header.jurisdiction.code)
            if division is not None:
                home = Home.of(division)
            elif header.jurisdiction.path:
                path = header.jurisdiction.path
                home = Home(path, path, header.jurisdiction.level, header.jurisdiction.code)
        return cls(home, header.issuer, header.kind, document.text, document.id)

    def note(self, position: int, home: Home) -> None:
        """Remember that the text speaks of `home` at `position`."""
        index = bisect_left(self._at, position)
        self._at.insert(index, position)
        self._homes.insert(index, home)

    def here(self) -> str:
        """Scope of a name that only this document can explain: its own id."""
        return f"#{self.document}"

    def countries(self) -> frozenset[Country]:
        """The countries that the text names in full or by their seats."""
        if self._countries is None:
            self._countries = frozenset(item for *_, item in g.named_countries(self.text))
        return self._countries

    @property
    def near(self) -> str | None:
        """GB/T 2260 code to read names by."""
        return next((home.code for home in self.line() if home.code), None)

    def line(self) -> tuple[Home, ...]:
        """The jurisdiction and what is above it, nearest first."""
        home = self.jurisdiction
        if home is None:
            return ()
        division = home.division
        if division is None:
            # 雄安新区 is no row of the table, but its path begins with a province.
            division = g.locate(home.path).division
            if division is None:
                return (home,)
            return (home, Home.of(division), *(Home.of(up) for up in g.ancestors(division)))
        return (home, *(Home.of(up) for up in g.ancestors(division)))

    def homes(self) -> tuple[Home, ...]:
        """All places noted, in the order of the text."""
        return tuple(self._homes)

    def last(self, suffix: tuple[str, ...], position: int) -> Home | None:
        """The place named last before `position` whose name ends so; else the first after."""
        split = bisect_left(self._at, position)
        for home in reversed(self._homes[:split]):
            if home.name.endswith(suffix):
                return home
        for home in self._homes[split:]:
            if home.name.endswith(suffix):
                return home
        return None

    def level_home(self, word: str, position: int) -> Home | None:
        """The place that a level word stands for at `position`, or None.

        市 is the jurisdiction itself in a city's document (a county-level one too), and the
        prefecture above in a district's; 镇 and 村 are the last ones named.
        """
        line = self.line()
        if word in ("镇", "乡", "街道", "村", "社区"):
            return self._below(word, position)
        if word.endswith("区") and word not in ("区", "自治区", "地区", "社区"):
            return self._zone(word, position)
        for home in line:
            if home.level in ("township", "village"):
                continue
            if self._called(home, word):
                return home
        if word in ("县", "区", "市", "旗", "州"):
            # A city's report says 县委 of the county it has just named.
            named = self.last((word,), position)
            if named is not None and named.level in ("county", "city"):
                return named
        return None

    @staticmethod
    def _called(home: Home, word: str) -> bool:
        province = home.level == "province"
        if word in ("省", "自治区"):
            return province and home.name.endswith("自治区" if word == "自治区" else "省")
        if word == "市":
            return home.name.endswith("市") or home.level == "city"
        if word in ("州", "自治州"):
            return home.level == "city" and home.name.endswith("州")
        if word == "地区":
            return home.level == "city" and home.name.endswith("地区")
        if word in ("县", "自治县"):
            return home.level == "county" and home.name.endswith("县")
        if word in ("旗", "自治旗"):
            return home.level == "county" and home.name.endswith("旗")
        if word == "盟":
            return home.level == "city" and home.name.endswith("盟")
        # 区党委 in a county of Tibet is the autonomous region's.
        return home.name.endswith("区") and (home.level == "county" or home.name.endswith("自治区"))

    def _below(self, word: str, position: int) -> Home | None:
        if self.jurisdiction is not None and self.jurisdiction.name.endswith(word):
            return self.jurisdiction
        return self.last((word,), position)

    def _zone(self, word: str, position: int) -> Home | None:
        long = {"高新区": "高新技术产业开发区", "经开区": "开发区"}.get(word, word)
        home = self.jurisdiction
        if home is not None and home.name.endswith((word, long)):
            return home
        return self.last((word, long), position)

    def zone(self, position: int) -> Home | None:
        """The zone that a bare 管委会 runs: the jurisdiction, or the one named last."""
        if self.jurisdiction is not None and ZONE.search(self.jurisdiction.name):
            return self.jurisdiction
        split = bisect_left(self._at, position)
        for home in (*reversed(self._homes[:split]), *self._homes[split:]):
            if ZONE.search(home.name):
                return home
        return self.jurisdiction
