"""Candidate pairs: close enough for a person to look at, and never more than that."""

from __future__ import annotations

import pytest

from graph.duplicates import Named, compare, duplicates

KECHENG, CHANGSHAN = "浙江省衢州市柯城区", "浙江省衢州市常山县"


def org(name: str, path: str | None = None) -> Named:
    return Named(f"Organization:{name}", name, "Organization", path=path)


PAIRS = [
    (org(f"{KECHENG}文旅发展集团"), org(f"{KECHENG}文化旅游发展集团"), True),
    (org("寺桥食品有限公司"), org("浙江寺桥食品有限公司"), True),
    (org("衢州四桥建设有限公司"), org("衢州寺桥建设有限公司"), True),
    (org(f"{KECHENG}教育局", KECHENG), org(f"{CHANGSHAN}教育局", CHANGSHAN), False),
    (org(f"{KECHENG}教育局", KECHENG), org(f"{KECHENG}教体局", KECHENG), False),
    (org(f"政协{KECHENG}委员会", KECHENG), org(f"中共{KECHENG}委员会", KECHENG), False),
    (org(f"政协{KECHENG}委员会党组", KECHENG), org(f"政协{KECHENG}委员会机关党组", KECHENG), False),
    (org(f"政协{KECHENG}委员会", KECHENG), org(f"政协{KECHENG}委员会常务委员会", KECHENG), False),
    (org(f"{KECHENG}第一小学", KECHENG), org(f"{KECHENG}第二小学", KECHENG), False),
    (org("中国科学院"), org("中国社会科学院"), False),
    (
        Named("Person:王伟@330802", "王伟", "Person"),
        Named("Person:王伟@330822", "王伟", "Person"),
        True,
    ),
    (
        Named("Person:王伟@330802", "王伟", "Person"),
        Named("Person:王炜@330802", "王炜", "Person"),
        True,
    ),
    (
        Named("Person:王伟@330802", "王伟", "Person"),
        Named("Person:李娜@330802", "李娜", "Person"),
        False,
    ),
    (
        Named("Brand:农民诗@330802", "农民诗", "Brand"),
        Named("Project:农民诗@330802", "农民诗", "Project"),
        True,
    ),
    (
        Named("Project:水亭门二期@330802", "水亭门二期", "Project"),
        Named("Project:水亭门三期@330802", "水亭门三期", "Project"),
        False,
    ),
    (
        Named("Brand:同心向党·旗杆红@330802", "同心向党·旗杆红", "Brand"),
        Named("Brand:同心向党·U先锋@330822", "同心向党·U先锋", "Brand"),
        False,
    ),
]


@pytest.mark.parametrize(
    ("one", "other", "wanted"), PAIRS, ids=[f"{a.id}|{b.id}" for a, b, _ in PAIRS]
)
def test_pair(one, other, wanted):
    found = compare(one, other)
    assert (found is not None) == wanted, found
    assert found is None or found.reason


def test_blocks_find_what_comparing_all_finds():
    entities = [e for a, b, _ in PAIRS for e in (a, b)]
    entities = list({e.id: e for e in entities}.values())
    every = {
        frozenset((a.id, b.id))
        for n, a in enumerate(entities)
        for b in entities[n + 1 :]
        if compare(a, b)
    }
    assert {frozenset((p.one.id, p.other.id)) for p in duplicates(entities)} == every
