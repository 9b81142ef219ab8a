"use strict";
// Labels are drawn here instead of by vis-network: readable at every zoom, and never one
// over another. What does not fit is left out until the reader zooms in or points at it;
// the chosen node and its neighbours come first, then the best connected.

Zhitu.FONT = '"Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif';

Zhitu.LABEL = 15; // as LABEL_SIZE in viz/style.py

Zhitu.Labels = class Labels {
  constructor(graph) {
    this.graph = graph;
    this.widths = new Map();
    this.drawn = [];
  }

  // Text height in world units: the layout's at scale 1, never under 10.5 or over 17 px on
  // the screen.
  size(scale, centre) {
    const screen = Math.min(17, Math.max(10.5, Zhitu.LABEL * scale));
    return (centre ? screen * 1.12 : screen) / scale;
  }

  // The box of a node and its label below as the layout saw it, in world units.
  nodeBox(node) {
    const lines = node.label.split("\n");
    const context = this.measure || (this.measure = document.createElement("canvas").getContext("2d"));
    const half = Math.max(node.size, (Math.max(...lines.map((line) => this.width(context, line, "400"))) * Zhitu.LABEL) / 2);
    return [node.x - half, node.y - node.size, node.x + half, node.y + node.size + 4 + lines.length * Zhitu.LABEL * 1.22];
  }

  width(context, text, font) {
    const key = font + "\n" + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      context.font = `${font} 100px ${Zhitu.FONT}`;
      width = context.measureText(text).width / 100;
      this.widths.set(key, width);
    }
    return width;
  }

  // Boxes of the labels that fit, in world units; `view` null means the whole picture.
  choose(context, scale, view) {
    const graph = this.graph;
    const cell = 120 / scale;
    const grid = new Map();
    const cells = (box) => {
      const keys = [];
      for (let i = Math.floor(box[0] / cell); i <= Math.floor(box[2] / cell); i++)
        for (let j = Math.floor(box[1] / cell); j <= Math.floor(box[3] / cell); j++) keys.push(i + "," + j);
      return keys;
    };
    const free = (box, self) => cells(box).every((key) => (grid.get(key) || []).every((other) =>
      (self !== null && other.owner === self) || box[0] >= other.box[2] || box[2] <= other.box[0] || box[1] >= other.box[3] || box[3] <= other.box[1]));
    const take = (box, owner) => {
      for (const key of cells(box)) {
        if (!grid.has(key)) grid.set(key, []);
        grid.get(key).push({ box, owner });
      }
    };
    const seen = (box) => !view || (box[0] < view[2] && box[2] > view[0] && box[1] < view[3] && box[3] > view[1]);

    const whole = (box) => !view || (box[0] >= view[0] && box[2] <= view[2] && box[1] >= view[1] && box[3] <= view[3]);

    const nodes = graph.visibleNodes();
    const rank = (node) => (graph.isLit(node.id) ? 1e6 : 0) + (node.id === graph.focus ? 2e6 : 0) + (node.centre ? 1e5 : 0) + node.degree;
    nodes.sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
    // The foremost may cover small nodes, else a crowded middle would bear no names at all.
    const crowd = nodes.length > 120 ? 40 : nodes.length;
    const block = (node) => {
      const r = Math.max(node.size * 0.9, 2 / scale);
      take([node.x - r, node.y - r, node.x + r, node.y + r], node.id);
    };
    nodes.slice(0, crowd).forEach(block);
    const chosen = [];
    for (const [place, node] of nodes.entries()) {
      if (place === crowd) nodes.slice(crowd).forEach(block);
      const strong = node.centre || node.id === graph.focus;
      const size = this.size(scale, strong);
      const weight = strong ? "600" : "400";
      const lines = node.label.split("\n");
      const width = Math.max(...lines.map((line) => this.width(context, line, weight))) * size;
      const height = lines.length * size * 1.22;
      const half = node.size;
      const gap = 3 / scale;
      const places = [
        [node.x - width / 2, node.y + half + gap],
        [node.x + half + gap, node.y - height / 2],
        [node.x - width / 2, node.y - half - gap - height],
        [node.x - half - gap - width, node.y - height / 2],
      ];
      const options = places.map(([x, y]) => [x, y, x + width, y + height]).filter(seen);
      const forced = node.id === graph.focus || node.id === graph.hovered;
      const box = options.find((one) => whole(one) && free(one, node.id)) || (forced ? options[0] : null);
      if (!box) continue;
      take(box, null);
      chosen.push({ kind: "node", id: node.id, box, lines, size, weight });
    }
    if (scale >= 0.45 || !view || graph.lit || graph.hoveredEdge) this.chooseEdges(context, scale, seen, free, take, chosen);
    return chosen;
  }

  chooseEdges(context, scale, seen, free, take, chosen) {
    const graph = this.graph;
    const size = Math.min(12.5, Math.max(10, 11 * scale)) / scale;
    const edges = graph.visibleEdges().filter((edge) => graph.isEdgeLit(edge) || (scale >= 0.45 && graph.lit === null) || edge.id === graph.hoveredEdge);
    if (edges.length > 3000) return;
    const rank = (edge) => (edge.id === graph.hoveredEdge ? 4 : 0) + (graph.isEdgeLit(edge) ? 2 : 0) + edge.claims.length / 100;
    for (const edge of edges.sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1))) {
      const text = graph.relationName(edge.type);
      const width = this.width(context, text, "400") * size + 4 / scale;
      const height = size * 1.2;
      // Near the end with fewer lines: around a hub there is no room.
      const outward = graph.nodes.get(edge.from).degree > graph.nodes.get(edge.to).degree;
      for (const at of [0.6, 0.5, 0.7]) {
        const point = graph.pointOn(edge, outward ? at : 1 - at);
        if (!point) break;
        const box = [point.x - width / 2, point.y - height / 2, point.x + width / 2, point.y + height / 2];
        if (!seen(box) || !free(box, null)) continue;
        take(box, null);
        chosen.push({ kind: "edge", id: edge.id, box, lines: [text], size, weight: "400" });
        break;
      }
    }
  }

  draw(context, scale, view) {
    const chosen = this.choose(context, scale, view);
    const ink = Zhitu.colour.ink, muted = Zhitu.colour.muted, halo = Zhitu.colour.canvas;
    context.save();
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const label of chosen.sort((a, b) => (a.kind < b.kind ? -1 : 1))) {
      const dim = label.kind === "node" ? !this.graph.isBright(label.id) : false;
      context.globalAlpha = dim ? 0.28 : 1;
      context.font = `${label.weight} ${label.size}px ${Zhitu.FONT}`;
      context.lineWidth = 3.2 / scale;
      context.strokeStyle = halo;
      context.fillStyle = label.kind === "node" ? ink : muted;
      const x = (label.box[0] + label.box[2]) / 2;
      const step = (label.box[3] - label.box[1]) / label.lines.length;
      label.lines.forEach((line, i) => {
        const y = label.box[1] + step * (i + 0.5);
        context.strokeText(line, x, y);
        context.fillText(line, x, y);
      });
    }
    context.restore();
    this.drawn = chosen;
  }
};
