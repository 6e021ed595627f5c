// Signing in with a personal link, for both pages.

import { element, replaceContent } from "./dom.js";

/**
 * The token of the link that opened the page, or null. It is taken out of the address bar at once,
 * so that it is neither bookmarked nor shown to people looking on.
 */
export function takeToken() {
  const token = tokenOf(location.hash);
  if (token) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

function tokenOf(text) {
  const at = text.indexOf("#");
  const token = (at < 0 ? text : text.slice(at + 1)).trim();
  return /^[A-Za-z0-9_-]{16,}$/.test(token) ? token : null;
}

/** Asks for the link; `useToken` is called with the token in what was pasted. */
export function signInView(main, message, useToken) {
  const field = element("input", {
    id: "link", type: "text", autocomplete: "off", spellcheck: "false", required: true,
    "aria-describedby": "link-hint link-error",
  });
  const error = element("p", { id: "link-error", class: "error", role: "alert" });
  const submit = (event) => {
    event.preventDefault();
    const token = tokenOf(field.value);
    if (token) useToken(token);
    else {
      error.textContent = "This is no personal link: one ends with # and a long row of letters.";
      field.focus();
    }
  };
  const title = element("h1", { tabindex: -1 }, "Open your personal link");
  replaceContent(main, element("div", { class: "card narrow" },
    title,
    message ? element("p", { class: "notice" }, message) : null,
    element("p", {}, "Everybody who takes part has a link of their own. Open it again, or paste it "
      + "here. If it no longer works, ask the person who sent it for a new one."),
    element("form", { class: "stack", on: { submit } },
      element("label", { for: "link" }, "Personal link"), field,
      element("p", { id: "link-hint", class: "hint" }, "It is like a password: do not share it."),
      error,
      element("button", { type: "submit", class: "primary" }, "Sign in"))));
  title.focus();
}

/** Says that the service is out of reach and tries again by itself and on request. */
export function unreachableView(main, again) {
  // While it is tried again the view stays, and with it the focus.
  let button = main.querySelector("#again");
  if (!button) {
    const title = element("h1", { tabindex: -1 }, "No connection");
    button = element("button", { type: "button", class: "primary", id: "again" }, "Try again now");
    replaceContent(main, element("div", { class: "card narrow" },
      title,
      element("p", {}, "The service cannot be reached. The page tries again every few seconds; "
        + "votes that were not sent yet are kept in this browser."),
      button));
    title.focus();
  }
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      button.removeEventListener("click", done);
      resolve();
    };
    const timer = setTimeout(done, 5000);
    window.addEventListener("online", done);
    button.addEventListener("click", done);
  }).then(again);
}
