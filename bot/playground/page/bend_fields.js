// The fields of the world drawer.

import { bend } from "./api.js";
import { h } from "./dom.js";

/** A part of the drawer with its title and a hint. */
export function part(title, hint, ...children) {
  return h(
    "section",
    { class: "world-part" },
    h("h3", {}, title),
    hint && h("p", { class: "hint" }, hint),
    children,
  );
}

/** A select that tells its choice. */
export function dropdown(label, choices, change) {
  const select = h(
    "select",
    { "aria-label": label, onchange: () => change(select.value) },
    choices.map(([value, words]) => h("option", { value }, words)),
  );
  return select;
}

/** Show `value` in a field, unless the reader is in it. */
export function follow(field, value) {
  if (
    document.activeElement !== field &&
    value !== undefined &&
    value !== null &&
    field.value !== String(value)
  )
    field.value = value;
}

/** A field with its name above it. */
export function labelled(words, field) {
  return h("label", { class: "world-field" }, h("span", {}, words), field);
}

/** A button that sends one change and is busy until the answer. */
export function action(words, change, style = "") {
  const node = h(
    "button",
    {
      type: "button",
      class: `button ${style}`,
      onclick: async () => {
        node.setAttribute("aria-busy", "true");
        await bend(change());
        node.removeAttribute("aria-busy");
      },
    },
    words,
  );
  return node;
}
