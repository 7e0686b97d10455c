/* What somebody typed in a form and could not send is not lost.

   A session ends after some hours, often while somebody thinks about a form: sending it
   then leads to the page to sign in. What was typed comes back on the form after that,
   and when a page was left in the middle of it; leaving asks first.

   - Only in forms of `main[data-keep]`, the pages of who plans, that are sent or (with
     `data-typed`) asked; only fields that differ from what the server sent; never hidden
     fields, passwords, codes or files.
   - Where names are written, `main[data-leave]`, nothing is kept: leaving asks only.
   - Only in this tab (sessionStorage: gone when it is closed), marked with the account,
     twelve hours at most. Signing out drops it, and so does another account.
   - A field that somebody else changed meanwhile is named as such.

   On the page to sign in it only notes that what was sent did not arrive. */
(() => {
  "use strict";

  const PREFIX = "gem-typed:";
  const MOST_HOURS = 12;
  const NOT_TYPED = ["hidden", "password", "file", "submit", "button", "image", "reset"];
  const me = document.currentScript.dataset.account;
  let store;
  try {
    store = window.sessionStorage;
  } catch {
    return; // a browser that keeps nothing
  }

  const MINE = `${PREFIX}${me}:`;
  const HERE = `${MINE}${location.pathname}${location.search}`;
  const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  const load = (key) => JSON.parse(store.getItem(key) || '{"forms": {}}');
  const save = (key, forms, at = Date.now()) => {
    if (Object.keys(forms).length) store.setItem(key, JSON.stringify({ at, forms }));
    else store.removeItem(key);
  };

  /* Whether this page is the answer to what was sent, and a good one. */
  const trip = performance.getEntriesByType("navigation")[0];
  const refused = (trip?.responseStatus || 200) >= 400;
  const arrived = me !== "" && !refused && (trip?.type || "navigate") === "navigate";
  for (const key of keys()) {
    const kept = load(key);
    const old = Date.now() - kept.at > MOST_HOURS * 3600 * 1000;
    if (old || (me !== "" && !key.startsWith(MINE))) {
      store.removeItem(key);
      continue;
    }
    const forms = Object.entries(kept.forms).filter(([, one]) => !(one.sent && arrived));
    for (const [, one] of forms) one.sent = false;
    save(key, Object.fromEntries(forms), kept.at);
  }

  /* Fields and their values, by name: a name may stand at several fields. */
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";
  const fieldsOf = (form) =>
    [...form.elements].filter(
      (field) =>
        field.matches("input[name], select[name], textarea[name]") &&
        !NOT_TYPED.includes(field.type) &&
        field.autocomplete !== "one-time-code",
    );
  const valuesOf = (field) => {
    if (ticked(field)) return field.checked ? [field.value] : [];
    if (field.multiple && field.options) {
      return [...field.selectedOptions].map((option) => option.value);
    }
    return [field.value];
  };
  const stateOf = (form) => {
    const found = {};
    for (const field of fieldsOf(form)) {
      (found[field.name] ??= []).push(...valuesOf(field));
    }
    return found;
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const fill = (form, name, values) => {
    const group = fieldsOf(form).filter((field) => field.name === name);
    group.forEach((field, number) => {
      const before = field.value;
      if (ticked(field)) field.checked = values.includes(field.value);
      else if (field.multiple && field.options) {
        for (const option of field.options) {
          option.selected = values.includes(option.value);
        }
      } else if (values.length === group.length) {
        field.value = values[number];
        // A choice that is not there any more.
        if (field.value !== values[number]) field.value = before;
      }
    });
  };

  const main = document.querySelector("main[data-keep]");
  const asked = main || document.querySelector("main[data-leave]");
  const TYPED = "form[method=post]:not([data-attendance]), form[data-typed]";
  const forms = asked ? [...asked.querySelectorAll(TYPED)] : [];
  const names = new Map();
  const sent = new Map();
  for (const form of forms) {
    const first = fieldsOf(form)[0]?.name || "";
    const like = `${form.getAttribute("action") || ""}|${first}`;
    const number = [...names.values()].filter((one) => one.startsWith(like)).length;
    names.set(form, `${like}|${number}`);
    sent.set(form, stateOf(form)); // as the server sent it
  }

  const changesOf = (form) => {
    if (!form.isConnected) return [];
    const was = sent.get(form);
    const changed = Object.entries(stateOf(form)).filter(
      ([name, now]) => !same(was[name] || [], now),
    );
    return changed.map(([name, now]) => [name, { was: was[name] || [], now }]);
  };
  const target = (form) => new URL(form.getAttribute("action") || "", location).pathname;
  const keep = () => {
    if (!main) return;
    const kept = {};
    for (const form of forms) {
      const fields = Object.fromEntries(changesOf(form));
      if (Object.keys(fields).length) {
        const asks = form.method === "get";
        kept[names.get(form)] = { to: target(form), asks, sent: false, fields };
      }
    }
    save(HERE, kept);
  };

  /* Put back what was typed, and say so. */
  const told = document.getElementById("gem-typed");
  const putBack = () => {
    const kept = load(HERE).forms;
    let back = false;
    let newer = false;
    for (const form of forms) {
      for (const [name, one] of Object.entries(kept[names.get(form)]?.fields || {})) {
        const now = sent.get(form)[name] || [];
        if (same(now, one.now)) continue;
        fill(form, name, one.now);
        if (same(stateOf(form)[name] || [], now)) continue;
        back = true;
        newer ||= !same(now, one.was);
        form.closest("details")?.setAttribute("open", "");
      }
    }
    told.hidden = !back;
    told.querySelector("[data-newer]").hidden = !newer;
  };
  const drop = (some) => {
    for (const form of some) {
      for (const [name, values] of Object.entries(sent.get(form))) {
        fill(form, name, values);
      }
    }
    keep();
  };

  if (main && told) {
    if (refused) {
      // The answer holds what was typed itself: it is still not sent.
      const kept = load(HERE).forms;
      for (const form of forms) {
        for (const [name, one] of Object.entries(kept[names.get(form)]?.fields || {})) {
          sent.get(form)[name] = one.was;
        }
      }
    } else putBack();
    told.querySelector("button").addEventListener("click", () => {
      drop(forms);
      told.hidden = true;
      main.focus();
    });
  }

  let leaving = null;
  const typed = (event) => {
    if (!forms.includes(event.target.form)) return;
    leaving = null;
    keep();
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[action$='/logout/']")) {
      keys().forEach((key) => store.removeItem(key));
      return;
    }
    if (event.defaultPrevented || !forms.includes(form)) return;
    leaving = form;
    keep();
    // The same form may have been kept under the address that it was first seen at.
    for (const key of keys()) {
      const kept = load(key).forms;
      for (const [name, one] of Object.entries(kept)) {
        const itself = key === HERE && name === names.get(form);
        // What was asked first, and is now done.
        if (itself || ((key !== HERE || one.asks) && one.to === target(form))) {
          one.sent = true;
        }
      }
      save(key, kept);
    }
  });

  /* "Cancel" beside a button, and "take what is there now": dropped on purpose. */
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const away = event.target.closest?.("form .gem-buttons a, a[data-drop]");
    if (!away) return;
    const form = away.closest("form");
    drop(form ? forms.filter((one) => one === form) : forms);
  });

  window.addEventListener("beforeunload", (event) => {
    if (forms.some((form) => form !== leaving && changesOf(form).length)) {
      event.preventDefault();
    }
  });
})();
