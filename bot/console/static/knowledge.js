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
    const lineOf = (text) => Object.assign(document.createElement("li"), { textContent: text });
    for (const name of ["wrong", "look"]) {
      const lines = said[name].map(lineOf);
      if (name === "wrong") lines.push(...said.taken.map(takenLine));
      form.querySelector(`[data-${name}]`).hidden = !lines.length;
      form.querySelector(`[data-${name}-list]`).replaceChildren(...lines);
    }
  }

  function takenLine(one) {
    const line = Object.assign(document.createElement("li"), { textContent: `${one.text} ` });
    if (one.key) {
      const href = `/console/knowledge/terms/${encodeURIComponent(one.key)}`;
      line.append(Object.assign(document.createElement("a"), { href, textContent: one.name }));
    }
    return line;
  }

  // --- other terms, found by what somebody types

  for (const group of form.querySelectorAll("[data-find]")) {
    const box = group.querySelector("input[list]"), options = group.querySelector("datalist"), chosen = group.querySelector("[data-chosen]");
    let found = [], finding = null;
    const matching = () => found.find((one) => one.value === box.value);
    const add = (one) => {
      const name = chosen.dataset.chosen, id = `${name}.${one.key}`;
      box.value = "";
      if (document.getElementById(id)) return void (document.getElementById(id).checked = true);
      const line = Object.assign(document.createElement("p"), { className: "check" });
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", id, name, value: one.key, checked: true });
      line.append(tick, " ", Object.assign(document.createElement("label"), { htmlFor: id, textContent: one.name }));
      chosen.append(line);
      tick.dispatchEvent(new Event("input", { bubbles: true }));
    };
    async function find() {
      const asked = box.value;
      const answer = await fetch(`${group.dataset.find}?q=${encodeURIComponent(asked)}`).catch(() => null);
      if (!answer?.ok || answer.redirected || box.value !== asked) return;
      const rows = await answer.json();
      const twice = (row) => rows.filter((other) => other.name === row.name).length > 1;
      found = rows.map((row) => ({ ...row, value: twice(row) ? row.key : row.name }));
      options.replaceChildren(...found.map((one) => Object.assign(document.createElement("option"), { value: one.value })));
    }
    box.addEventListener("input", (event) => {
      event.stopPropagation(); // what is searched for is nothing to be kept yet
      clearTimeout(finding);
      const one = matching();
      if (one) add(one);
      else if (box.value.trim()) finding = setTimeout(find, 200);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const one = matching() ?? found[0];
      if (one) add(one);
    });
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

  // --- what a person said, put into the field it is about

  const put = document.querySelector("[data-put]"), into = put && document.getElementById(put.dataset.put);
  if (into && !into.readOnly) {
    put.hidden = false;
    put.addEventListener("click", () => {
      const words = document.getElementById(put.dataset.words).textContent.trim();
      into.value = into.value ? `${into.value}\n${words}` : words;
      into.dispatchEvent(new Event("input", { bubbles: true }));
      into.closest("details")?.setAttribute("open", "");
      into.focus();
    });
  }

  // --- the phone

  const place = document.getElementById("phone-place"), button = document.querySelector("[data-show]");
  const say = document.getElementById("say");
  let asked = 0;
  // `turns`: what was done so far; the server keeps nothing of a preview and answers all of it anew
  async function preview(turns = []) {
    const mine = ++asked, data = body({});
    for (const turn of turns) data.append("turn", turn);
    place.setAttribute("aria-busy", "true");
    const answer = await fetch(form.dataset.preview, { method: "POST", body: data }).catch(() => null);
    if (mine !== asked) return;
    place.removeAttribute("aria-busy");
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), phone = page.getElementById("phone");
    if (!phone) return;
    place.replaceChildren(phone);
    if (say) say.value = "";
    if (turns.length || phone.querySelector("[data-turn]")) [...phone.querySelectorAll(".person")].pop()?.scrollIntoView({ block: "nearest" });
  }
  const turns = () => [...place.querySelectorAll("[data-turn]")].map((line) => `${line.dataset.turn}\n${line.textContent}`);
  if (button) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      preview(say?.value.trim() ? turns() : []);
    });
    document.getElementById("preview_language").addEventListener("change", () => preview());
    say?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      preview(turns());
    });
    place.addEventListener("click", (event) => {
      const tapped = event.target.closest("[data-tap]");
      if (!tapped) return;
      if (say) say.value = "";
      preview([...turns(), `${tapped.dataset.tap}\n${tapped.textContent}`]);
    });
    preview();
  }
})();
