"""Organisations: identity is jurisdiction + kind, whatever the document calls it.

`organisation` takes a name apart (place + body + inner bodies), fills in what the document
leaves unsaid, and composes the canonical name: 政协 + path + 委员会, 中共 + path + 委员会,
path + 人民政府, path + bureau. Firms keep their registered name.
"""

from __future__ import annotations

import re

from extract import gazetteer as g
from graph.identity_bodies import (
    BRANCH_BUREAU,
    Organisation,
    body_of,
    branch_bureau,
    chain_of,
    top_name,
)
from graph.identity_context import ZONE, Context, level_word
from graph.identity_countries import ministry_abroad, spelled_out
from graph.identity_places import Read, read_home
from graph.names import (
    CONGRESS,
    CPPCC,
    DEMOCRATIC_PARTIES,
    PARTY,
    expand_body,
    expand_branch,
    is_company,
    is_known_body,
    split_parts,
    tidy,
)

_CPPCC_FRONT = re.compile(
    r"^(?:中共)?(?:政协(?!委员|常委|协商|系统)|中国人民政治协商会议|中国人民政协)"
)
_PARTY_FRONT = re.compile(r"^(?:中国共产党|中共)(?!中央|政协)")
_DEMOCRATIC = re.compile(
    r"^("
    + "|".join(sorted({*DEMOCRATIC_PARTIES, *DEMOCRATIC_PARTIES.values()}, key=len)[::-1])
    + ")"
)
_PUBLIC = re.compile(
    r"^(?:政协|人大|人民代表大会|人民政府|政府|市委|县委|区委|州委|省委|委|党委|党工委|地委|工委|人民法院|法院|[中高]院$|中级人民法院|人民检察院|检察院|"
    r"融媒|公安局|商会|联谊会|第?[一二三四五六七八九十]+中(?:学)?$|.{1,10}(?:局|厅|委员会|办公室|联合会|总工会|管委会)$)"
)
# 济南铁路局, 南京军区 are no bodies of those cities, whose names they bear.
_NATIONWIDE = re.compile(
    r"^(?:铁路|军区|战区|海关|海事局|银监局|证监局|保监局|出入口局|大屠杀|世界博览会|大学)"
)
_SCOPED = re.compile(
    r"(?:学校|中学|小学|幼儿园|卫生院|卫生室|医院|敬老院|福利院|派出所|供电所|税务所|支行|分行|书画院|研究会|协会|联谊会|"
    r"商会|合作社|服务中心|党支部|党总支|党委|党组|委员会|工作室|志愿服务队|宣讲团|联络站|学会|基金会|服务站|中队|大队)$"
)

_RELATIVE = re.compile(
    r"^(?:常委会|常务委员会|党委|党组|政府|政协|人大|机关|管委会|局党|(?:第[一二三四五六七八九十]+)?党(?:支部|总支)$)"
)
_NOBODYS_OWN = re.compile(
    r"(?:大会)?(?:主席团|秘书处)|[国议]会|[参众上下]议院|[参众]院|[海空陆]军|海关|组委会|新闻中心|外事委员会|纪委"
    r"|组织部|宣传部|警方|军方|政府军|反对派|(?:民主|共和|自民|人民|保守|工)党|工商联"
)
_MEDIA = re.compile(r".{2,6}(?:日报|晚报|晨报|都市报)")
_WIDE = re.compile(r"^(?:中国|中华|全国|国家|国际|世界|亚洲|联合国|中央|长三角|京津冀|粤港澳)")


def organisation(text: str, context: Context, position: int) -> Organisation:
    """Take the name of an organisation apart and make it full.

    Parameters
    ----------
    text : str
        The mention as it stands.
    context : Context
        The document's, with the places that it names.
    position : int
        Where the mention begins: 镇政府 is that of the town named last.
    """
    name = spelled_out(tidy(text), context, position)
    if abroad := ministry_abroad(name, context, position):
        return Organisation((abroad.name + name,), None, f"文中说的是{abroad.name}的{name}")
    if organ := _central(name, context):
        return Organisation((organ.name,), None, f"机构表中即{organ.name}")
    for reader in (_central_part, _cppcc, _democratic, _youth, _police, _with_home, _bare):
        if found := reader(name, context, position):
            return found
    return _literal(name, context)


_CHINA = re.compile(r"^(?:中华人民共和国|中国)(?=.{2})")


def _central(name: str, context: Context) -> g.Organ | None:
    """The central organ that goes by a name, 中国 before it or not (中国外交部).

    发展改革委 is the country's where no place has one of its own.
    """
    found = g.organ(name) or g.organ(_CHINA.sub("", name))
    nowhere = context.jurisdiction is None and not context.homes()
    if found is None and nowhere and name.endswith("委"):
        found = g.organ(f"国家{name}")
    return found


_INNER = re.compile(
    r"^(?![和与及、门长]).*(?:办公厅|办公室|(?<!公)司|局|处|厅|中心|研究院|研究所|分行|支行|党组|党委)$"
)
_BRANCH = re.compile(r"..(?:分行|支行)$")
_COMMITTEE = re.compile(r"(?:委员会|委|办公厅|党组|会议|常委会)$")


