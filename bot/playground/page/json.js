// JSON to look at: indented, with its parts told apart, and a button that copies it.

import { div, h, setText, span } from "./dom.js";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const THANKS_FOR = 1600;

/** Draw a value under a title; null is said in words. */
export function jsonPart(title, value, otherwise) {
  const text = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return h(
    "section",
    { class: "json-part" },
    div("json-head", h("h4", {}, title), text && copyButton(title, text)),
    text
      ? h("pre", {}, coloured(text))
      : h("p", { class: "hint" }, otherwise),
  );
}

function copyButton(title, text) {
  const button = h(
    "button",
    { type: "button", class: "link json-copy", "aria-label": `Copy the ${title.toLowerCase()}` },
    "Copy",
  );
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    setText(button, "Copied");
    setTimeout(() => setText(button, "Copy"), THANKS_FOR);
  });
  return button;
}

function coloured(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(TOKEN)) {
    parts.push(text.slice(from, found.index), ...token(found));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}

function token([whole, string, colon]) {
  if (string && colon) return [span("json-key", string), colon];
  return [span(string ? "json-text" : "json-atom", whole)];
}
