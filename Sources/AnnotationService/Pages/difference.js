// Which words of two texts differ.
// Source: E. W. Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1 (1986),
// doi:10.1007/BF01840446; where two parts differ too much for it, they are first split at words
// that occur once in each (the "patience" heuristic). The work is bounded on every input.

const mostEdits = 600;
const mostSteps = 8_000_000;

// Scripts that put no spaces between words are compared character by character.
const word = new RegExp(
  String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]`
  + String.raw`|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])`
  + String.raw`[\p{L}\p{N}\p{M}_’'])+|\S`, "gu");

/** The words and signs of a text: `{text, start, end}`. */
export function words(text) {
  return Array.from(text.matchAll(word), (found) => (
    { text: found[0], start: found.index, end: found.index + found[0].length }));
}

/**
 * Compares two lists of words: for each side an array of 1 (differs) and 0, and `common`, the share
 * of words on both sides that are the same, from 0 to 1.
 */
export function compareWords(first, second) {
  const numbers = new Map();
  const numbered = (texts) => Int32Array.from(texts, (text) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text);
  });
  const comparison = new Comparison(numbered(first), numbered(second));
  comparison.compare(0, first.length, 0, second.length);
  const partners = withoutIslands(comparison.partners, second.length);
  const differs = [new Uint8Array(first.length).fill(1), new Uint8Array(second.length).fill(1)];
  let same = 0;
  partners.forEach((partner, at) => {
    if (partner < 0) return;
    differs[0][at] = 0;
    differs[1][partner] = 0;
    same += 2;
  });
  const total = first.length + second.length;
  return { first: differs[0], second: differs[1], common: total === 0 ? 1 : same / total };
}

class Comparison {
  constructor(first, second) {
    this.first = first;
    this.second = second;
    this.partners = new Int32Array(first.length).fill(-1);
    this.steps = 0;
  }

  compare(from, to, otherFrom, otherTo) {
    // Parts still to do; a list rather than recursion, since a hostile text could nest it deeply.
    const parts = [[from, to, otherFrom, otherTo]];
    while (parts.length > 0) {
      let [start, end, otherStart, otherEnd] = parts.pop();
      while (start < end && otherStart < otherEnd
        && this.first[start] === this.second[otherStart]) {
        this.partners[start] = otherStart;
        start += 1;
        otherStart += 1;
      }
      while (start < end && otherStart < otherEnd
        && this.first[end - 1] === this.second[otherEnd - 1]) {
        end -= 1;
        otherEnd -= 1;
        this.partners[end] = otherEnd;
      }
      if (start === end || otherStart === otherEnd) continue;
      if (this.shortest(start, end, otherStart, otherEnd)) continue;
      parts.push(...this.split(start, end, otherStart, otherEnd));
    }
  }

