// The page works without this: every part is open, and the hint stands under its question.
// A folded part that has a fault is opened, a hint is told when it becomes true, and what is printed is printed whole.
"use strict";
const FOLDED = "details.section-fold:not([open])";
const SHOWN_FOR = 12000;
const unfold = () => {
  for (const part of document.querySelectorAll(FOLDED)) if (part.querySelector("[data-invalid]")) part.open = true;
};
document.addEventListener("htmx:after:swap", unfold);
document.addEventListener("toggle", unfold, true);

let printed = [];
addEventListener("beforeprint", () => {
  printed = [...document.querySelectorAll(FOLDED)];
  for (const part of printed) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of printed) part.open = false;
});

const told = document.createElement("p");
told.className = "hint-told";
told.setAttribute("role", "status");
document.addEventListener("DOMContentLoaded", () => document.querySelector("#main")?.append(told));
let ends = 0;
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.name.endsWith(".times") || !field.value.trim()) return;
  const hint = field.closest('.question[data-type="visits_table"]')?.querySelector(".question-hint");
  if (!hint) return;
  told.textContent = hint.textContent;
  clearTimeout(ends);
  ends = setTimeout(() => { told.textContent = ""; }, SHOWN_FOR);
});
