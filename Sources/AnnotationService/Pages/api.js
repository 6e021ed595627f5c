// Requests to the service. Addresses are relative to the page, so any base path works.

const patience = 20_000;

/** An answer other than success: what the service said, or that it could not be reached. */
export class ServiceError extends Error {
  constructor(status, code, message) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later: no connection, a busy or a failing service. */
  get isPassing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** The service as the page sees it. */
export class Service {
  constructor() {
    this.csrf = null;
    // Milliseconds that the service's clock is ahead of this machine's.
    this.clockLead = 0;
  }

  get(path) { return this.request("GET", path); }
  post(path, body = {}) { return this.request("POST", path, body); }
  put(path, body) { return this.request("PUT", path, body); }
  delete(path) { return this.request("DELETE", path); }

  /** Signs in with the token of a personal link. */
  async signIn(token) {
    return this.remember(await this.send("POST", "session", { token }));
  }

  /** The session that the cookie stands for. */
  async session() {
    return this.remember(await this.send("GET", "session"));
  }

  remember(session) {
    this.csrf = session.csrf;
    return session;
  }

  /** One request; the session's CSRF token is fetched again once when it has changed. */
  async request(method, path, body) {
    const known = this.csrf;
    try {
      return await this.send(method, path, body);
    } catch (error) {
      if (method === "GET" || error.status !== 403) throw error;
      const { csrf } = await this.session();
      if (csrf === known) throw error;
      return this.send(method, path, body);
    }
  }

  async send(method, path, body) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET" && this.csrf) headers["X-CSRF-Token"] = this.csrf;
    let response;
    let answer = null;
    try {
      response = await fetch(new URL(`api/v1/${path}`, document.baseURI), {
        method, headers, body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "same-origin", cache: "no-store", redirect: "error",
        // A vote on its way survives the closing of the page.
        keepalive: method === "POST", signal: AbortSignal.timeout(patience),
      });
      if (response.status !== 204) answer = await response.json();
    } catch (error) {
      if (!response || error.name === "TimeoutError" || error.name === "TypeError") {
        throw new ServiceError(0, "no_connection", "The service cannot be reached.");
      }
      throw new ServiceError(
        response.ok ? 502 : response.status, "no_json",
        `The service answered ${response.status} without a readable text.`);
    }
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) this.clockLead = date - Date.now();
    if (response.ok) return answer;
    throw new ServiceError(
      response.status, answer?.error?.code ?? "unknown",
      answer?.error?.message ?? `The service answered ${response.status}.`);
  }

  /** Milliseconds from now until a time that the service gave. */
  until(time) {
    return Date.parse(time) - this.clockLead - Date.now();
  }
}

/** A new UUID, also on pages without TLS, where the browser's own function is missing. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