  // The shortest edit script, when it has few edits and there are steps left; says whether.
  shortest(start, end, otherStart, otherEnd) {
    const length = end - start;
    const otherLength = otherEnd - otherStart;
    const limit = Math.min(mostEdits, length + otherLength);
    const offset = limit + 1;
    const reach = new Int32Array(2 * limit + 3);
    const history = [];
    for (let edits = 0; edits <= limit; edits += 1) {
      if (this.steps > mostSteps) return false;
      history.push(reach.slice(offset - edits - 1, offset + edits + 2));
      for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
        const down = diagonal === -edits
          || (diagonal !== edits && reach[offset + diagonal - 1] < reach[offset + diagonal + 1]);
        let at = down ? reach[offset + diagonal + 1] : reach[offset + diagonal - 1] + 1;
        let otherAt = at - diagonal;
        while (at < length && otherAt < otherLength
          && this.first[start + at] === this.second[otherStart + otherAt]) {
          at += 1;
          otherAt += 1;
          this.steps += 1;
        }
        reach[offset + diagonal] = at;
        this.steps += 1;
        if (at >= length && otherAt >= otherLength) {
          this.follow(history, edits, start, length, otherStart, otherLength);
          return true;
        }
      }
    }
    return false;
  }

  // Walks the script backwards and keeps the words that are the same.
  follow(history, edits, start, length, otherStart, otherLength) {
    let at = length;
    let otherAt = otherLength;
    for (let left = edits; left > 0; left -= 1) {
      // Row `left` as it was before its round; its middle is diagonal 0.
      const reach = history[left];
      const middle = left + 1;
      const diagonal = at - otherAt;
      const down = diagonal === -left
        || (diagonal !== left && reach[middle + diagonal - 1] < reach[middle + diagonal + 1]);
      const before = down ? diagonal + 1 : diagonal - 1;
      const beforeAt = reach[middle + before];
      const afterEdit = down ? beforeAt : beforeAt + 1;
      while (at > afterEdit) {
        at -= 1;
        otherAt -= 1;
        this.partners[start + at] = otherStart + otherAt;
      }
      at = beforeAt;
      otherAt = beforeAt - before;
    }
    while (at > 0 && otherAt > 0) {
      at -= 1;
      otherAt -= 1;
      this.partners[start + at] = otherStart + otherAt;
    }
  }

  // The parts between words that occur exactly once on both sides, in an order that both have.
  split(start, end, otherStart, otherEnd) {
    if (this.steps > mostSteps) return [];
    const places = new Map();
    for (let at = start; at < end; at += 1) {
      const place = places.get(this.first[at]);
      if (place) place.count += 1;
      else places.set(this.first[at], { at, otherAt: -1, count: 1, otherCount: 0 });
    }
    for (let at = otherStart; at < otherEnd; at += 1) {
      const place = places.get(this.second[at]);
      if (!place) continue;
      place.otherCount += 1;
      place.otherAt = at;
    }
    this.steps += end - start + otherEnd - otherStart;
    const unique = [...places.values()]
      .filter((place) => place.count === 1 && place.otherCount === 1);
    const parts = [];
    let before = start;
    let otherBefore = otherStart;
    for (const { at, otherAt } of longestRising(unique)) {
      this.partners[at] = otherAt;
      parts.push([before, at, otherBefore, otherAt]);
      before = at + 1;
      otherBefore = otherAt + 1;
    }
    if (parts.length > 0) parts.push([before, end, otherBefore, otherEnd]);
    return parts;
  }
}

// The longest part of a list, sorted by `at`, in which `otherAt` rises as well.
function longestRising(places) {
  const piles = [];
  for (const place of places) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (piles[middle].otherAt < place.otherAt) low = middle + 1;
      else high = middle;
    }
    place.before = low > 0 ? piles[low - 1] : null;
    piles[low] = place;
  }
  const rising = [];
  for (let place = piles.at(-1); place; place = place.before) rising.push(place);
  return rising.reverse();
}

// One word that happens to be the same in the midst of changes only makes them harder to read.
function withoutIslands(partners, otherLength) {
  const runs = [{ at: 0, other: 0, length: 0 }];
  for (let at = 0; at < partners.length; at += 1) {
    if (partners[at] < 0) continue;
    const last = runs.at(-1);
    const adjoins = last.at + last.length === at && last.other + last.length === partners[at];
    if (adjoins) last.length += 1;
    else runs.push({ at, other: partners[at], length: 1 });
  }
  runs.push({ at: partners.length, other: otherLength, length: 0 });
  const changed = (run, next) =>
    next.at - run.at - run.length + next.other - run.other - run.length;
  const kept = Int32Array.from(partners);
  for (let index = 1; index < runs.length - 1; index += 1) {
    const [before, run, after] = runs.slice(index - 1, index + 2);
    if (run.length === 1 && changed(before, run) >= 4 && changed(run, after) >= 4) {
      kept[run.at] = -1;
    }
  }
  return kept;
}
