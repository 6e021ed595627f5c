// The dialog of keys and settings.

import { announce, element, keyCap, keyName, openDialog, replaceContent } from "./dom.js";
import { commands } from "./preferences.js";

const themes = [["auto", "As the system"], ["light", "Light"], ["dark", "Dark"]];

/** Shows all keys, each of which can be changed; `changed` is called after every change. */
export function keyHelp(preferences, changed) {
  const table = element("tbody");
  const fill = () => replaceContent(table, commands.map(
    ([name, , label]) => keyRow(preferences, name, label, () => {
      fill();
      changed();
    })));
  fill();
  openDialog("Keys and settings", { class: "wide" },
    element("div", { class: "settings" },
      element("fieldset", { class: "choices" },
        element("legend", {}, "Colours"),
        themes.map(([value, label]) => element("label", {},
          element("input", {
            type: "radio", name: "theme", value, checked: preferences.get("theme") === value,
            on: { change: () => preferences.set("theme", value) },
          }), label))),
      element("label", { class: "choice" },
        element("input", {
          type: "checkbox", checked: preferences.get("shortcuts"),
          on: { change: (event) => {
            preferences.set("shortcuts", event.target.checked);
            changed();
          } },
        }), "Single keys vote and act"),
      element("p", { class: "hint" }, "Turn them off when speech input or a screen reader needs "
        + "the letters and digits; every action also has a button.")),
    element("table", { class: "key-table" },
      element("caption", { class: "visually-hidden" }, "Keys"),
      element("thead", {}, element("tr", {},
        element("th", { scope: "col" }, "Action"), element("th", { scope: "col" }, "Key"),
        element("th", { scope: "col" }, element("span", { class: "visually-hidden" }, "Change")))),
      table),
    element("div", { class: "dialog-actions" },
      element("button", {
        type: "button",
        on: { click: () => {
          preferences.resetKeys();
          fill();
          changed();
          announce("All keys are as in the beginning.");
        } },
      }, "Reset all keys")));
}

function keyRow(preferences, name, label, changed) {
  const key = preferences.get("keys")[name];
  const button = element("button", {
    type: "button", class: "small-text", data: { command: name },
    "aria-label": `Change the key for: ${label}. It is ${keyName(key)}.`,
  }, "Change");
  const cell = element("td", {}, keyCap(key),
    element("span", { class: "visually-hidden" }, keyName(key)));
  button.addEventListener("click", () => {
    button.textContent = "Press a key…";
    announce("Press the new key, or Escape to keep the old one.");
    const finish = () => {
      button.removeEventListener("keydown", pressed);
      button.removeEventListener("blur", finish);
      button.textContent = "Change";
    };
    const pressed = (event) => {
      if (["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Tab", "Dead"]
        .includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      finish();
      if (event.key === "Escape") return;
      const pressedKey = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const other = preferences.setKey(name, pressedKey);
      const swapped = other
        ? ` ${commands.find(([command]) => command === other)[2]} has now ${keyName(key)}.` : "";
      changed();
      announce(`${label}: ${keyName(pressedKey)}.${swapped}`);
      document.querySelector(`[data-command="${name}"]`)?.focus();
    };
    button.addEventListener("keydown", pressed);
    button.addEventListener("blur", finish);
  });
  return element("tr", {},
    element("th", { scope: "row" }, label), cell, element("td", {}, button));
}
