// Tests of the page's own algorithms, run in the browser by test_texts.py.

import { parseMarkdown } from "./blocks.js";
import { compareWords, words } from "./difference.js";
import { parseInline } from "./inline.js";
import { markDifferences } from "./marks.js";
import { renderMarkdown } from "./markdown.js";
import { ticks, wilson } from "./plots.js";
import { describe, duration, ordinal } from "./wording.js";
import { newKey } from "./api.js";

const results = { passed: 0, failures: [], isComplete: false };
window.unitResults = results;

function same(name, found, wanted) {
  if (JSON.stringify(found) === JSON.stringify(wanted)) results.passed += 1;
  else results.failures.push(`${name}: ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
}

function holds(name, condition) {
  same(name, Boolean(condition), true);
}

// A rendered text as one line: tag(children…), texts in quotes.
function outline(node) {
  if (node.nodeType === Node.TEXT_NODE) return JSON.stringify(node.data);
  const inner = [...node.childNodes].map(outline).join(" ");
  return `${node.nodeName.toLowerCase()}(${inner})`;
}

function rendered(text) {
  const holder = document.createElement("div");
  holder.append(renderMarkdown(text));
  return [...holder.childNodes].map(outline).join(" ");
}

// MARK: Inline

const inline = [
  ["plain", "plain", "p(\"plain\")"],
  ["emphasis", "a *b* c", "p(\"a \" em(\"b\") \" c\")"],
  ["strong", "**b**", "p(strong(\"b\"))"],
  ["both", "***b***", "p(em(strong(\"b\")))"],
  ["nested", "*a **b** c*", "p(em(\"a \" strong(\"b\") \" c\"))"],
  ["underscores", "_a_ __b__", "p(em(\"a\") \" \" strong(\"b\"))"],
  ["names with underscores", "snake_case_name", "p(\"snake_case_name\")"],
  ["a product", "2*3*4", "p(\"2*3*4\")"],
  ["spaced stars", "a * b * c", "p(\"a * b * c\")"],
  ["unmatched", "**a*", "p(\"*\" em(\"a\"))"],
  ["struck", "~~a~~", "p(s(\"a\"))"],
  ["code", "`a *b*`", "p(code(\"a *b*\"))"],
  ["code with backticks", "`` a`b ``", "p(code(\"a`b\"))"],
  ["unmatched backticks", "`` a`", "p(\"`` a`\")"],
  ["escapes", "\\*a\\* \\# \\\\", "p(\"*a* # \\\\\")"],
  ["formulas", "\\(x\\) \\[y\\]", "p(\"\\\\(x\\\\) \\\\[y\\\\]\")"],
  ["references", "&lt;b&gt; &amp;amp; &#65;&#x42; &nothing;", "p(\"<b> &amp; AB &nothing;\")"],
  ["impossible references", "&#0; &#xd800; &#x110000;", "p(\"\ufffd \ufffd \ufffd\")"],
  ["line breaks", "a\nb", "p(\"a\\nb\")"],
  ["break element", "a<br>b<br/>c", "p(\"a\\nb\\nc\")"],
  ["a link", "[a](http://b)", "p(span(\"a\" span(\" (http://b)\")))"],
  ["a link with a title", "[a](<b c> \"t\")", "p(span(\"a\" span(\" (b c \\\"t\\\")\")))"],
  ["a link that is its text", "[http://b](http://b)", "p(span(\"http://b\"))"],
  ["an address", "<https://b.c>", "p(span(\"https://b.c\"))"],
  ["an image", "![a *b*](c.png)", "p(span(\"Image: a b (c.png)\"))"],
  ["an image in a link", "[![a](b)](c)", "p(span(span(\"Image: a (b)\") span(\" (c)\")))"],
  ["a link in an image", "![a [b](c)](d)", "p(span(\"Image: a b (c) (d)\"))"],
  ["links hold no links", "[a [b](c) d](e)", "p(\"[a \" span(\"b\" span(\" (c)\")) \" d](e)\")"],
  ["brackets of other kinds", "[a] [b][c] (d)", "p(\"[a] [b][c] (d)\")"],
  ["script", "<script>alert(1)</script>", "p(\"<script>alert(1)</script>\")"],
  ["script address", "[a](javascript:alert(1))", "p(span(\"a\" span(\" (javascript:alert(1))\")))"],
  ["attributes", "<img src=x onerror=y>", "p(\"<img src=x onerror=y>\")"],
];
for (const [name, text, wanted] of inline) same(name, rendered(text), wanted);

// MARK: Blocks

const blocks = [
  ["empty", "", ""],
  ["blank", " \n\t\n", ""],
  ["paragraphs", "a\n\nb", "p(\"a\") p(\"b\")"],
  ["indented lines keep their indent", "def f():\n    return 1", "p(\"def f():\\n    return 1\")"],
  ["heading", "# A #", "h3(\"A\")"],
  ["headings are closed up", "# A\n### B\n## C", "h3(\"A\") h4(\"B\") h4(\"C\")"],
  ["headings that begin low", "#### A\n# B", "h3(\"A\") h3(\"B\")"],
  ["no heading", "#a", "p(\"#a\")"],
  ["underlined", "A\n===\nB\n---", "h3(\"A\") h4(\"B\")"],
  ["rule", "a\n\n---\n\n* * *", "p(\"a\") hr() hr()"],
  ["list", "- a\n- b", "ul(li(p(\"a\")) li(p(\"b\")))"],
  ["nested list", "- a\n  - b\n- c", "ul(li(p(\"a\") ul(li(p(\"b\")))) li(p(\"c\")))"],
  ["numbered list", "3. a\n4. b", "ol(li(p(\"a\")) li(p(\"b\")))"],
  ["other marks begin another list", "- a\n+ b", "ul(li(p(\"a\"))) ul(li(p(\"b\")))"],
  ["a year is no list", "It was in\n1984. Then", "p(\"It was in\\n1984. Then\")"],
  ["code in a list", "1. a\n\n   ```\n   b\n   ```\n2. c",
    "ol(li(p(\"a\") div(pre(code(\"b\")))) li(p(\"c\")))"],
  ["tasks", "- [x] a\n- [ ] b",
    "ul(li(span(\"[x] \") p(\"a\")) li(span(\"[ ] \") p(\"b\")))"],
  ["quote", "> a\n> b\nc", "blockquote(p(\"a\\nb\\nc\"))"],
  ["nested quote", "> > a", "blockquote(blockquote(p(\"a\")))"],
  ["fenced code", "```py\nx = 1\n```\nb",
    "div(span(\"py\") pre(code(\"x = \" span(\"1\") \"\"))) p(\"b\")"],
  ["tildes", "~~~\n```\n~~~", "div(pre(code(\"```\")))"],
  ["unclosed fence", "```\na", "div(pre(code(\"a\")))"],
  ["indented code", "    a\n\n    b", "div(pre(code(\"a\\n\\nb\")))"],
  ["code is never emphasised", "```\n*a* <b>\n```", "div(pre(code(\"*a* <b>\")))"],
  ["table", "|a|b|\n|-|:-:|\n|c|", "div(table(thead(tr(th(\"a\") th(\"b\"))) tbody(tr(td(\"c\")))))"],
  ["cells beyond the head", "|a|\n|-|\n|b|c|",
    "div(table(thead(tr(th(\"a\"))) tbody(tr(td(\"b\") td(\"c\")))))"],
  ["what stands beside a fence", "```py {1}\nx\n```",
    "div(span(\"py {1}\") pre(code(\"x\")))"],
  ["table without outer lines", "a|b\n-|-\nc|d",
    "div(table(thead(tr(th(\"a\") th(\"b\"))) tbody(tr(td(\"c\") td(\"d\")))))"],
  ["a line in a cell", "|a|\n|-|\n|b\\|c|",
    "div(table(thead(tr(th(\"a\"))) tbody(tr(td(\"b|c\")))))"],
  ["no table", "a | b\nc | d", "p(\"a | b\\nc | d\")"],
  ["line endings", "a\r\n\r\nb\rc", "p(\"a\") p(\"b\\nc\")"],
];
for (const [name, text, wanted] of blocks) same(name, rendered(text), wanted);

// MARK: Bounds

const size = 60_000;
for (const piece of [
  "*a ", "a* ", "*a* ", "**a *b ", "[", "![", "[a](", "[a](b", "]", "`", "` `` ", "_a_", "*", "~~a",
  "<", "<a:", "&", "\\", "> ", "- ", "1. ", "|a", "|a|\n|-|\n", "# ", "```\n", "- a\n  ", "[*a](b)",
  "\n> - ", "   ", "\t", "a**b", "=\n", "-\n", "[](", "x\n1. ", "(", "\u0000", "\ud800", "🙂*",
]) {
  const short = elapsed(() => render(piece.repeat(size / piece.length / 4)));
  const long = elapsed(() => render(piece.repeat(size / piece.length)));
  holds(`${JSON.stringify(piece)} takes ${long} ms (a quarter of it ${short} ms)`,
    long < 2500 && long < 250 + 16 * short);
}
function render(text) {
  const holder = document.createElement("div");
  holder.append(renderMarkdown(text));
}
function elapsed(action) {
  const start = performance.now();
  action();
  return Math.round(performance.now() - start);
}
function depth(node) {
  return 1 + Math.max(0, ...[...node.childNodes].map(depth));
}
for (const text of ["> ".repeat(5000), "*a ".repeat(500) + "a* ".repeat(500), "- ".repeat(5000)]) {
  const holder = document.createElement("div");
  holder.append(renderMarkdown(text));
  holds(`nested to ${depth(holder)}`, depth(holder) < 60);
}

// All characters of a plain text survive.
const pieces = [
  ..."ab *_`[]()<>&#-+\n|\\!~", "**", "```\n", "\n- ", "\n> ", "\n1. ", "\n\n", "\n|-|\n", "](", "![", "    ",
  "\n===\n", "\n---\n", "&amp;", "```", " \"", "](a \"b\")", "~~", "\n# ",
];
for (let round = 0; round < 3000; round += 1) {
  const letters = Array.from(
    { length: 1 + Math.floor(Math.random() * 60) },
    () => pieces[Math.floor(Math.random() * pieces.length)]).join("");
  const holder = document.createElement("div");
  holder.append(renderMarkdown(letters));
  const wanted = letters.replaceAll("&amp;", "").replace(/[^ab]/g, "").length;
  // "Image" is what the page adds, and a reference within code stays one.
  const found = holder.textContent.replaceAll("&amp;", "").replaceAll("Image", "")
    .replace(/[^ab]/g, "").length;
  if (wanted !== found) results.failures.push(`letters of ${JSON.stringify(letters)} are lost`);
}
results.passed += 1;
holds("reading gives plain objects", JSON.stringify([parseMarkdown("# a"), parseInline("*a*")]));

// MARK: Differences

function compared(first, second) {
  const sides = [words(first), words(second)].map((side) => side.map(({ text }) => text));
  const result = compareWords(...sides);
  const marked = (side, differs) => side.map((text, at) => (differs[at] ? `[${text}]` : text));
  return [marked(sides[0], result.first).join(" "), marked(sides[1], result.second).join(" ")];
}
same("one word", compared("the quick fox", "the slow fox"),
  ["the [quick] fox", "the [slow] fox"]);
same("added", compared("a b", "a b c"), ["a b", "a b [c]"]);
same("nothing in common", compared("a", "b"), ["[a]", "[b]"]);
same("empty", compared("", "a"), ["", "[a]"]);
same("the same", compared("a, b", "a , b"), ["a , b", "a , b"]);
same("no spaces between words", compared("我喜欢猫", "我喜欢狗"), ["我 喜 欢 [猫]", "我 喜 欢 [狗]"]);
same("islands", compared("p q r s the t u v w", "h i j k the l m n o"),
  ["[p] [q] [r] [s] [the] [t] [u] [v] [w]", "[h] [i] [j] [k] [the] [l] [m] [n] [o]"]);

// A slow, sure count of the longest common part.
function longest(first, second) {
  const row = new Array(second.length + 1).fill(0);
  for (const one of first) {
    let before = 0;
    second.forEach((other, at) => {
      const above = row[at + 1];
      row[at + 1] = one === other ? before + 1 : Math.max(above, row[at]);
      before = above;
    });
  }
  return row[second.length];
}
const random = (length, kinds) => Array.from(
  { length }, () => String.fromCharCode(97 + Math.floor(Math.random() * kinds)));
for (let round = 0; round < 300; round += 1) {
  const first = random(Math.floor(Math.random() * 30), 4);
  const second = random(Math.floor(Math.random() * 30), 4);
  const result = compareWords(first, second);
  const [left, right] = [first.filter((_, at) => !result.first[at]),
    second.filter((_, at) => !result.second[at])];
  const most = longest(first, second);
  if (left.join() !== right.join() || left.length > most || left.length < most - 5) {
    results.failures.push(`${first.join("")} and ${second.join("")} are compared wrongly`);
  }
}
results.passed += 1;
const many = (length, make) => Array.from({ length }, (_, at) => make(at));
for (const [name, first, second] of [
  ["random", many(60_000, () => `w${Math.floor(Math.random() * 5000)}`),
    many(60_000, () => `w${Math.floor(Math.random() * 5000)}`)],
  ["reversed", many(60_000, (at) => `w${at}`), many(60_000, (at) => `w${60_000 - at}`)],
  ["two words", random(60_000, 2), random(60_000, 2)],
]) {
  const time = elapsed(() => compareWords(first, second));
  holds(`${name}: ${time} ms`, time < 3000);
}

const stage = document.getElementById("stage");
const [left, right] = ["a **b c** d", "a **b x** d"].map((text) => {
  const holder = document.createElement("div");
  holder.append(renderMarkdown(text));
  stage.append(holder);
  return holder;
});
same("share in common", markDifferences(left, right), 0.75);
same("marks stay inside formatting", outline(left.firstChild), "p(\"a \" strong(\"b \" mark(\"c\") \"\") \" d\")");
same("text is not changed", right.textContent, "a b x d");

// MARK: Figures and words

// By the formula with z = 1.959963984540054, in double precision.
same("Wilson", wilson(27, 29).map((value) => value.toFixed(4)), ["0.7804", "0.9809"]);
same("Wilson at the end", wilson(0, 10).map((value) => value.toFixed(4)), ["0.0000", "0.2775"]);
same("Wilson of nothing", wilson(0, 0), null);
same("ticks", ticks(32), [0, 10, 20, 30, 40]);
same("ticks of nothing", ticks(0), [0, 1]);
same("small ticks", ticks(3), [0, 1, 2, 3]);
same("durations", [40, 89, 600, 5400 * 2].map(duration), ["40 s", "89 s", "10 min", "3 h 0 min"]);
same("ordinals", [1, 2, 3, 4, 11, 21].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "21st"]);
same("an order", describe({ order: [["B"], ["A", "C"]] }), "B, then A = C");
same("a skip", describe({ skip: { reason: "unclear" } }), "Skipped: the instruction is unclear");
holds("keys are UUIDs of version 4", many(100, newKey).every((key) => (
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(key))));
holds("keys differ", new Set(many(100, newKey)).size === 100);

results.isComplete = true;
