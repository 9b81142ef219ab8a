"""Bodies: what stands after the place of an organisation's name, and composing the whole.

`Organisation` is a name taken apart; `body_of` reads the words after the place (政协…, 委,
人大常委会, 教育局, 村委会) and gives the canonical name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract import gazetteer as g
from graph.entities import Entity
from graph.identity_context import Home, home_in_name
from graph.identity_places import Read
from graph.names import (
    CONGRESS,
    CPPCC,
    PARTY,
    expand_body,
    expand_branch,
    is_company,
    split_parts,
)


@dataclass(frozen=True)
class Organisation:
    """A name taken apart.

    `chain` holds the canonical names from the top body to this one; each is PART_OF the one
    before. `known` says that jurisdiction and kind were both read: such names need no help
    from other mentions. `scope` is added to the id of a name that many counties share.
    """

    chain: tuple[str, ...]
    home: Home | None
    reason: str
    known: bool = True
    scope: str | None = None

    @property
    def name(self) -> str:
        """Canonical name."""
        return self.chain[-1]

    def entity(self, depth: int = -1) -> Entity:
        """The entity of one body of the chain."""
        name = self.chain[depth]
        scope = f"@{self.scope}" if self.scope else ""
        # Code and path must follow from the id, whatever else the document told.
        home = home_in_name(name)
        return Entity(
            id=f"Organization:{name}{scope}",
            name=name,
            type="Organization",
            code=home.code if home else None,
            path=home.path if home else None,
            reason=self.reason,
        )


def top_name(kind: str, home: Home) -> str:
    path = home.path
    if kind == CPPCC:
        return f"政协{path}委员会"
    if kind == CONGRESS:
        return f"{path}人民代表大会"
    if kind == "government":
        return f"{path}政府" if path.endswith("特别行政区") else f"{path}人民政府"
    raise ValueError(kind)


def chain_of(top: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    names = [top]
    for part in parts:
        names.append(names[-1] + part)
    return tuple(names)


_PARTY_BODY = re.compile(
    r"^(党委|党工委|工委|工作委员会|地委|委员会|委)(?!员会)|^((?:第[一二三四五六七八九十]+)?党?(?:总支|支)部?(?:部?委员会)?)$"
)


BRANCH_BUREAU = re.compile(r"^(公安|生态环境|自然资源(?:和规划)?|税务)分局")
"""A bureau that the city keeps in a district."""


def body_of(home: Home, body: str, read: Read, party: bool) -> Organisation | None:
    """What stands after the place: the body and its inner bodies."""
    reason = read.reason
    # 永年县委 of what is 永年区 now, 花垣县县委: the level belongs to the place.
    if home.level == "county":
        body = re.sub(r"^[市县区旗](?=委(?!员)|政府|政协|人大|纪委)", "", body)
        body = re.sub(r"^(?:[县旗]|区(?![块域]))(?=..)", "", body) if read.bare else body
    if not body:
        # 我区, 全区 as an organisation that acts: the government.
        if read.word or party:
            return Organisation((top_name("government", home),), home, f"{reason}，作行为者指政府")
        return Organisation((home.path,), home, f"{reason}，以地名代称")
    if match := re.match(r"^政协(?!委员)(?:委员会)?", body):
        chain = chain_of(top_name(CPPCC, home), split_parts(body[match.end() :], CPPCC))
        return Organisation(chain, home, f"政协，{reason}")
    if match := re.match(r"^(?:人民代表大会|人大)(?!代表|会堂|附)", body):
        chain = chain_of(top_name(CONGRESS, home), split_parts(body[match.end() :], CONGRESS))
        return Organisation(chain, home, f"人大，{reason}")
    if match := re.match(r"^(?:人民)?政府(?!办公)(?=.{2,}(?:局|厅|委|委员会)$)", body):
        body = body[match.end() :]  # 自治区政府国资委 is 自治区国资委
    if match := re.match(r"^(?:人民)?政府(?!采购|性)", body):
        chain = chain_of(
            top_name("government", home), split_parts(body[match.end() :], "government")
        )
        return Organisation(chain, home, f"政府，{reason}")
    if match := re.match(r"^(村民委员会|居民委员会|村委会|居委会|委会)$", body):
        # 村委会 leaves its 村 to the place: 村 + 委会.
        kind = "居民委员会" if home.name.endswith(("社区", "居", "小区")) else "村民委员会"
        return Organisation((home.path + kind,), home, f"自治组织，{reason}")
    if body in ("办", "办事处") and home.level == "township":
        return Organisation((f"{home.path}办事处",), home, f"办事处，{reason}")
    if found := _party_body(home, body, party, reason):
        return found
    if match := re.match(r"^(?:管委会|管理委员会)", body):
        chain = chain_of(f"{home.path}管理委员会", split_parts(body[match.end() :], ""))
        return Organisation(chain, home, f"管委会，{reason}")
    if match := BRANCH_BUREAU.match(body):
        return branch_bureau(home, match.group(1), reason)
    if is_company(body):
        # A firm's name is registered: 县农投集团 becomes 广昌县农投集团, not the full path.
        front = home.name if read.word else ""
        registered = f"{front}{body}" if read.word else None
        if registered is None:
            return None
        return Organisation((registered,), home, f"企业名，{reason}", known=False)
    parts = split_parts(body, "")
    if re.match(r"^中(?:院|级人民法院)", body) and (city := _city_of(home)):
        home, reason = city, f"{reason}，中级人民法院设在{city.name}"
    chain = chain_of(home.path + parts[0], parts[1:])
    return Organisation(chain, home, f"辖区加机构，{reason}", known=_is_kind(parts[0]))


def _is_kind(body: str) -> bool:
    return bool(re.search(r"(?:局|厅|人民法院|人民检察院|联合会|总工会)$", body))


def _party_body(home: Home, body: str, party: bool, reason: str) -> Organisation | None:
    if match := re.match(r"^(?:纪律检查委员会|纪委)(?:、?(?:监委|监察委员会)$)?", body):
        chain = chain_of(f"中共{home.path}纪律检查委员会", split_parts(body[match.end() :], PARTY))
        return Organisation(chain, home, f"纪委，{reason}")
    if re.match(r"^(?:[省市县区州]?直机关|[省市县区州]?直属机关)(?:工委|工作委员会)", body):
        chain = chain_of(f"中共{home.path}委员会", split_parts(body, PARTY))
        return Organisation(chain, home, f"党委，{reason}")
    match = _PARTY_BODY.match(body)
    if match is None or (match.group(1) in ("委员会", "工作委员会") and not party):
        return None
    if match.group(2):
        branch = expand_branch(re.sub("党", "", match.group(2)))
        return Organisation((f"中共{home.path}{branch}",), home, f"党组织，{reason}")
    kind = "工作委员会" if "工" in match.group(1) else "委员会"
    chain = chain_of(f"中共{home.path}{kind}", split_parts(body[match.end() :], PARTY))
    return Organisation(chain, home, f"党委，{reason}")


def _city_of(home: Home) -> Home | None:
    """The city that a county belongs to, if `home` is one and there is one."""
    above = g.division(home.division.parent) if home.division else None
    return Home.of(above) if above is not None and above.level == "city" else None


def branch_bureau(home: Home, stem: str, reason: str) -> Organisation | None:
    city = _city_of(home)
    if city is None:
        return None
    bureau = f"{city.path}{expand_body(stem + '局')}"
    short = re.sub(r"[区县市]$", "", home.name) if stem == "公安" else home.name
    return Organisation((bureau, f"{bureau}{short}分局"), home, f"{city.name}派出的分局，{reason}")
