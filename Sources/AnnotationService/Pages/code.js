// Colours for code: comments, texts, numbers and the words that most languages reserve. One pass,
// the same rules for every language, so it errs where languages differ and never fails.

import { element } from "./dom.js";

const longestColoured = 8_000;

const hashComments = new Set([
  "python", "py", "bash", "sh", "shell", "zsh", "ruby", "rb", "perl", "r", "yaml", "yml", "toml",
  "make", "makefile", "dockerfile", "elixir", "julia", "powershell", "nim",
]);
const dashComments = new Set(["sql", "lua", "haskell", "hs", "ada", "elm"]);
const uncoloured = new Set(["text", "txt", "plain", "markdown", "md", "output", "console", "csv"]);

const reserved = new Set(`
  abstract and as assert async await begin break case catch class const continue def default
  defer del delete do elif else elsif end enum except export extends extension extern false False
  final finally fn for foreach from func function global go guard if implements import in include
  init instanceof interface internal is lambda let local loop match mod module mut namespace new
  nil none None nonlocal not null NULL of operator or override package pass private protected
  protocol public raise return self Self static struct super switch template then this throw throws
  trait true True try type typedef typeof undefined union unless until unsafe use using val var
  virtual void when where while with yield
  int float double bool boolean char string String long short unsigned size_t str list dict
  SELECT FROM WHERE INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE ALTER DROP JOIN LEFT RIGHT
  INNER OUTER ON GROUP ORDER BY HAVING LIMIT AND OR NOT AS DISTINCT UNION PRIMARY KEY
`.trim().split(/\s+/));

const string = String.raw`"(?:[^"\\\n]|\\.){0,300}"|'(?:[^'\\\n]|\\.){0,300}'`;
const rest = String.raw`|(\b\d[\w.]*)|([A-Za-z_]\w*)|(${string})`;
const patterns = {
  hash: new RegExp(`(#[^\\n]*)${rest}`, "g"),
  dash: new RegExp(`(--[^\\n]*)${rest}`, "g"),
  slash: new RegExp(`(//[^\\n]*|/\\*[^*]*\\*+(?:[^/*][^*]*\\*+)*/)${rest}`, "g"),
};

/** The text of a code block as nodes; `language` is what stands beside its fence. */
export function codeNodes(text, language) {
  const name = language.split(/[\s{:,]/, 1)[0].toLowerCase();
  if (text.length > longestColoured || name === "" || uncoloured.has(name)) return [text];
  const style = hashComments.has(name) ? "hash" : dashComments.has(name) ? "dash" : "slash";
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(patterns[style])) {
    const [all, comment, number, word, quoted] = found;
    const kind = comment ? "comment" : number ? "number" : quoted ? "string"
      : reserved.has(word) ? "reserved" : null;
    if (!kind) continue;
    nodes.push(text.slice(end, found.index), element("span", { class: `code-${kind}` }, all));
    end = found.index + all.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}
