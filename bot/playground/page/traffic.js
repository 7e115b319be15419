// The inspector at the foot: every signed request to the bot and every call that it makes, with their JSON.

import { traffic } from "./api.js";
import { classes, div, h, reconcile, setText, span } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { jsonPart } from "./json.js";
import { isNearEnd } from "./messages.js";
import { roving } from "./roving.js";
import { look, subscribe, ui, world } from "./state.js";
import { preciseTime } from "./time.js";
import { dropdown } from "./bend_fields.js";

const MOST = 500;
const AGAIN_AFTER = 700;
const VENDORS = [
  ["", "All"],
  ["slack", "Slack"],
  ["github", "GitHub"],
  ["pagerduty", "PagerDuty"],
  ["services", "Services"],
];

const known = new Map(); // n -> entry, in the order in which they began
const wanted = { vendor: "", promotion: "" };
let last = 0;
let cleared = 0;
let chosen = 0;
let asking = false;

/** Build the inspector and keep it current while it is open. */
export function drawTraffic(dock) {
  const list = h("ul", { class: "traffic-list", role: "listbox", "aria-label": "Requests, oldest first" });
  const detail = h("div", {
    class: "traffic-detail",
    role: "region",
    tabindex: 0,
    "aria-label": "The chosen request",
  });
  const vendors = segments(() => draw());
  const promotion = dropdown("Promotion", [["", "All promotions"]], (value) => {
    wanted.promotion = value;
    draw();
  });
  const count = span("topic");
  const head = [h("h2", {}, "Traffic"), count, vendors.node, promotion, clearButton(() => draw())];
  const shut = iconButton("Close the traffic", "close", close);
  dock.append(div("traffic-head", head, shut), div("traffic-body", list, detail));
  const stops = roving(list, "[role=option]", (row) => choose(Number(row.dataset.key)));
  const choose = (n) => {
    chosen = n;
    draw();
    if (getComputedStyle(list).display === "none") detail.focus(); // on a phone the request takes the list's place
  };
  const draw = () => {
    vendors.sync();
    offer(promotion);
    showList(list, choose);
    showDetail(detail, dock);
    setText(count, `${shown().length} of ${known.size}`);
    stops();
  };
  dock.addEventListener("keydown", (event) => event.key === "Escape" && close());
  subscribe(() => {
    dock.hidden = !ui.traffic;
    document.body.classList.toggle("with-traffic", ui.traffic);
    if (ui.traffic && world()) void refresh(draw);
  });
}

function close() {
  look({ traffic: false });
  document.querySelector("[aria-controls=traffic]").focus();
}

async function refresh(draw) {
  if (asking) return;
  asking = true;
  const answer = await traffic(last);
  asking = false;
  if (!answer.entries) return;
  if (answer.last < last) return startAgain(draw); // a reset: numbers begin anew
  for (const entry of answer.entries) known.set(entry.n, entry);
  for (const n of [...known.keys()].slice(0, -MOST)) known.delete(n);
  const isBehind = last !== answer.last;
  last = answer.last;
  draw();
  const waits = [...known.values()].some((one) => one.status === null);
  if ((waits || isBehind) && ui.traffic) setTimeout(() => void refresh(draw), AGAIN_AFTER);
}

function startAgain(draw) {
  known.clear();
  last = cleared = chosen = 0;
  return refresh(draw);
}

function shown() {
  return [...known.values()].filter(
    (one) =>
      one.n > cleared &&
      (!wanted.vendor || one.vendor === wanted.vendor) &&
      (!wanted.promotion || one.promotion === wanted.promotion),
  );
}

function segments(change) {
  const buttons = VENDORS.map(([value, words]) =>
    h(
      "button",
      { type: "button", data: { value }, onclick: () => ((wanted.vendor = value), change()) },
      words,
    ),
  );
  const sync = () =>
    buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.value === wanted.vendor)));
  sync();
  return { node: h("div", { class: "segments", role: "group", "aria-label": "Vendor" }, buttons), sync };
}

function clearButton(change) {
  const clear = () => ((cleared = last), (chosen = 0), change());
  return h("button", { type: "button", class: "link", onclick: clear }, "Clear");
}

