// What runs where, and what each place answers at its health address.

import { bend } from "./api.js";
import { dropdown, follow, part } from "./bend_fields.js";
import { h, reconcile, setText } from "./dom.js";

const HEALTH = [
  ["ok", "healthy"],
  ["failing", "failing"],
  ["slow", "slow"],
  ["wrong-version", "wrong version"],
  ["huge", "huge body"],
  ["html", "HTML"],
];

/** Build the table of what runs where, as `{node, sync(world)}`. */
export function live() {
  const table = h("table", { class: "live" });
  const node = part("What runs where", "And what each answers at its health address.", table);
  return {
    node,
    sync: (world) => {
      const services = Object.entries(world.serving ?? {});
      const environments = [...new Set(services.flatMap(([, places]) => Object.keys(places)))];
      reconcile(table, [
        headRow(environments),
        ...services.map(([service]) => serviceRow(service, environments)),
      ]);
      for (const [service, places] of services)
        for (const [environment, release] of Object.entries(places))
          showPlace(table, service, environment, release, world);
    },
  };
}

function headRow(environments) {
  return {
    key: "head",
    signature: environments.join(),
    build: () =>
      h(
        "tr",
        {},
        h("td"),
        environments.map((one) => h("th", { scope: "col" }, one)),
      ),
  };
}

function serviceRow(service, environments) {
  const cell = (environment) =>
    h(
      "td",
      { data: { place: `${service}/${environment}` } },
      h("code", {}),
      dropdown(`Health of ${service} in ${environment}`, HEALTH, (value) =>
        bend({ health: { [service]: { [environment]: value } } }),
      ),
    );
  return {
    key: service,
    signature: environments.join(),
    build: () => h("tr", {}, h("th", { scope: "row" }, service), environments.map(cell)),
  };
}

function showPlace(table, service, environment, release, world) {
  const cell = table.querySelector(`[data-place="${CSS.escape(`${service}/${environment}`)}"]`);
  setText(cell.querySelector("code"), release.version ?? "nothing");
  const field = cell.querySelector("select");
  follow(field, world.health?.[service]?.[environment] ?? "ok");
  field.classList.toggle("bent", field.value !== "ok");
}
