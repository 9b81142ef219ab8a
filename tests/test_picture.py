"""The offline page in a real browser: what it shows, what it never does."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import struct
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest

from graph.ontology import LABELS, RELATION_TYPES, RELATIONS, allowed
from tests.asking_graph import DOCUMENTS
from tests.browser import until, watched
from viz.page import page_data, write_page
from viz.subgraph import subgraph

KECHENG = "Organization:政协浙江省衢州市柯城区委员会"
HOSTILE = [
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "a\u2028b\u2029c\"'`${1}\\",
    "<!--<script>",
    "&lt;b&gt;",
]


def made_up(count: int, *, extra: float = 0.25, seed: int = 7) -> nx.MultiDiGraph:
    """A graph as reports give it: some hubs, many leaves, names of 2 to 16 characters."""
    rnd = random.Random(seed)
    tree = nx.barabasi_albert_graph(count, 1, seed=seed)
    graph = nx.MultiDiGraph(
        title="试验", seeds=["Organization:0"], notes=[], documents={"d": {"name": "甲"}}
    )
    letters = (
        "柯城常山衢州浙江江山龙游开化杭州宁波水库高铁工程协商议事品牌文化旅游集团学校医院街道村"
    )
    for i in tree:
        type_ = "Organization" if tree.degree(i) > 3 or i == 0 else rnd.choice(LABELS)
        name = "".join(rnd.choices(letters, k=rnd.randint(2, 16)))
        graph.add_node(i, id=f"{type_}:{i}", name=name, type=type_, aliases=[])
    graph = nx.relabel_nodes(graph, {i: graph.nodes[i]["id"] for i in graph})
    ids = list(graph)
    chance = [(rnd.randrange(count), rnd.randrange(count)) for _ in range(int(extra * count))]
    for u, v in [*tree.edges, *chance]:
        fits = [
            (h, r.name, t)
            for h, t in ((ids[u], ids[v]), (ids[v], ids[u]))
            for r in RELATION_TYPES
            if h != t and allowed(r.name, graph.nodes[h]["type"], graph.nodes[t]["type"])
        ]
        if fits:
            head, type_, tail = rnd.choice(fits)
            sentence = f"{graph.nodes[head]['name']}同{graph.nodes[tail]['name']}。"
            graph.add_edge(
                head, tail, type=type_, document="d", source="text", confidence=rnd.random(),
                evidence=[{"sentence": "s", "text": sentence, "marks": []}],
            )  # fmt: skip
    return graph


@pytest.fixture(scope="module")
def real(tmp_path_factory, browser) -> tuple[Path, nx.MultiDiGraph]:
    """The page of four small documents, out of an embedded store."""
    from graph.store import connect

    folder = tmp_path_factory.mktemp("picture")
    with connect(f"file:{folder / 'zhitu.db'}") as store:
        store.load(DOCUMENTS, version="1")
        graph = subgraph(store, KECHENG, hops=2)
    return write_page(graph, folder / "柯城.html"), graph


def opened(seen, path: Path):
    seen.page.goto(path.as_uri())
    until(seen.page, "window.zhitu !== undefined && zhitu.graph.labels.drawn.length > 0")
    return seen.page


def overlaps(boxes: list[list[float]]) -> list[tuple[int, int]]:
    return [
        (i, j)
        for (i, a), (j, b) in combinations(enumerate(boxes), 2)
        if a[0] < b[2] - 0.01 and b[0] < a[2] - 0.01 and a[1] < b[3] - 0.01 and b[1] < a[3] - 0.01
    ]


def test_the_file_holds_everything_and_names_no_address(real):
    html = real[0].read_text(encoding="utf-8")
    assert not re.search(r"https?://|//[a-z0-9.-]+\.(com|net|org|cn)/", html)
    assert "vis-network" in html
    assert re.search(r"Content-Security-Policy[^>]+default-src 'none'", html)


def test_it_opens_without_complaint_or_request(browser, real):
    with watched(browser, offline=True) as seen:
        page = opened(seen, real[0])
        assert page.title() == "政协浙江省衢州市柯城区委员会 · 知图"
        assert f"{len(real[1])} 个实体" in page.inner_text("#counts")
        assert page.inner_text("h1") == "政协浙江省衢州市柯城区委员会"
        seen.check()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_never_become_html_or_script(browser, tmp_path, name):
    graph = nx.MultiDiGraph(
        title=name, seeds=["Brand:1"], notes=[name], documents={name: {"title": name}}
    )
    graph.add_node("Brand:1", name=name, type="Brand", aliases=[name + "二"])
    graph.add_node(f"Organization:{name}", name="乙" + name, type="Organization", aliases=[])
    evidence = [{"sentence": name, "text": name + "。", "marks": [[0, len(name), "tail"]]}]
    graph.add_edge(
        f"Organization:{name}", "Brand:1", type="OPERATES", document=name, source="text",
        confidence=0.5, title=name, rule=name, evidence=evidence,
    )  # fmt: skip
    with watched(browser) as seen:
        page = opened(seen, write_page(graph, tmp_path / "x.html"))
        page.click("#results li >> nth=0")
        assert page.evaluate("zhitu.graph.nodes.get('Brand:1').name") == name
        assert page.locator("#pane h2").text_content() == name
        assert page.locator("#pane mark.tail").text_content() == name
        page.click("#view-table")
        page.click("#export")
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0
        assert ElementTree.fromstring(page.evaluate("Zhitu.toSvg(zhitu.graph, zhitu.page.title)"))
        seen.check()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sixty_labels_all_stand_and_none_covers_another(browser, tmp_path, seed):
    graph = made_up(60, seed=seed)
    with watched(browser) as seen:
        page = opened(seen, write_page(graph, tmp_path / "sixty.html"))
        drawn = page.evaluate(
            "zhitu.graph.labels.drawn.map((l) => ({kind: l.kind, id: l.id, box: l.box}))"
        )
        labels = [d for d in drawn if d["kind"] == "node"]
        assert {d["id"] for d in labels} == set(graph)
        assert overlaps([d["box"] for d in drawn]) == []
        # And as vis-network itself measures node with label, at the size of the layout.
        boxes = page.evaluate(
            "[...zhitu.graph.nodes.keys()].map((id) => zhitu.graph.network.getBoundingBox(id))"
            ".map((b) => [b.left, b.top, b.right, b.bottom])"
        )
        assert overlaps(boxes) == []
        seen.check()


def test_the_layout_does_not_depend_on_the_order_of_loading():
    graph = made_up(60)
    shuffled = nx.MultiDiGraph(**graph.graph)
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    random.Random(1).shuffle(nodes)
    random.Random(2).shuffle(edges)
    shuffled.add_nodes_from(nodes)
    shuffled.add_edges_from(edges)
    assert page_data(shuffled) == page_data(graph)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("民生议事", "民生议事堂"),
        ("minshengyishitang", "民生议事堂"),
        ("msyst", "民生议事堂"),
        ("Yi Shi Tang", "民生议事堂"),
        ("区政协", "政协浙江省衢州市柯城区委员会"),
        ("ｑｚｘ", "政协浙江省衢州市柯城区委员会"),
        ("zhangsan", "张三"),
    ],
)
def test_search_finds_by_name_alias_and_pinyin(browser, real, text, name):
    with watched(browser) as seen:
        page = opened(seen, real[0])
        page.keyboard.press("/")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        assert page.locator("#pane h2").text_content() == name
        seen.check()


def test_the_pane_shows_names_posts_and_every_evidence_with_its_mentions(browser, real):
    graph = real[1]
    with watched(browser) as seen:
        page = opened(seen, real[0])
        page.evaluate("(id) => zhitu.graph.select(id)", KECHENG)
        pane = page.locator("#pane")
        for alias in graph.nodes[KECHENG]["aliases"]:
            assert alias in pane.inner_text()
        assert "职务" in pane.inner_text() and "主席" in pane.inner_text()
        ends = [*graph.out_edges(KECHENG, data=True), *graph.in_edges(KECHENG, data=True)]
        proofs = [proof for _, _, data in ends for proof in data["evidence"]]
        shown = pane.locator("blockquote").all_text_contents()
        assert sorted(shown) == sorted(proof["text"] for proof in proofs)
        marked = pane.locator("blockquote mark").all_text_contents()
        assert len(marked) == sum(len(proof["marks"]) for proof in proofs)
        assert "柯城区政协常委会工作报告" in pane.inner_text()
        lit = page.evaluate("[...zhitu.graph.lit]")
        assert set(lit) == {KECHENG, *nx.all_neighbors(graph, KECHENG)}
        seen.check()


def test_a_click_on_the_canvas_chooses_the_node_under_it(browser, real):
    with watched(browser) as seen:
        page = opened(seen, real[0])
        at = page.evaluate(
            """(id) => {
                const graph = zhitu.graph, node = graph.nodes.get(id);
                const frame = graph.container.getBoundingClientRect();
                const point = graph.network.canvasToDOM({x: node.x, y: node.y});
                return [point.x + frame.left, point.y + frame.top];
            }""",
            "Brand:民生议事堂",
        )
        page.mouse.click(*at)
        until(page, "zhitu.graph.focus === 'Brand:民生议事堂'")
        assert page.locator("#pane h2").text_content() == "民生议事堂"
        seen.check()


def test_the_legend_filters_and_says_how_much_is_left(browser, real):
    graph = real[1]
    with watched(browser) as seen:
        page = opened(seen, real[0])
        page.uncheck("input[data-filter=types][value=Brand]")
        shown = page.evaluate("zhitu.graph.visibleNodes().map((n) => n.type)")
        assert "Brand" not in shown
        assert page.inner_text("#counts").startswith(f"{len(shown)}/{len(graph)}")
        page.click("#reset")
        page.locator(".row", has=page.locator("input[value=HOLDS_POSITION]")).hover()
        page.click("button[aria-label=只看任职于]")
        assert set(page.evaluate("zhitu.graph.visibleEdges().map((e) => e.type)")) == {
            "HOLDS_POSITION"
        }
        page.click("#reset")
        page.uncheck("input[data-filter=years][value='2023']")
        said = page.evaluate(
            "zhitu.graph.visibleEdges().map((e) => e.claims.map((c) => c.document))"
        )
        dates = {key: value["date"] for key, value in graph.graph["documents"].items()}
        assert said and all(any(dates[d] > "2024" for d in documents) for documents in said)
        page.click("#reset")
        page.locator("#confidence").fill("0.7")
        edges = page.evaluate(
            "zhitu.graph.visibleEdges()"
            ".map((e) => Math.max(...e.claims.map((c) => c.confidence ?? 1)))"
        )
        assert edges and min(edges) >= 0.7
        seen.check()


def test_the_keyboard_alone_is_enough(browser, real):
    with watched(browser) as seen:
        page = opened(seen, real[0])
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "search"
        page.keyboard.type("msyst")
        page.keyboard.press("Enter")
        page.focus("#network")
        before = page.evaluate("zhitu.graph.focus")
        for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
            page.keyboard.press(key)
            if page.evaluate("zhitu.graph.focus") != before:
                break
        after = page.evaluate("zhitu.graph.focus")
        assert after != before
        name = page.evaluate("(id) => zhitu.graph.nodes.get(id).name", after)
        assert page.inner_text("#said").startswith(name)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "pane"
        page.keyboard.press("Escape")
        assert page.evaluate("zhitu.graph.focus") is None
        page.keyboard.press("?")
        assert page.is_visible("#help-box")
        seen.check()


def test_every_control_has_a_name_for_screen_readers(browser, real):
    with watched(browser) as seen:
        page = opened(seen, real[0])
        page.evaluate("(id) => zhitu.graph.select(id)", KECHENG)
        nameless = page.evaluate(
            """() => {
                const all = 'button, input, select, [role=application], [role=listbox]';
                const label = (e) => e.labels && e.labels.length && e.labels[0].textContent.trim();
                return [...document.querySelectorAll(all)]
                    .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label')
                        || e.title || label(e)))
                    .map((e) => e.outerHTML);
            }"""
        )
        assert nameless == []
        assert page.get_by_role("application", name=re.compile("关系图")).count() == 1
        assert page.get_by_role("listbox", name="实体").count() == 1
        page.click("#view-table")
        rows = page.locator("#table tbody tr").count()
        assert rows == sum(len(e["claims"]) for e in page.evaluate("zhitu.graph.visibleEdges()"))
        seen.check()


def test_light_and_dark_follow_the_system_and_the_button(browser, real):
    grounds = {}
    for scheme in ("light", "dark"):
        with watched(browser, color_scheme=scheme) as seen:
            page = opened(seen, real[0])
            grounds[scheme] = page.evaluate("Zhitu.colour.canvas")
            page.click("#theme")
            grounds[scheme + " pressed"] = page.evaluate("Zhitu.colour.canvas")
            seen.check()
    assert grounds["light"] != grounds["dark"]
    assert grounds["light pressed"] == grounds["dark"]
    assert grounds["dark pressed"] == grounds["light"]


def test_png_svg_and_csv_can_be_saved(browser, real, tmp_path):
    graph = real[1]
    saved = {}
    with watched(browser) as seen:
        page = opened(seen, real[0])
        for kind in ("png", "svg", "csv"):
            page.click("#export")
            with page.expect_download() as download:
                page.click(f"#save-{kind}")
            assert download.value.suggested_filename.endswith("." + kind)
            saved[kind] = Path(download.value.path()).read_bytes()
        seen.check()
    assert saved["png"].startswith(b"\x89PNG")
    width, height = struct.unpack(">II", saved["png"][16:24])
    assert width > 800 and height > 600
    texts = "".join(ElementTree.fromstring(saved["svg"]).itertext())
    for _, data in graph.nodes(data=True):
        if len(data["name"]) <= 10:
            assert data["name"] in texts
    rows = list(csv.reader(io.StringIO(saved["csv"].decode("utf-8-sig"))))
    assert len(rows) == 1 + graph.number_of_edges()
    assert {row[2] for row in rows[1:]} == {
        RELATIONS[d["type"]].zh for *_, d in graph.edges(data=True)
    }


def test_two_thousand_nodes_are_drawn_within_three_seconds_of_loading(browser, tmp_path):
    path = write_page(made_up(2000), tmp_path / "big.html")
    with watched(browser) as seen:
        seen.page.add_init_script(
            """addEventListener('load', () => { window.loadedAt = performance.now(); });
            Object.defineProperty(window, 'zhitu', { configurable: true, set(value) {
                Object.defineProperty(window, 'zhitu', { value, writable: true });
                value.graph.network.on('afterDrawing', () => {
                    window.drawnAt ??= performance.now();
                });
            } });"""
        )
        seen.page.goto(path.as_uri())
        until(seen.page, "window.drawnAt !== undefined")
        took = seen.page.evaluate("Math.max(0, drawnAt - loadedAt)")
        assert seen.page.evaluate("zhitu.graph.nodes.size") == 2000
        assert took < 3000
        seen.check()


def test_a_narrow_window_shows_picture_search_and_pane(browser, real):
    with watched(browser, viewport={"width": 390, "height": 844}) as seen:
        page = opened(seen, real[0])
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for part in ("#network", "#search", "#pane"):
            assert page.locator(part).bounding_box()["width"] > 300
        seen.check()


def test_a_tap_on_a_phone_brings_the_evidence_into_view(browser, real):
    with watched(
        browser, viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce"
    ) as seen:
        page = opened(seen, real[0])
        at = page.evaluate(
            """(id) => {
                const graph = zhitu.graph, frame = graph.container.getBoundingClientRect();
                const point = graph.network.canvasToDOM(graph.nodes.get(id));
                return [point.x + frame.left, point.y + frame.top];
            }""",
            KECHENG,
        )
        in_view = """(() => {
            const name = document.querySelector("#pane h2").getBoundingClientRect();
            return name.top >= 0 && name.bottom <= innerHeight;
        })()"""
        assert not page.evaluate(in_view)
        page.touchscreen.tap(*at)
        until(page, in_view)
        assert page.inner_text("#pane h2") == "政协浙江省衢州市柯城区委员会"
        page.evaluate("scrollTo(0, 0)")
        page.locator("#results li >> nth=1").tap()
        until(page, in_view)
        page.locator("#pane .link").last.tap()
        until(page, in_view)
        seen.check()


def test_the_page_data_is_plain_json(real):
    assert json.loads(json.dumps(page_data(real[1]), allow_nan=False))["nodes"]
