// Fields: what a modal asks for, and the same elements where they act at once. Each field can say its value.

import { combobox } from "./combobox.js";
import { classes, div, h, span } from "./dom.js";
import { plain, textNodes } from "./mrkdwn.js";
import { people } from "./state.js";

const readers = new WeakMap();

/** Draw an `input` block: label, field, hint, and a place for its error. */
export function inputBlock(block, surface) {
  const element = block.element;
  const id = `input-${surface.id}-${block.block_id ?? element.action_id}`;
  const act = block.dispatch_action
    ? (value) => surface.press({ action_id: element.action_id, block_id: block.block_id, value })
    : null;
  const key = block.block_id ?? element.action_id;
  const node = field(element, { block, surface, id, act, key, required: !block.optional });
  const label = [plain(block.label.text), block.optional && span("optional", " (optional)")];
  const grouped = ["radio_buttons", "checkboxes"].includes(element.type);
  const body = [
    node,
    block.hint && h("p", { class: "hint", id: `${id}-hint` }, plain(block.hint.text)),
    h("p", { class: "field-error", id: `${id}-error` }),
  ];
  if (grouped) return h("fieldset", { class: "field", data: { field: key } }, h("legend", {}, label), body);
  return h("div", { class: "field", data: { field: key } }, h("label", { for: id }, label), body);
}

/** Draw the field of an element; `at.act` is called with its value on change, if it acts at once. */
export function field(element, at) {
  const draw = FIELDS[element.type];
  if (!draw)
    return div(
      "unknown-block",
      h("strong", {}, `Slack does not know the element type "${element.type}"`),
      h("pre", {}, JSON.stringify(element, null, 2)),
    );
  const { node, read, write } = draw(element, at);
  node.dataset.input = at.key ?? element.action_id ?? "";
  readers.set(node, { read, write });
  return node;
}

/** The values of all fields inside `container`, by block id (or action id where the block has none). */
export function valuesOf(container) {
  const nodes = [...container.querySelectorAll("[data-input]")].filter((node) => node.dataset.input);
  return Object.fromEntries(nodes.map((node) => [node.dataset.input, readers.get(node).read()]));
}

/** Carry what was typed in `before` over to the same field in `after`, when a view is updated around it. */
export function carryValues(before, after) {
  for (const node of after.querySelectorAll("[data-input]")) {
    const old = before.querySelector(`[data-input="${CSS.escape(node.dataset.input)}"]`);
    if (old) readers.get(node).write?.(readers.get(old).read());
  }
}

const FIELDS = {
  plain_text_input: text,
  email_text_input: (element, at) => line(element, at, "email"),
  url_text_input: (element, at) => line(element, at, "url"),
  number_input: (element, at) => line(element, at, "number"),
  datepicker: (element, at) => line({ ...element, initial_value: element.initial_date }, at, "date"),
  timepicker: (element, at) => line({ ...element, initial_value: element.initial_time }, at, "time"),
  datetimepicker: moment,
  static_select: select,
  external_select: (element, at) => combobox(element, at, { remote: true }),
  users_select: (element, at) => combobox(ofPeople(element), at, {}),
  multi_static_select: (element, at) => combobox(element, at, { many: true }),
  multi_external_select: (element, at) => combobox(element, at, { many: true, remote: true }),
  multi_users_select: (element, at) => combobox(ofPeople(element), at, { many: true }),
  radio_buttons: radios,
  checkboxes,
};

function ofPeople(element) {
  const options = people().map((one) => ({
    text: { type: "plain_text", text: one.title ?? one.name },
    value: one.slack ?? one.id ?? one.name,
  }));
  const initial = options.find((one) => one.value === element.initial_user);
  return {
    ...element,
    options,
    initial_option: initial,
    initial_options: options.filter((one) => element.initial_users?.includes(one.value)),
  };
}

