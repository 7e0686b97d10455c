/* Small helps on top of pages that work without any script:
   - a menu closes with Escape, and when the focus or a click goes elsewhere;
   - what htmx brought in is told once to a screen reader ([data-announce]);
   - an answer that could not be shown is told in #gem-failed;
   - after a swap the focus stays, or goes to [data-focus];
   - [data-copy="id"] copies the text of an element, [data-print] prints. */
(() => {
  "use strict";

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.gem-menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.gem-menu[open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });

  const leave = (event) =>
    closeMenus(event.target.closest?.("details.gem-menu"));
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);

  const say = (words) => {
    const live = document.getElementById("gem-live");
    if (live && live.textContent !== words) live.textContent = words;
  };

  const failed = (yes) => {
    const told = document.getElementById("gem-failed");
    if (told) told.hidden = !yes;
  };
  document.addEventListener("htmx:response:error", () => failed(true));
  document.addEventListener("htmx:error", () => failed(true));
  document.addEventListener("htmx:before:request", () => failed(false));

  let focused = "";
  document.addEventListener("htmx:before:swap", () => {
    focused = document.activeElement?.id || "";
  });
  document.addEventListener("htmx:after:swap", () => {
    const told = document.querySelectorAll("[data-announce]");
    if (told.length) say(told[told.length - 1].dataset.announce);
    const next = document.querySelector("[data-focus]");
    if (next) {
      next.removeAttribute("data-focus");
      next.focus();
    } else if (focused && document.activeElement === document.body) {
      document.getElementById(focused)?.focus();
    }
  });

  for (const button of document.querySelectorAll("[data-copy], [data-print]")) {
    button.hidden = false;
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) {
      window.print();
      return;
    }
    const source = document.getElementById(button.dataset.copy);
    if (!navigator.clipboard) {
      // only on https or this machine itself: select it, the reader copies
      window.getSelection().selectAllChildren(source);
      return;
    }
    await navigator.clipboard.writeText(source.textContent.trim());
    say(button.dataset.done || "");
  });
})();
