// The controls that act when pressed: buttons, menus, and choices outside of an input. Each asks its confirm dialog first.

import { confirmed } from "./confirm.js";
import { classes, h } from "./dom.js";
import { icon } from "./icons.js";
import { picture } from "./images.js";
import { field } from "./inputs.js";
import { openMenu } from "./menu.js";
import { plain } from "./mrkdwn.js";

/** Draw an interactive element of a block that acts at once. */
export function control(element, block, surface) {
  switch (element.type) {
    case "button":
    case "workflow_button":
      return button(element, block, surface);
    case "icon_button":
      return button(
        { ...element, text: element.text ?? { type: "plain_text", text: element.icon } },
        block,
        surface,
      );
    case "feedback_buttons":
      return [element.positive_button, element.negative_button].map((one) =>
        button({ ...element, ...one }, block, surface),
      );
    case "overflow":
      return overflow(element, block, surface);
    case "image":
      return picture(element, "accessory-image");
    default:
      return acting(element, block, surface);
  }
}

function button(element, block, surface) {
  const attributes = {
    class: classes("button", element.style && `button-${element.style}`),
    "aria-label": element.accessibility_label,
    title: element.accessibility_label,
    data: { focus: focusOf(element, block), action: element.action_id ?? "" },
  };
  if (element.url)
    return h(
      "a",
      {
        ...attributes,
        href: element.url,
        target: "_blank",
        rel: "noopener noreferrer",
        onclick: () => void send(element, block, surface, element.value),
      },
      plain(element.text.text),
    );
  const node = h(
    "button",
    { ...attributes, type: "button", onclick: () => press(node, element, block, surface) },
    plain(element.text.text),
  );
  return node;
}

function focusOf(element, block) {
  return [block.block_id, element.action_id, element.value].join("/");
}

async function press(node, element, block, surface) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (!(await confirmed(element.confirm))) return;
  node.setAttribute("aria-busy", "true");
  await send(element, block, surface, element.value);
  node.removeAttribute("aria-busy");
}

function send(element, block, surface, value) {
  return surface.press({ action_id: element.action_id, block_id: block.block_id, value, confirm: true });
}

function overflow(element, block, surface) {
  const label = element.accessibility_label ?? "More actions";
  const choose = async (option) => {
    if (await confirmed(element.confirm)) await send(element, block, surface, option.value);
  };
  const items = element.options.map((option) => ({
    words: plain(option.text.text),
    hint: option.description && plain(option.description.text),
    act: () => (option.url ? window.open(option.url, "_blank", "noopener") : null, choose(option)),
  }));
  const button = h(
    "button",
    {
      type: "button",
      class: "button button-square",
      "aria-label": label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { focus: focusOf(element, block) },
      onclick: () => openMenu(button, label, items),
    },
    icon("more", 16),
  );
  return button;
}

function acting(element, block, surface) {
  const act = async (value) => {
    if (await confirmed(element.confirm)) await send(element, block, surface, value);
  };
  const label = element.accessibility_label ?? element.placeholder?.text ?? element.action_id;
  return field(element, { block, surface, label, act });
}
