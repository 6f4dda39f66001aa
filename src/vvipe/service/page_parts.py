"""Style and script of the documentation page."""

STYLE = """\
.small { font-size: 0.88rem; color: var(--soft); }
h3 { font-size: 1.15rem; margin: 0; }
h4 { font-size: 0.85rem; color: var(--soft); margin: 1.2rem 0 0.2rem; }
article { margin-top: 2.6rem; scroll-margin-top: 1rem; }
a { color: var(--accent); }
table { width: 100%; min-width: 34rem; table-layout: fixed; }
td { white-space: normal; vertical-align: top; font-size: 0.9rem; }
td:first-child { width: 13rem; }
td:nth-child(2) { width: 14rem; color: var(--soft); }
b { color: var(--accent); margin-left: 0.15rem; }
.verb {
  color: var(--paper); background: var(--accent); border-radius: 5px; padding: 0.1rem 0.5rem;
  font-size: 0.78rem; letter-spacing: 0.04em; vertical-align: 0.1em;
}
details { margin-top: 0.9rem; }
summary { cursor: pointer; color: var(--accent); font-size: 0.92rem; }
textarea, pre, input {
  font: 0.82rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--ink);
  background: var(--tint); border: 1px solid var(--line); border-radius: 8px;
  padding: 0.6rem 0.8rem;
}
textarea, pre { display: block; width: 100%; margin: 0.6rem 0 0; }
pre[hidden] { display: none; }
textarea { resize: vertical; }
pre { max-height: 20rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
button {
  font: inherit; font-size: 0.9rem; border: 0; border-radius: 8px; padding: 0.35rem 1rem;
  cursor: pointer; background: var(--tint); color: var(--ink);
}
button.send { background: var(--accent); color: var(--paper); }
ul { padding-left: 1.2rem; margin: 0.4rem 0; font-size: 0.9rem; }
"""

SCRIPT = """\
const token = () => document.getElementById("token")?.value;
const base = new URL(".", location.href);
const url = trial => new URL(trial.dataset.path.slice(1), base).href;
const area = trial => trial.querySelector("textarea");
const quoted = text => "'" + text.replaceAll("'", "'\\\\''") + "'";
const show = (trial, text) => {
  const out = trial.querySelector("pre");
  out.hidden = false;
  out.textContent = text.length > 20000 ? text.slice(0, 20000) + " …" : text;
};
const compact = text => { try { return JSON.stringify(JSON.parse(text)); } catch { return text; } };
async function send(trial) {
  const headers = {};
  if (area(trial)) headers["Content-Type"] = "application/json";
  if (token()) headers["Authorization"] = "Bearer " + token();
  const began = performance.now();
  try {
    const answer = await fetch(url(trial), {
      method: trial.dataset.method, headers, body: area(trial)?.value,
    });
    const text = await answer.text();
    const took = Math.round(performance.now() - began);
    show(trial, `${answer.status} ${answer.statusText} · ${took} ms\\n${text}`);
  } catch (error) {
    show(trial, String(error));
  }
}
function curl(trial) {
  const parts = ["curl", quoted(url(trial))];
  if (token()) parts.push('-H "Authorization: Bearer $VVIPE_TOKEN"');
  if (area(trial)) {
    parts.push("-H 'Content-Type: application/json'", "-d", quoted(compact(area(trial).value)));
  }
  const command = parts.join(" ");
  navigator.clipboard?.writeText(command).catch(() => {});
  show(trial, command);
}
for (const trial of document.querySelectorAll(".trial")) {
  trial.querySelector(".send").addEventListener("click", () => send(trial));
  trial.querySelector(".copy").addEventListener("click", () => curl(trial));
}
"""
