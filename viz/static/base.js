"use strict";
// Zhitu's page code. Everything that comes from a document enters the page through
// `textContent` or as a canvas string: never as HTML.
const Zhitu = {};

Zhitu.h = function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

Zhitu.$ = (id) => document.getElementById(id);

Zhitu.readData = (id) => JSON.parse(document.getElementById(id).textContent);

// How a document is called: with what tells it from others of the same title.
Zhitu.documentName = (page, id) => {
  const document = (page.documents || {})[id] || {};
  return document.shown || document.title || document.name || id || "";
};

Zhitu.css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

Zhitu.say = function say(text) {
  const place = Zhitu.$("said");
  if (place) place.textContent = text;
};

// Light or dark: what the reader chose on this page, else what the system says.
Zhitu.isDark = function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

Zhitu.onTheme = function onTheme(button, redraw) {
  const label = () => { if (button) button.textContent = Zhitu.isDark() ? "浅色" : "深色"; };
  let kept = null;
  try { kept = localStorage.getItem("zhitu-theme"); } catch { kept = null; } // file: pages may lack it
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  label();
  if (button) button.addEventListener("click", () => {
    const next = Zhitu.isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem("zhitu-theme", next); } catch { /* stays for this page only */ }
    label();
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { label(); redraw(); });
};

// A node's shape as points around (0, 0) or as a circle: canvas, SVG and legend share it.
Zhitu.outline = function outline(shape, r) {
  const ring = (count, turn) => Array.from({ length: count }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / count;
    return [r * Math.cos(angle), r * Math.sin(angle)];
  });
  if (shape === "square") return [[-r, -r], [r, -r], [r, r], [-r, r]];
  if (shape === "diamond") return ring(4, -Math.PI / 2);
  if (shape === "hexagon") return ring(6, 0);
  if (shape === "triangle") {
    const s = r * 1.15; // vis-network lifts the triangle so that it sits about its middle
    const lift = 0.275 * s;
    const side = s * 2, tall = Math.sqrt(side * side - s * s), inner = (Math.sqrt(3) / 6) * side;
    return [[0, -(tall - inner) + lift], [s, inner + lift], [-s, inner + lift]];
  }
  return null;
};

const SVG = ["http:", "", "www.w3.org", "2000", "svg"].join("/"); // a namespace, not an address

Zhitu.svg = function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
};

Zhitu.shape = function shape(name, r, x, y, attributes) {
  const points = Zhitu.outline(name, r);
  if (!points) return Zhitu.svg("circle", { cx: x, cy: y, r, ...attributes });
  const list = points.map(([a, b]) => `${(x + a).toFixed(1)},${(y + b).toFixed(1)}`).join(" ");
  return Zhitu.svg("polygon", { points: list, ...attributes });
};

Zhitu.icon = function icon(shape, type, size = 14) {
  const half = size / 2;
  const r = shape === "square" ? half * 0.72 : half * 0.88;
  return Zhitu.svg("svg", { width: size, height: size, viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true", class: "icon" },
    Zhitu.shape(shape, r, half, half, { class: `t-${type}` }));
};

Zhitu.download = function download(name, blob) {
  const link = Zhitu.h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

// The same quoting as Python's csv, with a BOM so that spreadsheets read UTF-8; a cell that
// a spreadsheet would take for a formula gets an apostrophe.
Zhitu.csv = function csv(rows) {
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : String(value);
    if (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  return "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
};

Zhitu.percent = (value) => (typeof value === "number" ? value.toFixed(2) : "");
