// Small tools for building documents: every piece of text becomes a text node, never markup.

/**
 * Makes an element.
 *
 * `properties` are attributes, apart from `on` (listeners by event name), `data` (dataset values)
 * and `value`, which are set as such. A value of null, undefined or false leaves an attribute out,
 * true writes it empty. Children are nodes or texts; null and false are left out.
 */
export function element(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same for a drawing. */
export function drawing(name, properties = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), properties, children);
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else if (name === "value") {
      node.value = value;
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child !== null && child !== undefined && child !== false) node.append(child);
  }
}

/** Puts new children in the place of all that a node holds. */
export function replaceContent(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

/** A key as it is printed on a keyboard, for the eye only: the button's name says what it does. */
export function keyCap(key) {
  return key ? element("kbd", { "aria-hidden": "true" }, keyName(key)) : null;
}

/** A key's name for people. */
export function keyName(key) {
  const names = {
    " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓",
    Escape: "Esc", Backspace: "⌫", Delete: "Del",
  };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

let counter = 0;

/** An identifier that no other element of this page has. */
export function freshId(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}

/**
 * Opens a dialog above the page and gives it back; it is taken out of the document once closed.
 *
 * The browser keeps the focus inside, closes it on Escape, and gives the focus back afterwards.
 */
export function openDialog(title, properties, ...children) {
  const id = freshId("dialog");
  const { on = {}, class: kind = "", closeLabel = "Close", ...rest } = properties;
  const dialog = element(
    "dialog", { class: `dialog ${kind}`, "aria-labelledby": id, on, ...rest },
    element("div", { class: "dialog-head" },
      element("h2", { id, tabindex: -1 }, title),
      element("button", {
        type: "button", class: "quiet close", "aria-label": closeLabel,
        on: { click: () => dialog.close() },
      }, "×")),
    ...children);
  dialog.addEventListener("close", () => dialog.remove());
  // A press on the ground behind the dialog closes it; a drag that only ends there does not.
  dialog.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
    const box = dialog.getBoundingClientRect();
    const isInside = clientX >= box.left && clientX <= box.right
      && clientY >= box.top && clientY <= box.bottom;
    if (target === dialog && !isInside) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  // Without a first control of its own a dialog is read from its title.
  if (!dialog.querySelector("[autofocus]")) dialog.querySelector("h2").focus();
  return dialog;
}

/** Asks before something that cannot be taken back; the answer is true or false. */
export function confirmed(title, text, action) {
  return new Promise((resolve) => {
    let answer = false;
    const dialog = openDialog(
      title, { class: "narrow", on: { close: () => resolve(answer) } },
      element("p", {}, text),
      element("div", { class: "dialog-actions" },
        element("button", { type: "button", autofocus: true, on: { click: () => dialog.close() } },
          "Cancel"),
        element("button", {
          type: "button", class: "danger",
          on: { click: () => { answer = true; dialog.close(); } },
        }, action)));
  });
}

/** Says something to a screen reader; a text said twice is heard twice. */
export function announce(text, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? "alerts" : "announcements");
  if (!region) return;
  const line = element("p", {}, text);
  region.append(line);
  setTimeout(() => line.remove(), 8000);
}
