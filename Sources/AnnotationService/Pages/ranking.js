// Ranking: answers are placed one after the other, best first, by key or button, and moved by
// keys, buttons or dragging. What is left without a place shares the last one, so that "best of n"
// is one key and one to send.

import { announce, element, keyCap, replaceContent } from "./dom.js";
import { ordinal } from "./wording.js";

const placing = { first: 0, second: 1, third: 2, fourth: 3, fifth: 4 };

export class RankingControls {
  constructor(task, { preferences, submit }) {
    this.title = "Order the answers";
    this.preferences = preferences;
    this.submit = submit;
    this.labels = task.answers.map(({ label }) => label);
    // Places, best first; answers of one place are tied.
    this.tiers = [];
    this.joinNext = false;
    this.badges = new Map();
    this.buttons = new Map();
    this.status = element("p", { class: "question", id: "order-title" });
    this.list = element("ol", { class: "order", "aria-labelledby": "order-title" });
    const key = preferences.key("send");
    this.button = element("button", {
      type: "button", class: "primary", "aria-keyshortcuts": key, on: { click: () => this.send() },
    }, element("span", {}, "Send order"), keyCap(key));
    this.node = element("div", { class: "verdicts" }, this.status, this.list, this.button);
    for (const label of this.labels) this.makeControls(label);
    this.update();
  }

  footer({ label }) {
    return element("div", { class: "place-controls" }, this.buttons.get(label));
  }

  badge({ label }) { return this.badges.get(label); }

  keyOf(label) {
    const command = Object.keys(placing)
      .find((name) => placing[name] === this.labels.indexOf(label));
    return command ? this.preferences.key(command) : null;
  }

  makeControls(label) {
    this.badges.set(label, element("span", { class: "place" }));
    this.buttons.set(label, element("button", {
      type: "button", class: "place-button", "aria-keyshortcuts": this.keyOf(label),
      on: { click: () => this.toggle(label) },
    }));
  }

  tierOf(label) {
    return this.tiers.findIndex((tier) => tier.includes(label));
  }

  // The place as people count: two that share the first place are followed by the third.
  placeOf(label) {
    const tier = this.tierOf(label);
    return tier < 0 ? null : 1 + this.tiers.slice(0, tier).flat().length;
  }

  toggle(label) {
    if (this.tierOf(label) >= 0) {
      this.remove(label);
      this.update(`Answer ${label} has no place.`);
      return;
    }
    if (this.joinNext && this.tiers.length > 0) this.tiers.at(-1).push(label);
    else this.tiers.push([label]);
    this.joinNext = false;
    this.update(`Answer ${label} is ${this.spokenPlace(label)}.`);
  }

  spokenPlace(label) {
    const shared = this.tiers[this.tierOf(label)].length > 1;
    return `${shared ? "shared " : ""}${ordinal(this.placeOf(label))}`;
  }

  remove(label) {
    this.tiers = this.tiers.map((tier) => tier.filter((other) => other !== label))
      .filter((tier) => tier.length > 0);
  }

  // Earlier or later by one step: out of a shared place first, then past the neighbour.
  move(label, step) {
    const tier = this.tierOf(label);
    if (tier < 0) return;
    const shared = this.tiers[tier].length > 1;
    if (!shared && !this.tiers[tier + step]) return;
    this.remove(label);
    const target = shared ? (step < 0 ? tier : tier + 1) : tier + step;
    this.tiers.splice(target, 0, [label]);
    this.update(`Answer ${label} is ${this.spokenPlace(label)}.`);
    this.focus(label);
  }

  // Shares the place before, or leaves it.
  tie(label) {
    const tier = this.tierOf(label);
    if (tier < 0) return;
    const shared = this.tiers[tier].length > 1;
    if (!shared && tier === 0) return;
    this.remove(label);
    if (shared) this.tiers.splice(tier + 1, 0, [label]);
    else this.tiers[tier - 1].push(label);
    this.update(`Answer ${label} is ${this.spokenPlace(label)}.`);
    this.focus(label);
  }

  focus(label) {
    this.list.querySelector(`[data-label="${CSS.escape(label)}"] .order-name`)?.focus();
  }

