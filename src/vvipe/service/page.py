"""The documentation as one page that asks nobody else for anything.

FastAPI's own pages load their scripts from a network that a service beside a motion-capture stage
often has not; their assets would be two megabytes of somebody else's code.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from vvipe.service.page_parts import SCRIPT, STYLE
from vvipe.view.report_style import CSS

Schema = Mapping[str, Any]
_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": "; ".join((
        "default-src 'none'", "style-src 'unsafe-inline'", f"script-src 'sha256-{_HASH}'",
        "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    )),
    "Cache-Control": "no-cache",
}  # fmt: skip


def page(openapi: Schema) -> str:
    """The page of an OpenAPI description."""
    schemas: Schema = openapi.get("components", {}).get("schemas", {})
    operations = [
        (path, method, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    ]
    groups = dict.fromkeys(operation["tags"][0] for _, _, operation in operations)
    linked = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schemas)))
    shared = {name: schema for name, schema in schemas.items() if name in linked}
    links = "".join(f'<a href="#{_anchor(m, p)}">{_text(p)}</a>' for p, m, _ in operations)
    body = "".join(
        f'<section id="{group}"><h2>{group.capitalize()}</h2>'
        + "".join(_operation(p, m, o, schemas) for p, m, o in operations if o["tags"][0] == group)
        + "</section>"
        for group in groups
    )
    about = openapi["info"]
    secured = "securitySchemes" in openapi.get("components", {})
    token = '<p><label>Token <input id="token" type="password" autocomplete="off"></label></p>'
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(about["title"])} service</title><style>{CSS}{STYLE}</style></head>
<body><main><header><h1>{_text(about["title"])} service</h1><p>{_prose(about["description"])}</p>
<p class="small">Version {_text(about["version"])} · <a href="openapi.json">openapi.json</a> ·
<b>*</b> must be sent, or is always there</p>
{token if secured else ""}<nav>{links}</nav></header>{body}
<section id="objects"><h2>Objects</h2>{"".join(_object(n, s) for n, s in shared.items())}</section>
</main><script>{SCRIPT}</script></body></html>"""


def _operation(path: str, method: str, operation: Schema, schemas: Schema) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    answer = operation["responses"]["200"].get("content", {}).get("application/json", {})
    asked = _named(content.get("application/json", {}).get("schema", {}), schemas)
    given = _named(answer.get("schema", {}), schemas)
    parameters = operation.get("parameters", [])
    rows = [_row(p["name"], p["schema"], p["required"]) for p in parameters]
    parts = [_table("Parameters", rows)] if rows else []
    if asked:
        parts += [_table("Send", _rows(asked)), _trial(method, path, asked)]
    elif content:
        parts.append(f"<p>Send the file itself, <code>{_text(next(iter(content)))}</code>.</p>")
    elif not rows:
        parts.append(_trial(method, path, {}))
    parts.append(_table("Receive", _rows(given)))
    parts.append(_statuses(operation["responses"]))
    return (
        f'<article id="{_anchor(method, path)}"><h3><span class="verb">{method.upper()}</span> '
        f"<code>{_text(path)}</code></h3><p><strong>{_text(operation['summary'])}.</strong> "
        f"{_prose(operation.get('description', ''))}</p>{''.join(parts)}</article>"
    )


def _trial(method: str, path: str, asked: Schema) -> str:
    """A request that can be changed and sent from the page, and as a command."""
    examples = asked.get("examples", [{}])
    body = _short(examples[0]) if asked else ""
    area = f'<textarea spellcheck="false" rows="10" aria-label="Body">{_text(body)}</textarea>'
    data = f' data-path="{_text(path)}" data-method="{method.upper()}"'
    return (
        f'<details{data} class="trial"><summary>Try it</summary>{area if asked else ""}'
        '<p><button type="button" class="send">Send</button> '
        '<button type="button" class="copy">Copy as curl</button></p>'
        '<pre aria-live="polite" hidden></pre></details>'
    )


def _statuses(responses: Schema) -> str:
    lines = "".join(
        f"<li><code>{status}</code> {_text(response['description'])}</li>"
        for status, response in responses.items()
        if status != "200"
    )
    return f"<details><summary>Refusals</summary><ul>{lines}</ul></details>" if lines else ""


def _object(name: str, schema: Schema) -> str:
    about = _prose(schema.get("description", ""))
    return (
        f'<article id="{name}"><h3>{name}</h3><p>{about}</p>{_table("", _rows(schema))}</article>'
    )


def _rows(schema: Schema) -> list[str]:
    needed = schema.get("required", ())
    fields = schema.get("properties", {})
    return [_row(name, field, name in needed) for name, field in fields.items()]


def _row(name: str, field: Schema, needed: bool) -> str:
    default = field.get("default")
    about = _prose(field.get("description", ""))
    if default not in (None, "", []) and not isinstance(default, dict):
        about += f" <span class='small'>Default {_text(json.dumps(default))}.</span>"
    mark = "<b>*</b>" if needed else ""
    null = " or null" if needed and {"type": "null"} in field.get("anyOf", ()) else ""
    cells = (f"<code>{_text(name)}</code>{mark}", _typed(field) + null, about)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _table(title: str, rows: Iterable[str]) -> str:
    content = "".join(rows)
    head = f"<h4>{title}</h4>" if title else ""
    return f'{head}<div class="scroll"><table>{content}</table></div>' if content else ""


def _typed(field: Schema) -> str:
    """A type in words; names of objects lead to them."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if "enum" in field:
        return " | ".join(_text(str(x)) for x in field["enum"])
    if either := field.get("anyOf", field.get("allOf")):  # pydantic before 2.9 says allOf of one
        kinds = [_typed(x) for x in either if x.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if field.get("type") == "array":
        return f"{_typed(field.get('items', {}))}[]"
    return _text(field.get("type", "anything"))


def _named(schema: Schema, schemas: Schema) -> Schema:
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _short(value: Any, indent: str = "") -> str:
    """JSON with a line a field."""
    if not isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    deeper = indent + "  "
    lines = [f"{deeper}{json.dumps(k)}: {_short(v, deeper)}" for k, v in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _anchor(method: str, path: str) -> str:
    return f"{method}{re.sub('[^a-z]+', '-', path)}"


def _prose(text: str) -> str:
    plain = " ".join(text.split())
    return re.sub(r"`(.+?)`", r"<code>\1</code>", _text(plain))


def _text(value: str) -> str:
    return html.escape(value)
