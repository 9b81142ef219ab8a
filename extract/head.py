"""The head of a document: its first lines without web furniture, and what they say.

Work reports open with a title, a meeting and a speaker, each on its line; departments sign
their papers in the title or at the end; news has a headline and a dateline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from extract.dates import iso_date
from extract.documents import Header

_HEAD_LINES = 24
HEAD_CHARACTERS = 1500

_FURNITURE = re.compile(
    r"(?:您(?:的|现在的)?位置|当前位置|首页|来源|稿源|时间|日期|发布|发表|作者|浏览|阅读量?|点击|分享|打印|字体|字号"
    r"|【字体|责任编辑|编辑[:：]|索引号).*|[大中小]|[】\[\]()（）:：>|\s\d-]+"
)
"""Lines that web pages put around a text; the date in them counts all the same."""

_MEETING = re.compile(
    r"(?P<meeting>[^\s在日（(）)，。；：—\d][^在，。；：（(）)—\d]{2,50}"
    r"(?:第[一二三四五六七八九十]+次(?:全体)?(?:\(扩大\)|（扩大）)?会议|届[一二三四五六七八九十]+次(?:全体)?会议))"
)
_POSTS = (
    "主席|主任|省长|市长|县长|区长|州长|旗长|盟长|专员|局长|厅长|书记|院长|检察长|秘书长|部长|乡长|镇长"
    "|董事长|总经理"
)
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤温康"
    "施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏"
    "席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁"
    "胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻厉位伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋"
    "相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利"
    "於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由嘎旦格索达扎次洛桑巴乌艾阿华才"
)
_SPEAKER = re.compile(
    rf"(?P<post>[一-鿿、（）]{{0,40}}(?:{_POSTS}))[\s:：]*"
    rf"(?P<name>[一-鿿]\s?[一-鿿]{{1,3}}(?:·[一-鿿]{{1,6}})?|[一-鿿]{{2,6}}(?:·[一-鿿]{{1,6}})+)\s*[）)]?$"
)
_NAME_ONLY = re.compile(rf"^[{_SURNAMES}]\s?[一-鿿]{{1,2}}$|^[一-鿿]{{2,5}}·[一-鿿·]{{2,8}}$")
_RUNNING = re.compile(r"[。！；].|^(?:各位|同志们)")


@dataclass(frozen=True)
class Head:
    """The head's lines without web furniture, and the facts read off them."""

    lines: tuple[str, ...]
    title: str | None
    meeting: str | None
    date: str | None
    speaker: str | None
    post: str | None


def read_head(text: str, given: Header) -> Head:
    """Facts of the head; title and date that the file itself gives (a table's columns) hold."""
    lines: list[str] = []
    opening = text[:HEAD_CHARACTERS]
    for line in opening.splitlines()[: 2 * _HEAD_LINES]:
        line = _unspaced(line.strip().strip("\ufeff\x00"))
        if not line or (_FURNITURE.fullmatch(line) and not iso_date(line)):
            continue
        lines.append(line)
        if len(lines) == _HEAD_LINES or (len(line) > 40 and _RUNNING.search(line)):
            break
    title = given.title or _title(lines)
    below = [line for line in lines if line != title]
    meeting = _MEETING.search("".join(re.sub(r"\s", "", line) for line in below))
    post, speaker = _speaker(lines)
    return Head(
        lines=tuple(lines),
        title=title,
        meeting=meeting["meeting"] if meeting else None,
        date=given.date or _head_date(lines),
        speaker=speaker,
        post=post,
    )


_TITLE_TAIL = re.compile(
    r"(?:报告|总结|打算|要点|计划|思路|安排|通知|意见|方案|办法|规定|公告|通告|批复|函|纪要|规划|指南|细则|决定|通报|讲话|决议)"
    r"(?:[（(][^）)]{1,12}[）)])?$"
)
_ORGAN_LINE = re.compile(
    r"^(?:中国人民政治协商会议|政协|中共|[一-鿿]{2,20}(?:委员会|人民政府|人民代表大会|局|厅))"
)


def _title(lines: list[str]) -> str | None:
    """The title: the line that ends as titles of papers do, else the first line."""
    for position, line in enumerate(lines[:12]):
        clean = re.sub(r"\s+", " ", line).strip()
        if len(clean) > 70 or "。" in clean or not _TITLE_TAIL.search(clean):
            continue
        before = re.sub(r"\s+", "", lines[position - 1]) if position else ""
        if _broken_title(before, clean):
            clean = before + clean
        return clean
    for line in filter(lambda line: not _FURNITURE.fullmatch(line), lines[:6]):
        clean = re.sub(r"\s+", " ", line).strip()
        if re.fullmatch(r"[（(].{1,12}[）)]", clean) or len(clean) < 4:
            continue
        return clean if len(clean) <= 70 and not re.search(r"[。；]", clean) else None
    return None


def _unspaced(line: str) -> str:
    """A line without the spaces that set it wide.

    >>> _unspaced("政　府　工　作　报　告"), _unspaced("市长 孟庆峰")
    ('政府工作报告', '市长 孟庆峰')
    """
    wide = re.fullmatch(r"(?:[一-鿿]\s+){3,}[一-鿿]", line)
    return re.sub(r"\s", "", line) if wide else line


def _broken_title(before: str, line: str) -> bool:
    """Whether a title was set in two lines: 政协第五届柯城区委员会 / 常务委员会工作报告."""
    if not before or len(before) > 40 or _TITLE_TAIL.search(before) or "。" in before:
        return False
    if re.match(r"(?:第.{1,3}届)?(?:常务委员会)?工作报告|关于", line):
        return _ORGAN_LINE.match(before) is not None
    started = re.match(r"中国人民政治协商会议|政协第", before) is not None
    return started and not re.match(r"中国人民政治|政协|[—（(\d]", line)


def _head_date(lines: list[str]) -> str | None:
    """The date of the head; the meeting's wins over the day a web page was put up."""
    dated = [line for line in lines[:12] if len(line) < 120]
    for line in sorted(dated, key=lambda line: "会议" not in line):
        if date := iso_date(line):
            return date
    return None


def signed_date(text: str) -> str | None:
    """The date under the signature: the last short line, and nothing else on it."""
    lines = [line.strip() for line in text[-400:].splitlines() if line.strip()]
    for line in reversed(lines[-3:]):
        if len(line) <= 20 and (date := iso_date(line)) and not re.search("[，。；]", line):
            return date
    return None


def _speaker(lines: list[str]) -> tuple[str | None, str | None]:
    """Post and name of who speaks, from the lines below the title."""
    for position, line in enumerate(lines[:12]):
        line = re.sub(r"(?<=[一-鿿])[（(][男女汉回藏满苗壮一-鿿，、族]{1,8}[）)]$", "", line)
        if len(line) > 70 or (position and _RUNNING.search(lines[position - 1]) and position > 8):
            continue
        tail = re.split(r"会议上?[\s）)]*", line)[-1]
        tail = re.sub(r"^[（(]?(?:\d{4}年\d{1,2}月\d{1,2}日)?\s*", "", tail).strip("—－- ")
        if match := _SPEAKER.fullmatch(tail):
            name = re.sub(r"\s", "", match["name"])
            spaced = re.search(r"\s", tail[match.end("post") : match.end()])
            if spaced or name[0] in _SURNAMES:
                return re.sub(r"\s", "", match["post"]), name
    for before, line in pairwise(lines[:9]):
        if _NAME_ONLY.match(line) and re.search("会议|年.*日|报告", before):
            return None, re.sub(r"\s", "", line)
    return None, None
