// Filling in a register form by keyboard: Ctrl+Enter goes to the next form, Enter to the next question, a digit chooses.
"use strict";
(() => {
  const form = document.querySelector("form.register-form[data-draft-at]");
  if (!form) return;
  const GAP = 700, TENS = 10;
  const CONTROLS = "input:not([type=hidden]), select, textarea, button:not(.clear-answer)";
  const next = form.querySelector(".bar button[value=next]");
  let waiting = null;

  const unit = (control) => control.closest("tr, .question") ?? control;
  const stops = () => [...form.querySelectorAll(CONTROLS)].filter(
    (control) => (control === next || !control.closest(".bar")) && !control.disabled && control.checkVisibility());

  function goOn(from) {
    const all = stops(), here = unit(from);
    const after = all.slice(all.indexOf(from) + 1).find((control) => unit(control) !== here) ?? next;
    const chosen = after.type === "radio" && form.querySelector(`[name="${CSS.escape(after.name)}"]:checked`);
    const number = after.closest("tr")?.querySelector("input[type=text]");
    (chosen || number || after).focus();
  }

  // The options of the group that has the focus, by the number that chooses them.
  function numbered(control) {
    const group = control.closest("fieldset")?.querySelector(":scope > .nrs, :scope > .options");
    if (!group || !/^(radio|checkbox)$/.test(control.type)) return null;
    const inputs = [...group.querySelectorAll("input")];
    if (!inputs.some((input) => input.name === control.name)) return null;
    const isScale = group.matches(".nrs");
    return new Map(inputs.map((input, index) => [isScale ? Number(input.value) : index + 1, input]));
  }
  function choose(input) {
    if (!input || input.disabled) return;
    input.focus({ preventScroll: true });
    input.click();
  }
  function forget() {
    clearTimeout(waiting?.timer);
    waiting = null;
  }
  // A tick is not taken back by a second digit, so it waits until no other can follow.
  function settle() {
    if (waiting && !waiting.isChosen) choose(document.getElementById(waiting.id));
    forget();
  }
  function digit(key, control) {
    const options = numbered(control);
    if (!options) return false;
    const name = control.name, whole = waiting?.name === name ? TENS * waiting.number + key : null;
    if (whole !== null && options.has(whole)) {
      forget();
      choose(options.get(whole));
      return true;
    }
    settle();
    const input = options.get(key), mayGoOn = key > 0 && options.has(TENS * key), isChosen = !mayGoOn || input?.type === "radio";
    if (isChosen) choose(input);
    if (mayGoOn) waiting = { name, number: key, id: input?.id, isChosen, timer: setTimeout(settle, GAP) };
    return true;
  }

  // Who writes how often somebody came says that they came.
  form.addEventListener("input", ({ target }) => {
    if (!target.name.endsWith(".times") || !target.value) return;
    const tick = target.closest("tr").querySelector("input[type=checkbox]");
    if (!tick.checked) tick.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    const control = event.target;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit(next);
    } else if (event.ctrlKey || !form.contains(control) || !control.matches("input, select")) {
      return;
    } else if (event.key === "Enter") {
      event.preventDefault();
      goOn(control);
    } else if (/^[0-9]$/.test(event.key) && digit(Number(event.key), control)) {
      event.preventDefault();
    }
  });
})();
