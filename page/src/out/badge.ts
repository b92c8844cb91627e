/** What hangs on the pointer while several sounds are dragged. */

import { count } from "../sounds/words";

export function badge(sounds: number): HTMLElement {
  document.getElementById("in-hand")?.remove();
  const element = document.createElement("div");
  element.id = "in-hand";
  element.className = "in-hand";
  element.setAttribute("aria-hidden", "true");
  element.textContent = count(sounds, "sound");
  document.body.append(element);
  return element;
}
