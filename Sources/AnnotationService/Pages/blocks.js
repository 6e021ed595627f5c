// Blocks of Markdown, read into plain objects.
// Source: CommonMark 0.31 (https://spec.commonmark.org/0.31.2/) with GitHub's tables and task
// lists. Line breaks are kept as written, since answers are often plain text.

// Beyond these bounds a text stays as it was written, so that the time is linear in its length and
// the page stays usable.
const deepestBlocks = 12;
const mostBlocks = 4000;
const widestTable = 40;

/** Reads a text into blocks. */
export function parseMarkdown(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n").map(expandIndent);
  return parseBlocks(lines, { depth: 0, budget: { left: mostBlocks } });
}

// `place` holds the depth and what is left of the number of blocks.
function parseBlocks(lines, place) {
  if (place.depth > deepestBlocks) return [{ type: "paragraph", text: lines.join("\n") }];
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (isBlank(line)) {
      at += 1;
      continue;
    }
    place.budget.left -= 1;
    if (place.budget.left < 0) {
      blocks.push({ type: "rest", text: lines.slice(at).join("\n") });
      break;
    }
    const indent = indentOf(line);
    let block = null;
    if (indent >= 4) block = indentedCode(lines, at);
    else {
      block = fencedCode(lines, at) ?? heading(line, at) ?? rule(line, at)
        ?? quote(lines, at, place) ?? list(lines, at, place) ?? table(lines, at, place)
        ?? paragraph(lines, at, place);
    }
    blocks.push(block.node);
    at = block.end;
  }
  return blocks;
}

function indentedCode(lines, start) {
  let end = start;
  while (end < lines.length && (isBlank(lines[end]) || indentOf(lines[end]) >= 4)) end += 1;
  while (isBlank(lines[end - 1])) end -= 1;
  const text = lines.slice(start, end).map((line) => line.slice(4)).join("\n");
  return { node: { type: "code", language: "", text }, end };
}

function fenceOf(line) {
  const indent = indentOf(line);
  const mark = line[indent];
  if (indent > 3 || (mark !== "`" && mark !== "~")) return null;
  let end = indent;
  while (line[end] === mark) end += 1;
  const info = line.slice(end).trim();
  if (end - indent < 3 || (mark === "`" && info.includes("`"))) return null;
  return { mark, length: end - indent, indent, info };
}

function fencedCode(lines, start) {
  const fence = fenceOf(lines[start]);
  if (!fence) return null;
  const text = [];
  let at = start + 1;
  for (; at < lines.length; at += 1) {
    const other = fenceOf(lines[at]);
    if (other && other.mark === fence.mark && other.length >= fence.length && other.info === "") {
      break;
    }
    text.push(lines[at].slice(Math.min(indentOf(lines[at]), fence.indent)));
  }
  return { node: { type: "code", language: fence.info, text: text.join("\n") }, end: at + 1 };
}

function heading(line, at) {
  const indent = indentOf(line);
  let end = indent;
  while (line[end] === "#") end += 1;
  const level = end - indent;
  if (level < 1 || level > 6 || (end < line.length && line[end] !== " ")) return null;
  let text = line.slice(end).trim();
  let last = text.length;
  while (text[last - 1] === "#") last -= 1;
  if (last === 0) text = "";
  else if (last < text.length && text[last - 1] === " ") text = text.slice(0, last).trimEnd();
  return { node: { type: "heading", level, text }, end: at + 1 };
}

function isRule(line) {
  const mark = line.trimStart()[0];
  if (mark !== "*" && mark !== "-" && mark !== "_") return false;
  let count = 0;
  for (const character of line) {
    if (character === mark) count += 1;
    else if (character !== " " && character !== "\t") return false;
  }
  return count >= 3;
}

function rule(line, at) {
  return isRule(line) ? { node: { type: "rule" }, end: at + 1 } : null;
}

function below(place) {
  return { depth: place.depth + 1, budget: place.budget };
}

function quote(lines, start, place) {
  if (lines[start][indentOf(lines[start])] !== ">") return null;
  const inner = [];
  let at = start;
  for (; at < lines.length; at += 1) {
    const line = lines[at];
    const indent = indentOf(line);
    if (indent < 4 && line[indent] === ">") {
      inner.push(line.slice(line[indent + 1] === " " ? indent + 2 : indent + 1));
    } else if (isBlank(line) || isBlank(inner.at(-1)) || interrupts(line)) {
      break;
    } else {
      // The next line of a paragraph may leave the mark out.
      inner.push(line);
    }
  }
  return { node: { type: "quote", children: parseBlocks(inner, below(place)) }, end: at };
}

const marker = /^( *)([-+*]|(\d{1,9})([.)]))( +|$)/;

// A list mark: its kind, where the text of its item begins, and the number it starts from.
function markOf(line) {
  const found = marker.exec(line);
  if (!found || isRule(line)) return null;
  const [all, indent, mark, number, delimiter, spaces] = found;
  const gap = spaces.length === 0 || spaces.length > 4 ? 1 : spaces.length;
  return {
    kind: delimiter ?? mark, indent: indent.length, start: number ? Number(number) : null,
    content: indent.length + mark.length + gap, empty: all.length === line.length,
  };
}

