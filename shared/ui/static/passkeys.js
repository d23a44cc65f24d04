// Shows the forms that a passkey fills in: asks the server what to ask, the browser for the answer, and sends the form.
"use strict";
const KNOWN = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };

async function asked(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (answer.status === 403) location.assign(location.pathname); // the log-in is not fresh any more: the page says so
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message, { cause: "told" });
  return body;
}

async function answered(form) {
  const options = await asked(form);
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

function told(form, error) {
  if (error.cause === "told") return error.message;
  return form.dataset[KNOWN[error.name] ?? "failed"];
}

function say(form, text) {
  form.querySelector("[role=alert]")?.remove();
  const message = Object.assign(document.createElement("p"), { className: "ds-validation-message", textContent: text });
  message.dataset.color = "danger";
  message.setAttribute("role", "alert");
  form.append(message);
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget, button = form.querySelector("button");
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    say(form, form.dataset.unsupported);
    return;
  }
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify((await answered(form)).toJSON());
    form.submit();
  } catch (error) {
    say(form, told(form, error));
    button.disabled = false;
    button.focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", send);
}
