// Equivalents while one types; the server's answer takes their place. Without this the server reckons alone.
"use strict";
const NUMBER = /^-?\d{1,12}([.,]\d{0,9})?$/;
const folded = new Set();

// Whole numbers and how many of their digits are decimals, so that nothing is lost as it is in binary fractions.
const exact = (text) => {
  const [whole, part = ""] = text.replace(",", ".").split(".");
  return { digits: BigInt(whole + part), places: part.length };
};
const atLeast = (one, other) => one.digits * 10n ** BigInt(other.places) >= other.digits * 10n ** BigInt(one.places);
const tenths = ({ digits, places }) => (digits * 10n + 10n ** BigInt(places) / 2n) / 10n ** BigInt(places);
const shown = (amount) => {
  const text = `${amount / 10n}${amount % 10n ? `.${amount % 10n}` : ""}`;
  return document.documentElement.lang === "en" ? text : text.replace(".", ",");
};

function equivalent(row) {
  const written = row.querySelector("input").value.replace(/[\s\u00a0]/g, "");
  if (!NUMBER.test(written) || written.startsWith("-")) return null;
  const dose = exact(written);
  if (!dose.digits) return null;
  const steps = row.dataset.steps.split("|").map((step) => step.split(":").map(exact));
  const factor = steps.findLast(([start]) => atLeast(dose, start))[1];
  return tenths({ digits: dose.digits * factor.digits, places: dose.places + factor.places });
}

function reckon(table) {
  const found = [...table.tBodies[0].rows].map((row) => {
    const amount = equivalent(row);
    row.toggleAttribute("data-empty", !row.querySelector("input").value.trim());
    row.querySelector("output").value = amount === null ? "–" : shown(amount);
    return amount;
  });
  const counted = found.filter((amount) => amount !== null);
  table.tFoot.querySelector("output").value = counted.length ? shown(counted.reduce((sum, one) => sum + one, 0n)) : "–";
}

function fold(button) {
  const table = document.getElementById(button.getAttribute("aria-controls"));
  const isFolded = folded.has(table.id);
  table.toggleAttribute("data-folded", isFolded);
  button.textContent = isFolded ? button.dataset.unfold : button.dataset.fold;
  button.hidden = false;
}

const foldAll = () => document.querySelectorAll("button.fold").forEach(fold);
document.addEventListener("DOMContentLoaded", foldAll);
document.addEventListener("htmx:after:swap", foldAll);
document.addEventListener("input", (event) => {
  const table = event.target.closest?.("table[data-opioids]");
  if (table) reckon(table);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.fold");
  if (!button) return;
  const id = button.getAttribute("aria-controls");
  if (!folded.delete(id)) folded.add(id);
  fold(button);
});
