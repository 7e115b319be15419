// Pictures: those that blocks name, and the faces of the people and of the app.

import { h, span } from "./dom.js";
import { people } from "./state.js";

/** Draw an image element; one that cannot be loaded (the page asks nobody outside) shows its alternative text. */
export function picture(element, className) {
  const alternative = element.alt_text ?? "";
  const image = h("img", {
    class: className,
    src: element.image_url ?? "",
    alt: alternative,
    loading: "lazy",
  });
  image.addEventListener("error", () => image.replaceWith(span("image-missing", alternative)), {
    once: true,
  });
  return image;
}

/** Draw the face of a person by initial; their colour follows their place in the list. */
export function face(person, size = "") {
  const place = people().findIndex((one) => one.name === person?.name);
  const initial = (person?.title ?? person?.name ?? "?").slice(0, 1).toUpperCase();
  return h(
    "span",
    { class: `avatar avatar-${place < 0 ? "other" : place % 5} ${size}`, "aria-hidden": "true" },
    initial,
  );
}

/** Draw the face of the app. */
export function appFace(size = "") {
  return h("img", { class: `avatar avatar-app ${size}`, src: "greenlight.svg", alt: "" });
}
