// The form of an entry: kept as a draft while somebody types, measured as they type, and shown on a phone beside it. Without this
// file all of it is there by buttons.
"use strict";

(() => {
  const form = document.getElementById("entry");
  if (!form) return;
  const LOOK = 600, KEEP = 3_000; // milliseconds after the last key
  const kept = form.querySelector("[data-kept]"), unkept = form.querySelector("[data-unkept]");
  let looking = null, keeping = null, busy = false, again = false, dirty = false, stopped = false;

  const body = (extra) => {
    const data = new FormData(form);
    for (const [name, value] of Object.entries(extra)) data.set(name, value);
    return new URLSearchParams(data);
  };

  async function send(only) {
    if (stopped) return;
    if (busy) return void (again = again || !only);
    busy = true;
    if (!only) dirty = false;
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: body(only ? { only: "look" } : {}) }).catch(() => null);
    busy = false;
    if (answer?.ok && !answer.redirected) show(await answer.json(), only);
    else if (!only) {
      dirty = true;
      unkept.hidden = false;
      if (answer) stopped = true; // another window, or the session is over: what is typed stays here until somebody has looked
      else keeping = setTimeout(() => send(false), KEEP);
    }
    if (again && !stopped) {
      again = false;
      send(false);
    }
  }

  function show(said, only) {
    if (!only) {
      unkept.hidden = true;
      if (said.mark !== "") form.elements.mark.value = said.mark;
      for (const other of document.querySelectorAll('.moves [name="mark"], form.line [name="mark"]')) other.value = form.elements.mark.value;
      if (said.saved) kept.textContent = said.saved;
    }
    const colleagues = document.querySelector("[data-colleagues]");
    colleagues.textContent = said.colleagues;
    colleagues.hidden = !said.colleagues;
    for (const [name, measure] of Object.entries(said.measures)) {
      const place = form.querySelector(`[data-measure="${name}"]`);
      if (!place) continue;
      place.textContent = measure.text;
      place.classList.toggle("hard", measure.hard);
    }
    for (const name of ["wrong", "look"]) {
      form.querySelector(`[data-${name}]`).hidden = !said[name].length;
      const lines = said[name].map((line) => Object.assign(document.createElement("li"), { textContent: line }));
      form.querySelector(`[data-${name}-list]`).replaceChildren(...lines);
    }
  }

  if (form.dataset.autosave) {
    form.addEventListener("input", (event) => {
      if (["preview_language", "say", "publish_at"].includes(event.target.name) || event.target.name.startsWith("choose.")) return;
      dirty = true;
      clearTimeout(looking);
      clearTimeout(keeping);
      looking = setTimeout(() => send(true), LOOK);
      keeping = setTimeout(() => send(false), KEEP);
    });
    form.addEventListener("submit", () => {
      clearTimeout(looking);
      clearTimeout(keeping);
      stopped = true;
      dirty = false;
    });
    addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  }

  // --- the phone

  const place = document.getElementById("phone-place"), button = document.querySelector("[data-show]");
  let asked = 0;
  async function preview() {
    const mine = ++asked;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: body({}) }).catch(() => null);
    if (mine !== asked || !answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), phone = page.getElementById("phone");
    if (phone) place.replaceChildren(phone);
  }
  if (button) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      preview();
    });
    document.getElementById("preview_language").addEventListener("change", preview);
    document.getElementById("say")?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      preview();
    });
    preview();
  }
})();
