// The interface's own line icons, drawn on a 24-unit grid.

import { classes, h } from "./dom.js";

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h17M3 15h17",
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  send: "M4 12 20 4l-5 16-3-7z",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm7 0a3 3 0 1 0 6 0 3 3 0 0 0-6 0z",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19M5 19l1.5-1.5M17.5 6.5 19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  thread: "M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12.500h5",
  chevron: "M8 5l7 7-7 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  check: "M5 13l4 4L19 7",
  alert: "M12 4 2.500 20h19zM12 10v4M12 17h.01",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  inward: "M20 12H5M11 6l-6 6 6 6",
  outward: "M4 12h15M13 6l6 6-6 6",
  back: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 6 6v1",
  pin: "M9 3h6l-1 7 4 3v2H6v-2l4-3zM12 15v6",
  down: "M12 5v14M6 13l6 6 6-6",
};

/** Draw the icon `name` as decoration: the control around it carries the words. */
export function icon(name, size = 18) {
  const svg = svgElement("svg", {
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    class: "icon",
    "aria-hidden": "true",
  });
  svg.append(svgElement("path", { d: PATHS[name] }));
  return svg;
}

/** Build a button that shows only an icon; `label` says what it does. */
export function iconButton(label, name, act, { size = 18, extra = "" } = {}) {
  const properties = {
    type: "button",
    class: classes("icon-button", extra),
    "aria-label": label,
    title: label,
  };
  return h("button", { ...properties, onclick: act }, icon(name, size));
}

/** Build one SVG element with its attributes. */
export function svgElement(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
