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

  // On the board of one day: the quarter of the free stretch that it was dropped on.
  const startIn = (cell, event) => {
    const [hour, minute] = cell.dataset.start.split(":").map(Number);
    const box = cell.getBoundingClientRect();
    const part = Math.max(0, (event.clientX - box.left) / box.width);
    const quarter = Math.min(cell.colSpan - 1, Math.floor(part * cell.colSpan));
    const at = hour * 60 + minute + 15 * quarter;
    const two = (number) => String(number).padStart(2, "0");
    return `${two(Math.floor(at / 60))}:${two(at % 60)}`;
  };

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
    const asked = new URLSearchParams({ day: cell.dataset.date, dragged: "1" });
    if (cell.dataset.start) asked.set("start", startIn(cell, event));
    const room = cell.closest("tr").dataset.room;
    if (room) asked.set("room", room);
    window.location.assign(`${move}?${asked}`);
  });
})();
