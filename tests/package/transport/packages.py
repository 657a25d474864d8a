"""Packages for a vendor that does not exist: the templates, rendered, with translators written by hand."""

import importlib
import itertools
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from providergen.check import Checked
from providergen.diagnostics import Findings
from providergen.mapping import load_mapping
from providergen.plan.provider import KnownModel, ModelsPlan, ProviderPlan, plan_provider
from providergen.render.engine import engine

TEMPLATES = Path(__file__).parents[3] / "template" / "package"
TRANSLATORS = Path(__file__).parent / "translators"

MAPPING = """
vendor:
  id: acme
  name: Acme
  base_url: https://api.acme.example
  auth: {bearer: [ACME_API_KEY, ACME_KEY]}
chat: {operation: POST /v1/chat, headers: {acme-version: "7"}}
defaults: {max_output_tokens: 1000}
request:
  model: $model
  messages: [$message, ...]
  tools: [$tool, ...]
  max_tokens: $max_output_tokens
  temperature: $temperature
  effort: $reasoning_effort
message:
  developer: {role: user, content: $text}
  system: {role: system, content: $text}
  user: {role: user, content: $text}
  assistant: {role: assistant, content: $text}
  tool: {role: tool, content: $text}
tool: {name: $name, parameters: $parameters}
response: {text: $text, finish: $finish_reason, usage: $usage}
usage: {in: $input_tokens, out: $output_tokens, cached: $cache_read_tokens}
error: {error: {message: $error, type: $error_type, code: $error_code}}
error_code: {context_length: context_length_exceeded, quota_exceeded: no_funds, not_found: ["/no such (model|engine)/"]}
error_type: {rate_limit: slow_down, provider_unavailable: overloaded_error, invalid_request: invalid_request_error}
error_status: {provider_unavailable: 498}
stream:
  framing: sse
  done: "[DONE]"
  request: {stream: true}
  events:
    chunk: {text: $text+, finish: $finish_reason, usage: $usage}
models: {operation: GET /v1/models, response: {data: [{id: $id}, ...]}}
"""

CATALOG = (
    KnownModel(
        "acme-1",
        "https://acme.example/models",
        "Acme One",
        200_000,
        8_000,
        ("tools", "streaming", "thinking"),
        (("input", Decimal(3)), ("output", Decimal(15)), ("cache_read", Decimal("0.3"))),
    ),
    KnownModel("acme-*", "https://acme.example/models", None, 100_000, 4_000, ("tools", "streaming"), ()),
)
MODELS = ModelsPlan("/v1/models", (("limit", "2"),), (("acme-version", "7"),), "after", (), ("*-embed",))


def plan(folder: Path, mapping: str = MAPPING, **changes: Any) -> ProviderPlan:
    """Return the plan of a mapping, with a catalog and a list of models beside it unless `changes` say otherwise."""
    path = folder / "mapping.yaml"
    path.write_text(mapping)
    findings = Findings()
    loaded = load_mapping(path, findings)
    assert loaded is not None, findings.found
    return replace(plan_provider(loaded, Checked(), None), **{"catalog": CATALOG, "models": MODELS, **changes})


def write(planned: ProviderPlan, folder: Path, hooks: str | None = None) -> Path:
    """Write the package into a folder and return its path."""
    target = folder / planned.package
    target.mkdir(parents=True)
    environment = engine(TEMPLATES)
    absent = {"catalog.py": not planned.catalog, "hooks.py": not planned.hooks}
    for name in ("__init__.py", "provider.py", "config.py", "errors.py", "catalog.py", "models.py", "hooks.py"):
        if not absent.get(name):
            text = environment.get_template(f"{name}.jinja").render(provider=planned)
            (target / name).write_text(text)
    for source in (*TEMPLATES.glob("*.py"), *TRANSLATORS.glob("*.py")):
        shutil.copy(source, target / source.name)
    if hooks is not None:
        (target / "hooks.py").write_text(hooks)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", "--line-length", "120", target], check=True)
    return target


def imported(target: Path) -> ModuleType:
    """Import a package that was written; packages of one name in different folders do not meet."""
    name = f"{target.name}_{next(_numbers)}"
    renamed = target.rename(target.with_name(name))
    sys.path.insert(0, str(renamed.parent))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


_numbers = itertools.count()
