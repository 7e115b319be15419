// What of the world is bent, and the change that sets all of it back.

/** Say whether anything is not as it was at the start. */
export function isBent(now = {}) {
  return (
    now.bot === "dead" ||
    (now.webhooks ?? "on") !== "on" ||
    Object.keys(now.vendor ?? {}).length > 0 ||
    (now.run?.conclusion ?? "success") !== "success" ||
    (now.run?.mode ?? "ok") !== "ok" ||
    Object.keys(now.shared ?? {}).length > 0 ||
    isOdd(now.health, "ok") ||
    isOdd(now.p99, null)
  );
}

/** The change after which nothing is bent any more; what happened stays. */
export function mending(now = {}) {
  return {
    health: everywhere(now.health, "ok"),
    p99: everywhere(now.p99, null),
    run: { conclusion: "success", step: null, mode: "ok", workflow: null },
    webhooks: "on",
    vendor: each(now.vendor, null),
    shared: each(now.shared, false),
    ...(now.bot === "dead" && { bot: "start" }),
  };
}

function isOdd(places, fine) {
  return Object.values(places ?? {}).some((one) => Object.values(one).some((value) => value !== fine));
}

function everywhere(places, fine) {
  return Object.fromEntries(Object.entries(places ?? {}).map(([service, one]) => [service, each(one, fine)]));
}

function each(places, fine) {
  return Object.fromEntries(Object.keys(places ?? {}).map((name) => [name, fine]));
}
