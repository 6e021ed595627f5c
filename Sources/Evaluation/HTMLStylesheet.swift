/// The style of the page: light and dark, narrow and wide, on screen and on paper.
enum HTMLStylesheet {
  /// The number of colours for models; the ninth and later repeat with other neighbours.
  static let paletteSize = 10

  // The palette is Paul Tol's "muted" scheme, told apart by people with every kind of colour
  // vision; its darkest two are lightened on dark ground.
  static let text = """
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --raised: #f6f7f9; --ink: #1b1f24; --soft: #59636e; --line: #d5dae0;
      --accent: #2458a6; --band: #eef2f8; --bar: #4477aa;
      --c0: #88ccee; --c1: #cc6677; --c2: #ddcc77; --c3: #117733; --c4: #332288;
      --c5: #aa4499; --c6: #44aa99; --c7: #999933; --c8: #882255; --c9: #bbbbbb;
      --heat-low: 33, 102, 172; --heat-high: 217, 95, 2;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14171b; --raised: #1d2127; --ink: #e8ebee; --soft: #a3adb8; --line: #373e47;
        --accent: #8ab4f0; --band: #222a35; --bar: #77aadd;
        --c3: #3aa05a; --c4: #7b6fd0; --c8: #c05a8c;
        --heat-low: 92, 158, 222; --heat-high: 235, 130, 50;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
    }
    main { max-width: 1120px; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; }
    h3 { font-size: 1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
    p.caption { color: var(--soft); font-size: .86rem; margin: .5rem 0 0; max-width: 75ch; }
    .facts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; padding: 0; }
    .facts div { background: var(--raised); border: 1px solid var(--line); border-radius: 8px;
      padding: .6rem .9rem; min-width: 7.5rem; }
    .facts dt { color: var(--soft); font-size: .8rem; }
    .facts dd { margin: 0; font-size: 1.3rem; font-weight: 650; overflow-wrap: anywhere;
      font-variant-numeric: tabular-nums; }
    .scroll { overflow-x: auto; position: relative; }
    .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
    .scroll > table { min-width: 100%; }
    th, td { padding: .34rem .6rem; text-align: right; white-space: nowrap; }
    th { font-weight: 600; }
    thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; white-space: normal;
      overflow-wrap: break-word; max-width: 11rem; }
    tbody tr + tr > * { border-top: 1px solid var(--line); }
    thead th.short { white-space: nowrap; }
    th.text, td.text { text-align: left; }
    tbody th { font-weight: 500; }
    tbody th[scope=row] { position: sticky; left: 0; background: var(--ground); max-width: 17rem;
      overflow: hidden; text-overflow: ellipsis; }
    th[scope=rowgroup] { text-align: left; background: var(--band); color: var(--soft);
      font-size: .8rem; font-weight: 600; }
    td strong { font-weight: 750; color: var(--accent); }
    .first { display: grid; grid-template-columns: minmax(240px, 340px) minmax(0, 1fr); gap: 2rem;
      align-items: center; }
    .first svg { width: 100%; height: auto; }
    .bars { width: 100%; }
    .bars td.bar { width: 60%; padding-right: 0; }
    .bars tr > * { border: 0 !important; padding-top: .2rem; padding-bottom: .2rem; }
    .bars tbody th[scope=row] { max-width: 15rem; }
    .track { display: block; height: .8rem; border-radius: 3px; }
    .swatch { display: inline-block; width: 1.5em; text-align: right; color: var(--soft);
      margin-right: .4em; font-size: .85em; }
    .dot { display: inline-block; width: .75em; height: .75em; border-radius: 2px;
      margin-right: .5em; }
    .choices { width: 100%; }
    .choices tr > * { border: 0 !important; }
    .choices td.wide { width: 70%; }
    .divided { display: flex; height: 1.35rem; border-radius: 3px; overflow: hidden; }
    .part { border-right: 1px solid var(--ground); overflow: hidden; text-align: center;
      font-size: .75rem; font-weight: 650; line-height: 1.35rem; color: #000;
      text-shadow: 0 0 3px #fff, 0 0 3px #fff; }
    .legend { white-space: nowrap; margin-right: .9em; }
    .slice { stroke: var(--ground); stroke-width: 1.5; }
    .slice-label { font-size: 12px; font-weight: 650; text-anchor: middle; fill: var(--ink);
      stroke: var(--ground); stroke-width: 3.5; stroke-linejoin: round; paint-order: stroke; }
    .centre { font-size: 22px; font-weight: 700; text-anchor: middle; fill: var(--ink); }
    .centre-note { font-size: 11px; text-anchor: middle; fill: var(--soft); }
    .heat td { text-align: center; padding: .34rem .45rem; min-width: 3.1rem;
      border: 1px solid var(--ground) !important; }
    .heat thead th { border: 0; vertical-align: bottom; text-align: center; padding: .3rem .2rem;
      font-weight: 500; }
    .heat thead th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 11rem;
      white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
    .heat thead th.text { text-align: left; }
    .heat td.self { background: var(--raised); }
    .key { display: inline-block; width: 8rem; height: .7rem; border-radius: 3px; margin: 0 .5rem;
      background: linear-gradient(90deg, rgba(var(--heat-low), .8), transparent,
        rgba(var(--heat-high), .8)); border: 1px solid var(--line); }
    .metrics { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr));
      gap: 1.25rem; }
    .card { background: var(--raised); border: 1px solid var(--line); border-radius: 8px;
      padding: .9rem 1rem; min-width: 0; }
    .card table { width: 100%; font-size: .82rem; table-layout: fixed; }
    .card tr > * { border: 0 !important; padding: .1rem .3rem; }
    .card th { text-align: left; overflow: hidden; text-overflow: ellipsis; }
    col.name { width: 42%; } col.short { width: 3.9rem; } col.long { width: 7.9rem; }
    .card tbody th[scope=row] { background: var(--raised); position: static; }
    .card td.plot svg { display: block; width: 100%; height: 24px; }
    .axis { display: flex; justify-content: space-between; color: var(--soft); font-size: .78rem; }
    .area { fill: var(--bar); opacity: .55; }
    .box { stroke: var(--ink); stroke-width: 3; vector-effect: non-scaling-stroke; }
    .median { stroke: var(--ink); stroke-width: 2; vector-effect: non-scaling-stroke; }
    .middle { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3;
      vector-effect: non-scaling-stroke; }
    .interval { stroke: var(--bar); stroke-width: 4; vector-effect: non-scaling-stroke; }
    td.wide { min-width: 11rem; }
    td.wide svg { display: block; width: 100%; height: 16px; }
    .meter { position: relative; display: block; height: .7rem; border-radius: 3px;
      background: var(--band); border: 1px solid var(--line); overflow: hidden; }
    .meter > span { position: absolute; inset: 0 auto 0 0; background: var(--bar); }
    .meter > i { position: absolute; top: 0; bottom: 0; left: 50%; border-left: 2px solid var(--ink); }
    .card.judge th { white-space: normal; font-weight: 500; }
    .card.judge col.name { width: 38%; }
    .soft { color: var(--soft); }
    details { margin-top: .75rem; }
    summary { cursor: pointer; color: var(--accent); }
    ul.notes { padding-left: 1.1rem; max-width: 85ch; }
    ul.notes li { margin: .3rem 0; overflow-wrap: anywhere; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }
    @media (max-width: 640px) {
      main { padding: 1.25rem .8rem 2rem; }
      h1 { font-size: 1.5rem; }
      .first { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
      .first svg { max-width: 300px; margin: 0 auto; display: block; }
      tbody th[scope=row] { max-width: 10rem; min-width: 7.5rem; white-space: normal;
        overflow-wrap: break-word; }
      .bars td.bar { width: 38%; }
      .bars tbody th[scope=row] { max-width: 12rem; padding-left: 3.3em; text-indent: -2.9em; }
      .swatch, .dot { text-indent: 0; }
      .facts div { min-width: 0; flex: 1 1 40%; }
      .metrics { grid-template-columns: minmax(0, 1fr); }
      th, td { padding: .3rem .42rem; }
    }
    @media print {
      :root { color-scheme: light; --ground: #fff; --raised: #fff; --ink: #000; --soft: #444;
        --line: #bbb; --accent: #000; --band: #eee; --bar: #4477aa; --c3: #117733; --c4: #332288;
        --c8: #882255; --heat-low: 33, 102, 172; --heat-high: 217, 95, 2; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      body { font-size: 9.5pt; }
      main { max-width: none; padding: 0; }
      section, .card, tr, figure { break-inside: avoid; }
      h2 { break-after: avoid; }
      .scroll { overflow: visible; }
      tbody th[scope=row] { position: static; }
      th, td { padding: .2rem .35rem; white-space: normal; }
    }
    """
}
