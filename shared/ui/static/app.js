// The page works without this; it moves the focus to what must be read first and unticks at once what is taken back.
"use strict";
const tell = () => document.querySelector("#form-problems, #error-summary")?.focus();
document.addEventListener("DOMContentLoaded", tell);
document.addEventListener("htmx:after:swap", (event) => {
  if (event.target instanceof Element && event.target.querySelector("#form-problems")) tell();
});
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest(".clear-answer");
  const chosen = button && button.closest("fieldset").querySelector("input:checked");
  if (!chosen) return;
  event.preventDefault();
  chosen.checked = false;
  chosen.focus();
  chosen.dispatchEvent(new Event("change", { bubbles: true }));
});
