// Elements are built here and nowhere else: text always lands in text nodes, so data can never become markup.

/** Build an element from a tag, its properties (`on…` are listeners, `data` is the dataset) and its children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) assign(element, name, value);
  element.append(...children.flat(Infinity).filter(isShown));
  return element;
}

/** Build a `div` of a class. */
export function div(className, ...children) {
  return h("div", { class: className }, ...children);
}

/** Build a `span` of a class. */
export function span(className, ...children) {
  return h("span", { class: className }, ...children);
}

function assign(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "class") element.className = value;
  else if (["value", "checked", "disabled", "selected", "open", "hidden", "readOnly"].includes(name))
    element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/** Join class names, leaving out the falsy ones. */
export function classes(...names) {
  return names.filter(Boolean).join(" ");
}

const signatures = new WeakMap();

/**
 * Make the children of `container` show `items` in order, rebuilding only those whose content changed.
 * Each item is `{key, signature, build}`; focus inside a rebuilt child goes to the same control of the new one.
 */
export function reconcile(container, items) {
  const before = new Map([...container.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const node = current(before.get(item.key), item);
    before.delete(item.key);
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
  for (const gone of before.values()) gone.remove();
}

function current(existing, item) {
  if (existing && signatures.get(existing) === item.signature) return existing;
  const node = item.build(existing);
  node.dataset.key = item.key;
  signatures.set(node, item.signature);
  if (existing && existing !== node) replaceKeepingPlace(existing, node);
  return node;
}

function replaceKeepingPlace(existing, node) {
  const focused = existing.contains(document.activeElement) ? document.activeElement : null;
  const opened = new Set(
    [...existing.querySelectorAll("details[open][data-remember]")].map((one) => one.dataset.remember),
  );
  const closed = new Set(
    [...existing.querySelectorAll("details:not([open])[data-remember]")].map((one) => one.dataset.remember),
  );
  existing.replaceWith(node);
  for (const details of node.querySelectorAll("details[data-remember]")) {
    if (opened.has(details.dataset.remember)) details.open = true;
    if (closed.has(details.dataset.remember)) details.open = false;
  }
  if (focused) focusAgain(node, focused, existing);
}

function focusAgain(node, focused, existing) {
  const same =
    focused.dataset.focus && node.querySelector(`[data-focus="${CSS.escape(focused.dataset.focus)}"]`);
  const next = same || node.querySelector("button, a, input, select, textarea");
  (focused === existing ? node : next)?.focus({ preventScroll: true });
}

/** Show `text` in `element` if it shows something else, so that live regions do not speak twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