function list(lines, start, place) {
  const first = markOf(lines[start]);
  if (!first) return null;
  const items = [];
  let loose = false;
  let at = start;
  for (let mark = first; mark && mark.kind === first.kind && mark.indent < 4;) {
    if (items.length > 0 && place.budget.left <= 0) break;
    place.budget.left -= 1;
    const item = [lines[at].slice(mark.content)];
    let fence = fenceOf(item[0]);
    let blank = false;
    for (at += 1; at < lines.length; at += 1) {
      const line = lines[at];
      if (isBlank(line)) {
        blank = true;
        item.push("");
        continue;
      }
      if (indentOf(line) >= mark.content) {
        if (blank && !fence) loose = true;
        const inner = line.slice(mark.content);
        const other = fenceOf(inner);
        if (fence && other?.mark === fence.mark && other.length >= fence.length
          && other.info === "") fence = null;
        else if (!fence) fence = other;
        item.push(inner);
      } else if (!blank && !fence && !markOf(line) && !interrupts(line)) {
        item.push(line.trimStart());
      } else {
        break;
      }
      blank = false;
    }
    items.push(listItem(item, place));
    mark = at < lines.length && indentOf(lines[at]) < 4 ? markOf(lines[at]) : null;
    if (blank && mark?.kind === first.kind) loose = true;
  }
  const node = { type: "list", ordered: first.start !== null, start: first.start, loose, items };
  return { node, end: at };
}

function listItem(lines, place) {
  const task = /^\[([ xX])\] /.exec(lines[0]);
  if (!task) return { children: parseBlocks(lines, below(place)) };
  const children = parseBlocks([lines[0].slice(4), ...lines.slice(1)], below(place));
  return { done: task[1] !== " ", children };
}

function cellsOf(line) {
  const cells = [];
  let cell = "";
  const text = line.trim();
  for (let at = text[0] === "|" ? 1 : 0; at < text.length; at += 1) {
    if (text[at] === "\\" && text[at + 1] === "|") {
      cell += "|";
      at += 1;
    } else if (text[at] === "|") {
      cells.push(cell.trim());
      cell = "";
    } else {
      cell += text[at];
    }
  }
  if (cell.trim() !== "" || text.at(-1) !== "|") cells.push(cell.trim());
  return cells;
}

function table(lines, start, place) {
  const next = lines[start + 1];
  if (next === undefined || !lines[start].includes("|") || !/^[ |:-]+$/.test(next)) return null;
  const marks = cellsOf(next);
  const head = cellsOf(lines[start]);
  if (marks.length !== head.length || marks.length > widestTable) return null;
  if (!next.includes("-") || !marks.every((mark) => /^:?-+:?$/.test(mark))) return null;
  const alignment = marks.map((mark) => {
    if (!mark.endsWith(":")) return "";
    return mark.startsWith(":") ? "middle" : "end";
  });
  const rows = [];
  let at = start + 2;
  for (; at < lines.length && !isBlank(lines[at]) && !interrupts(lines[at]); at += 1) {
    // Cells beyond the head are kept, unlike GitHub's: an answer is judged by all of its text.
    const row = cellsOf(lines[at]);
    place.budget.left -= row.length;
    if (place.budget.left < 0) break;
    rows.push(row);
  }
  return { node: { type: "table", alignment, head, rows }, end: at };
}

function paragraph(lines, start, place) {
  let at = start + 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at];
    if (isBlank(line)) break;
    const underline = indentOf(line) < 4 ? line.trim() : "";
    if (underline !== "" && isRepeated(underline, "=")) return underlined(lines, start, at, 1);
    if (underline !== "" && isRepeated(underline, "-")) return underlined(lines, start, at, 2);
    if (interrupts(line) || table(lines, at, { ...place, budget: { left: 0 } })) break;
  }
  return { node: { type: "paragraph", text: lines.slice(start, at).join("\n") }, end: at };
}

function underlined(lines, start, at, level) {
  const text = lines.slice(start, at).map((line) => line.trim()).join("\n");
  return { node: { type: "heading", level, text }, end: at + 1 };
}

// Whether a line ends the paragraph before it. A number other than 1 does not: it may be a year.
function interrupts(line) {
  const indent = indentOf(line);
  if (indent > 3) return false;
  if (line[indent] === ">" || fenceOf(line) || heading(line, 0) || isRule(line)) return true;
  const mark = markOf(line);
  return mark !== null && !mark.empty && (mark.start === null || mark.start === 1);
}

// MARK: Characters

function isBlank(line) {
  return line.trim() === "";
}

function indentOf(line) {
  let indent = 0;
  while (line[indent] === " ") indent += 1;
  return indent;
}

function isRepeated(text, character) {
  for (const other of text) if (other !== character) return false;
  return true;
}

// Tabs at the beginning reach to columns of four.
function expandIndent(line) {
  let width = 0;
  let at = 0;
  for (; at < line.length; at += 1) {
    if (line[at] === " ") width += 1;
    else if (line[at] === "\t") width += 4 - (width % 4);
    else break;
  }
  return " ".repeat(width) + line.slice(at);
}
