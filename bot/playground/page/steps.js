// The six steps of the tour: what each is called, what it does, and how the world shows that it was done.

import { bend } from "./api.js";
import { cardOf, cards, choose, follow, latest, press, promotionAfter, sendForm, type } from "./hands.js";
import { look, privateOf, world } from "./state.js";

const UNTIL_OVER = 60000;
const UNTIL_FAILED = 15000;
const FIRST = "/promote checkout@v2.14.3 to production because fix refunds";
const SECOND = "/promote storefront@v1.2.0 to production because show the tax line";
const AGREED = /\((\d+) of \1\)/; // what the thread says of the last approval that was needed
const STARTED = ["dispatching", "deploying", "verifying", "succeeded", "failed", "unknown"];

/** The steps, in order; `done` tells what people did by hand as well. */
export const STEPS = [
  {
    words: "Ask as Ana",
    hint: "Ana asks for checkout v2.14.3 in production. Press the green step, or type it yourself.",
    run: () => ask(FIRST),
    done: () => promotions().length > 0,
  },
  {
    words: "Approve as Bo and Cy",
    hint: "Two release managers must agree; whoever asked may not.",
    run: approve,
    done: () => promotions().some((one) => STARTED.includes(one.phase)) || isAgreed(latest()),
  },
  {
    words: "Watch it deploy",
    hint: "A short wait, then it starts. The card is edited in place until v2.14.3 is live.",
    run: () => follow(latest(), UNTIL_OVER),
    done: () => promotions().some((one) => one.phase === "succeeded"),
  },
  {
    words: "Make the next one fail",
    hint: "World: let deploys fail at their smoke tests. Then Ana asks for storefront, and Bo and Cy approve.",
    run: fail,
    done: () => promotions().some((one) => one.phase === "failed"),
  },
  {
    words: "Roll back as Dee",
    hint: "It failed and Dee, who is on call, was paged. She undoes it; nobody has to approve that.",
    run: rollBack,
    done: () => promotions().some((one) => one.kind === "rollback" && one.phase === "succeeded"),
  },
  {
    words: "Ask why as Eli",
    hint: "Eli is from another team. Anyone may ask what happened, and only they see the answer.",
    run: why,
    done: () => false,
  },
];

/** What the newest card says: the sentence that also goes to notifications. */
export function newestSentence() {
  const text = cardOf(latest())?.message.text ?? "";
  return text.replace(/<[^>|]*\|([^>]*)>/g, "$1").replace(/<@\w+>/g, "").trim();
}

function promotions() {
  return world()?.promotions ?? [];
}

// Between the last approval and the start there is a short wait: nobody should look for an Approve button then.
function isAgreed(promotion) {
  return (cardOf(promotion)?.message.thread ?? []).some((reply) => AGREED.test(reply.text ?? ""));
}

function ask(line) {
  const before = cards().length;
  return type("ana", line, () => cards().length > before);
}

async function approve() {
  return (await press("bo", "Approve")) && press("cy", "Approve");
}

async function fail() {
  look({ world: true, thread: null });
  await choose("Conclusion of the next run", "failure");
  await choose("Step that fails", "smoke");
  look({ world: false });
  return (await ask(SECOND)) && (await approve()) && follow(latest(), UNTIL_OVER);
}

async function rollBack() {
  look({ thread: null });
  const failed = latest();
  if (!(await press("dee", "Roll back", failed, UNTIL_FAILED))) return false;
  await bend({ run: { conclusion: "success", step: null } }); // the deploy has failed; the rollback may work
  await sendForm("smoke tests fail in production");
  return follow(await promotionAfter(failed), UNTIL_OVER);
}

function why() {
  look({ thread: null });
  const failed = promotions().find((one) => one.phase === "failed")?.id ?? latest() ?? "P-1";
  const before = privateOf("eli").length;
  return type("eli", `/promote why ${failed}`, () => privateOf("eli").length > before);
}
