"""The style sheet of the HTML report: light and dark, wide and narrow."""

# In the dark, drawn figures are inverted and their hues turned back: white (255) becomes the
# background's 20, left stays blue and right stays orange.
CSS = """\
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2330; --soft: #667085; --line: #e4e8ee; --tint: #f4f6f9;
  --accent: #2176c7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141414; --ink: #eceff4; --soft: #a0a8b6; --line: #2c3038; --tint: #1d2025;
    --accent: #6db3f5;
  }
  img.drawn { filter: invert(0.92) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 68rem; margin: 0 auto; padding: 4.5rem 1.5rem 6rem; }
h1 { font-size: clamp(1.9rem, 5vw, 2.9rem); line-height: 1.12; letter-spacing: -0.02em; margin: 0; }
h2 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0 0 0.6rem; }
p { max-width: 42rem; margin: 0.7rem 0; }
header p { font-size: 1.15rem; color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: 0.4rem 0.5rem; margin-top: 1.6rem; }
nav a {
  color: var(--ink); background: var(--tint); border-radius: 999px; padding: 0.2rem 0.85rem;
  font-size: 0.88rem; text-decoration: none;
}
nav a:hover, nav a:focus-visible { color: var(--accent); }
section { margin-top: 3.5rem; padding-top: 2.6rem; border-top: 1px solid var(--line); }
figure { margin: 1.8rem 0 0; }
img { display: block; max-width: 100%; height: auto; margin: 0 auto; border-radius: 8px; }
figcaption { max-width: 42rem; margin: 0.7rem 0 0; color: var(--soft); font-size: 0.9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.95rem; min-width: min(100%, 30rem); }
th, td { padding: 0.5rem 1.4rem 0.5rem 0; text-align: left; white-space: nowrap; }
th { color: var(--soft); font-weight: 600; font-size: 0.85rem; }
th { border-bottom: 2px solid var(--line); }
td { border-bottom: 1px solid var(--line); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.best td { font-weight: 700; }
code {
  font: 0.88em ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  background: var(--tint); border-radius: 5px; padding: 0.12em 0.38em;
}
@media (max-width: 40rem) {
  main { padding: 2.5rem 1.1rem 4rem; }
  body { font-size: 16px; }
}
@media print {
  main { padding: 0; }
  nav { display: none; }
  figure { break-inside: avoid; }
}
"""
