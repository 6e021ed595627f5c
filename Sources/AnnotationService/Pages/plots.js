// Plots as SVG, drawn at the width they get. Each has a description in words and its data as a
// table, so that nothing is told by the picture alone.

import { drawing, element, freshId, replaceContent } from "./dom.js";

/**
 * A figure: `draw(width)` gives the SVG's `{height, nodes}`; `table` is `{head, rows}`.
 *
 * It is drawn again when its width changes.
 */
function figure({ title, summary, draw, table, key }) {
  const id = freshId("plot");
  const stage = element("div", { class: "plot-stage" });
  const node = element("figure", { class: "plot" },
    element("figcaption", { id }, title), stage, dataTable(title, table, key));
  let drawn = 0;
  const redraw = (width) => {
    if (width < 40 || Math.abs(width - drawn) < 1) return;
    drawn = width;
    const { height, nodes } = draw(width);
    replaceContent(stage, drawing("svg", {
      role: "img", "aria-label": `${title}. ${summary}`, viewBox: `0 0 ${width} ${height}`,
      width, height,
    }, nodes));
  };
  new ResizeObserver(([entry]) => redraw(Math.floor(entry.contentRect.width))).observe(stage);
  return node;
}

function dataTable(title, { head, rows }, key) {
  return element("details", { class: "plot-data", data: { key: key ?? title } },
    element("summary", {}, "Data as a table"),
    element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Data: ${title}` },
      element("table", {},
        element("caption", { class: "visually-hidden" }, title),
        element("thead", {}, element("tr", {},
          head.map((name) => element("th", { scope: "col" }, name)))),
        element("tbody", {}, rows.map(([first, ...cells]) => element("tr", {},
          element("th", { scope: "row" }, first),
          cells.map((cell) => element("td", {}, cell))))))));
}

const text = (x, y, content, properties = {}) => drawing("text", { x, y, ...properties }, content);
const line = (x1, y1, x2, y2, kind) => drawing("line", { x1, y1, x2, y2, class: kind });

/** Steps of 1, 2 or 5 times a power of ten, at most `most` of them, from 0 to at least `top`. */
export function ticks(top, most = 4) {
  if (!(top > 0)) return [0, 1];
  let step = 10 ** Math.floor(Math.log10(top / most));
  for (const factor of [1, 2, 5, 10]) {
    if (top / (step * factor) <= most) {
      step *= factor;
      break;
    }
  }
  step = Math.max(1, step);
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, index) => index * step);
}

/** Counts over time as columns: `columns` are `{label, value, short}`, `short` where labelled. */
export function columnPlot({ title, summary, columns, heading, key }) {
  const draw = (width) => {
    const [left, right, top, bottom] = [40, 8, 10, 26];
    const height = 170;
    const marks = ticks(Math.max(0, ...columns.map(({ value }) => value)));
    const highest = marks.at(-1);
    const y = (value) => top + (height - top - bottom) * (1 - value / highest);
    const slot = (width - left - right) / Math.max(1, columns.length);
    const grid = marks.flatMap((mark) => [
      line(left, y(mark), width - right, y(mark), "grid"),
      text(left - 6, y(mark) + 4, String(mark), { class: "tick end" }),
    ]);
    const every = Math.max(1, Math.ceil(46 / slot));
    const bars = columns.flatMap(({ label, value, short }, at) => [
      drawing("rect", {
        class: "column", x: left + at * slot + slot * 0.12, width: slot * 0.76, y: y(value),
        height: Math.max(0, y(0) - y(value)), rx: Math.min(2, slot * 0.2),
      }, drawing("title", {}, `${label}: ${value}`)),
      (columns.length - 1 - at) % every === 0
        ? text(left + (at + 0.5) * slot, height - 8, short, { class: "tick middle" }) : null,
    ]);
    return { height, nodes: [grid, bars] };
  };
  const table = { head: heading, rows: columns.map(({ label, value }) => [label, String(value)]) };
  return figure({ title, summary, draw, table, key });
}

/** Values with their intervals, one row each: `rows` are `{label, value, low, high, shown}`. */
export function intervalPlot({ title, summary, rows, heading, format, key }) {
  const lowest = Math.min(0, ...rows.map(({ low, value }) => low ?? value ?? 0));
  const start = Math.floor(lowest * 5) / 5;
  const draw = (width) => {
    const narrow = width < 480;
    const [left, right, row, top] = [narrow ? 12 : 180, narrow ? 12 : 165, narrow ? 50 : 38, 8];
    const height = top + rows.length * row + 26;
    const x = (value) => left + (width - left - right) * ((value - start) / (1 - start));
    const marks = [];
    for (let mark = start; mark <= 1.001; mark += 0.2) marks.push(Math.round(mark * 10) / 10);
    const grid = marks.flatMap((mark) => [
      line(x(mark), top, x(mark), height - 24, mark === 0 ? "axis" : "grid"),
      text(x(mark), height - 8, format(mark, true), { class: "tick middle" }),
    ]);
    const points = rows.map(({ label, value, low, high }, at) => {
      const y = top + at * row + (narrow ? row - 14 : row / 2);
      const words = value === null ? "–" : low === null || low === undefined
        ? format(value) : `${format(value)} [${format(low)}, ${format(high)}]`;
      return [
        text(narrow ? 12 : left - 12, narrow ? y - 16 : y + 5, label, {
          class: narrow ? "label halo" : "label end",
        }),
        text(width - (narrow ? 12 : 0), narrow ? y - 16 : y + 5, words, {
          class: "value end halo",
        }),
        value !== null && low !== null && low !== undefined
          ? [line(x(low), y, x(high), y, "whisker"),
            line(x(low), y - 6, x(low), y + 6, "whisker"),
            line(x(high), y - 6, x(high), y + 6, "whisker")] : null,
        value === null ? null : drawing("circle", { cx: x(value), cy: y, r: 5, class: "point" }),
      ];
    });
    return { height, nodes: [grid, points] };
  };
  const table = {
    head: heading,
    rows: rows.map(({ label, value, low, high }) => [
      label, format(value), format(low ?? null), format(high ?? null),
    ]),
  };
  return figure({ title, summary, draw, table, key });
}

/** Points with names: `points` are `{label, x, y}`; `x` from 0 up, `y` a share from 0 to 1. */
export function scatterPlot({ title, summary, points, axes, formatX, formatY, key }) {
  const draw = (width) => {
    const [left, right, top, bottom] = [52, 16, 12, 44];
    const height = 270;
    const marks = ticks(Math.max(1, ...points.map((point) => point.x)) * 1.05, width < 480 ? 4 : 7);
    const x = (value) => left + (width - left - right) * (value / marks.at(-1));
    const lowest = Math.min(0.8, ...points.map((point) => point.y));
    const start = Math.max(0, Math.floor(lowest * 5 - 0.25) / 5);
    const y = (value) => top + (height - top - bottom) * (1 - (value - start) / (1 - start));
    const shares = [];
    for (let mark = start; mark <= 1.001; mark += 0.2) shares.push(Math.round(mark * 10) / 10);
    const grid = [
      shares.flatMap((mark) => [
        line(left, y(mark), width - right, y(mark), "grid"),
        text(left - 8, y(mark) + 4, formatY(mark), { class: "tick end" }),
      ]),
      marks.map((mark) => text(x(mark), height - 26, formatX(mark), { class: "tick middle" })),
      text((left + width - right) / 2, height - 6, axes[0], { class: "tick middle" }),
    ];
    const dots = points.map((point) => {
      const atEnd = x(point.x) > width - 110;
      return [
        drawing("circle", { cx: x(point.x), cy: y(point.y), r: 6, class: "point" },
          drawing("title", {}, `${point.label}: ${formatX(point.x)}, ${formatY(point.y)}`)),
        text(x(point.x) + (atEnd ? -11 : 11), y(point.y) + 4, point.label, {
          class: atEnd ? "label end halo" : "label halo",
        }),
      ];
    });
    return { height, nodes: [grid, dots] };
  };
  const table = {
    head: ["Name", ...axes],
    rows: points.map((point) => [point.label, formatX(point.x), formatY(point.y)]),
  };
  return figure({ title, summary, draw, table, key });
}

/** A table whose cells are shaded by value; the value stands in each cell. */
export function heatTable({ caption, corner, rows, columns, cells, className = "" }) {
  const table = element("div", {
    class: "scroll", tabindex: 0, role: "group", "aria-label": caption,
  },
    element("table", { class: `heat ${className}` },
      element("caption", { class: "visually-hidden" }, caption),
      element("thead", {}, element("tr", {},
        element("td", { class: "corner" }, corner),
        columns.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, rows.map((name, row) => element("tr", {},
        element("th", { scope: "row" }, name),
        columns.map((_, column) => heatCell(cells[row][column])))))));
  return element("div", { class: "heat-block" },
    element("p", { class: "hint", "aria-hidden": "true" }, caption), table);
}

function heatCell(cell) {
  if (!cell) return element("td", { class: "none" });
  const node = element("td", { title: cell.title }, element("span", { class: "main" }, cell.text),
    cell.note ? element("span", { class: "cell-note" }, cell.note) : null);
  // Five shades, so that text keeps its contrast on each.
  node.dataset.shade = String(Math.max(0, Math.min(5, Math.round((cell.share ?? 0) * 5))));
  return node;
}

/** A share with its interval as a small picture in a table; its words stand beside it. */
export function shareBar(share, interval, middle = null) {
  const x = (value) => 5 + 70 * value;
  return drawing("svg", { class: "share", width: 80, height: 14, "aria-hidden": "true" },
    drawing("rect", { x: 5, y: 5, width: 70, height: 4, rx: 2, class: "track" }),
    middle === null ? null : line(x(middle), 1, x(middle), 13, "axis"),
    interval ? line(x(interval[0]), 7, x(interval[1]), 7, "whisker") : null,
    drawing("circle", { cx: x(share), cy: 7, r: 4, class: "point" }));
}

/**
 * The 95 % interval of a share.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * Journal of the American Statistical Association 22 (1927), doi:10.1080/01621459.1927.10502953.
 */
export function wilson(part, total) {
  if (total === 0) return null;
  const z = 1.959964;
  const share = part / total;
  const middle = share + z * z / (2 * total);
  const reach = z * Math.sqrt(share * (1 - share) / total + z * z / (4 * total * total));
  const scale = 1 + z * z / total;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}
