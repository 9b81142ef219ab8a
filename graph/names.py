"""Organisation names taken apart: place + body + inner parts, short forms made full.

Nothing in here knows a document: `expand` and `split_parts` work on the words of a name
alone, so that every document arrives at the same canonical name. The table of short forms
is ``bodies.tsv``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

CPPCC = "cppcc"
CONGRESS = "congress"
PARTY = "party"

_NUMBER = "一二三四五六七八九十百零〇0-9"
SESSION = re.compile(rf"第[{_NUMBER}]+届|[一二三四五六七八九十]+届")

_ORDINAL_SCHOOL = re.compile(
    rf"^(?:([{_NUMBER}]+)(小学|中学|中|小|幼儿园|幼)|第([{_NUMBER}]+)(中|小|幼))$"
)
_SCHOOL = {"中": "中学", "小": "小学", "幼": "幼儿园"}


def tidy(text: str) -> str:
    """The characters of a name without spaces, quotes and session number.

    Half-width forms are unified, brackets become full-width; the result is for comparing
    and composing names, never for evidence.

    Examples
    --------
    >>> tidy("中国人民政治协商会议 第五届衢州市柯城区委员会")
    '中国人民政治协商会议衢州市柯城区委员会'
    >>> tidy("晶澳(扬州)新能源")
    '晶澳（扬州）新能源'
    """
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\s\u200b\ufeff“”‘’\"'《》<>]+", "", text)
    text = text.translate(str.maketrans("()", "（）"))
    return SESSION.sub("", text)


@cache
def _table() -> dict[str, dict[str, str]]:
    text = files("graph").joinpath("bodies.tsv").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            where, short, full = line.split("\t")
            table.setdefault(where, {})[_joined(short)] = full
            table[where].setdefault(_joined(full), full)
    return table


def _joined(stem: str) -> str:
    return re.sub(r"[和与及]", "", stem)


def _stem(where: str, stem: str) -> str:
    return _table()[where].get(_joined(stem), stem)


_BUREAU_TAIL = {"委": "委员会", "办": "办公室"}


def expand_bureau(name: str) -> str | None:
    """A department's full name, or None if `name` does not look like one.

    Examples
    --------
    >>> expand_bureau("人社局"), expand_bureau("卫健委"), expand_bureau("文化旅游局")
    ('人力资源和社会保障局', '卫生健康委员会', '文化和旅游局')
    >>> expand_bureau("机关事务管理局"), expand_bureau("人民医院")
    ('机关事务管理局', None)
    """
    whole = _table()["bureau"].get(_joined(name))
    if whole and re.search(r"办$", name):
        return whole
    match = re.match(r"^(.{1,14}?)(委员会|局|厅|(?<![党纪团工政])委|办公室|办)$", name)
    if not match:
        return None
    stem, tail = match.groups()
    return _stem("bureau", stem) + _BUREAU_TAIL.get(tail, tail)


def expand_body(name: str) -> str:
    """Full name of what follows the place: a body of the table, a bureau, a numbered school.

    Examples
    --------
    >>> expand_body("侨联"), expand_body("法院"), expand_body("二中")
    ('归国华侨联合会', '人民法院', '第二中学')
    """
    if full := _table()["body"].get(_joined(name)):
        return full
    if name.endswith("管委会"):
        return name[:-3] + "管理委员会"
    if match := _ORDINAL_SCHOOL.match(name):
        number, kind = match.group(1) or match.group(3), match.group(2) or match.group(4)
        return f"第{number}{_SCHOOL.get(kind, kind)}"
    return expand_bureau(name) or name


def is_known_body(name: str) -> bool:
    """Whether every jurisdiction has a body of this short name, by the table.

    Examples
    --------
    >>> is_known_body("工商联"), is_known_body("卫健委"), is_known_body("中央财办")
    (True, True, False)
    """
    if _joined(name) in _table()["body"]:
        return True
    match = re.match(r"^(.{1,14}?)(委员会|局|厅|委|办公室|办)$", name)
    bureaux = _table()["bureau"]
    return _joined(name) in bureaux or bool(match and _joined(match.group(1)) in bureaux)


_BODY = re.compile(
    r"人民(?:政府|代表大会|法院|检察院|防空|武装)|公安(?:局|厅|分局)|(?:城乡)?建设(?:委员会|委|局|厅)$"
)


def is_body(name: str) -> bool:
    """Whether a name is a body that any jurisdiction has, with nothing of a place in it.

    Examples
    --------
    >>> is_body("文化和旅游局"), is_body("人民政府办公室"), is_body("常山教育局")
    (True, True, False)
    """
    return is_known_body(name) or _BODY.match(name) is not None


_PARTY_CELL = re.compile(
    r"(?:中共)?(?:(第[一二三四五六七八九十]+)?党?(总支部|总支|支部)(?:委员会)?|(党组)|(党委)|(?:党)?(工作委员会|工委))$"
)


def split_parts(rest: str, top: str) -> tuple[str, ...]:
    """What follows a top body, as inner bodies from the outside in, each made full.

    Parameters
    ----------
    rest : str
        Text after the top body (``常委会党组``, ``机关党支部``, ``提案委``).
    top : str
        `CPPCC`, `CONGRESS`, `PARTY`, or any other word for a plain body.

    Examples
    --------
    >>> split_parts("常委会党组", CONGRESS), split_parts("提案委党支部", CPPCC)
    (('常务委员会', '党组'), ('提案委员会', '党支部'))
    >>> split_parts("机关总支部委员会", CPPCC), split_parts("统战部", PARTY)
    (('机关党总支',), ('统一战线工作部',))
    """
    parts: list[str] = []
    while rest:
        part, used = _first_part(rest, top, first=not parts)
        parts.append(part)
        rest = rest[used:]
    return tuple(parts)


_INSIDE = re.compile(r"(?:研究所|研究院|中心|分院|大队|支队|中队|分会|工作站|学院|馆)$")
_UNIT = re.compile(
    r"(.{2,14}?(?:局|厅|部|院|会|社|联|中心|分局))(?=(?:机关)?党(?:组|委|支部|总支)$)"
    r"|(.{2,12}?局)(?=.{2,}(?:大队|支队|中队|派出所|分局)$)"
)


def _first_part(rest: str, top: str, *, first: bool) -> tuple[str, int]:
    if match := re.match(r"常务委员会|常委会", rest):
        return "常务委员会", match.end()
    if match := re.match(r"(办公室|办公厅|研究室)", rest):
        return match.group(), match.end()
    if match := re.match(r"办(?=$|党|机关)", rest):
        return "办公室", match.end()
    # 机关党支部 and 机关党组 are one body each: the office building is none of its own. The
    # office of a congress is its standing committee's.
    if top == CONGRESS and first and rest.startswith("机关"):
        return "常务委员会", 0
    if match := re.fullmatch(r"(机关|离退休|退休)(.+)", rest):
        return match.group(1) + _party_cell(match.group(2)), len(rest)
    if (cell := _party_cell(rest)) != rest or rest in ("党组", "党委", "党支部", "党总支"):
        return cell, len(rest)
    if top in (CPPCC, CONGRESS) and (match := re.match(r"(.{1,12}?)(委员会|委)(?!员)", rest)):
        return _stem(top, match.group(1)) + "委员会", match.end()
    if top == PARTY and first:
        if match := re.match(r"(?:[省市县区州旗盟乡镇])?(直机关|直属机关)(工委|工作委员会)", rest):
            return "直属机关工作委员会", match.end()
        for end in range(len(rest), 1, -1):
            if full := _table()["party"].get(_joined(rest[:end])):
                return full, end
        if full := _table()["party"].get(rest):
            return full, len(rest)
    if match := _UNIT.match(rest):
        return expand_body(match.group()), match.end()
    for end in range(len(rest) - 4, 2, -1):
        # 农科院林果花卉研究所: a body of the table and an institute in it.
        if (full := _table()["body"].get(_joined(rest[:end]))) and _INSIDE.search(rest[end:]):
            return full, end
    return expand_body(rest), len(rest)


def _party_cell(text: str) -> str:
    """党支部, 支部委员会 and 支部 are one; so are 党总支 and 总支部委员会.

    >>> _party_cell("第二支部委员会"), _party_cell("总支部委员会"), _party_cell("党工委")
    ('第二党支部', '党总支', '工作委员会')
    """
    match = _PARTY_CELL.fullmatch(text)
    if not match:
        return text
    number, branch, group, committee, _ = match.groups()
    if branch:
        return (number or "") + ("党支部" if branch == "支部" else "党总支")
    return group or committee or "工作委员会"


DEMOCRATIC_PARTIES: dict[str, str] = {
    "民革": "中国国民党革命委员会",
    "民盟": "中国民主同盟",
    "民建": "中国民主建国会",
    "民进": "中国民主促进会",
    "农工党": "中国农工民主党",
    "农工民主党": "中国农工民主党",
    "致公党": "中国致公党",
    "九三学社": "九三学社",
    "九三": "九三学社",
    "台盟": "台湾民主自治同盟",
}
"""Short name of each democratic party, and its full name (共 8)."""


def expand_branch(text: str) -> str:
    """Body of a party's local organisation: 市委会, 总支, 基层委 … made full.

    Examples
    --------
    >>> expand_branch("委会"), expand_branch("总支"), expand_branch("支部委员会")
    ('委员会', '总支部委员会', '支部委员会')
    """
    if re.fullmatch(r"[省市县区州]?委(?:员?会)?", text):
        return "委员会"
    if re.fullmatch(r"总支(?:部)?(?:委员会)?", text):
        return "总支部委员会"
    if re.fullmatch(r"支部(?:委员会)?", text):
        return "支部委员会"
    if re.fullmatch(r"基层委(?:员会)?", text):
        return "基层委员会"
    if re.fullmatch(r"工委|工作委员会", text):
        return "工作委员会"
    return re.sub(r"总支(?:部)?$", "总支部委员会", re.sub(r"(?<!总)支部$", "支部委员会", text))


_COMPANY = re.compile(
    r"(?:公司|集团|工厂|厂|商店|商场|商都|超市|银行|支行|分行|合作社|联合社|酒楼|茶社|饭店|酒店|宾馆|工坊|"
    r"事务所|基金|矿业|药业|传媒|股份|商行|农场)$"
)
_LEGAL = re.compile(
    r"(?:（[^）]{1,8}）)?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|集团|公司|控股|股份|总公司)+$"
)
_COMPANY_WORDS = re.compile(
    r"(?:控股|投资|科技|传媒|文化|食品|生物|软件|信息|实业|发展|新能源|材料|贸易|传播|创意|旅游|经营|管理|"
    r"供应链|网络|智能|装备|电子|电器|农业|产业|医药|化工|集团|股份)+$"
)


def is_company(name: str) -> bool:
    """Whether a name is a firm's: its registered name stays as it is.

    Examples
    --------
    >>> is_company("广昌县农业投资集团有限公司"), is_company("县供销社")
    (True, False)
    """
    return bool(_COMPANY.search(_LEGAL.sub("公司", name)))


def company_core(name: str, place_end: int = 0) -> str:
    """The part of a firm's name that tells it from others, without place and legal form.

    Examples
    --------
    >>> company_core("广西凭祥合越食品有限公司", 4), company_core("国油昆仑氢能（大庆）有限公司")
    ('合越食品', '国油昆仑氢能')
    """
    core = _LEGAL.sub("", name[place_end:])
    return re.sub(r"（[^）]{1,8}）", "", core)


def company_brand(core: str) -> str:
    """The bare trade name: `company_core` without the words of its industry.

    Examples
    --------
    >>> company_brand("合越食品"), company_brand("华理数联软件")
    ('合越', '华理数联')
    """
    brand = _COMPANY_WORDS.sub("", core)
    return brand if len(brand) > 1 else core


def is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of `short` occur in `long` in order.

    Examples
    --------
    >>> is_subsequence("文旅集团", "文化旅游发展集团有限公司")
    True
    """
    rest = iter(long)
    return all(char in rest for char in short)


