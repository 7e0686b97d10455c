/* Dragging a session of a draft to another day or room: an extra beside "Move, or other
   leaders" on the page of the session, and it leads to that same page, filled in. */
(() => {
  "use strict";
  const board = document.querySelector(".gem-board");
  if (!board) return;

  let move = "";
  for (const chip of board.querySelectorAll("[data-move]")) {
    chip.draggable = true;
    chip.addEventListener("dragstart", (event) => {
      move = chip.dataset.move;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", chip.textContent.trim());
    });
    chip.addEventListener("dragend", () => {
      move = "";
      board.querySelector(".gem-board__target")?.classList.remove("gem-board__target");
    });
  }

  const cellOf = (event) => move && event.target.closest?.("td[data-date]");
  board.addEventListener("dragover", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    event.preventDefault();
    const former = board.querySelector(".gem-board__target");
    if (former !== cell) {
      former?.classList.remove("gem-board__target");
      cell.classList.add("gem-board__target");
    }
  });
  board.addEventListener("drop", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    event.preventDefault();
    const asked = new URLSearchParams({ day: cell.dataset.date });
    const room = cell.closest("tr").dataset.room;
    if (room) asked.set("room", room);
    window.location.assign(`${move}?${asked}`);
  });
})();
