// What a person chose: keys, theme, ways of showing answers. Kept in the browser, so that it holds
// from the first moment, and with the service, so that it follows the person to another machine.

import { keep, kept } from "./storage.js";

/** What one key does, in the order in which it is listed: name, default key, label. */
export const commands = [
  ["first", "1", "Answer A is better · first answer · score 1"],
  ["second", "2", "Answer B is better · second answer · score 2"],
  ["third", "3", "Both are good · third answer · score 3"],
  ["fourth", "4", "Both are bad · fourth answer · score 4"],
  ["fifth", "5", "Fifth answer · score 5"],
  ["send", "Enter", "Send ratings or an order"],
  ["back", "Backspace", "One step back in ratings or an order"],
  ["tie", "=", "The next answer shares the last place"],
  ["skip", "s", "Skip, with a reason"],
  ["undo", "u", "Take the last vote back"],
  ["note", "n", "Write a note"],
  ["difference", "d", "Mark differences"],
  ["together", "t", "Scroll answers together"],
  ["format", "f", "Formatted or as written"],
  ["down", "j", "Scroll the answers down"],
  ["up", "k", "Scroll the answers up"],
  ["guidelines", "g", "Guidelines"],
  ["recent", "r", "Your last votes"],
  ["keys", "?", "Keys and settings"],
];

const defaults = {
  keys: Object.fromEntries(commands.map(([name, key]) => [name, key])),
  shortcuts: true, theme: "auto", together: true, formatted: true, guidelinesRead: {},
};

export class Preferences {
  constructor(service) {
    this.service = service;
    this.values = clean(kept("preferences"));
  }

  /** Takes over what the service keeps for the person. */
  adopt(values) {
    if (values && Object.keys(values).length > 0) this.values = clean(values);
    keep("preferences", this.values);
    applyTheme(this.values.theme);
  }

  get(name) { return this.values[name]; }
  key(command) { return this.values.shortcuts ? this.values.keys[command] : null; }

  /** Changes a choice and keeps it; a failure to reach the service leaves it in the browser. */
  async set(name, value) {
    this.values = { ...this.values, [name]: value };
    keep("preferences", this.values);
    applyTheme(this.values.theme);
    try {
      await this.service.put("me/settings", this.values);
    } catch {
      // The next change is sent with all choices.
    }
  }

  /** Gives a command another key; the command that had it gets the old one. */
  setKey(command, key) {
    const keys = { ...this.values.keys };
    const other = Object.keys(keys).find((name) => keys[name] === key && name !== command);
    if (other) keys[other] = keys[command];
    keys[command] = key;
    this.set("keys", keys);
    return other ?? null;
  }

  resetKeys() {
    this.set("keys", { ...defaults.keys });
  }

  /** The command of a pressed key, or null. */
  commandOf(event) {
    if (!this.values.shortcuts || event.ctrlKey || event.altKey || event.metaKey) return null;
    const { keys } = this.values;
    const named = (key) => Object.keys(keys).find((name) => keys[name] === key) ?? null;
    // Where digits need the shift key (AZERTY), the unshifted key counts as well.
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    return named(event.key) ?? named(event.key.toLowerCase()) ?? (digit ? named(digit) : null);
  }
}

// Only values of the expected kinds; what a newer or older page kept is no reason to fail.
function clean(values) {
  const result = { ...defaults, keys: { ...defaults.keys } };
  for (const [name, value] of Object.entries(values ?? {})) {
    if (name === "keys" && value && typeof value === "object") {
      for (const command of Object.keys(defaults.keys)) {
        if (typeof value[command] === "string") result.keys[command] = value[command];
      }
    } else if (name in defaults && name !== "keys" && typeof value === typeof defaults[name]) {
      result[name] = value ?? defaults[name];
    }
  }
  return result;
}

/** Light, dark, or as the system has it. */
export function applyTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
