// Rows and searches work without this; it moves the focus to where one goes on, and lets the keyboard pick a code.
"use strict";
const found = (field) => field.closest("fieldset").querySelectorAll(".code-list input");
document.addEventListener("htmx:after:swap", () => {
  const told = document.querySelector("[data-focus]");
  if (!told) return;
  const first = document.getElementById(told.dataset.focus);
  const chosen = first?.type === "radio" && document.querySelector(`input[name="${CSS.escape(first.name)}"]:checked`);
  (chosen || first)?.focus();
  delete told.dataset.focus;
});
// What is typed into a search is no answer yet.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-code-search]")) event.stopPropagation();
}, true);
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Escape") document.querySelectorAll(".row-more").forEach((cell) => cell.toggleAttribute("data-folded", true));
  if (!field.matches?.("[data-code-search]") || !["Enter", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  found(field)[0]?.focus();
  if (event.key === "ArrowDown" || found(field).length === 1) found(field)[0]?.click();
}, true);
document.addEventListener("pointerover", (event) => event.target.closest?.(".row-more")?.removeAttribute("data-folded"));
document.addEventListener("focusin", (event) => event.target.closest?.(".row-more")?.removeAttribute("data-folded"));
