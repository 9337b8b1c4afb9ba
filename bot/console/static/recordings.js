// A voice message or video that does not play: its player only falls silent, so the reason is read from the page that came instead.
"use strict";

document.addEventListener("error", async (event) => { // comes to the player alone, so it is caught on its way down
  const player = event.target;
  if (!(player instanceof HTMLMediaElement) || !("recording" in player.dataset)) return;
  const place = document.querySelector(`[data-failed="${player.id}"]`);
  if (!place) return;
  let why = "";
  try {
    const answer = await fetch(player.src);
    if (!answer.ok) why = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main h1 + p")?.textContent ?? "";
  } catch {
    // no connection: the page says so elsewhere
  }
  place.textContent = why || place.dataset.otherwise;
  place.hidden = false;
}, true);
