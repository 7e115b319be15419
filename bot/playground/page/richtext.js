// Two more ways in which Slack writes text: rich_text elements, and the markdown block.

import { div, h, span } from "./dom.js";
import { emoji } from "./emoji.js";
import { anchor, between, channelLink, date, mention, plain } from "./mrkdwn.js";
import { names } from "./state.js";

/** Draw a `rich_text` block. */
export function richText(block) {
  return div("rich-text", (block.elements ?? []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return h("div", {}, spans(element.elements));
    case "rich_text_quote":
      return h("blockquote", {}, spans(element.elements));
    case "rich_text_preformatted":
      return h("pre", {}, spans(element.elements));
    case "rich_text_list":
      return list(element);
    default:
      return unknownPart(element);
  }
}

function list(element) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  return h(
    tag,
    { class: `indent-${element.indent ?? 0}` },
    element.elements.map((one) => h("li", {}, spans(one.elements))),
  );
}

function spans(elements = []) {
  return elements.map((element) => wearing(element.style, inlineOf(element)));
}

function wearing(style = {}, node) {
  const tags = [
    style.bold && "strong",
    style.italic && "em",
    style.strike && "s",
    style.code && "code",
  ].filter(Boolean);
  return tags.reduce((inner, tag) => h(tag, {}, inner), node);
}

function inlineOf(element) {
  switch (element.type) {
    case "text":
      return span("pre-line", element.text);
    case "link":
      return anchor(element.url, element.text ?? element.url);
    case "emoji":
      return emoji(element.name);
    case "user":
      return mention(`@${names.person(element.user_id) ?? element.user_id}`, element.user_id);
    case "usergroup":
      return mention(`@${names.group(element.usergroup_id) ?? element.usergroup_id}`);
    case "channel":
      return channelLink(element.channel_id);
    case "broadcast":
      return mention(`@${element.range}`);
    case "date":
      return date(element.timestamp, element.format, element.fallback ?? "", element.url);
    default:
      return unknownPart(element);
  }
}

function unknownPart(element) {
  return h("code", { class: "unknown-inline" }, JSON.stringify(element));
}

/** Draw a `markdown` block: headings, lists, quotes, fences, tables of pipes, and inline styles. */
export function markdown(text) {
  const body = div("markdown");
  const rows = text.split("\n");
  for (let at = 0; at < rows.length;) at = paragraph(body, rows, at);
  return body;
}

const KINDS = [
  { start: /^```/, draw: fence },
  { start: /^#{1,6} /, draw: heading },
  { start: /^\s*[-*] /, draw: (body, rows, at) => listing(body, rows, at, "ul", /^\s*[-*] /) },
  { start: /^\s*\d+[.)] /, draw: (body, rows, at) => listing(body, rows, at, "ol", /^\s*\d+[.)] /) },
  { start: /^> ?/, draw: quote },
  { start: /^\|.*\|\s*$/, draw: pipes },
];

function paragraph(body, rows, at) {
  if (!rows[at].trim()) return at + 1;
  const kind = KINDS.find((one) => one.start.test(rows[at]));
  if (kind) return kind.draw(body, rows, at);
  const end = run(rows, at, (row) => row.trim() && !KINDS.some((one) => one.start.test(row)));
  body.append(
    h(
      "p",
      {},
      between(rows.slice(at, end).map(markdownLine), () => h("br")),
    ),
  );
  return end;
}

function run(rows, at, holds) {
  let end = at + 1;
  while (end < rows.length && holds(rows[end])) end += 1;
  return end;
}

function fence(body, rows, at) {
  const end = run(rows, at, (row) => !row.startsWith("```"));
  body.append(h("pre", {}, rows.slice(at + 1, end).join("\n")));
  return end + 1;
}

function heading(body, rows, at) {
  const [, marks, words] = /^(#+) (.*)$/.exec(rows[at]);
  body.append(
    h(
      "p",
      { class: `markdown-h${Math.min(3, marks.length)}`, role: "heading", "aria-level": marks.length + 1 },
      markdownLine(words),
    ),
  );
  return at + 1;
}

function listing(body, rows, at, tag, start) {
  const end = run(rows, at, (row) => start.test(row));
  body.append(
    h(
      tag,
      {},
      rows.slice(at, end).map((row) => h("li", {}, markdownLine(row.replace(start, "")))),
    ),
  );
  return end;
}

function quote(body, rows, at) {
  const end = run(rows, at, (row) => row.startsWith(">"));
  const quoted = rows.slice(at, end).map((row) => markdownLine(row.replace(/^> ?/, "")));
  body.append(
    h(
      "blockquote",
      {},
      between(quoted, () => h("br")),
    ),
  );
  return end;
}

function pipes(body, rows, at) {
  const end = run(rows, at, (row) => /^\|.*\|\s*$/.test(row));
  const cells = rows
    .slice(at, end)
    .filter((row) => !/^\|[\s:|-]+\|\s*$/.test(row))
    .map((row) => row.trim().slice(1, -1).split("|"));
  const [head, ...rest] = cells;
  body.append(
    h(
      "table",
      { class: "table" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((cell) => h("th", { scope: "col" }, markdownLine(cell.trim()))),
        ),
      ),
      h(
        "tbody",
        {},
        rest.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, markdownLine(cell.trim()))),
          ),
        ),
      ),
    ),
  );
  return end;
}

const MARKDOWN =
  /`([^`]+)`|\*\*(.+?)\*\*|(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)|~~(.+?)~~|\[([^\]]+)\]\(([^)\s]+)\)/;

function markdownLine(text) {
  const found = MARKDOWN.exec(text);
  if (!found) return plain(text);
  const [whole, code, bold, italic, struck, label, url] = found;
  const node = code
    ? h("code", {}, code)
    : bold
      ? h("strong", {}, markdownLine(bold))
      : italic
        ? h("em", {}, markdownLine(italic))
        : struck
          ? h("s", {}, markdownLine(struck))
          : anchor(url, label);
  return [
    ...plain(text.slice(0, found.index)),
    node,
    ...markdownLine(text.slice(found.index + whole.length)),
  ];
}
