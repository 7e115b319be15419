// The controls of the world drawer. Each sends one change and follows what the world says of itself.

import { bend } from "./api.js";
import { action, dropdown, follow, labelled, part } from "./bend_fields.js";
import { div, h, reconcile, setText, span } from "./dom.js";
import { homeChannel } from "./state.js";
import { live } from "./live.js";

/** Build every control as `{node, sync(world)}`. */
export function bends() {
  return [live(), botAlive(), nextRun(), webhooks(), vendors(), incident(), time(), sharing(), latency()];
}

function botAlive() {
  const words = span("bot-state");
  const kill = action("Kill -9", () => ({ bot: "kill" }), "button-danger");
  const start = action("Start", () => ({ bot: "start" }));
  const node = part(
    "The bot",
    "It runs as a process of its own. Kill it at any moment: nothing may be lost or run twice.",
    div("world-row", words, kill, start),
  );
  return {
    node,
    sync: (world) => {
      setText(words, { running: "Running", dead: "Dead" }[world.bot] ?? "Runs elsewhere");
      words.classList.toggle("dead", world.bot === "dead");
      offerOnly({ running: kill, dead: start }[world.bot], [kill, start]);
    },
  };
}

// Whoever pressed the one by keyboard finds the other under their hands.
function offerOnly(offered, buttons) {
  const had = buttons.includes(document.activeElement);
  for (const button of buttons) button.disabled = button !== offered;
  if (had && offered !== document.activeElement) offered?.focus();
}

const CONCLUSIONS = [
  ["success", "success"],
  ["failure", "failure"],
  ["cancelled", "cancelled"],
  ["timed_out", "timed out"],
];
const STEPS = [
  ["", "roll out"],
  ["check", "check the SHA"],
  ["smoke", "smoke tests"],
];
const MODES = [
  ["ok", "answers as it should"],
  ["accept-then-502", "starts, but answers 502"],
  ["accept-then-hang", "starts, but never answers"],
  ["accept-then-reset", "starts, but cuts the line"],
  ["502", "refuses: 502"],
  ["403", "refuses: 403"],
  ["404", "refuses: 404"],
  ["422", "refuses: 422"],
  ["204", "answers 204 without a run id"],
  ["lag", "shows the run late"],
];

const WHICH = [
  ["deploy.yml", "deploys"],
  ["rollback.yml", "rollbacks"],
  ["", "deploys and rollbacks"],
];

function nextRun() {
  const which = dropdown("Which runs end so", WHICH, (value) => bend({ run: { workflow: value || null } }));
  const conclusion = dropdown("Conclusion of the next run", CONCLUSIONS, (value) =>
    bend({ run: { conclusion: value, workflow: which.value || null } }),
  );
  const step = dropdown("Step that fails", STEPS, (value) => bend({ run: { step: value || null } }));
  const seconds = h("input", {
    type: "number",
    min: 1,
    max: 600,
    "aria-label": "Seconds the run takes",
    onchange: () => bend({ run: { seconds: Number(seconds.value) } }),
  });
  const mode = dropdown("How GitHub answers the dispatch", MODES, (value) => bend({ run: { mode: value } }));
  const node = part(
    "The next runs",
    "Until you set it back. A rollback has a workflow of its own, so it can still save a deploy that fails.",
    div(
      "world-grid",
      labelled("Which", which),
      labelled("End with", conclusion),
      labelled("Fail at", step),
      labelled("Take (seconds)", seconds),
      labelled("The dispatch", mode),
    ),
  );
  return {
    node,
    sync: ({ run = {} }) => {
      if ((run.conclusion ?? "success") !== "success") follow(which, run.workflow ?? "");
      follow(conclusion, run.conclusion);
      follow(step, run.step ?? "");
      follow(seconds, run.seconds);
      follow(mode, run.mode);
      step.disabled = run.conclusion === "success";
      conclusion.classList.toggle("bent", (run.conclusion ?? "success") !== "success");
      mode.classList.toggle("bent", (run.mode ?? "ok") !== "ok");
    },
  };
}

function latency() {
  const rows = div("world-grid");
  return {
    node: part(
      "p99 latency in production",
      "Milliseconds; the usual is about 230. The services tell it; no rule of this playground looks at it.",
      rows,
    ),
    sync: (world) => {
      const services = Object.keys(world.serving ?? {});
      reconcile(
        rows,
        services.map((service) => ({ key: service, signature: "", build: () => latencyField(service) })),
      );
      for (const service of services)
        follow(
          rows.querySelector(`[data-key="${CSS.escape(service)}"] input`),
          world.p99?.[service]?.production ?? "",
        );
    },
  };
}