def _central_part(name: str, context: Context, position: int) -> Organisation | None:
    """An inner body of a central organ: 全国政协人口资源环境委员会, 教育部办公厅, 建行某支行."""
    for end in range(len(name) - 1, 1, -1):
        organ = g.organ(name[:end]) or g.organ(_CHINA.sub("", name[:end]))
        if organ is None or organ.name == "中国人民政治协商会议":
            continue
        rest = name[end:]
        if end == 2 and not (organ.name.endswith("银行") and _BRANCH.search(rest)):
            continue
        top = CPPCC if "政治协商" in organ.name else CONGRESS if "人民代表" in organ.name else ""
        if len(rest) < 2 or not (_COMMITTEE if top else _INNER).search(rest):
            return None
        parts = split_parts(rest, top) if top else (rest,)
        return Organisation(chain_of(organ.name, parts), None, f"{organ.name}的内设机构")
    return None


def _cppcc(name: str, context: Context, position: int) -> Organisation | None:
    match = _CPPCC_FRONT.match(name)
    if match is None:
        return None
    rest = name[match.end() :]
    read = _front_home(rest, context, position)
    if read is not None:
        home, rest, reason = read.home, rest[read.end :], read.reason
    elif context.jurisdiction is not None:
        home, reason = (
            context.jurisdiction,
            f"未写明地方，指{context.jurisdiction.path}（文档辖区）",
        )
    else:
        return None
    rest = re.sub(r"^委员会", "", rest)
    parts = split_parts(rest, CPPCC)
    return Organisation(chain_of(top_name(CPPCC, home), parts), home, f"政协，{reason}")


def _democratic(name: str, context: Context, position: int) -> Organisation | None:
    match = _DEMOCRATIC.match(name)
    if match is None:
        return None
    party = DEMOCRATIC_PARTIES.get(match.group(), match.group())
    rest = name[match.end() :]
    if not rest:
        return Organisation((party,), None, f"{name}即{party}")
    read = read_home(rest, context, position)
    if read is None:
        return None
    body = expand_branch(rest[read.end :])
    return Organisation((f"{party}{read.home.path}{body}",), read.home, f"{party}，{read.reason}")


def _youth(name: str, context: Context, position: int) -> Organisation | None:
    """团区委, 共青团柯城区委, 区团委: the Youth League's committee."""
    match = re.match(
        r"^(?:共青团|中国共产主义青年团|团(?=[省市区县州旗]委))(.+?)(委员会|委)(.*)$", name
    )
    if match:
        read = read_home(match.group(1), context, position)
        if read is None or read.end != len(match.group(1)):
            return None
        home, rest, reason = read.home, match.group(3), read.reason
    else:
        match = re.match(r"^(.+?)团委(.*)$", name)
        read = read_home(match.group(1), context, position) if match else None
        if read is None or read.end != len(match.group(1)):
            return None
        home, rest, reason = read.home, match.group(2), read.reason
    chain = chain_of(f"共青团{home.path}委员会", split_parts(rest, PARTY))
    return Organisation(chain, home, f"共青团，{reason}")


def _police(name: str, context: Context, position: int) -> Organisation | None:
    """公安碑林分局: 公安 is the police here, not the county in Hubei."""
    match = re.match(r"^公安(.{2,6})分局$", name)
    read = read_home(match.group(1), context, position) if match else None
    return branch_bureau(read.home, "公安", read.reason) if read is not None else None


def _front_home(text: str, context: Context, position: int) -> Read | None:
    """`read_home`, and 柯区 for 柯城区: a name of the jurisdiction with a character lost."""
    read = read_home(text, context, position)
    if read is not None:
        return read
    for home in context.line():
        kind = home.name[-1]
        for end in range(2, min(len(text), len(home.name)) + 1):
            short = text[:end]
            if short == home.name or not (short[0] == home.name[0] and short[-1] == kind):
                continue
            if len(short) == len(home.name) - 1 and all(c in home.name for c in short):
                return Read(home, end, f"“{short}”缺字，当为{home.name}，指{home.path}")
    return None


def _with_home(name: str, context: Context, position: int) -> Organisation | None:
    party = bool(match := _PARTY_FRONT.match(name))
    rest = name[match.end() :] if match else name
    read = _front_home(rest, context, position) if party else read_home(rest, context, position)
    if read is None:
        return None
    home, body = read.home, rest[read.end :]
    if read.bare and (not _PUBLIC.match(body) or _NATIONWIDE.match(body)):
        return None
    return body_of(home, body, read, party)


