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

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget, message = form.querySelector("[role=alert].ds-validation-message");
  message.textContent = "";
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    message.textContent = form.dataset.unsupported;
    return;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify((await answered(form)).toJSON());
    form.submit();
  } catch (error) {
    message.textContent = told(form, error);
    button.disabled = false;
    button.focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", send);
}
