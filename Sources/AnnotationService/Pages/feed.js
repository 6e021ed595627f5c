// The tasks in hand: the one that is shown and one ahead, so that nobody waits for the network.
// Leases are renewed while the person is at work, and given back by running out when not.

const idleAfter = 10 * 60_000;
const checkEvery = 1_000;

export class TaskFeed {
  /**
   * `pending` gives the assignments whose votes are on their way; `lost(task)` is called when the
   * lease of the task that is shown has ended.
   */
  constructor(service, queueId, { pending, lost }) {
    this.service = service;
    this.queueId = queueId;
    this.pending = pending;
    this.lost = lost;
    this.current = null;
    this.ahead = [];
    this.fetching = null;
    this.lastActivity = Date.now();
    this.renewing = false;
    this.active = new AbortController();
    const { signal } = this.active;
    for (const event of ["pointerdown", "keydown", "wheel", "scroll"]) {
      window.addEventListener(
        event, () => { this.lastActivity = Date.now(); },
        { signal, capture: true, passive: true });
    }
    this.timer = setInterval(() => this.renew(), checkEvery);
  }

  close() {
    this.active.abort();
    clearInterval(this.timer);
  }

  /** The next task: `{task, reason}`; rejects when there is no connection and none is ahead. */
  async next() {
    this.current = null;
    if (this.ahead.length === 0 && this.fetching) await this.fetching.catch(() => {});
    this.ahead = this.ahead.filter((task) => !this.isEnded(task));
    if (this.ahead.length > 0) {
      this.current = this.ahead.shift();
      return { task: this.current, reason: null };
    }
    const answer = await this.ask();
    if (answer.task) this.adopt(answer.task);
    return { task: this.current, reason: answer.reason };
  }

  /** Fetches one ahead, quietly. */
  async prefetch() {
    if (this.ahead.length > 0 || this.fetching || !this.current) return;
    this.fetching = this.ask();
    try {
      const { task } = await this.fetching;
      if (task && !this.holds(task)) this.ahead.push(this.timed(task));
    } catch {
      // Without a connection there is none ahead; the next one is asked for when it is needed.
    } finally {
      this.fetching = null;
    }
  }

  /** Shows a task that came back; the one that was shown comes after it. */
  putBack(task) {
    if (this.current) this.ahead.unshift(this.current);
    this.adopt(task);
  }

  adopt(task) {
    this.current = this.timed(task);
    this.ahead = this.ahead.filter((other) => other.assignment_id !== task.assignment_id);
  }

  ask() {
    const held = [this.current, ...this.ahead].filter(Boolean).map((task) => task.assignment_id);
    const exclude = [...new Set([...held, ...this.pending()])];
    return this.service.post("tasks/next", { queue_id: this.queueId, exclude });
  }

  holds(task) {
    return [this.current, ...this.ahead].some(
      (other) => other?.assignment_id === task.assignment_id);
  }

  timed(task) {
    return { ...task, leaseLength: Math.max(1000, this.service.until(task.lease_expires_at)) };
  }

  isEnded(task) {
    return this.service.until(task.lease_expires_at) <= 0;
  }

  // Renews what has used up half of its lease.
  async renew() {
    if (this.renewing || Date.now() - this.lastActivity > idleAfter) return this.reportEnd();
    this.renewing = true;
    try {
      for (const task of [this.current, ...this.ahead].filter(Boolean)) {
        const left = this.service.until(task.lease_expires_at);
        if (left > task.leaseLength / 2) continue;
        await this.renewOne(task);
      }
    } finally {
      this.renewing = false;
    }
  }

  async renewOne(task) {
    try {
      const answer = await this.service.post(`tasks/${task.assignment_id}/renew`);
      task.lease_expires_at = answer.lease_expires_at;
    } catch (error) {
      if (error.isPassing || error.status === 401) return;
      this.drop(task);
    }
  }

  reportEnd() {
    if (this.current && this.isEnded(this.current)) this.drop(this.current);
  }

  drop(task) {
    this.ahead = this.ahead.filter((other) => other !== task);
    if (this.current !== task) return;
    this.current = null;
    this.lost(task);
  }
}
