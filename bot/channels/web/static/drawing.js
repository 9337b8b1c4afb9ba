// The pictograms beside the words of buttons.

import { DRAWINGS } from "./pictograms.js";

/** The drawing of this name, hidden from who hears the page: the words say the same. [] when there is none. */
export function drawing(name) {
  if (!name || !Object.hasOwn(DRAWINGS, name)) return [];
  const svg = document.importNode(new DOMParser().parseFromString(DRAWINGS[name], "image/svg+xml").documentElement, true);
  svg.setAttribute("class", "pictogram");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  return [svg];
}