  update(said) {
    for (const label of this.labels) {
      const place = this.placeOf(label);
      const badge = this.badges.get(label);
      badge.textContent = place === null ? "no place yet" : this.spokenPlace(label);
      badge.classList.toggle("placed", place !== null);
      replaceContent(
        this.buttons.get(label),
        element("span", {}, place === null
          ? `Place ${label} ${this.joinNext && this.tiers.length > 0 ? "there too" : "next"}`
          : `Take ${label} out`),
        keyCap(this.keyOf(label)));
    }
    const open = this.labels.length - this.tiers.flat().length;
    this.status.textContent = this.tiers.length === 0
      ? "Place the best answer first." : open > 0
        ? "Best first. Answers without a place share the last one." : "Your order, best first.";
    if (this.joinNext) this.status.textContent = "The next answer shares the last place.";
    replaceContent(this.list, this.tiers.flatMap((tier) => tier.map(
      (label, index) => this.chip(label, index > 0))));
    this.button.setAttribute("aria-disabled", String(this.tiers.length === 0));
    if (said) announce(said);
  }

  chip(label, tied) {
    const small = (name, sign, action) => element("button", {
      type: "button", class: "small", "aria-label": name, on: { click: action },
    }, sign);
    const chip = element("li", { class: `order-item${tied ? " tied" : ""}`, data: { label } },
      element("button", {
        type: "button", class: "order-name",
        "aria-label": `Answer ${label}, ${this.spokenPlace(label)}. `
          + "Left and right arrows move it, the equals sign ties it, Delete takes it out.",
        on: { keydown: (event) => this.chipKey(event, label) },
      }, element("span", { class: "order-place" }, tied ? "=" : `${this.placeOf(label)}.`), label),
      small(`Move ${label} earlier`, "◂", () => this.move(label, -1)),
      small(`Move ${label} later`, "▸", () => this.move(label, 1)),
      small(`Tie ${label} with the answer before it, or untie it`, "=", () => this.tie(label)));
    this.makeDraggable(chip, label);
    return chip;
  }

  chipKey(event, label) {
    const actions = {
      ArrowLeft: () => this.move(label, -1), ArrowUp: () => this.move(label, -1),
      ArrowRight: () => this.move(label, 1), ArrowDown: () => this.move(label, 1),
      "=": () => this.tie(label), Delete: () => this.toggle(label),
      Backspace: () => this.toggle(label),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  // Dragging with mouse, pen or finger: the chip goes before or after the one it is dropped on.
  makeDraggable(chip, label) {
    const handle = chip.querySelector(".order-name");
    handle.addEventListener("pointerdown", (down) => {
      if (down.button !== 0) return;
      handle.setPointerCapture(down.pointerId);
      const moved = (event) => {
        const distance = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
        if (distance > 6) chip.classList.add("dragged");
      };
      const ended = (event) => {
        handle.removeEventListener("pointermove", moved);
        handle.removeEventListener("pointerup", ended);
        handle.removeEventListener("pointercancel", ended);
        if (event.type === "pointerup" && chip.classList.contains("dragged")) {
          this.drop(label, event);
        }
        chip.classList.remove("dragged");
      };
      handle.addEventListener("pointermove", moved);
      handle.addEventListener("pointerup", ended);
      handle.addEventListener("pointercancel", ended);
    });
  }

  drop(label, { clientX, clientY }) {
    const target = document.elementsFromPoint(clientX, clientY)
      .map((node) => node.closest(".order-item"))
      .find((item) => item && item.dataset.label !== label);
    if (!target) return;
    const box = target.getBoundingClientRect();
    this.remove(label);
    const tier = this.tierOf(target.dataset.label);
    this.tiers.splice(clientX < box.left + box.width / 2 ? tier : tier + 1, 0, [label]);
    this.update(`Answer ${label} is ${this.spokenPlace(label)}.`);
    this.focus(label);
  }

  command(name) {
    if (name in placing) {
      const label = this.labels[placing[name]];
      if (label) this.toggle(label);
      return Boolean(label);
    }
    if (name === "tie" && this.tiers.length > 0) {
      this.joinNext = !this.joinNext;
      this.update(this.joinNext ? "The next answer shares the last place." : "No tie.");
      return true;
    }
    if (name === "back" && this.tiers.length > 0) {
      this.toggle(this.tiers.at(-1).at(-1));
      return true;
    }
    if (name === "send") {
      this.send();
      return true;
    }
    return false;
  }

  send() {
    if (this.tiers.length === 0) {
      announce("Place at least the best answer first.", { urgent: true });
      return;
    }
    const open = this.labels.filter((label) => this.tierOf(label) < 0);
    this.submit({ order: open.length > 0 ? [...this.tiers, open] : this.tiers });
  }
}
