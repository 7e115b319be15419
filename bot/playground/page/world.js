// The drawer that bends the world, and shows what runs where, the runs and the incidents.

import { bend, reset } from "./api.js";
import { bends } from "./bends.js";
import { isBent, mending } from "./bent.js";
import { confirmed } from "./confirm.js";
import { classes, div, h, reconcile, setText, span } from "./dom.js";
import { iconButton } from "./icons.js";
import { go } from "./rail.js";
import { channels, look, subscribe, ui, world, worldNow } from "./state.js";
import { clockTime, dayName } from "./time.js";
import { toast } from "./toasts.js";

const RUNS_SHOWN = 8;

/** Build the drawer and keep it current. */
export function drawWorld(drawer) {
  const clock = span("topic world-clock");
  const lead = opening();
  const controls = bends();
  const lists = {
    promotions: listPart("Promotions"),
    runs: listPart("Runs on GitHub"),
    incidents: listPart("Incidents"),
  };
  drawer.append(
    div(
      "pane-head",
      div("pane-title", h("h2", {}, "World"), clock),
      iconButton("Close the world", "close", close),
    ),
    h(
      "div",
      { class: "scroller", tabindex: "0", role: "region", "aria-label": "World controls" },
      lead.node,
      controls.map((one) => one.node),
      [lists.promotions, lists.runs, lists.incidents].map((one) => one.node),
      inside(),
      again(),
    ),
  );
  drawer.addEventListener("keydown", (event) => event.key === "Escape" && close());
  subscribe(() => {
    drawer.hidden = !ui.world;
    document.body.classList.toggle("with-world", ui.world);
    if (!ui.world || !world()) return;
    setText(clock, `${dayName(worldNow())} ${clockTime(worldNow())}`);
    for (const one of [lead, ...controls]) one.sync(world().world ?? {});
    fill(lists);
  });
}

// What the drawer is for, and the way back from everything that was bent in it.
function opening() {
  const mend = h(
    "button",
    { type: "button", class: "button world-mend", onclick: () => void bend(mending(world().world)) },
    "Set everything back",
  );
  const hint = h("p", { class: "hint" }, "Break what Greenlight depends on, and see what people are told.");
  return {
    node: h("section", { class: "world-part" }, hint, mend),
    sync: (now) => (mend.hidden = !isBent(now)),
  };
}

function inside() {
  const open = () => look({ traffic: true });
  return h(
    "section",
    { class: "world-part" },
    h("h3", {}, "What Greenlight asks of the vendors"),
    h("p", { class: "hint" }, "Every request and its answer, as JSON."),
    h("button", { type: "button", class: "button", onclick: open }, "Open Traffic"),
  );
}

function close() {
  look({ world: false });
  document.querySelector("[aria-controls=world]").focus();
}

function listPart(title) {
  const list = h("ul", { class: "facts" });
  return { node: h("section", { class: "world-part" }, h("h3", {}, title), list), list };
}

function fill(lists) {
  const { promotions = [], runs = [], incidents = [] } = world();
  show(
    lists.promotions.list,
    newestFirst(promotions),
    (one) => one.id,
    promotionFact,
    "None yet: ask for one",
  );
  show(lists.runs.list, runs.toReversed().slice(0, RUNS_SHOWN), (one) => String(one.id), runFact, "None yet");
  show(lists.incidents.list, incidents.toReversed(), (one) => String(one.id), incidentFact, "None open");
}

function newestFirst(promotions) {
  return promotions.toSorted((one, other) => Number(other.id.slice(2)) - Number(one.id.slice(2)));
}

function show(list, items, key, draw, otherwise) {
  const facts = items.map((one, index) => ({
    key: key(one, index),
    signature: JSON.stringify(one),
    build: () => h("li", {}, draw(one)),
  }));
  reconcile(
    list,
    facts.length
      ? facts
      : [{ key: "none", signature: otherwise, build: () => h("li", { class: "facts-none" }, otherwise) }],
  );
}

function promotionFact(one) {
  return [
    h("button", { type: "button", class: "link", onclick: () => showPromotion(one) }, one.id),
    h("span", {}, `${one.service} ${one.version} → ${one.environment}`),
    pill(one.phase, PHASES),
  ];
}

function showPromotion(one) {
  const room = channels().find((channel) => channel.messages.some((message) => message.promotion === one.id));
  if (room) go({ kind: "channel", name: room.name });
  requestAnimationFrame(() =>
    document.querySelector(`[data-promotion="${CSS.escape(one.id)}"]`)?.scrollIntoView({ block: "center" }),
  );
}

const PHASES = {
  succeeded: "good",
  failed: "bad",
  errored: "bad",
  unknown: "odd",
  deploying: "busy",
  dispatching: "busy",
  verifying: "busy",
  waiting: "busy",
};
const CONCLUSIONS = {
  success: "good",
  failure: "bad",
  cancelled: "odd",
  timed_out: "bad",
  in_progress: "busy",
  queued: "busy",
};

function pill(word, tones) {
  return h(
    "span",
    { class: classes("pill", `pill-${tones[word] ?? "plain"}`) },
    String(word).replaceAll("_", " "),
  );
}

function runFact(one) {
  const inputs = one.inputs ?? {};
  return [
    h("code", {}, String(one.id)),
    h(
      "span",
      {},
      [one.workflow, inputs.service, inputs.version, inputs.environment].filter(Boolean).join(" · "),
    ),
    pill(one.conclusion ?? one.status, CONCLUSIONS),
  ];
}

const DEEDS = {
  triggered: [
    ["acknowledge", "Acknowledge"],
    ["resolve", "Resolve"],
  ],
  acknowledged: [["resolve", "Resolve"]],
  resolved: [["reopen", "Reopen"]],
};
const ON_CALL = "dee";

// What somebody does in PagerDuty itself: the bot hears of it by webhook, or finds out.
function deedButton(incident, deed, words) {
  const act = () => void bend({ pagerduty: { [deed]: incident.number, by: ON_CALL } });
  const label = `${words} ${incident.number} in PagerDuty, as Dee`;
  return h("button", { type: "button", class: "link", "aria-label": label, onclick: act, data: { focus: deed } }, words);
}

function incidentFact(one) {
  return [
    h("code", {}, String(one.number ?? one.id)),
    h("span", {}, one.title ?? one.service ?? ""),
    pill(one.status ?? "open", { triggered: "bad", acknowledged: "busy", resolved: "good" }),
    span("fact-acts", (DEEDS[one.status] ?? []).map(([deed, words]) => deedButton(one, deed, words))),
  ];
}

function again() {
  const ask = {
    title: { text: "Begin again?" },
    text: {
      type: "plain_text",
      text: "All promotions, messages and runs of this playground are thrown away.",
    },
    confirm: { text: "Begin again" },
    style: "danger",
  };
  const act = async () => {
    if (!(await confirmed(ask))) return;
    const answer = await reset();
    if (!answer.error) toast("The world is as it was at the start.", "success");
  };
  return h(
    "section",
    { class: "world-part" },
    h("button", { type: "button", class: "button button-danger", onclick: act }, "Reset the playground"),
  );
}