function named(at) {
  return at.id
    ? { id: at.id, "aria-describedby": `${at.id}-hint ${at.id}-error` }
    : { "aria-label": at.label };
}

function text(element, at) {
  if (!element.multiline) return line(element, at, "text");
  const node = h("textarea", {
    ...named(at),
    rows: 3,
    maxlength: element.max_length,
    placeholder: element.placeholder?.text,
    value: element.initial_value ?? "",
    autofocus: element.focus_on_load,
  });
  return typed(node, at);
}

function line(element, at, type) {
  const attributes = {
    type,
    maxlength: element.max_length,
    placeholder: element.placeholder?.text,
    min: element.min_value,
    max: element.max_value,
  };
  const node = h("input", {
    ...named(at),
    ...attributes,
    value: element.initial_value ?? "",
    autofocus: element.focus_on_load,
    autocomplete: "off",
  });
  if (element.is_decimal_allowed) node.step = "any";
  return typed(node, at);
}

function typed(node, at) {
  if (at.act) node.addEventListener("change", () => at.act(node.value));
  return { node, read: () => node.value, write: (value) => (node.value = value ?? "") };
}

function moment(element, at) {
  const stamp =
    element.initial_date_time &&
    new Date(element.initial_date_time * 1000 - new Date().getTimezoneOffset() * 60000);
  const made = line(
    { ...element, initial_value: stamp ? stamp.toISOString().slice(0, 16) : "" },
    at,
    "datetime-local",
  );
  return {
    ...made,
    read: () => (made.node.value ? Math.floor(new Date(made.node.value).getTime() / 1000) : null),
    write: undefined,
  };
}

function select(element, at) {
  const chosen = element.initial_option?.value;
  const option = (one) => h("option", { value: one.value, selected: one.value === chosen }, one.text.text);
  const groups = element.option_groups?.map((group) =>
    h("optgroup", { label: group.label.text }, group.options.map(option)),
  );
  const placeholder = h(
    "option",
    {
      value: "",
      selected: chosen === undefined,
      disabled: at.required === true,
      hidden: at.required === true,
    },
    element.placeholder?.text ?? "Choose…",
  );
  const node = h(
    "select",
    { ...named(at), data: { focus: [at.block.block_id, element.action_id].join("/"), input: "" } },
    placeholder,
    groups ?? (element.options ?? []).map(option),
  );
  if (at.act) node.addEventListener("change", () => at.act(node.value));
  return { node, read: () => node.value || null, write: (value) => value && (node.value = value) };
}

function radios(element, at) {
  const name = `radio-${crypto.randomUUID()}`;
  const node = h(
    "div",
    { class: "choices", ...group(at) },
    element.options.map((one) => choice("radio", name, one, one.value === element.initial_option?.value)),
  );
  const read = () => node.querySelector("input:checked")?.value ?? null;
  if (at.act) node.addEventListener("change", () => at.act(read()));
  return { node, read, write: (value) => tick(node, [value]) };
}

function checkboxes(element, at) {
  const initial = (element.initial_options ?? []).map((one) => one.value);
  const node = h(
    "div",
    { class: "choices", ...group(at) },
    element.options.map((one) => choice("checkbox", "", one, initial.includes(one.value))),
  );
  const read = () => [...node.querySelectorAll("input:checked")].map((one) => one.value);
  if (at.act) node.addEventListener("change", () => at.act(read()));
  return { node, read, write: (values) => tick(node, values ?? []) };
}

function group(at) {
  return at.id ? { id: at.id } : { role: "group", "aria-label": at.label };
}

function tick(node, values) {
  for (const box of node.querySelectorAll("input")) box.checked = values.includes(box.value);
}

function choice(type, name, option, checked) {
  return h(
    "label",
    { class: classes("choice") },
    h("input", { type, name, value: option.value, checked }),
    h(
      "span",
      {},
      textNodes(option.text),
      option.description && span("choice-description", textNodes(option.description)),
    ),
  );
}
