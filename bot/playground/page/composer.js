// Where the reader types: sends on Enter, offers the slash commands, and keeps a draft for each person and place.

import { div, h } from "./dom.js";
import { icon } from "./icons.js";
import { ui } from "./state.js";

// What is put into the box, what it is for, and how it is written.
const COMMANDS = [
  [
    "/promote checkout@v2.14.3 to production because ",
    "Ask for a promotion",
    "/promote service@version to environment because reason",
  ],
  ["/promote", "Open the request form", "/promote"],
  [
    "/rollback checkout in production because ",
    "Go back to the last good version",
    "/rollback service [in environment] [to version] because reason",
  ],
  ["/promote status checkout", "See what runs where", "/promote status [service, environment or P-1]"],
  ["/promote why P-1", "Ask why it is blocked", "/promote why P-1"],
  ["/promote help", "Everything else", "/promote help [topic]"],
  ["/promote approve P-1", "Approve without the card", "/promote approve P-1 [note]"],
  ["/promote reject P-1 because ", "Say no", "/promote reject P-1 because reason"],
  ["/promote cancel P-1", "Call it off", "/promote cancel P-1 [because reason]"],
];
const MOST_SHOWN = 6;

const drafts = new Map();
let count = 0;

/** Build a composer; `send(text)` answers when the text was delivered, `key()` names the place the draft belongs to. */
export function composer(label, send, key) {
  count += 1;
  const list = h("ul", {
    class: "suggestions",
    role: "listbox",
    tabindex: -1,
    id: `suggestions-${count}`,
    "aria-label": "Commands",
    hidden: true,
  });
  const box = h("textarea", {
    rows: 1,
    "aria-label": label,
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "true",
  });
  const button = h(
    "button",
    { class: "send", type: "submit", "aria-label": "Send", title: "Send" },
    icon("send", 18),
  );
  const form = h("form", { class: "composer" }, list, div("composer-box", box, button));
  const suggestions = suggesting(box, list);
  const deliver = () => submit(form, box, send, suggestions);
  form.addEventListener("submit", (event) => (event.preventDefault(), deliver()));
  box.addEventListener("input", () => (drafts.set(key(), box.value), fit(box), suggestions.show()));
  box.addEventListener("blur", () => suggestions.hide());
  box.addEventListener("keydown", (event) => pressed(event, suggestions, deliver));
  return {
    node: form,
    box,
    placeholder: (words) => (box.placeholder = words),
    restore: () => restore(box, key()),
  };
}

async function submit(form, box, send, suggestions) {
  const text = box.value.trim();
  if (!text || form.getAttribute("aria-busy") === "true") return;
  suggestions.hide();
  form.setAttribute("aria-busy", "true");
  box.value = "";
  box.dispatchEvent(new Event("input"));
  suggestions.hide();
  await send(text);
  form.removeAttribute("aria-busy");
}

function restore(box, key) {
  const draft = drafts.get(key) ?? "";
  if (box.value === draft) return;
  box.value = draft;
  fit(box);
}

function fit(box) {
  box.rows = Math.min(8, box.value.split("\n").length);
}

function pressed(event, suggestions, deliver) {
  if (suggestions.key(event)) event.preventDefault();
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    deliver();
  }
}

function suggesting(box, list) {
  let active = -1;
  let shown = [];
  const hide = () => ((list.hidden = true), (active = -1), box.removeAttribute("aria-activedescendant"));
  const take = (command) => {
    box.value = command[0];
    box.dispatchEvent(new Event("input"));
    hide();
    box.focus();
  };
  const mark = (index) => {
    active = (index + shown.length) % shown.length;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === active)));
    box.setAttribute("aria-activedescendant", list.children[active].id);
  };
  const show = () => {
    shown = matching(box.value);
    list.replaceChildren(...shown.map((command, index) => row(command, `${list.id}-${index}`, take)));
    active = -1;
    list.hidden = shown.length === 0;
  };
  const key = (event) => {
    if (list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(active < 0 && step < 0 ? shown.length - 1 : active + step);
    else if (event.key === "Escape") hide();
    else if ((event.key === "Tab" || event.key === "Enter") && (active >= 0 || isOnlyPrefix(event, box)))
      take(shown[Math.max(0, active)]);
    else return false;
    return true;
  };
  return { show, hide, key };
}

function isOnlyPrefix(event, box) {
  return event.key === "Tab" && !box.value.includes(" ");
}

function matching(text) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const words = text.trim().split(/\s+/);
  const verb = (command) => command[0].split(" ").slice(0, words.length).join(" ");
  return COMMANDS.filter(
    (command) => verb(command).startsWith(words.join(" ")) && command[0].trim() !== text.trim(),
  ).slice(0, MOST_SHOWN);
}

function row(command, id, take) {
  const [, what, usage] = command;
  return h(
    "li",
    {
      role: "option",
      id,
      "aria-selected": "false",
      onmousedown: (event) => (event.preventDefault(), take(command)),
    },
    h("code", {}, usage),
    h("span", {}, what),
  );
}

/** Name the place whose draft a composer holds. */
export function placeKey(thread = "") {
  return [ui.person, ui.place.kind, ui.place.name, thread].join("/");
}
