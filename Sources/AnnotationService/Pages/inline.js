// Inline Markdown: code, emphasis, links. Source: the delimiter algorithm of CommonMark 0.31,
// https://spec.commonmark.org/0.31.2/#phase-2-inline-structure, with bounds that keep its time
// linear and the tree flat on every input.

// Text beyond these bounds stays as it was written.
const deepestNesting = 12;
const openBrackets = 32;
const longestAddress = 2048;

const plain = /[^\\`*_~[\]!<&]+/y;
const autolink = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{0,2048})>/iy;
const lineBreak = /<br ?\/?>/iy;
const reference = /&(?:#([0-9]{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/iy;
const escapable = /[!"#$%&'*+,\-./:;<=>?@\\^_`{|}~]/;
const space = /\s/u;
const punctuation = /[\p{P}\p{S}]/u;
const characters = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", hellip: "…", mdash: "—",
  ndash: "–", copy: "©", times: "×", deg: "°",
};

/**
 * Reads one paragraph's text into a list of nodes: `{type: "text" | "code", text}`,
 * `{type: "emphasis" | "strong" | "deleted", children}`, `{type: "link", children, address}`,
 * `{type: "image", text, address}`. At most `most` of them are anything but text.
 */
export function parseInline(text, most = Infinity) {
  return new InlineReader(text, most).read();
}

// Nodes are kept in a chain, so that what stands between two delimiters is moved in one go.
class InlineReader {
  constructor(text, most) {
    this.text = text;
    this.left = most;
    this.at = 0;
    this.first = { type: "start", depth: 0 };
    this.last = this.first;
    this.delimiter = null;
    this.brackets = [];
    this.backticks = null;
  }

  read() {
    while (this.at < this.text.length) this.readOne();
    this.emphasize(null);
    return children(this.first, null).nodes;
  }

  readOne() {
    const { text } = this;
    const run = match(plain, text, this.at);
    if (run) return this.take(run[0].length);
    switch (text[this.at]) {
      case "\\": return this.readEscape();
      case "`": return this.readCode();
      case "*": case "_": case "~": return this.readDelimiters();
      case "[": return this.openBracket(1);
      case "!": return text[this.at + 1] === "[" ? this.openBracket(2) : this.take(1);
      case "]": return this.closeBracket();
      case "<": return this.readAngle();
      default: return this.readReference();
    }
  }

  // Adds the next characters as text.
  take(length) {
    this.push({ type: "text", text: this.text.slice(this.at, this.at + length) });
    this.at += length;
  }

  push(node) {
    node.depth ??= 0;
    if (node.type !== "text") this.left -= 1;
    node.previous = this.last;
    node.next = null;
    this.last.next = node;
    this.last = node;
    return node;
  }

  // "\(" and "\[" stay whole: in answers they begin formulas.
  readEscape() {
    const next = this.text[this.at + 1];
    if (next !== undefined && escapable.test(next)) {
      this.push({ type: "text", text: next });
      this.at += 2;
    } else {
      this.take(next === undefined ? 1 : 2);
    }
  }

  readCode() {
    const length = runLength(this.text, this.at);
    const end = this.closingBackticks(this.at + length, length);
    if (end < 0 || this.left <= 0) return this.take(length);
    let code = this.text.slice(this.at + length, end).replaceAll("\n", " ");
    if (code.length > 2 && code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "") {
      code = code.slice(1, -1);
    }
    this.push({ type: "code", text: code });
    this.at = end + length;
  }

