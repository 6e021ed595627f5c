// Votes on their way. A vote is kept in the browser before it is sent, and until the service has
// answered; each carries a key of its own, by which the service knows one that is sent again.

import { forget, keep, kept, keptNames } from "./storage.js";

const waits = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export class Outbox {
  /**
   * `person` separates people who share a browser. `listeners`: `saved(vote, answer)`,
   * `refused(vote, error)`, `signedOut()`, `changed(state)`, where a state is
   * `{waiting, connected, durable}`.
   */
  constructor(service, person, listeners) {
    this.service = service;
    this.stem = `vote:${encodeURIComponent(person)}:`;
    this.listeners = listeners;
    this.connected = true;
    this.durable = true;
    this.running = false;
    this.again = false;
    this.failures = 0;
    this.wake = null;
    window.addEventListener("online", () => {
      this.setConnected(true);
      this.send();
    });
    window.addEventListener("offline", () => this.setConnected(false));
  }

  /** The votes that wait, oldest first. */
  waiting() {
    return keptNames(this.stem).map(kept).filter(Boolean)
      .sort((first, second) => first.sequence - second.sequence);
  }

  /** Keeps a vote and begins to send it; resolves when the service has answered it. */
  add(body) {
    const last = this.waiting().at(-1)?.sequence ?? 0;
    const vote = { body, attempted: false, sequence: Math.max(Date.now(), last + 1) };
    this.store(vote);
    this.changed();
    return this.send();
  }

  /** Takes back a vote that was never sent; says whether that was possible. */
  withdraw(key) {
    const vote = this.waiting().find(({ body }) => body.client_key === key);
    if (!vote || vote.attempted) return false;
    forget(this.stem + key);
    this.changed();
    return true;
  }

  /** Sends what waits, in order, now rather than after the current pause. */
  async send() {
    this.wake?.();
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    this.again = false;
    try {
      // Of several windows of one person only one sends at a time, where the browser can tell.
      if (navigator.locks) await navigator.locks.request(this.stem, () => this.sendAll());
      else await this.sendAll();
    } finally {
      this.running = false;
    }
    // Asked for while the last round was ending.
    if (this.again) await this.send();
  }

  async sendAll() {
    for (;;) {
      const [vote] = this.waiting();
      if (!vote) break;
      vote.attempted = true;
      this.store(vote);
      try {
        const answer = await this.service.post("votes", vote.body);
        this.settle(vote);
        this.listeners.saved(vote.body, answer);
      } catch (error) {
        if (error.status === 401) {
          this.listeners.signedOut();
          break;
        }
        if (!error.isPassing) {
          this.settle(vote);
          this.listeners.refused(vote.body, error);
          continue;
        }
        this.setConnected(error.status !== 0);
        await this.pause(waits[Math.min(this.failures, waits.length - 1)]);
        this.failures += 1;
      }
    }
    this.changed();
  }

  settle(vote) {
    forget(this.stem + vote.body.client_key);
    this.failures = 0;
    this.connected = true;
    this.changed();
  }

  pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    }).finally(() => { this.wake = null; });
  }

  store(vote) {
    this.durable = keep(this.stem + vote.body.client_key, vote);
  }

  setConnected(connected) {
    this.connected = connected;
    this.changed();
  }

  changed() {
    const { connected, durable } = this;
    this.listeners.changed({ waiting: this.waiting().length, connected, durable });
  }
}
