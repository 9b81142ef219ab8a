"use strict";
// Ties the page together: one graph, its search box, legend, pane, tools and keys.

Zhitu.HELP = [
  ["/", "到搜索框"], ["↑ ↓ ← →", "到那个方向上相邻的实体（先按 Tab 到图上）"], ["Enter", "把焦点放到详情"], ["Esc", "取消选择"],
  ["+ − 0", "放大、缩小、全图"], ["?", "这张说明"],
];

Zhitu.start = function start(data, options = {}) {
  const { $, h } = Zhitu;
  const page = data.page;
  const graph = new Zhitu.Graph($("network"), data, data.ontology);
  const pane = new Zhitu.Pane($("pane"), graph, page, options);
  const filters = new Zhitu.Filters($("filters"), graph, page);
  const search = new Zhitu.SearchBox($("search"), $("results"), graph);
  $("title").textContent = page.title;

  const count = () => {
    const nodes = graph.visibleNodes().length, edges = graph.visibleEdges().length;
    const all = graph.nodes.size, lines = graph.edges.size;
    $("counts").textContent = nodes === all && edges === lines ? `${all} 个实体 · ${lines} 条关系` : `${nodes}/${all} 个实体 · ${edges}/${lines} 条关系`;
  };
  graph.on("change", () => { count(); if (!$("table").hidden) Zhitu.showTable(graph, page); });
  count();
  Zhitu.notes(page.notes || []);
  graph.foot = $("notes");
  graph.on("focus", ({ id, edge }) => {
    document.body.classList.toggle("has-focus", Boolean(id || edge));
    if (id) Zhitu.say(Zhitu.spoken(graph, graph.nodes.get(id)));
    if (edge) { const e = graph.edges.get(edge); Zhitu.say(`${graph.nodes.get(e.from).name} ${graph.relationName(e.type)} ${graph.nodes.get(e.to).name}`); }
  });

  $("zoom-in").addEventListener("click", () => graph.zoom(1.25));
  $("zoom-out").addEventListener("click", () => graph.zoom(0.8));
  $("fit").addEventListener("click", () => graph.fit());
  Zhitu.exports(graph, page);
  $("view-table").addEventListener("click", () => {
    const show = $("table").hidden;
    $("view-table").setAttribute("aria-pressed", String(show));
    $("table").hidden = !show;
    $("network").hidden = show;
    if (show) Zhitu.showTable(graph, page); else graph.redraw();
  });
  const help = (show) => { $("help-box").hidden = !show; $("help").setAttribute("aria-expanded", String(show)); };
  $("help-box").append(h("h2", {}, "键盘"), h("dl", {}, Zhitu.HELP.flatMap(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)])),
    h("p", {}, "线的粗细：有几篇文档这样说。实线：已做或未注明；虚线：计划；点线：由区划表或名称得出，没有原句。图形大小：关系多少。"));
  $("help").addEventListener("click", () => help($("help-box").hidden));
  Zhitu.onTheme($("theme"), () => graph.recolour());

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "Escape") { help(false); if (!typing) graph.select(null); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); $("search").focus(); }
    else if (event.key === "+" || event.key === "=") graph.zoom(1.25);
    else if (event.key === "-") graph.zoom(0.8);
    else if (event.key === "0") graph.fit();
    else if (event.key === "?") help($("help-box").hidden);
  });
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  $("network").addEventListener("keydown", (event) => {
    if (arrows[event.key]) {
      event.preventDefault();
      const next = graph.step(...arrows[event.key]);
      if (next) graph.select(next.id, { move: true }); else Zhitu.say("这个方向没有相邻实体");
    } else if (event.key === "Enter") { event.preventDefault(); $("pane").focus(); }
  });
  // Where the pane lies below the picture, what was chosen by a tap is brought into view.
  const reveal = () => {
    if (!matchMedia("(max-width: 900px)").matches || !(graph.focus || graph.focusEdge)) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    $("pane").scrollIntoView({ behavior: still ? "auto" : "smooth" });
  };
  graph.network.on("click", reveal);
  $("results").addEventListener("click", (event) => { if (event.target.closest("li[data-id]")) reveal(); });
  $("search").addEventListener("keydown", (event) => { if (event.key === "Enter") reveal(); });
  $("pane").addEventListener("click", (event) => { if (event.target.closest(".link")) reveal(); });
  graph.fit();
  return { graph, pane, filters, search, page };
};

Zhitu.spoken = (graph, node) => `${node.name}，${graph.typeName(node.type)}，${graph.visibleEdgesOf(node.id).length} 条关系`;

Zhitu.notes = function notes(lines) {
  const box = Zhitu.$("notes");
  box.replaceChildren(...lines.map((line) => Zhitu.h("p", {}, line)));
  box.hidden = !lines.length;
};

Zhitu.exports = function exports(graph, page) {
  const { $ } = Zhitu;
  const name = `知图-${page.title.replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 40)}`;
  const menu = (show) => { $("export-items").hidden = !show; $("export").setAttribute("aria-expanded", String(show)); if (show) $("save-png").focus(); };
  $("export").addEventListener("click", () => menu($("export-items").hidden));
  $("export-items").addEventListener("keydown", (event) => { if (event.key === "Escape") { menu(false); $("export").focus(); event.stopPropagation(); } });
  document.addEventListener("click", (event) => { if (!event.target.closest(".menu")) menu(false); });
  const save = (id, make) => $(id).addEventListener("click", async () => { const [ending, blob] = await make(); Zhitu.download(`${name}.${ending}`, blob); menu(false); });
  save("save-svg", () => ["svg", new Blob([Zhitu.toSvg(graph, page.title)], { type: "image/svg+xml" })]);
  save("save-png", async () => ["png", await Zhitu.toPng(Zhitu.toSvg(graph, page.title))]);
  save("save-csv", () => ["csv", new Blob([Zhitu.csv(Zhitu.tableRows(graph, page))], { type: "text/csv;charset=utf-8" })]);
};

Zhitu.showTable = function showTable(graph, page) {
  const h = Zhitu.h;
  const [head, ...rows] = Zhitu.tableRows(graph, page);
  const shown = rows.slice(0, 2000);
  Zhitu.$("table").replaceChildren(h("table", {},
    h("caption", {}, rows.length > shown.length ? `前 ${shown.length} 条，共 ${rows.length} 条；全部见 CSV` : `${rows.length} 条`),
    h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))),
    h("tbody", {}, shown.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell ?? "")))))));
};

if (document.getElementById("zhitu-data") && !window.ZHITU_EXPLORER) {
  window.zhitu = Zhitu.start(Zhitu.readData("zhitu-data"));
}