  // Where the next run of exactly this many backticks begins; all runs are found in one pass.
  closingBackticks(from, length) {
    if (!this.backticks) {
      this.backticks = new Map();
      for (const run of this.text.matchAll(/`+/g)) {
        const starts = this.backticks.get(run[0].length) ?? { places: [], next: 0 };
        starts.places.push(run.index);
        this.backticks.set(run[0].length, starts);
      }
    }
    const starts = this.backticks.get(length);
    if (!starts) return -1;
    while (starts.places[starts.next] < from) starts.next += 1;
    return starts.places[starts.next] ?? -1;
  }

  readDelimiters() {
    const { text, at } = this;
    const character = text[at];
    const length = runLength(text, at);
    const before = at === 0 ? " " : characterBefore(text, at);
    const after = at + length >= text.length
      ? " " : String.fromCodePoint(text.codePointAt(at + length));
    const [left, right] = flanking(before, after);
    const node = this.push({ type: "text", text: character.repeat(length) });
    this.at += length;
    if (character === "~" && length !== 2) return;
    // 2*3*4 is a product: unlike CommonMark, a star between digits is no emphasis.
    if (character === "*" && /\d/.test(before) && /\d/.test(after)) return;
    const within = character === "_";
    const entry = {
      node, character, length, count: length,
      opens: within ? left && (!right || punctuation.test(before)) : left,
      closes: within ? right && (!left || punctuation.test(after)) : right,
      position: this.at, previous: this.delimiter, next: null,
    };
    if (this.delimiter) this.delimiter.next = entry;
    this.delimiter = entry;
  }

  openBracket(length) {
    if (this.brackets.length === openBrackets) this.brackets.shift();
    const node = this.push({ type: "text", text: this.text.slice(this.at, this.at + length) });
    this.at += length;
    this.brackets.push({ node, image: length === 2, below: this.delimiter, inactive: false });
  }

  closeBracket() {
    const opener = this.brackets.pop();
    const isOpen = opener && !opener.inactive && this.left > 0;
    const target = isOpen ? this.readTarget(this.at + 1) : null;
    if (!target) return this.take(1);
    this.emphasize(opener.below);
    const inner = children(opener.node, null);
    if (inner.depth >= deepestNesting) return this.take(1);
    this.last = opener.node.previous;
    this.last.next = null;
    this.push(
      opener.image
        ? { type: "image", text: plainText(inner.nodes), address: target.address }
        : {
          type: "link", children: inner.nodes, address: target.address, depth: inner.depth + 1,
        });
    this.at = target.end;
    // Links hold no links.
    if (!opener.image) {
      for (const open of this.brackets) if (!open.image) open.inactive = true;
    }
  }

  // "(address)" or "(<address> "title")"; a title counts as part of what is shown.
  readTarget(from) {
    const { text } = this;
    if (text[from] !== "(") return null;
    let at = from + 1;
    const limit = Math.min(text.length, at + longestAddress);
    while (at < limit && (text[at] === " " || text[at] === "\n")) at += 1;
    const start = at;
    let address;
    if (text[at] === "<") {
      while (at < limit && text[at] !== ">" && text[at] !== "\n") at += 1;
      if (text[at] !== ">") return null;
      address = text.slice(start + 1, at);
      at += 1;
    } else {
      let depth = 0;
      for (; at < limit; at += 1) {
        const character = text[at];
        if (character === " " || character === "\n") break;
        if (character === "(") depth += 1;
        if (character === ")") {
          if (depth === 0) break;
          depth -= 1;
        }
      }
      address = text.slice(start, at);
    }
    while (at < limit && (text[at] === " " || text[at] === "\n")) at += 1;
    if (text[at] === '"' || text[at] === "'") {
      const quote = text[at];
      const from = at;
      at += 1;
      while (at < limit && text[at] !== quote) at += 1;
      at += 1;
      address = `${address} ${text.slice(from, at)}`;
      while (at < limit && (text[at] === " " || text[at] === "\n")) at += 1;
    }
    return at < limit && text[at] === ")" ? { address, end: at + 1 } : null;
  }

  readAngle() {
    const link = match(autolink, this.text, this.at);
    if (link && this.left > 0) {
      const text = { type: "text", text: link[1] };
      this.push({ type: "link", children: [text], address: link[1], depth: 1 });
      this.at += link[0].length;
      return;
    }
    const ending = match(lineBreak, this.text, this.at);
    if (!ending) return this.take(1);
    this.push({ type: "text", text: "\n" });
    this.at += ending[0].length;
  }

  readReference() {
    const found = match(reference, this.text, this.at);
    if (!found) return this.take(1);
    const [all, decimal, hexadecimal, name] = found;
    const text = name === undefined
      ? fromCode(decimal === undefined ? parseInt(hexadecimal, 16) : parseInt(decimal, 10))
      : characters[name] ?? all;
    this.push({ type: "text", text });
    this.at += all.length;
  }

  // Joins openers and closers above `bottom`, innermost first. Where a kind of closer found no
  // opener is remembered: nothing is searched twice.
  emphasize(bottom) {
    const ground = bottom ? bottom.position : -1;
    const searched = new Map();
    let closer = bottom ? bottom.next : firstOf(this.delimiter);
    while (closer) {
      const following = closer.next;
      if (!closer.closes) {
        closer = following;
        continue;
      }
      const kind = `${closer.character}${closer.opens}${closer.length % 3}`;
      const opener = this.openerFor(closer, searched.get(kind) ?? ground);
      if (!opener) {
        searched.set(kind, closer.previous ? closer.previous.position : ground);
        if (!closer.opens) this.forget(closer);
        closer = following;
      } else if (!this.join(opener, closer)) {
        // Nested too deeply: what is open stays text, or it would be looked through again.
        this.forgetBelow(closer, ground);
      } else if (closer.count === 0) {
        this.forget(closer);
        closer = following;
      }
    }
    this.delimiter = bottom;
    if (bottom) bottom.next = null;
  }

  openerFor(closer, floor) {
    for (let entry = closer.previous; entry && entry.position > floor; entry = entry.previous) {
      if (entry.character !== closer.character || !entry.opens) continue;
      const multiple = (entry.length + closer.length) % 3 === 0
        && (entry.length % 3 !== 0 || closer.length % 3 !== 0);
      if ((entry.closes || closer.opens) && multiple) continue;
      return entry;
    }
    return null;
  }

  // Wraps what is between the two; says whether the nesting allowed it.
  join(opener, closer) {
    const inner = children(opener.node, closer.node);
    if (inner.depth >= deepestNesting || this.left <= 0) return false;
    this.left -= 1;
    while (closer.previous !== opener) this.forget(closer.previous);
    const struck = closer.character === "~";
    const width = struck || (opener.count >= 2 && closer.count >= 2) ? 2 : 1;
    const type = struck ? "deleted" : width === 2 ? "strong" : "emphasis";
    const node = { type, children: inner.nodes, depth: inner.depth + 1 };
    node.previous = opener.node;
    node.next = closer.node;
    opener.node.next = node;
    closer.node.previous = node;
    for (const entry of [opener, closer]) {
      entry.count -= width;
      entry.node.text = entry.node.text.slice(width);
    }
    if (opener.count === 0) this.forget(opener);
    return true;
  }

  forgetBelow(closer, ground) {
    while (closer.previous && closer.previous.position > ground) this.forget(closer.previous);
  }

  forget(entry) {
    if (entry.previous) entry.previous.next = entry.next;
    if (entry.next) entry.next.previous = entry.previous;
    else this.delimiter = entry.previous;
  }
}

// The nodes between two others (to the end without the second), and how deeply they nest.
function children(after, before) {
  const nodes = [];
  let depth = 0;
  for (let node = after.next; node && node !== before; node = node.next) {
    depth = Math.max(depth, node.depth);
    const last = nodes.at(-1);
    if (node.type !== "text") nodes.push(unchained(node));
    else if (node.text === "") continue;
    else if (last?.type === "text") last.pieces.push(node.text);
    else nodes.push({ type: "text", pieces: [node.text] });
  }
  for (const node of nodes) {
    if (!node.pieces) continue;
    node.text = node.pieces.join("");
    delete node.pieces;
  }
  return { nodes, depth };
}

function unchained({ type, text, children: inner, address }) {
  const node = { type };
  if (text !== undefined) node.text = text;
  if (inner) node.children = inner;
  if (address !== undefined) node.address = address;
  return node;
}

function plainText(nodes) {
  return nodes.map(({ text, children: inner, address }) => (
    (inner ? plainText(inner) : text) + (address ? ` (${address})` : ""))).join("");
}

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function runLength(text, at) {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

function characterBefore(text, at) {
  const low = text.charCodeAt(at - 1);
  const pair = low >= 0xdc00 && low <= 0xdfff && at > 1;
  return pair ? text.slice(at - 2, at) : text[at - 1];
}

// Whether a run of delimiters can open and can close.
function flanking(before, after) {
  const open = !space.test(after)
    && (!punctuation.test(after) || space.test(before) || punctuation.test(before));
  const close = !space.test(before)
    && (!punctuation.test(before) || space.test(after) || punctuation.test(after));
  return [open, close];
}

function firstOf(entry) {
  let first = entry;
  while (first?.previous) first = first.previous;
  return first;
}

function fromCode(code) {
  const wrong = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return wrong ? "\ufffd" : String.fromCodePoint(code);
}
