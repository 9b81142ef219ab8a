"use strict";
// The picture as SVG (drawn anew, whole, with a legend), as PNG made from that SVG, and
// the relations as a table.

Zhitu.toSvg = function toSvg(graph, title) {
  const nodes = graph.visibleNodes(), edges = graph.visibleEdges();
  const colour = Zhitu.colour;
  const measure = document.createElement("canvas").getContext("2d");
  const labels = graph.labels.choose(measure, 1, null);
  const boxes = [...nodes.map((n) => [n.x - n.size, n.y - n.size, n.x + n.size, n.y + n.size]), ...labels.map((label) => label.box)];
  const edge = (i, pick) => boxes.reduce((value, box) => pick(value, box[i]), pick === Math.min ? Infinity : -Infinity);
  const margin = 40, head = 56;
  const left = edge(0, Math.min) - margin, top = edge(1, Math.min) - margin - head;
  const width = Math.max(560, edge(2, Math.max) + margin - left), height = edge(3, Math.max) + margin - top + 30;
  const root = Zhitu.svg("svg", { xmlns: SVG, viewBox: [left, top, width, height].map((v) => v.toFixed(1)).join(" "), width: Math.ceil(width), height: Math.ceil(height), "font-family": Zhitu.FONT });
  const text = (value, x, y, attributes) => { const t = Zhitu.svg("text", { x: x.toFixed(1), y: y.toFixed(1), ...attributes }); t.textContent = value; return t; };
  root.append(Zhitu.svg("title", {}, title), Zhitu.svg("rect", { x: left, y: top, width, height, fill: colour.canvas }));
  for (const e of edges) root.append(Zhitu.svgEdge(graph, e));
  for (const n of nodes) root.append(Zhitu.shape(graph.shapes.get(n.type), n.size, n.x, n.y, { fill: colour.types[n.type], stroke: colour.canvas, "stroke-width": 1.5 }));
  for (const label of [...labels].sort((a, b) => (a.kind < b.kind ? -1 : 1))) {
    const step = (label.box[3] - label.box[1]) / label.lines.length;
    label.lines.forEach((line, i) => root.append(text(line, (label.box[0] + label.box[2]) / 2, label.box[1] + step * (i + 0.5) + label.size * 0.36, {
      "text-anchor": "middle", "font-size": label.size.toFixed(1), "font-weight": label.weight, fill: label.kind === "node" ? colour.ink : colour.muted,
      stroke: colour.canvas, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round",
    })));
  }
  root.append(text(title, left + 24, top + 38, { "font-size": 20, "font-weight": 600, fill: colour.ink }));
  let x = left + 24;
  const used = new Set(nodes.map((n) => n.type));
  for (const type of graph.ontology.types.filter((t) => used.has(t.label))) {
    root.append(Zhitu.shape(type.shape, 6, x + 6, top + height - 24, { fill: colour.types[type.label] }), text(type.zh, x + 18, top + height - 19, { "font-size": 13, fill: colour.muted }));
    x += 30 + 13 * type.zh.length + 12;
  }
  return new XMLSerializer().serializeToString(root);
};

Zhitu.svgEdge = function svgEdge(graph, edge) {
  const a = graph.nodes.get(edge.from), b = graph.nodes.get(edge.to);
  const style = graph.visEdge(edge);
  const colour = Zhitu.colour.line;
  const group = Zhitu.svg("g", { stroke: colour, fill: "none", "stroke-width": style.width.toFixed(1), opacity: style.color.opacity.toFixed(2) });
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  if (edge.from === edge.to) return group;
  const middle = graph.pointOn(edge, 0.5) || { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const via = edge.bend ? { x: 2 * middle.x - (a.x + b.x) / 2, y: 2 * middle.y - (a.y + b.y) / 2 } : null;
  const path = Zhitu.svg("path", { d: via ? `M${a.x} ${a.y}Q${via.x.toFixed(1)} ${via.y.toFixed(1)} ${b.x} ${b.y}` : `M${a.x} ${a.y}L${b.x} ${b.y}` });
  if (style.dashes) path.setAttribute("stroke-dasharray", style.dashes.join(" "));
  group.append(path);
  if (!graph.symmetric.has(edge.type)) {
    const from = via || a, angle = Math.atan2(b.y - from.y, b.x - from.x), r = b.size + 2, s = Math.min(8, length / 4);
    const tip = [b.x - r * Math.cos(angle), b.y - r * Math.sin(angle)];
    const wing = (turn) => `${(tip[0] - s * Math.cos(angle + turn)).toFixed(1)},${(tip[1] - s * Math.sin(angle + turn)).toFixed(1)}`;
    group.append(Zhitu.svg("polygon", { points: `${tip[0].toFixed(1)},${tip[1].toFixed(1)} ${wing(0.4)} ${wing(-0.4)}`, fill: colour, stroke: "none" }));
  }
  return group;
};

Zhitu.toPng = async function toPng(svgText) {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svgText);
  await image.decode();
  const most = 8000; // browsers refuse larger canvases
  const scale = Math.min(2, most / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = Zhitu.h("canvas", { width: Math.round(image.naturalWidth * scale), height: Math.round(image.naturalHeight * scale) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
};

Zhitu.tableRows = function tableRows(graph, page) {
  const rows = [["主体", "主体类型", "关系", "客体", "客体类型", "职务", "状态", "可信度", "来源", "文档", "日期", "证据"]];
  for (const edge of graph.visibleEdges()) {
    const a = graph.nodes.get(edge.from), b = graph.nodes.get(edge.to);
    for (const claim of edge.claims) {
      const document = (page.documents || {})[claim.document] || {};
      rows.push([a.name, graph.typeName(a.type), graph.relationName(edge.type), b.name, graph.typeName(b.type), claim.title, Zhitu.STATUS[claim.status],
        Zhitu.percent(claim.confidence), Zhitu.SOURCES[claim.source] || claim.source, Zhitu.documentName(page, claim.document), document.date,
        (claim.evidence || []).map((proof) => proof.text).join(" / ")]);
    }
  }
  return rows;
};
