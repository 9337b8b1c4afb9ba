// The queue and the pages of cases and referrals: kept fresh without being loaded anew, moved through by keys, and what is being
// written is never lost. All of it works without this file, by plain links and forms.
"use strict";

(() => {
  const REFRESH = 2_000, HANDS_OFF = 3_000; // milliseconds
  const told = (name) => document.querySelector(`[data-told="${name}"]`);
  const reference = () => document.getElementById("case")?.dataset.reference || "";

  // --- what is being written stays in this tab until it was sent

  const keyOf = (field) => `draft.${document.body.dataset.who}.${reference() || field.form?.action}.${field.dataset.draft}`;
  const SENT = { answered: ["text"], scheduled: ["text"], noted: ["note"] };

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset?.draft) sessionStorage.setItem(keyOf(field), field.value);
  });

  function restore() {
    const notice = document.querySelector("[data-done]:not([data-known])"), done = notice?.dataset.done.split(".").pop();
    for (const field of document.querySelectorAll("[data-draft]")) {
      if (SENT[done]?.includes(field.dataset.draft)) sessionStorage.removeItem(keyOf(field));
      const kept = sessionStorage.getItem(keyOf(field));
      if (kept && !field.value) field.value = kept;
    }
    if (done) { // a page that is loaded anew says it only once
      notice.dataset.known = "yes";
      const here = new URL(location.href);
      here.searchParams.delete("done");
      history.replaceState(history.state, "", here);
    }
  }

  // --- after a swap: the keyboard is where the eye is

  function settle() {
    restore();
    const words = document.querySelector(".conversation");
    if (words && !words.dataset.placed) {
      words.dataset.placed = "yes";
      words.scrollTop = words.scrollHeight;
    }
  }

  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail.ctx, own = ctx.sourceElement?.closest?.("[data-keep]");
    const others = own?.id ? `[data-keep]:not(#${own.id})` : "[data-keep]";
    htmx.config.morphSkip = `[hx-morph-skip], ${others}`;
  });
  document.addEventListener("htmx:finally:swap", () => { htmx.config.morphSkip = "[hx-morph-skip]"; });
  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail.ctx, byItself = ctx.request.headers["X-By-Itself"];
    if (ctx.response.raw.redirected) ctx.sourceElement.reset?.(); // what was taken does not stay in its field
    const words = document.querySelector(".conversation");
    if (words && (words.dataset.atEnd === "yes" || !byItself)) words.scrollTop = words.scrollHeight;
    settle();
    if (byItself) return;
    const said = document.querySelector("[data-refused], [data-done]");
    const field = document.querySelector("[data-focus]");
    if (field && !said?.matches("[data-refused]")) field.focus();
    else if (said) said.focus();
    else if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  });
  document.addEventListener("htmx:config:request", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.sourceElement.matches("form.filters")) {
      for (const [name, value] of [...ctx.request.body]) if (!value) ctx.request.body.delete(name);
    }
  });
  document.addEventListener("htmx:before:response", (event) => {
    const answer = event.detail.ctx.response.raw;
    if (answer.redirected && new URL(answer.url).pathname.endsWith("/login")) {
      event.preventDefault();
      window.useit.end();
    }
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx?.request.headers["X-By-Itself"]) return;
    const slow = event.detail.ctx?.request.signal.reason === "timeout";
    const notice = told(slow ? "slow" : "offline");
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (event.detail.ctx.status === "swapped") for (const name of ["offline", "slow"]) told(name).hidden = true;
    if (!form.matches?.("form")) return;
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  });

  // --- fresh

  let due = null, touched = 0, beat = null;
  for (const kind of ["pointermove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, (event) => {
      if (event.target.closest?.("#queue")) touched = Date.now();
    }, { passive: true });
  }
  document.addEventListener("scroll", (event) => {
    const words = event.target;
    if (words.classList?.contains("conversation")) {
      words.dataset.atEnd = words.scrollHeight - words.scrollTop - words.clientHeight < 40 ? "yes" : "no";
    }
  }, { capture: true, passive: true });

  function soon(refresh) {
    due ||= setTimeout(() => { due = null; refresh(); }, REFRESH / 4);
  }

  document.addEventListener("useit:news", (event) => {
    const news = event.detail, queue = document.getElementById("queue"), opened = document.getElementById("case");
    if (queue && queue.dataset.changed !== news.changed) soon(refreshQueue);
    if (opened && news.beat !== beat) {
      beat = news.beat;
      soon(lookAtCase);
    }
  });

  function refreshQueue() {
    const hand = Date.now() - touched; // nothing moves under somebody's hand
    if (hand < HANDS_OFF) return void (due ||= setTimeout(() => { due = null; refreshQueue(); }, HANDS_OFF - hand));
    const queue = document.getElementById("queue");
    if (queue) htmx.trigger(queue, "refresh");
  }

  let asking = 0;
  async function lookAtCase() {
    const opened = document.getElementById("case");
    if (!opened || document.visibilityState === "hidden" || Date.now() - asking < REFRESH) return void (opened && soon(lookAtCase));
    asking = Date.now();
    const answer = await fetch(`/console/live/${opened.dataset.reference}`, { headers: { "X-By-Itself": "yes" } }).catch(() => null);
    if (answer?.ok && !answer.redirected && (await answer.json()).mark !== opened.dataset.mark) htmx.trigger(opened, "refresh");
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && document.getElementById("case")) soon(lookAtCase);
  });

  // --- keys

  const rows = () => [...document.querySelectorAll(".queue a.reference")];
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");

  function step(by) {
    const all = rows(), here = all.indexOf(document.activeElement.closest(".case")?.querySelector("a.reference"));
    const next = all[Math.max(0, Math.min(all.length - 1, here + by))] || all[0];
    if (next) {
      next.focus();
      next.closest(".case").scrollIntoView({ block: "nearest" });
    }
  }

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    c: () => (document.activeElement.closest(".case") || document.getElementById("case"))?.querySelector('[data-key="claim"]')?.click(),
    "/": () => document.getElementById("text")?.matches('[type="search"]') && document.getElementById("text").focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    r: () => document.querySelector('[data-key="reply"]')?.focus(),
    n: () => {
      const note = document.querySelector('[data-key="note"]');
      if (note) { note.closest("details")?.setAttribute("open", ""); note.focus(); }
    },
    u: () => document.querySelector('[data-key="queue"]')?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement?.closest?.(".term")?.classList.add("shut");
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || !window.useit.wishes.of("keys")) return;
    const arrows = { ArrowDown: "j", ArrowUp: "k" };
    const key = event.target.closest?.(".queue") ? arrows[event.key] || event.key : event.key;
    if (!Object.hasOwn(acts, key)) return;
    event.preventDefault();
    acts[key]();
  });
  for (const kind of ["focusout", "pointerout"]) {
    document.addEventListener(kind, (event) => {
      const term = event.target.closest?.(".term");
      if (term && !term.contains(event.relatedTarget)) term.classList.remove("shut");
    });
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
  });

  if (matchMedia("(max-width: 58rem)").matches) {
    for (const box of document.querySelectorAll(".filterbox")) if (!document.querySelector(".narrowed")) box.open = false;
  }
  settle();
  document.querySelector("[data-refused], [data-done]")?.focus({ preventScroll: true });
})();
