"use strict";
// The graph page of the explorer: a node's neighbours come from the database on demand, and
// what has been opened stands in the address.

(() => {
  const data = Zhitu.readData("zhitu-data");
  const link = (text, href) => Zhitu.h("a", { class: "button", href }, text);
  const address = (path, given) => `${path}?${new URLSearchParams(given)}`;

  const expand = async (id) => {
    const graph = window.zhitu.graph;
    Zhitu.say("正在展开");
    let answer;
    try { answer = await Zhitu.post("/api/expand", { id, shown: [...graph.nodes.keys()] }); }
    catch (error) { Zhitu.notes([error.message]); return; }
    Object.assign(data.page.documents, answer.documents);
    const added = answer.nodes.filter((node) => !graph.nodes.has(node.id));
    Zhitu.around(graph, id, added);
    graph.add(answer);
    window.zhitu.filters.build();
    window.zhitu.filters.apply();
    graph.select(id, { move: true });
    const said = added.length ? `展开了 ${added.length} 个实体${answer.left ? `，另有 ${answer.left} 个未画` : ""}` : "没有更多相邻实体";
    Zhitu.notes([said]);
    Zhitu.say(said);
    const here = new URL(location.href);
    if (!here.searchParams.getAll("id").includes(id)) here.searchParams.append("id", id);
    history.replaceState(null, "", here);
  };

  window.zhitu = Zhitu.start(data, {
    documentUrl: (id) => address("/document", { id }),
    actions: (node) => [
      Zhitu.h("button", { type: "button", id: "expand", onclick: () => expand(node.id) }, "展开相邻"),
      link("详情", address("/entity", { id: node.id })),
      link("路径", address("/path", { from: node.id })),
      link("更正", address("/corrections", { entity: node.id })),
    ],
  });
  window.zhitu.graph.on("open", expand);
  window.zhitu.expand = expand;
  Zhitu.redrawAll.push(() => window.zhitu.graph.recolour());
})();

// Free places for new nodes: on rings around their node, away from everything drawn.
Zhitu.around = function around(graph, id, added) {
  const centre = graph.nodes.get(id);
  const boxes = [...graph.nodes.values()].map((node) => graph.labels.nodeBox(node));
  const free = (box) => boxes.every((b) => box[0] > b[2] + 8 || box[2] < b[0] - 8 || box[1] > b[3] + 8 || box[3] < b[1] - 8);
  let ring = 1, step = 0;
  for (const node of added) {
    for (;;) {
      const count = Math.max(6, Math.round(7 * ring));
      const angle = (2 * Math.PI * step) / count + ring * 0.4;
      Object.assign(node, { x: Math.round(centre.x + 150 * ring * Math.cos(angle) * 1.15), y: Math.round(centre.y + 120 * ring * Math.sin(angle)) });
      step += 1;
      if (step >= count) { step = 0; ring += 0.5; }
      const box = graph.labels.nodeBox(node);
      if (free(box)) { boxes.push(box); break; }
    }
  }
};
