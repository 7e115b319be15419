// The confirm dialog that Slack shows before a button acts.

import { div, h } from "./dom.js";
import { plain, textNodes } from "./mrkdwn.js";

/** Ask the question of a confirm object; without one the answer is yes. */
export function confirmed(question) {
  if (!question) return Promise.resolve(true);
  return new Promise((answer) => ask(question, answer));
}

function ask(question, answer) {
  const dialog = h(
    "dialog",
    { class: "dialog dialog-small", "aria-labelledby": "confirm-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "confirm-title" }, plain(question.title.text)),
      div("dialog-text", textNodes(question.text)),
      div(
        "dialog-foot",
        h("button", { class: "button", value: "no" }, plain(question.deny?.text ?? "Cancel")),
        h(
          "button",
          { class: `button button-${question.style ?? "primary"}`, value: "yes", autofocus: true },
          plain(question.confirm?.text ?? "Yes"),
        ),
      ),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    answer(dialog.returnValue === "yes");
  });
  document.body.append(dialog);
  dialog.showModal();
}
