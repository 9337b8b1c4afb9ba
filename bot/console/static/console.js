// The console works without this file. With it: an invitation link opens by itself, a button says that it was pressed, and a
// queue that was left open is fresh when somebody comes back to it.
"use strict";

for (const form of document.querySelectorAll("form[data-fragment]")) {
  const token = decodeURIComponent(location.hash.slice(1));
  if (token) {
    history.replaceState(null, "", location.pathname); // the token does not stay in the address or the history
    form.elements[form.dataset.fragment].value = token;
    form.submit();
  }
}

if (new URLSearchParams(location.search).get("done") === "logged_out") sessionStorage.clear(); // what was being written, too

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// on a phone the pages stand in a menu that is shut; elsewhere, and without this file, all of them are there
const menu = document.querySelector(".menu"), narrow = matchMedia("(max-width: 40rem)");
if (menu) {
  const fit = () => { menu.open = !narrow.matches; };
  const shut = () => narrow.matches && menu.open && !(menu.open = false);
  fit();
  menu.dataset.ready = "";
  narrow.addEventListener("change", fit);
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) shut(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && shut()) menu.querySelector("summary").focus(); });
}

const link = document.querySelector("[data-refresh]");
if (link) {
  const loaded = Date.now();
  document.addEventListener("visibilitychange", () => {
    const old = Date.now() - loaded > Number(link.dataset.refresh) * 1000;
    if (document.visibilityState === "visible" && old) location.reload();
  });
}

const newest = document.querySelector(".messages > li:last-child");
if (newest && location.search.includes("done=answered")) newest.scrollIntoView({ block: "center" });
