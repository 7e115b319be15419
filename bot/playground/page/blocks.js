// Block Kit, drawn from exactly the JSON that Slack would get. What Slack would not know shows as a red box.

import { control } from "./elements.js";
import { classes, div, h, span } from "./dom.js";
import { icon } from "./icons.js";
import { picture } from "./images.js";
import { inputBlock } from "./inputs.js";
import { plain, textNodes } from "./mrkdwn.js";
import { markdown, richText } from "./richtext.js";

const KINDS = {
  section,
  context,
  actions: (block, surface) =>
    div(
      "actions",
      (block.elements ?? []).map((one) => control(one, block, surface)),
    ),
  context_actions: (block, surface) =>
    div(
      "actions",
      (block.elements ?? []).map((one) => control(one, block, surface)),
    ),
  header: (block) =>
    h("p", { class: "header-block", role: "heading", "aria-level": 2 }, textNodes(block.text)),
  divider: () => h("hr"),
  image: (block) => figure(block),
  input: inputBlock,
  rich_text: richText,
  markdown: (block) => markdown(block.text ?? ""),
  table: (block) => table(block),
  data_table: (block) => table(block),
  plan,
  task_card: (block) => h("ul", { class: "tasks" }, task(block)),
  container,
  card,
  carousel: (block, surface) =>
    h(
      "div",
      { class: "carousel", tabindex: 0, role: "group", "aria-label": "Cards" },
      block.elements.map((one) => card(one, surface)),
    ),
  alert,
};

/** Draw a list of blocks for a surface (where they stand and what a press does). */
export function drawBlocks(blocks, surface) {
  return blocks.map((block) => drawBlock(block, surface));
}

/** Draw one block; one of an unknown type, or with a broken shape, becomes a red box with its JSON. */
export function drawBlock(block, surface) {
  const draw = KINDS[block?.type];
  if (!draw) return unknown(block, `Slack does not know the block type "${block?.type}"`);
  try {
    return h(
      "div",
      { class: `block block-${block.type}`, data: { block: block.block_id ?? "" } },
      draw(block, surface),
    );
  } catch (problem) {
    if (!(problem instanceof TypeError)) throw problem;
    return unknown(block, `This ${block.type} block is not shaped as Slack expects`);
  }
}

function unknown(block, words) {
  return h(
    "div",
    { class: "unknown-block", role: "note" },
    h("strong", {}, words),
    h("pre", {}, JSON.stringify(block, null, 2)),
  );
}

function section(block, surface) {
  const fields =
    block.fields &&
    div(
      "fields",
      block.fields.map((field) => h("div", {}, textNodes(field))),
    );
  const body = div("section-body", block.text && div("section-text", textNodes(block.text)), fields);
  return [body, block.accessory && div("accessory", control(block.accessory, block, surface))];
}

function context(block) {
  return div(
    "context",
    (block.elements ?? []).map((one) =>
      one.type === "image" ? picture(one, "context-image") : h("span", {}, textNodes(one)),
    ),
  );
}

function figure(block) {
  const title = block.title && h("figcaption", {}, plain(block.title.text));
  return h("figure", {}, title, picture(block, "figure-image"));
}

function table(block) {
  const [head, ...rows] = block.rows;
  const cells = (row, tag, more) =>
    row.map((cell, index) => h(tag, { ...more, class: columnClass(block, index) }, tableCell(cell)));
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "region", "aria-label": block.caption ?? "Table" },
    h(
      "table",
      { class: "table" },
      block.caption && h("caption", {}, block.caption),
      h("thead", {}, h("tr", {}, cells(head, "th", { scope: "col" }))),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, cells(row, "td", {}))),
      ),
    ),
  );
}

function columnClass(block, index) {
  const settings = block.column_settings?.[index];
  return classes(settings?.align && `align-${settings.align}`, settings?.is_wrapped === false && "no-wrap");
}

function tableCell(cell) {
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "raw_number") return cell.text ?? String(cell.value ?? cell.number ?? "");
  return plain(cell.text);
}

const TASK_WORDS = { pending: "To do", in_progress: "Running", complete: "Done", error: "Failed" };

function plan(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((one) => one.status === "complete").length;
  return div(
    "plan",
    div(
      "plan-head",
      h("strong", {}, plain(typeof block.title === "string" ? block.title : block.title.text)),
      span("plan-count", `${done} of ${tasks.length}`),
    ),
    h("progress", { max: Math.max(1, tasks.length), value: done, "aria-label": "Steps done" }),
    h("ul", { class: "tasks" }, tasks.map(task)),
  );
}

function task(one) {
  return h(
    "li",
    { class: `task task-${one.status}` },
    h(
      "span",
      { class: "task-mark", role: "img", "aria-label": TASK_WORDS[one.status] ?? one.status },
      taskMark(one.status),
    ),
    div(
      "task-body",
      div("task-title", plain(one.title)),
      one.details && div("task-details", richText(one.details)),
      one.output && div("task-details", richText(one.output)),
      one.sources &&
        div(
          "task-details",
          one.sources.map((source) => [
            h(
              "a",
              { href: source.url, target: "_blank", rel: "noopener noreferrer" },
              source.text ?? source.url,
            ),
            " ",
          ]),
        ),
    ),
  );
}

function taskMark(status) {
  if (status === "complete") return icon("check", 12);
  if (status === "error") return icon("close", 12);
  return null;
}

function container(block, surface) {
  const title = [
    block.icon && picture(block.icon, "context-image"),
    span(
      "container-title",
      block.rich_text_title ? richText(block.rich_text_title) : textNodes(asPlain(block.title)),
    ),
    block.subtitle && span("container-subtitle", textNodes(block.subtitle)),
  ];
  const children = div("container-body", drawBlocks(block.child_blocks ?? [], surface));
  if (!block.is_collapsible)
    return h(
      "div",
      { class: classes("container", block.has_header_divider && "container-divided") },
      div("container-head", title),
      children,
    );
  const remember = block.block_id ?? JSON.stringify(block.title ?? "");
  return h(
    "details",
    { class: "container", open: !block.default_collapsed, data: { remember } },
    h("summary", { class: "container-head" }, icon("chevron", 14), title),
    children,
  );
}

function asPlain(text) {
  return typeof text === "string" ? { type: "plain_text", text } : text;
}

function card(block, surface) {
  return div(
    "card",
    block.hero_image && picture(block.hero_image, "card-hero"),
    div(
      "card-head",
      block.icon && picture(block.icon, "card-icon"),
      h(
        "div",
        {},
        block.title && div("card-title", textNodes(block.title)),
        block.subtitle && div("card-subtitle", textNodes(block.subtitle)),
      ),
    ),
    block.body && div("card-body", textNodes(block.body)),
    block.subtext && div("card-subtitle", textNodes(block.subtext)),
    block.actions?.length &&
      div(
        "actions",
        block.actions.map((one) => control(one, block, surface)),
      ),
  );
}

const ALERT_ICONS = { warning: "alert", error: "alert", success: "check" };

function alert(block, surface) {
  if (surface.kind !== "modal") return unknown(block, "Slack shows alert blocks in modals only");
  const level = block.level ?? "default";
  return h(
    "div",
    { class: `alert alert-${level}`, role: "note", "aria-label": level },
    icon(ALERT_ICONS[level] ?? "info"),
    h("div", {}, textNodes(block.text)),
  );
}
