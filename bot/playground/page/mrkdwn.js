// Slack's mrkdwn, read into nodes. The names behind mentions come from the state that the page shows.

import { h } from "./dom.js";
import { emoji, isEmoji } from "./emoji.js";
import { formatDate } from "./time.js";
import { go } from "./rail.js";
import { names } from "./state.js";

const FENCE = /```\n?([\s\S]*?)\n?```/g;
const CODE = /`([^`\n]+)`/y;
const ANGLE = /<([^<>\n]+)>/y;
const SHORTCODE = /:([a-z0-9_+-]+):/y;
const STYLES = [
  [/\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}])/uy, "strong"],
  [/_(?=\S)([^\n]*?[^\s_])_(?![\p{L}\p{N}])/uy, "em"],
  [/~(?=\S)([^~\n]*[^~\s])~(?![\p{L}\p{N}])/uy, "s"],
];

/** Read a text object (`mrkdwn` or `plain_text`) or a string into a list of nodes. */
export function textNodes(text) {
  if (text === null || text === undefined) return [];
  if (typeof text === "string") return mrkdwn(text);
  if (text.type === "plain_text") return plain(text.text, text.emoji !== false);
  return mrkdwn(text.text);
}

/** Read plain text: shortcodes become emoji, nothing else means anything. */
export function plain(text, withEmoji = true) {
  if (!withEmoji) return [text];
  return text.split(/(:[a-z0-9_+-]+:)/).map((part) => {
    const name = part.slice(1, -1);
    return part.startsWith(":") && isEmoji(name) ? emoji(name) : part;
  });
}

/** Read mrkdwn into a list of nodes. */
export function mrkdwn(text) {
  const nodes = [];
  let end = 0;
  for (const fence of text.matchAll(FENCE)) {
    nodes.push(...lines(text.slice(end, fence.index)), h("pre", {}, decode(fence[1])));
    end = fence.index + fence[0].length;
  }
  return [...nodes, ...lines(text.slice(end))];
}

function lines(text) {
  const nodes = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length)
      nodes.push(
        h(
          "blockquote",
          {},
          between(quoted.map(inline), () => h("br")),
        ),
      );
    quoted = [];
  };
  text.split("\n").forEach((line, index) => {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote) return quoted.push(quote[1]);
    const afterQuote = quoted.length > 0;
    flush();
    if (index > 0 && !afterQuote) nodes.push(h("br"));
    return nodes.push(...inline(line));
  });
  flush();
  return nodes;
}

/** Put a separator between lists of nodes. */
export function between(lists, separator) {
  return lists.flatMap((list, index) => (index ? [separator(), ...list] : list));
}

/** Read one line of mrkdwn into nodes. */
export function inline(text) {
  const nodes = [];
  let pending = "";
  const flush = () => {
    if (pending) nodes.push(decode(pending));
    pending = "";
  };
  for (let at = 0; at < text.length;) {
    const found = token(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      pending += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function token(text, at) {
  const code = match(CODE, text, at);
  if (code) return { node: h("code", {}, decode(code[1])), end: at + code[0].length };
  const angle = match(ANGLE, text, at);
  if (angle) return { node: reference(angle[1]), end: at + angle[0].length };
  const shortcode = match(SHORTCODE, text, at);
  if (shortcode && isEmoji(shortcode[1])) return { node: emoji(shortcode[1]), end: at + shortcode[0].length };
  return styled(text, at);
}

function styled(text, at) {
  if (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1])) return null;
  for (const [pattern, tag] of STYLES) {
    const found = match(pattern, text, at);
    if (found) return { node: h(tag, {}, inline(found[1])), end: at + found[0].length };
  }
  return null;
}

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function reference(inner) {
  const [target, label] = splitOnce(inner, "|");
  if (target.startsWith("@"))
    return mention(`@${names.person(target.slice(1)) ?? label ?? target.slice(1)}`, target.slice(1));
  if (target.startsWith("#"))
    return channelLink(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return anchor(decode(target), decode(label ?? target));
}

function special(target, label) {
  const [kind, ...rest] = target.split("^");
  if (kind === "subteam") return mention(label ?? `@${names.group(rest[0]) ?? rest[0]}`);
  if (kind === "date") return date(Number(rest[0]), rest[1], label ?? "", rest[2]);
  return mention(label ?? `@${kind}`);
}

/** Show seconds since the epoch in a Slack date format, in the reader's zone. */
export function date(seconds, format, fallback, link) {
  if (!Number.isFinite(seconds)) return document.createTextNode(decode(fallback));
  const stamp = new Date(seconds * 1000);
  const words = h(
    "time",
    { datetime: stamp.toISOString(), title: stamp.toLocaleString() },
    formatDate(seconds, format),
  );
  return link ? anchor(link, words) : words;
}

/** Show a mention of a person, a group or a channel. */
export function mention(words, id = "") {
  return h("span", { class: id && id === names.me() ? "mention mention-me" : "mention" }, decode(words));
}

/** Show a channel's name; pressed, it goes there, if it is one that the reader can see. */
export function channelLink(id, label) {
  const name = names.channel(id);
  if (name === undefined) return mention(`#${label ?? id}`);
  return h(
    "button",
    { type: "button", class: "mention mention-channel", onclick: () => go({ kind: "channel", name }) },
    `#${name}`,
  );
}

/** Link to a web address; anything that is not one stays text. */
export function anchor(url, words) {
  if (!/^(https?:|mailto:)/i.test(url)) return h("span", {}, words);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
