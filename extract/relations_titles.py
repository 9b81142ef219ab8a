"""The title that a person holds in an organisation: the words beside the two names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.relations_pairs import Span

_LONGEST = 20
_EDGE = "、，,和及兼的 \t　"
_NO_TITLE = re.compile(r"[。；;！？!?：:（）()“”]")
_OPENING = re.compile(r"^(?:的|新任|时任|现任|届|派出的)+")
_VERBS = re.compile(r".*(?:担任|会见|访问|召开|来自|通报|邀请|兼任|率领?|带领)")
_CLOSING = re.compile(r"(?:同志|先生|女士|一行|等人|等)+$")
_AFTER = re.compile(
    r"[^，。；、！？：,;（）()]{0,12}?(?:主席|主任|书记|部长|总理|总统|长|委员|常委|代表|教授|研究员|"
    r"总裁|经理|首相|大臣|院士|负责人|领导人|发言人|司令员|政委|法官|医生|专家|成员|员|使|记者)"
)


def title(text: str, person: Span, body: Span, spans: Sequence[Span]) -> str | None:
    """Return the post that a sentence gives a person in a body, None where it names none.

    Parameters
    ----------
    text : str
        The sentence.
    person, body : Span
        The two ends.
    spans : sequence of Span
        All mentions of the sentence, sorted.

    Examples
    --------
    >>> text = "中共中央政治局常委、全国政协主席王沪宁"
    >>> spans = [Span(0, 7, "Organization"), Span(10, 14, "Organization"), Span(16, 19, "Person")]
    >>> title(text, spans[2], spans[0], spans), title(text, spans[2], spans[1], spans)
    ('常委', '主席')
    >>> title("李某任市总工会副主席。", Span(0, 2, "Person"), Span(3, 7, "Organization"), [])
    '副主席'
    >>> title("财政部长刘某", Span(4, 6, "Person"), Span(0, 3, "Organization"), [])
    '部长'
    """
    if body.end <= person.begin:
        stop = min(
            (s.begin for s in spans if s.begin >= body.end and s.begin < person.begin),
            default=person.begin,
        )
        found = text[body.end : stop]
        # In 副主席李某、张某 the post of the second person stands before the first.
        before = [s for s in spans if body.end <= s.begin < person.begin and s.label == "Person"]
        if before:
            found = text[body.end : before[0].begin]
    else:
        match = _AFTER.match(text, body.end)
        # 王某（某局局长） and 王某任某局局长 name the post behind the body.
        found = match.group() if match else text[person.end : body.begin]
    found = _NO_TITLE.split(found.strip(_EDGE), maxsplit=1)[0].strip(_EDGE)
    found = _CLOSING.sub("", _OPENING.sub("", _VERBS.sub("", found))).strip(_EDGE)
    if found == "长":
        # 财政部长: the body ends in the first character of the post.
        found = text[body.end - 1] + found
    return found if 1 < len(found) <= _LONGEST else None
