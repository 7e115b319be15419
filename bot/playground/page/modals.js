// Modals: one dialog per open view, kept while its view is updated, with what was typed and the focus in place.

import { click, closeView, submit } from "./api.js";
import { drawBlock } from "./blocks.js";
import { div, h, reconcile } from "./dom.js";
import { iconButton } from "./icons.js";
import { carryValues, valuesOf } from "./inputs.js";
import { plain } from "./mrkdwn.js";
import { subscribe, ui, world } from "./state.js";

const open = new Map(); // view id -> dialog
const shapes = new WeakMap(); // dialog -> the view it shows
const openers = new WeakMap(); // dialog -> where the focus was before
const dismissed = new Set(); // closed here before the server knows

/** Keep the open dialogs equal to the views that the server holds for the reader. */
export function showModals() {
  subscribe(draw);
}

function draw() {
  const views = (world()?.views?.[ui.person] ?? []).filter((view) => !dismissed.has(view.id));
  const wanted = new Set(views.map((view) => view.id));
  for (const [id, dialog] of open) if (!wanted.has(id)) remove(id, dialog);
  for (const view of views) update(open.get(view.id) ?? create(view), view);
}

function remove(id, dialog) {
  open.delete(id);
  dialog.close();
  dialog.remove();
  if (document.activeElement === document.body) focusLike(openers.get(dialog));
}

// The browser gives the focus back by itself, unless the card was drawn again meanwhile.
function focusLike({ ts, focus }) {
  const message = document.querySelector(`.pane .message[data-ts="${CSS.escape(ts)}"]`);
  const same = message?.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
  (same ?? message ?? document.querySelector(".pane .composer textarea"))?.focus({ preventScroll: true });
}

function openerNow() {
  const at = document.activeElement;
  return { ts: at?.closest("[data-ts]")?.dataset.ts ?? "", focus: at?.dataset.focus ?? "" };
}

function create(view) {
  const body = h("div", { class: "dialog-body", tabindex: 0, role: "group", "aria-labelledby": `title-${view.id}` });
  const opener = openerNow();
  const form = h(
    "form",
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), send(view.id, dialog)) },
    div(
      "dialog-head",
      h("h2", { id: `title-${view.id}` }),
      iconButton("Close", "close", () => dismiss(view.id, dialog)),
    ),
    body,
    div("dialog-foot"),
  );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": `title-${view.id}`, data: { view: view.id } },
    form,
  );
  dialog.addEventListener("cancel", (event) => (event.preventDefault(), dismiss(view.id, dialog)));
  document.body.append(dialog);
  openers.set(dialog, opener);
  open.set(view.id, dialog);
  update(dialog, view);
  dialog.showModal();
  (
    body.querySelector("[autofocus]") ??
    body.querySelector("input, select, textarea") ??
    dialog.querySelector(".button-primary")
  )?.focus();
  return dialog;
}

function update(dialog, view) {
  const shape = JSON.stringify([view.title, view.submit, view.close, view.blocks]);
  if (shapes.get(dialog) === shape) return;
  shapes.set(dialog, shape);
  dialog.querySelector("h2").replaceChildren(...plain(wordsOf(view.title) || "Greenlight"));
  const here = { view: view.id };
  const surface = {
    kind: "modal",
    id: view.id,
    here,
    press: (exact) => click({ ...here, values: valuesOf(dialog), ...exact }),
  };
  reconcile(
    dialog.querySelector(".dialog-body"),
    (view.blocks ?? []).map((block, index) => item(block, index, surface)),
  );
  dialog.querySelector(".dialog-foot").replaceChildren(...foot(view, dialog));
}

function item(block, index, surface) {
  return {
    key: block.block_id ?? `${block.type}-${index}`,
    signature: JSON.stringify(block),
    build: (old) => rebuilt(drawBlock(block, surface), old),
  };
}

function rebuilt(node, old) {
  if (old) carryValues(old, node);
  return node;
}

function foot(view, dialog) {
  const close = h(
    "button",
    { type: "button", class: "button", onclick: () => dismiss(view.id, dialog) },
    plain(wordsOf(view.close) || "Close"),
  );
  const words = wordsOf(view.submit);
  return words
    ? [close, h("button", { type: "submit", class: "button button-primary" }, plain(words))]
    : [close];
}

function wordsOf(text) {
  return typeof text === "string" ? text : (text?.text ?? "");
}

function dismiss(id, dialog) {
  dismissed.add(id);
  remove(id, dialog);
  closeView(id);
}

async function send(id, dialog) {
  const button = dialog.querySelector("button[type=submit]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const answer = await submit(id, valuesOf(dialog));
  button.removeAttribute("aria-busy");
  showErrors(dialog, answer.errors ?? {});
}

function showErrors(dialog, errors) {
  for (const place of dialog.querySelectorAll(".field")) {
    const words = errors[place.dataset.field] ?? "";
    place.querySelector(".field-error").textContent = words;
    place.classList.toggle("invalid", Boolean(words));
    place.querySelector("input, select, textarea")?.setAttribute("aria-invalid", String(Boolean(words)));
  }
  dialog.querySelector(".invalid :is(input, select, textarea)")?.focus();
}
