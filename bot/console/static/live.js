// Tells this page what goes on: counts, a sound when somebody may be in danger, that the session is over. One stream for all tabs of
// a browser: the tab that holds the lock listens, and passes on what it hears. Nothing here is anybody's words.
"use strict";

(() => {
  const address = document.body.dataset.live;
  const who = document.body.dataset.who;
  const told = (name) => document.querySelector(`[data-told="${name}"]`);
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("useit-live") : null;
  let source = null, last = null, over = false;

  const wishes = {
    of(name) {
      const start = { sound: document.body.dataset.sound || "off", title: "on", keys: "on" };
      return (localStorage.getItem(`useit.${name}`) || start[name]) === "on";
    },
    set(name, on) { localStorage.setItem(`useit.${name}`, on ? "on" : "off"); },
  };
  window.useit = { wishes, bare: (title) => title.replace(/^\([^)]*\) /, "") };

  function show() {
    for (const box of document.querySelectorAll("[data-wish]")) box.checked = wishes.of(box.dataset.wish);
    for (const part of document.querySelectorAll("[data-lively]")) part.hidden = false;
    if (last) count(last);
  }
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.dataset?.wish) return;
    wishes.set(box.dataset.wish, box.checked);
    if (box.dataset.wish === "sound" && box.checked) sound();
    show();
  });

  function count(news) {
    for (const place of document.querySelectorAll('[data-news="notices"]')) {
      place.textContent = String(news.notices);
      place.hidden = !news.notices;
    }
    const bare = window.useit.bare(document.title);
    const number = news.danger ? `! ${news.danger}` : news.waiting ? String(news.waiting) : "";
    document.title = number && wishes.of("title") ? `(${number}) ${bare}` : bare;
  }

  // Two short notes, made here, so that no file has to be loaded. A browser plays nothing before somebody has touched the page.
  function sound() {
    const context = new AudioContext();
    for (const [place, pitch] of [660, 880, 660].entries()) {
      const note = context.createOscillator(), loudness = context.createGain(), at = context.currentTime + place * 0.22;
      note.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.25, at);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
      note.connect(loudness).connect(context.destination);
      note.start(at);
      note.stop(at + 0.2);
    }
    document.documentElement.dataset.sounded = String(Number(document.documentElement.dataset.sounded || 0) + 1);
    setTimeout(() => context.close(), 1500);
  }

  function soundOnce() {
    if (!wishes.of("sound") || (navigator.userActivation && !navigator.userActivation.hasBeenActive)) return;
    if (!navigator.locks) return void sound();
    navigator.locks.request("useit-sound", { ifAvailable: true }, (lock) => {
      if (!lock) return undefined;
      sound();
      return new Promise((done) => setTimeout(done, 1000)); // other tabs find it taken
    });
  }

  function take(news) {
    if (over) return;
    if (news.ended) return void end();
    const key = `useit.danger.${who}`, before = Number(sessionStorage.getItem(key) || 0);
    sessionStorage.setItem(key, String(news.danger));
    if (news.danger > before) {
      const shown = document.querySelector('#queue .urgency-line-danger');
      if (!shown && told("danger")) told("danger").hidden = false;
      soundOnce();
    } else if (!news.danger && told("danger")) {
      told("danger").hidden = true;
    }
    last = news;
    count(news);
    document.dispatchEvent(new CustomEvent("useit:news", { detail: news }));
  }

  function end() {
    over = true;
    if (source) source.close();
    told("ended").hidden = false;
  }
  window.useit.end = end;

  function listen() {
    source = new EventSource(address);
    source.onmessage = (event) => pass(JSON.parse(event.data));
    source.addEventListener("ended", () => pass({ ended: true }));
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED && !over) why();
    };
  }

  // The server said no: there is no session any more, or there is something else; then it is asked again later.
  async function why() {
    const answer = await fetch(address, { headers: { "X-By-Itself": "yes" } }).catch(() => null);
    if (answer?.redirected) pass({ ended: true });
    else setTimeout(listen, 10_000);
  }

  function pass(news) {
    if (channel) channel.postMessage(news);
    take(news);
  }

  document.addEventListener("htmx:finally:swap", show); // the page's title came anew
  show();
  addEventListener("online", () => { told("offline").hidden = true; });
  if (channel && navigator.locks) {
    channel.onmessage = (event) => {
      if (event.data !== "anything?") take(event.data);
      else if (source && last) channel.postMessage(last);
    };
    navigator.locks.request("useit-live", () => new Promise(listen)); // kept until this tab is closed
    channel.postMessage("anything?");
  } else {
    // without locks (a page over plain http): a tab listens while it is looked at
    const look = () => {
      if (document.visibilityState === "visible" && !source) listen();
      else if (document.visibilityState === "hidden" && source) { source.close(); source = null; }
    };
    document.addEventListener("visibilitychange", look);
    look();
  }
})();
