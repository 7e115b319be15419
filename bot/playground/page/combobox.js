// A text field with a list of choices below it: typeahead for external selects, chips for the multi selects.

import { options as ask } from "./api.js";
import { div, h, span } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

const TYPING_PAUSE = 150;
let count = 0;

/** Draw a select with typeahead; `mode.remote` asks the app for choices, `mode.many` keeps several. */
export function combobox(element, at, mode) {
  const box = new Combobox(element, at, mode);
  return { node: box.node, read: () => box.value(), write: () => undefined };
}

class Combobox {
  constructor(element, at, mode) {
    Object.assign(this, { element, at, mode, chosen: initial(element), shown: [], active: -1, timer: 0 });
    count += 1;
    this.list = h("ul", {
      class: "listbox",
      role: "listbox",
      tabindex: -1,
      id: `listbox-${count}`,
      hidden: true,
      "aria-label": "Choices",
    });
    this.input = this.drawInput();
    this.chips = span("chips");
    this.node = div(
      "combobox",
      div("combobox-field", this.chips, this.input, icon("chevron", 14)),
      this.list,
    );
    this.node.addEventListener(
      "focusout",
      (event) => this.node.contains(event.relatedTarget) || this.close(),
    );
    this.showChosen();
  }

  drawInput() {
    const { at, element } = this;
    const name = at.id
      ? { id: at.id, "aria-describedby": `${at.id}-hint ${at.id}-error` }
      : { "aria-label": at.label };
    return h("input", {
      ...name,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      placeholder: element.placeholder?.text ?? "Search…",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      "aria-autocomplete": "list",
      data: { focus: [at.block.block_id, element.action_id].join("/") },
      onclick: () => (this.input.select(), this.list.hidden && this.search("")),
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
    });
  }

  value() {
    const values = this.chosen.map((one) => one.value);
    return this.mode.many ? values : (values[0] ?? null);
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(this.input.value), TYPING_PAUSE);
  }

  async search(query) {
    const enough = query.length >= (this.element.min_query_length ?? (this.mode.remote ? 3 : 0));
    if (this.mode.remote && !enough)
      return this.show([], `Type ${this.element.min_query_length ?? 3} characters to search`);
    const asked = (this.asked = Symbol(query));
    const found = this.mode.remote ? await this.remote(query) : local(this.element, query);
    return this.asked === asked && this.show(found, "Nothing found");
  }

  remote(query) {
    return ask(this.at.surface.here, this.element.action_id, this.at.block.block_id, query);
  }

  show(found, otherwise) {
    this.shown = found;
    this.active = -1;
    const rows = found.map((one, index) => this.row(one, index));
    this.list.replaceChildren(
      ...(rows.length
        ? rows
        : [
            h(
              "li",
              { class: "listbox-empty", role: "option", "aria-disabled": "true", "aria-selected": "false" },
              otherwise,
            ),
          ]),
    );
    this.list.hidden = !this.node.contains(document.activeElement);
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  row(option, index) {
    const selected = this.chosen.some((one) => one.value === option.value);
    return h(
      "li",
      {
        id: `${this.list.id}-${index}`,
        role: "option",
        "aria-selected": String(selected),
        onmousedown: (event) => (event.preventDefault(), this.choose(option)),
      },
      plain(option.text.text),
      option.description && span("choice-description", plain(option.description.text)),
    );
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.move(step);
    else if (event.key === "Enter" && this.shown[this.active] && !this.list.hidden)
      this.choose(this.shown[this.active]);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "Backspace" && !this.input.value && this.mode.many) this.drop(this.chosen.at(-1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(step) {
    if (this.list.hidden) return void this.search(this.mode.many ? this.input.value : "");
    this.active = (this.active + step + this.shown.length) % Math.max(1, this.shown.length);
    [...this.list.children].forEach((row, index) => row.classList.toggle("active", index === this.active));
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
    return this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    const had = this.chosen.some((one) => one.value === option.value);
    if (!this.mode.many) this.chosen = [option];
    else
      this.chosen = had ? this.chosen.filter((one) => one.value !== option.value) : [...this.chosen, option];
    this.showChosen();
    this.close();
    this.at.act?.(this.value());
  }

  drop(option) {
    if (!option) return;
    this.chosen = this.chosen.filter((one) => one !== option);
    this.showChosen();
    this.at.act?.(this.value());
  }

  showChosen() {
    this.input.value = this.mode.many ? "" : (this.chosen[0]?.text.text ?? "");
    const chips = this.mode.many ? this.chosen : [];
    this.chips.replaceChildren(
      ...chips.map((one) =>
        span(
          "chip",
          plain(one.text.text),
          h(
            "button",
            { type: "button", "aria-label": `Remove ${one.text.text}`, onclick: () => this.drop(one) },
            icon("close", 10),
          ),
        ),
      ),
    );
  }

  close() {
    clearTimeout(this.timer);
    this.asked = null;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (!this.mode.many) this.input.value = this.chosen[0]?.text.text ?? "";
  }
}

function initial(element) {
  return element.initial_options ?? (element.initial_option ? [element.initial_option] : []);
}

function local(element, query) {
  const all = element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
  return all.filter((one) => one.text.text.toLowerCase().includes(query.toLowerCase()));
}