function offer(select) {
  const ids = [...new Set([...known.values()].map((one) => one.promotion).filter(Boolean))];
  if (select.options.length === ids.length + 1) return;
  ids.sort((one, other) => Number(one.slice(2)) - Number(other.slice(2)));
  const options = [["", "All promotions"], ...ids.map((id) => [id, id])];
  select.replaceChildren(...options.map(([value, words]) => h("option", { value }, words)));
  select.value = wanted.promotion;
}

function showList(list, choose) {
  const atEnd = isNearEnd(list, 40);
  const rows = shown().map((one) => ({
    key: String(one.n),
    signature: JSON.stringify([one.status, one.n === chosen]),
    build: () => row(one, choose),
  }));
  reconcile(list, rows.length ? rows : [nothing()]);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function nothing() {
  const words =
    known.size > 0 && cleared < last
      ? "Nothing fits this choice."
      : "Nothing yet. Type a command or press a button, and each request shows here as it happens.";
  return { key: "none", signature: words, build: () => h("li", { class: "traffic-none" }, words) };
}

function row(one, choose) {
  const inward = one.direction === "to bot";
  return h(
    "li",
    {
      class: classes("traffic-row", inward && "inward"),
      role: "option",
      tabindex: -1,
      "aria-selected": String(one.n === chosen),
      data: { focus: String(one.n) },
      onclick: () => choose(one.n),
    },
    span("traffic-time", preciseTime(one.at)),
    h(
      "span",
      { class: `traffic-way way-${one.vendor}` },
      icon(inward ? "inward" : "outward", 13),
      VENDORS.find(([value]) => value === one.vendor)?.[1] ?? one.vendor,
      span("visually-hidden", inward ? " to the bot" : " from the bot"),
    ),
    span("traffic-call", h("code", {}, `${one.method} ${one.path}`), one.what && span("traffic-what", one.what)),
    one.promotion ? span("pill", one.promotion) : span("pill pill-none"),
    status(one),
    span("traffic-ms", one.ms === null ? "" : one.ms < 1 ? "<1 ms" : `${Math.round(one.ms)} ms`),
  );
}

function status(one) {
  const tone =
    one.status === null ? "busy" : one.status >= 200 && one.status < 300 ? "good" : "bad";
  return span(`pill pill-${tone}`, one.status === null ? "…" : String(one.status).replaceAll("_", " "));
}

function showDetail(detail, dock) {
  const one = known.get(chosen);
  dock.classList.toggle("with-detail", Boolean(one));
  const item = one
    ? { key: String(one.n), signature: String(one.status), build: () => page(one, dock) }
    : {
        key: "none",
        signature: "",
        build: () => h("p", { class: "traffic-none" }, "Choose a request to see its JSON."),
      };
  reconcile(detail, [item]);
}

function page(one, dock) {
  const back = () => {
    const list = dock.querySelector(".traffic-list");
    chosen = 0;
    dock.classList.remove("with-detail");
    list.querySelector(`[data-key="${one.n}"]`)?.focus();
  };
  const headers = Object.keys(one.headers ?? {}).length ? jsonPart("Headers", one.headers, "") : null;
  const answered = one.status === null ? "No answer yet." : "An empty body.";
  return div(
    "traffic-page",
    h(
      "button",
      { type: "button", class: "link traffic-back", onclick: back },
      "Back to the list",
    ),
    h("h3", {}, h("code", {}, `${one.method} ${one.path}`), " ", status(one)),
    h("p", { class: "hint" }, direction(one)),
    one.what && h("p", {}, one.what),
    headers,
    jsonPart("Request", one.request, "Without a body."),
    jsonPart("Answer", one.response, answered),
  );
}

function direction(one) {
  const vendor = VENDORS.find(([value]) => value === one.vendor)?.[1] ?? one.vendor;
  const way = one.direction === "to bot" ? `${vendor} → Greenlight, signed` : `Greenlight → ${vendor}`;
  const took = one.ms === null ? "" : ` · ${one.ms} ms`;
  return `${way} · ${preciseTime(one.at)}${took}`;
}