@lru_cache(maxsize=10_000)
def name_key(text: str) -> str:
    """Key of a project's or brand's name: no quotes, spaces, dashes or middle dots.

    Examples
    --------
    >>> name_key("“同心向党·旗杆红”") == name_key("同心向党旗杆红")
    True
    """
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s·•・\-—–~“”‘’\"'《》<>「」]+", "", text).lower()


def display(text: str) -> str:
    """A project's or brand's name as it is shown: one kind of dot, no quotes, no spaces.

    Examples
    --------
    >>> display("“同心向党•旗杆红”")
    '同心向党·旗杆红'
    """
    # A loose noun after a quoted name is none of it: “民生议事堂”品牌.
    text = re.sub(r"^“([^”]{2,})”(?:活动|品牌|平台|应用|品牌建设)$", r"\1", text.strip())
    text = re.sub(r"[\s“”‘’\"'《》]+", "", unicodedata.normalize("NFC", text))
    return re.sub(r"[•・‧]", "·", text).translate(_WIDE)


_WIDE = str.maketrans(
    {
        chr(code): chr(code - 0xFEE0)
        for code in range(0xFF10, 0xFF5B)
        if chr(code - 0xFEE0).isalnum()
    }
    | {"(": "（", ")": "）"}
)
_LOOSE = re.compile(r"(?:建设项目|项目建设|项目)$")
_FACILITY = re.compile(
    r"(水库|水电站|电站|高铁|铁路|高速|高速公路|公路|大道|大桥|隧道|机场|港区|码头|灌区|引水|供水|水厂|热电厂|"
    r"学校|中学|小学|医院|公园|园区|产业园|大厦|枢纽|联络线|复线|专用线|轨道交通.{0,4}线)(?:建设)?工程$"
)


def project_name(text: str) -> str:
    """Canonical name of a project: without 项目, and without 工程 after a facility.

    Examples
    --------
    >>> project_name("柯城抽水蓄能电站项目"), project_name("寺桥水库工程")
    ('柯城抽水蓄能电站', '寺桥水库')
    >>> project_name("“千万工程”")
    '千万工程'
    """
    shown = display(text)
    stem = _FACILITY.sub(r"\1", _LOOSE.sub("", shown))
    return stem if len(stem) > 2 else shown


_GENERIC_TAIL = re.compile(
    r"(?:建设项目|建设工程|改造项目|改造工程|项目建设|项目|工程|计划|行动|活动|建设)$"
)


def project_key(text: str) -> str:
    """What two mentions of a project in one document must share: its name less loose nouns.

    Examples
    --------
    >>> project_key("永定河综合治理工程") == project_key("永定河综合治理")
    True
    >>> project_key("“千万工程”")
    '千万工程'
    """
    key = name_key(text)
    stem = _GENERIC_TAIL.sub("", key)
    return stem if len(stem) > 3 else key
