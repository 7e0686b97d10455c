/* Attendance on a phone without a connection.

   What lies on the phone, and for how long:
   - a list with names, only after a press on "put the list on my phone": until it is
     sent, until signing out, at most twelve hours after the meeting;
   - marks that could not be sent, with numbers of seats and no names: until they are
     sent, until signing out, at most seven days.
   Both lie in one cache of the browser, marked with the account they belong to; another
   account that signs in here drops them. */
(() => {
  "use strict";

  const SHEETS = "gem-attendance";
  const SHELL = "gem-shell";
  const PENDING = "/mijn-agenda/wacht/";
  const MEETING = "/mijn-agenda/bijeenkomst/";
  const DAYS_PENDING = 7;
  const PATIENCE = 8000;
  const AGAIN = 20000;
  const me = document.currentScript.dataset.account;
  if (!("caches" in window)) return;

  const form = document.querySelector("form[data-attendance]");
  const told = document.querySelector("[data-told]");
  const say = (name) => {
    const words = document.querySelector(`template[data-words="${name}"]`);
    if (told && words) told.textContent = words.content.textContent.trim();
  };

  const keep = async (path, body, kind, until) => {
    const cache = await caches.open(SHEETS);
    const headers = {
      "Content-Type": kind === "page" ? "text/html; charset=utf-8" : "text/plain",
      "X-Gem-Kind": kind,
      "X-Gem-Owner": me,
      "X-Gem-Until": until,
    };
    await cache.put(path, new Response(body, { headers }));
  };

  /* Drops what is too old or another's; the rest as [path, answer]. */
  const kept = async () => {
    if (!(await caches.has(SHEETS))) return [];
    const cache = await caches.open(SHEETS);
    const found = [];
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const over = Date.parse(answer.headers.get("X-Gem-Until")) < Date.now();
      if (over || answer.headers.get("X-Gem-Owner") !== me) {
        await cache.delete(request);
      } else {
        found.push([new URL(request.url).pathname, answer]);
      }
    }
    return found;
  };

  const drop = async (path) => {
    if (!(await caches.has(SHEETS))) return;
    const cache = await caches.open(SHEETS);
    await cache.delete(path);
    if (!(await cache.keys()).length) await caches.delete(SHEETS);
  };

  const token = () =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";

  /* Sends marks: "kept", "again" (no connection), "sign-in", or the page to show. */
  const send = async (path, body) => {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(path, {
        method: "POST",
        body,
        signal: stop.signal,
        redirect: "manual",
        headers: {
          "Content-Type": "application/x-www-form-urlencoded",
          "X-CSRFToken": token(),
          "X-Requested-With": "gem",
        },
      });
      if (answer.status === 204) return "kept";
      if (answer.status === 409 || answer.status === 400) {
        return { page: await answer.text() };
      }
      if (answer.status === 404) return "gone";
      return answer.status >= 500 ? "again" : "sign-in";
    } catch {
      return "again";
    } finally {
      clearTimeout(clock);
    }
  };

  /* An answer with something to decide takes the place of the page. */
  const show = (page) => {
    const next = new DOMParser().parseFromString(page, "text/html");
    const main = next.querySelector("main");
    document.querySelector("main").replaceWith(document.adoptNode(main));
    start();
    document.querySelector("main > .utrecht-alert")?.scrollIntoView();
  };

  let sending = false;
  const flush = async () => {
    if (sending) return;
    sending = true;
    try {
      for (const [path, answer] of await kept()) {
        if (answer.headers.get("X-Gem-Kind") !== "marks") continue;
        const body = await answer.text();
        const sheet = `${MEETING}${path.replace(PENDING, "")}aanwezigheid/`;
        const done = await send(sheet, body);
        if (done === "again") continue;
        if (done === "sign-in") {
          say("sign-in");
          continue;
        }
        await drop(path);
        await drop(sheet);
        if (done.page && location.pathname === sheet) show(done.page);
        else if (done.page) location.assign(sheet);
        else if (location.pathname === sheet) location.assign(pageOf().dataset.done);
      }
    } finally {
      sending = false;
    }
  };

  const pageOf = () => document.querySelector("form[data-attendance]");

  const onKeep = async (event) => {
    event.preventDefault();
    const sheet = event.target;
    const body = new URLSearchParams(new FormData(sheet));
    body.delete("csrfmiddlewaretoken");
    const button = sheet.querySelector("#keep");
    button.disabled = true;
    const done = await send(location.pathname, body.toString());
    button.disabled = false;
    if (done === "kept") {
      await drop(location.pathname);
      await drop(`${PENDING}${sheet.dataset.attendance}/`);
      location.assign(sheet.dataset.done);
    } else if (done.page) {
      await drop(`${PENDING}${sheet.dataset.attendance}/`);
      show(done.page);
    } else {
      const until = new Date(Date.now() + DAYS_PENDING * 86400000).toISOString();
      const path = `${PENDING}${sheet.dataset.attendance}/`;
      await keep(path, body.toString(), "marks", until);
      say(done === "sign-in" ? "sign-in" : "waiting");
    }
  };

  const parts = () => [
    ...[...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map(
      (link) => link.href,
    ),
    ...[...document.querySelectorAll("link[rel=preload]")].map((link) => link.href),
    ...[...document.querySelectorAll("script[src]")].map((script) => script.src),
  ];

  const take = async () => {
    const sheet = pageOf();
    try {
      await navigator.serviceWorker.register(sheet.dataset.worker, {
        scope: sheet.dataset.scope,
      });
      const shell = await caches.open(SHELL);
      await shell.addAll(parts());
      const answer = await fetch(location.pathname);
      if (!answer.ok || answer.redirected) throw new Error("no list");
      await keep(location.pathname, await answer.text(), "page", sheet.dataset.until);
      await navigator.serviceWorker.ready;
      say("taken");
    } catch {
      say("not-taken");
    }
    await buttons();
  };

  const leave = async () => {
    await drop(location.pathname);
    say("dropped");
    await buttons();
  };

  const buttons = async () => {
    const there = (await kept()).some(([path]) => path === location.pathname);
    document.querySelector("[data-take]").hidden = there;
    document.querySelector("[data-drop]").hidden = !there;
  };

  /* The marks that wait, put back where they were when the page is opened again. */
  const restore = async (sheet) => {
    const path = `${PENDING}${sheet.dataset.attendance}/`;
    const found = (await kept()).find(([name]) => name === path);
    if (!found) return;
    const marks = new URLSearchParams(await found[1].text());
    const there = new Set(marks.getAll("there"));
    const seen = new Set(marks.getAll("who"));
    for (const box of sheet.querySelectorAll("input[name=there]")) {
      if (seen.has(box.value.split(":")[0])) box.checked = there.has(box.value);
    }
    const visitors = sheet.querySelector("input[name=visitors]");
    if (visitors && marks.get("visitors")) visitors.value = marks.get("visitors");
    say("waiting");
  };

  const start = () => {
    const sheet = pageOf();
    if (!sheet) return;
    sheet.addEventListener("submit", onKeep);
    if (!("serviceWorker" in navigator)) return;
    document.querySelector("[data-offline]").hidden = false;
    document.querySelector("[data-take]").addEventListener("click", take);
    document.querySelector("[data-drop]").addEventListener("click", leave);
    buttons();
  };

  /* Signing out: what waits is sent first, and then nothing stays. */
  document.addEventListener("submit", async (event) => {
    const leaving = event.target;
    if (!leaving.matches?.("form[action$='/logout/']") || leaving.dataset.clean) return;
    event.preventDefault();
    leaving.dataset.clean = "yes";
    await flush();
    await caches.delete(SHEETS);
    await caches.delete(SHELL);
    leaving.submit();
  });

  window.addEventListener("online", flush);
  setInterval(flush, AGAIN);
  start();
  (async () => {
    if (form) await restore(form);
    await flush();
  })();
})();
