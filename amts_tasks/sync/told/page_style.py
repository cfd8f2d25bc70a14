"""How the page of texts to review looks: light and dark, wide and narrow, on a screen and on paper."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --panel: #f6f8fa; --line: #d0d7de;
  --link: #0757b8; --gone: #ffd7d5; --new: #c6f0cf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa6b2; --paper: #0f1318; --panel: #181e26;
  --line: #38414c; --link: #7db5ff; --gone: #6b2427; --new: #1d5230; } }
* { box-sizing: border-box; }
body { background: var(--paper); color: var(--ink); margin: 0; font: 16px/1.6 system-ui, "Noto Sans",
  "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif; }
main { margin: 0 auto; max-width: 84rem; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.5rem; margin: .5rem 0 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .3rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0 0 .4rem; } h3 .soft { font-weight: 400; padding-left: .5em; }
p { margin: .3rem 0 .6rem; } a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.soft, .label, .none { color: var(--soft); } .soft { font-size: .9rem; overflow-wrap: anywhere; }
.how { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0;
  padding: .2rem 1.2rem; }
.how h2 { margin-top: .8rem; } nav ol { columns: 24rem; column-gap: 3rem; margin: .3rem 0; }
nav li { break-inside: avoid; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, "Noto Sans Mono", monospace; font-size: .9em; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; }
article { border-top: 2px solid var(--line); margin: 1.1rem 0; padding-top: .7rem; }
.cells { display: grid; gap: .5rem; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.cell { border: 1px solid var(--line); border-radius: 6px; overflow-wrap: anywhere; padding: .35rem .7rem; }
.cell p { margin: 0; } .before { background: var(--panel); } .wide { grid-column: 1 / -1; }
.label { display: block; font-size: .8rem; font-weight: 600; } .id { font-size: .75rem; margin: .3rem 0 0; }
del, ins { border-radius: 3px; } del { background: var(--gone); } ins { background: var(--new); }
@media (max-width: 46rem) { main { padding: .5rem .8rem 3rem; } .cells { grid-template-columns: minmax(0, 1fr); } }
@media print { nav, .how { display: none; } article { break-inside: avoid; } }
"""
"""Nothing in it loads anything: the page's policy would forbid it."""
