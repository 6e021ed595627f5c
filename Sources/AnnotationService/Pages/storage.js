// What the page keeps in the browser, apart for each base path on one address.

const prefix = `mixinstruct:${new URL(".", document.baseURI).pathname}:`;
const memory = new Map();

// A browser may refuse to keep anything; then values live as long as the page.
function attempt(action, otherwise) {
  try {
    return action();
  } catch {
    return otherwise();
  }
}

/** The value kept under a name, or null. */
export function kept(name) {
  const key = prefix + name;
  const text = attempt(() => localStorage.getItem(key), () => null) ?? memory.get(key) ?? null;
  return text === null ? null : attempt(() => JSON.parse(text), () => null);
}

/** Keeps a value; says whether it outlives the page. */
export function keep(name, value) {
  const key = prefix + name;
  const text = JSON.stringify(value);
  return attempt(() => {
    localStorage.setItem(key, text);
    memory.delete(key);
    return true;
  }, () => {
    memory.set(key, text);
    return false;
  });
}

/** Forgets a value. */
export function forget(name) {
  const key = prefix + name;
  memory.delete(key);
  attempt(() => localStorage.removeItem(key), () => {});
}

/** The names that begin with a stem and have a value. */
export function keptNames(stem) {
  const keys = new Set(memory.keys());
  attempt(() => {
    for (let at = 0; at < localStorage.length; at += 1) keys.add(localStorage.key(at));
  }, () => {});
  return [...keys].filter((key) => key.startsWith(prefix + stem))
    .map((key) => key.slice(prefix.length));
}
