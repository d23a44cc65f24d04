// Keeps what is typed into a register form as a draft on the server, and says in the bar how that went.
// The page works without this: then the buttons alone store.
"use strict";
(() => {
  const form = document.querySelector("form.register-form[data-draft-at]");
  if (!form) return;
  const SOON = 2000, EVERY = 300_000, PATIENCE = 15_000, FIRST_PAUSE = 2000, LONGEST_PAUSE = 60_000, MOST_ON_LEAVING = 60_000;
  let edits = 0, kept = 0, pause = FIRST_PAUSE, isFailing = false, isPassing = false, timer = 0, sending = null;
  const isUnsaved = () => edits !== kept;

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => isUnsaved() && keep(), wait);
  };
  const edited = () => {
    edits += 1;
    if (!isFailing) later(SOON);
  };
  const say = (text) => { document.getElementById("form-note").textContent = text; };

  // The answer holds the parts of the bar, each by its id; a part that has the focus stays.
  const show = (html) => {
    const parts = new DOMParser().parseFromString(html, "text/html").body.children;
    for (const part of [...parts]) {
      const old = document.getElementById(part.id);
      if (old && !old.contains(document.activeElement)) old.replaceWith(part);
    }
  };
  const failed = (text) => {
    isFailing = true;
    say(text);
    later(pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    return false;
  };
  const done = (upTo, html) => {
    const wasFailing = isFailing;
    [kept, isFailing, pause] = [upTo, false, FIRST_PAUSE];
    show(html);
    const isLoggedOut = document.querySelector("#form-note a") !== null;
    if (wasFailing && !isLoggedOut) say(form.dataset.online);
    if (isUnsaved()) later(SOON);
    return !isLoggedOut;
  };

  // True when what is on the page is stored and its writer is logged in.
  async function keep({ isLeaving = false } = {}) {
    sending?.abort();
    const mine = sending = new AbortController(), upTo = edits;
    const body = new URLSearchParams(new FormData(form)).toString();
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const keepalive = isLeaving && body.length < MOST_ON_LEAVING;
    const signal = AbortSignal.any([mine.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const answer = await fetch(form.dataset.draftAt, { method: "POST", body, headers, keepalive, signal });
      if (answer.ok) return done(upTo, await answer.text());
      return failed(answer.status < 500 ? form.dataset.refused : form.dataset.offline);
    } catch {
      return mine.signal.aborted ? false : failed(form.dataset.offline);
    }
  }

  form.addEventListener("input", edited);
  form.addEventListener("change", edited);
  document.addEventListener("htmx:after:swap", edited);
  setInterval(() => isUnsaved() && keep(), EVERY);
  addEventListener("online", () => isUnsaved() && keep());

  // The draft goes ahead of a save: what comes back shows whether the page may be left.
  form.addEventListener("submit", async (event) => {
    if (isPassing) return;
    event.preventDefault();
    if (!(await keep())) return;
    isPassing = true;
    clearTimeout(timer);
    form.requestSubmit(event.submitter);
  });

  const leave = () => { if (isUnsaved() && !isPassing) keep({ isLeaving: true }); };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  addEventListener("pagehide", leave);
  addEventListener("pageshow", () => { isPassing = false; });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved() && !isPassing && (isFailing || !navigator.onLine)) event.preventDefault();
  });
})();
