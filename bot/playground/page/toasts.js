// Short notices at the foot of the page: what Slack itself would say when something fails.

import { div, h } from "./dom.js";
import { icon, iconButton } from "./icons.js";

const SHOWN_FOR = 7000;

const SLACK_SAYS = {
  operation_timeout: "The app did not answer within 3 seconds (operation_timeout).",
  dispatch_failed: "The app could not be reached (dispatch_failed).",
  dispatch_unknown_error: "The app answered in a way Slack does not understand (dispatch_unknown_error).",
};

/** Show a notice; `kind` is `info`, `success` or `error`. */
export function toast(message, kind = "info") {
  const words = typeof message === "string" ? message : JSON.stringify(message);
  const notice = div(
    `toast toast-${kind}`,
    icon(kind === "error" ? "alert" : kind === "success" ? "check" : "info"),
    h("span", {}, SLACK_SAYS[words] ?? words),
    iconButton("Dismiss", "close", () => notice.remove(), { size: 14 }),
  );
  const place = document.getElementById("toasts");
  place.append(notice);
  if (place.matches(":popover-open")) place.hidePopover(); // shown again, it lies above dialogs opened since
  place.showPopover();
  setTimeout(() => notice.remove(), SHOWN_FOR);
}
