"use strict";
(() => {
  // Both kinds: word processors take the table, spreadsheets and LaTeX tools the tabs.
  const asText = (table) => [...table.rows]
    .map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t"))
    .join("\n");
  // The clipboard's own interface is closed to files from disk in some browsers; a copied selection is not.
  const copy = (table) => {
    const range = document.createRange();
    range.selectNode(table);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    const fill = (event) => {
      event.clipboardData.setData("text/html", table.outerHTML);
      event.clipboardData.setData("text/plain", asText(table));
      event.preventDefault();
    };
    document.addEventListener("copy", fill, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill);
    if (done) selection.removeAllRanges();
    return done;
  };
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", () => {
      const done = copy(button.closest("section").querySelector("table"));
      button.textContent = done ? "Copied" : "Selected: press Ctrl+C";
      setTimeout(() => { button.textContent = "Copy table"; }, 2500);
    });
  }
})();
