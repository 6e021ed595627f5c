// Words for verdicts, times and numbers, the same wherever they are shown.

/** The four verdicts on a pair, in the order of their keys. */
export const verdicts = [
  { value: "A is better", label: "A is better", command: "first" },
  { value: "B is better", label: "B is better", command: "second" },
  { value: "Same good", label: "Both good", command: "third" },
  { value: "Same bad", label: "Both bad", command: "fourth" },
];

export const skipReasons = [
  ["unclear", "The instruction is unclear"],
  ["offensive", "Offensive or disturbing"],
  ["too_long", "Too long to judge"],
  ["not_my_language", "Not a language I read well"],
  ["other", "Another reason"],
];

/** What is said when there is no task, by the reason. */
export const pauses = {
  finished: ["All done. Thank you!", "There is nothing left to judge in this queue."],
  quota_reached: ["Your share is done. Thank you!", "You have judged as many as were planned."],
  waiting: ["Nothing to judge at the moment", "Others are working on what is left. The page asks "
    + "again by itself."],
  paused: ["This queue is paused", "Whoever runs it has paused it. The page asks again by itself."],
  not_qualified: ["Thank you for taking part", "The qualification round was not passed, so this "
    + "queue has no tasks for you."],
};

/** A vote, or what was expected of one, in words. */
export function describe(vote) {
  if (typeof vote === "string") {
    return verdicts.find(({ value }) => value === vote)?.label ?? vote;
  }
  if (!vote) return "";
  if (vote.verdict) return describe(vote.verdict);
  const reason = vote.skip?.reason ?? vote.skip ?? vote.skip_reason;
  if (reason) {
    return `Skipped: ${skipReasons.find(([name]) => name === reason)?.[1].toLowerCase() ?? reason}`;
  }
  if (vote.order) return vote.order.map((tier) => tier.join(" = ")).join(", then ");
  if (vote.ratings) {
    return Object.entries(vote.ratings)
      .map(([label, scores]) => `${label}: ${Object.values(scores).join(", ")}`).join(" · ");
  }
  return "";
}

/** "1 vote", "2 votes". */
export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

const whole = new Intl.NumberFormat("en");

export function number(value) {
  return whole.format(value);
}

/** A share as per cent, a dash where there is none. */
export function percent(value, digits = 0) {
  return value === null || value === undefined || Number.isNaN(value)
    ? "–" : `${(100 * value).toFixed(digits)} %`;
}

/** A coefficient with two decimals and a true minus sign. */
export function coefficient(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return value.toFixed(2).replace("-", "−");
}

/** A length of time for people: "40 s", "12 min", "3 h 20 min". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 60 / 24)} days`;
}

const shortTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const exactTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A moment in the reader's time zone, a dash where there is none. */
export function moment(time, format = shortTime) {
  const date = new Date(time);
  return !time || Number.isNaN(date.getTime()) ? "–" : format.format(date);
}

/** A moment to the second. */
export function exactMoment(time) {
  return moment(time, exactTime);
}

/** "1st", "2nd", … */
export function ordinal(value) {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(value);
  return `${value}${{ one: "st", two: "nd", few: "rd", other: "th" }[rule]}`;
}