def _bare(name: str, context: Context, position: int) -> Organisation | None:
    """A body without any place: the issuer's or the jurisdiction's."""
    home = context.jurisdiction
    if home is None:
        return None
    why = f"未写明地方，指{home.path}（文档辖区）"
    if re.match(r"^(?:人大|人民代表大会)(?!代表|会堂|附)", name):
        rest = re.sub(r"^(?:人大|人民代表大会)", "", name)
        return Organisation(
            chain_of(top_name(CONGRESS, home), split_parts(rest, CONGRESS)), home, why
        )
    if match := re.match(r"^(?:人民政府|政府(?=办$|办公室|办公厅|党组|$))", name):
        chain = chain_of(top_name("government", home), split_parts(name[match.end() :], ""))
        return Organisation(chain, home, why)
    if name in ("党委", "党委会"):
        return Organisation((f"中共{home.path}委员会",), home, why)
    full = expand_body(name)
    if name.endswith("厅"):
        # Departments of that name are a province's; a municipality has none.
        home = next((h for h in context.line() if h.level == "province"), home)
        why = f"未写明地方，指{home.path}（文档辖区所在的省）"
    if is_known_body(name) and not (name.endswith("厅") and home.name.endswith("市")):
        # 工商联, 妇联, 林业局 without a place; a firm of the document may go by that too.
        return Organisation((home.path + full,), home, why, known=False)
    if re.match(r"^(?:管委会|管理委员会)", name):
        zone = context.zone(position) or home
        rest = re.sub(r"^(?:管委会|管理委员会)", "", name)
        chain = chain_of(f"{zone.path}管理委员会", split_parts(rest, ""))
        # A county has none: then it is that of a park which the document names.
        return Organisation(chain, zone, why, known=bool(ZONE.search(zone.name)))
    match = BRANCH_BUREAU.fullmatch(name)
    if match and home.level == "county" and match.group(1) != "税务":
        return branch_bureau(home, match.group(1), why)
    if re.match(r"^(?:常委会|常务委员会)", name):
        top = _standing(context)
        if top is not None:
            kind, base = top
            return Organisation(chain_of(base, split_parts(name, kind)), home, f"本文档所指，{why}")
    if re.match(r"^(?:统战部|组织部|宣传部|政法委|社工部|社会工作部)", name):
        chain = chain_of(f"中共{home.path}委员会", split_parts(name, PARTY))
        return Organisation(chain, home, f"党委部门，{why}")
    if re.match(r"^(?:纪委|纪律检查委员会)", name):
        return body_of(home, name, Read(home, 0, why), party=False)
    if re.match(r"^局(?=党|机关)", name) and context.issuer and context.issuer.endswith("局"):
        chain = chain_of(context.issuer, split_parts(name[1:], ""))
        return Organisation(chain, home, f"发文单位的内设组织，{why}")
    inner = re.match(
        r"^(?:机关|(?:第[一二三四五六七八九十]+)?党(?:支部|总支)|党组|提案委|办公室|专门委员会|[^委]{2,6}委(?:员会)?党)",
        name,
    )
    if inner and context.issuer:
        kind = _kind_of(context.issuer)
        chain = chain_of(context.issuer, split_parts(name, kind))
        return Organisation(chain, home, f"发文单位的内设组织，{why}")
    return None


def _kind_of(issuer: str) -> str:
    if issuer.startswith("政协"):
        return CPPCC
    if "人民代表大会" in issuer:
        return CONGRESS
    return PARTY if issuer.startswith("中共") else ""


def _standing(context: Context) -> tuple[str, str] | None:
    """Whose 常委会: the issuer's, or in a government's report the people's congress's."""
    home = context.jurisdiction
    if context.issuer and context.issuer.startswith("政协"):
        return CPPCC, top_name(CPPCC, home)
    if context.issuer and context.issuer.startswith("中共"):
        return PARTY, f"中共{home.path}委员会"
    return CONGRESS, top_name(CONGRESS, home)


def is_newspaper(name: str) -> bool:
    """Whether a name is a newspaper's: as an organisation, its publisher.

    Examples
    --------
    >>> is_newspaper("衢州日报"), is_newspaper("衢州日报社")
    (True, False)
    """
    return bool(_MEDIA.fullmatch(name))


def _says_place(name: str) -> bool:
    """Whether a name says where its bearer belongs, or is registered: 越南…中学, 全国…协会."""
    if _WIDE.match(name) or is_company(name) or g.addresses(name):
        return True
    return any(start == 0 for start, *_ in g.named_countries(name))


def _literal(name: str, context: Context) -> Organisation:
    """A name that stands for itself: firms, universities, associations.

    A kind that every county has (思源实验学校, 红十字会) is the jurisdiction's own unless
    the name says a place.
    """
    home = context.jurisdiction
    if g.university(name) is not None:
        return Organisation((name,), None, "高校表中的全称", known=False)
    if _MEDIA.fullmatch(name):
        return Organisation((f"{name}社",), None, "报纸，作机构指报社")
    nowhere = "文档未说明所在地方，只在本文档内视为同一机构"
    if level_word(name) or _RELATIVE.match(name):
        return Organisation((name,), None, nowhere, scope=context.here())
    if _NOBODYS_OWN.fullmatch(name) or (home is None and is_known_body(name)):
        return Organisation((name,), None, nowhere, known=False, scope=context.here())
    if home is not None and _SCOPED.search(name) and not _says_place(name):
        return Organisation(
            (name,),
            None,
            f"通名，只在{home.path}的文档之间视为同一机构",
            known=False,
            scope=home.code or home.path,
        )
    return Organisation((name,), None, "按名称本身识别", known=False)