function latencyField(service) {
  const field = h("input", {
    type: "number",
    min: 1,
    placeholder: "usual",
    "aria-label": `p99 of ${service} in production`,
    onchange: () => bend({ p99: { [service]: { production: Number(field.value) || null } } }),
  });
  return labelled(service, field);
}

const DELIVERIES = [
  ["on", "On"],
  ["lost", "Lost"],
  ["doubled", "Doubled"],
  ["late", "Late"],
];

function webhooks() {
  const buttons = DELIVERIES.map(([value, words]) =>
    h(
      "button",
      { type: "button", "aria-pressed": "false", data: { value }, onclick: () => bend({ webhooks: value }) },
      words,
    ),
  );
  const node = part(
    "Webhooks",
    "How GitHub and PagerDuty deliver their news.",
    h("div", { class: "segments", role: "group", "aria-label": "Webhooks" }, buttons),
  );
  return {
    node,
    sync: (world) =>
      buttons.forEach((one) =>
        one.setAttribute("aria-pressed", String(one.dataset.value === (world.webhooks ?? "on"))),
      ),
  };
}

const FAULTS = [
  ["ok", "fine"],
  ["429", "429 slow down"],
  ["500", "500 broken"],
  ["502", "502 bad gateway"],
  ["503", "503 unavailable"],
  ["401", "401 unauthorised"],
  ["accept-then-502", "502, but does it"],
];

function faultOf(value) {
  if (value === "ok") return null;
  return value === "accept-then-502" ? value : Number(value);
}

const VENDORS = { slack: "Slack", github: "GitHub", pagerduty: "PagerDuty" };

function vendors() {
  const fields = Object.fromEntries(
    Object.keys(VENDORS).map((vendor) => [
      vendor,
      dropdown(`How ${VENDORS[vendor]} answers`, FAULTS, (value) =>
        bend({ vendor: { [vendor]: faultOf(value) } }),
      ),
    ]),
  );
  const node = part(
    "Vendors answer",
    "Until you set it back.",
    div(
      "world-grid",
      Object.entries(fields).map(([vendor, field]) => labelled(VENDORS[vendor], field)),
    ),
  );
  return {
    node,
    sync: (world) =>
      Object.entries(fields).forEach(([vendor, field]) => {
        follow(field, world.vendor?.[vendor] ?? "ok");
        field.classList.toggle("bent", field.value !== "ok");
      }),
  };
}

function incident() {
  const service = dropdown("Service of the incident", [], () => undefined);
  const severity = dropdown(
    "Severity",
    [
      ["high", "high"],
      ["low", "low"],
    ],
    () => undefined,
  );
  const node = part(
    "Open an incident",
    null,
    div(
      "world-row",
      service,
      severity,
      action("Open", () => ({ incident: { service: service.value, severity: severity.value } })),
    ),
  );
  return {
    node,
    sync: (world) => {
      const services = Object.keys(world.serving ?? {});
      if (service.children.length !== services.length)
        service.replaceChildren(...services.map((one) => h("option", { value: one }, one)));
    },
  };
}

const SHARINGS = [
  ["", "Acme alone"],
  ["invited", "another company is invited"],
  ["shared", "another company too"],
];
const WISHES = { "": false, invited: "invited", shared: true };

function sharing() {
  const field = dropdown("Who is in the channel of cards", SHARINGS, (value) =>
    bend({ shared: { [homeChannel()]: WISHES[value] } }),
  );
  return {
    node: part("A channel shared with another company", null, labelled("In #deploys is", field)),
    sync: (world) => {
      follow(field, world.shared?.[homeChannel()] ?? "");
      field.classList.toggle("bent", field.value !== "");
    },
  };
}

function time() {
  const steps = [
    ["10s", "+10 s"],
    ["10m", "+10 min"],
    ["4h", "+4 h"],
  ];
  const node = part(
    "The clock",
    "Moves time forward for everybody, the bot included.",
    div(
      "world-row",
      steps.map(([forward, words]) => action(words, () => ({ clock: { forward } }))),
    ),
  );
  return { node, sync: () => undefined };
}
