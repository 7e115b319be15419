// Where the reader types: sends on Enter, offers what fits, and keeps a draft for each person and place.

import { div, h } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { openMenu } from "./menu.js";
import { shortcuts, ui } from "./state.js";
import { shortcut } from "./api.js";

const drafts = new Map();
let count = 0;

/**
 * Build a composer; `send(text)` answers when the text was delivered, `key()` names the place the draft belongs to,
 * and `offers(text)` gives what may be meant.
 */
export function composer(label, send, key, offers) {
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
  const form = h("form", { class: "composer" }, list, div("composer-box", shortcutButton(), box, button));
  const suggestions = suggesting(box, list, offers);
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
  if (!text) return;
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

function shortcutButton() {
  const open = () =>
    openMenu(
      button,
      "Shortcuts",
      shortcuts("global").map((one) => ({
        words: one.name,
        hint: one.description,
        act: () => shortcut(one.callback),
      })),
    );
  const button = iconButton("Shortcuts", "bolt", open, { extra: "shortcut-button" });
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  return button;
}

function suggesting(box, list, offers) {
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
    shown = offers(box.value);
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
