"""Swagger 2 in the structure of OpenAPI 3, so that nothing after loading knows the difference."""

from typing import Any, Final

from providergen.document.operation import METHODS

__all__ = ["to_openapi"]

_MOVED: Final = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}
_NOT_SCHEMA: Final = frozenset(("name", "in", "required", "description", "schema", "collectionFormat", "$ref"))


def to_openapi(root: dict[str, Any]) -> dict[str, Any]:
    """Return the document as OpenAPI 3.0; its schemas are the same objects, rewritten in place."""
    _modernise(root)
    consumes, produces = root.get("consumes"), root.get("produces")
    bodies = root.get("parameters") if isinstance(root.get("parameters"), dict) else {}
    found: dict[str, Any] = {"openapi": "3.0.3", "info": root.get("info") or {}}
    if servers := _servers(root):
        found["servers"] = servers
    found["paths"] = {
        path: _path(item, bodies, consumes, produces) if isinstance(item, dict) else item
        for path, item in root["paths"].items()
    }
    components = {
        "schemas": root.get("definitions"),
        "parameters": _each(root.get("parameters"), _parameter),
        "responses": _each(root.get("responses"), lambda response: _response(response, produces)),
        "securitySchemes": _each(root.get("securityDefinitions"), _security_scheme),
    }
    found["components"] = {key: value for key, value in components.items() if value}
    found |= {key: root[key] for key in ("security", "tags") if key in root}
    return found


def _modernise(root: Any) -> None:
    """Rewrite references and discriminators in place."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(reference := node.get("$ref"), str):
                old = next((old for old in _MOVED if reference.startswith(old)), None)
                if old:
                    node["$ref"] = _MOVED[old] + reference[len(old) :]
            if isinstance(key := node.get("discriminator"), str) and isinstance(node.get("properties"), dict):
                node["discriminator"] = {"propertyName": key}
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _servers(root: dict[str, Any]) -> list[dict[str, str]]:
    host, path = root.get("host"), root.get("basePath")
    base = path.rstrip("/") if isinstance(path, str) else ""
    if not isinstance(host, str) or not host:
        return [{"url": base}] if base else []
    schemes = root.get("schemes")
    return [{"url": f"{scheme}://{host}{base}"} for scheme in (schemes if isinstance(schemes, list) else ["https"])]


def _each(members: Any, change: Any) -> dict[str, Any] | None:
    if not isinstance(members, dict):
        return None
    return {name: change(member) if isinstance(member, dict) else member for name, member in members.items()}


def _path(item: dict[str, Any], shared: Any, consumes: Any, produces: Any) -> dict[str, Any]:
    found = dict(item)
    for key, value in item.items():
        if key.lower() in METHODS and isinstance(value, dict):
            found[key] = _operation(value, shared, consumes, produces)
        elif key == "parameters" and isinstance(value, list):
            found[key] = [_parameter(parameter) if isinstance(parameter, dict) else parameter for parameter in value]
    return found


def _operation(node: dict[str, Any], shared: Any, consumes: Any, produces: Any) -> dict[str, Any]:
    found = {key: value for key, value in node.items() if key not in ("consumes", "produces", "schemes", "parameters")}
    consumes, produces = node.get("consumes", consumes), node.get("produces", produces)
    listed = node.get("parameters")
    kept, form = [], []
    for parameter in listed if isinstance(listed, list) else ():
        meant = _meant(parameter, shared)
        if meant.get("in") == "body":
            types = _types(consumes)
            content = {name: {"schema": meant.get("schema", {})} for name in types}
            found["requestBody"] = {"required": meant.get("required") is True, "content": content}
            if isinstance(text := meant.get("description"), str):
                found["requestBody"]["description"] = text
        elif meant.get("in") == "formData":
            form.append(meant)
        else:
            kept.append(_parameter(parameter) if isinstance(parameter, dict) else parameter)
    if form and "requestBody" not in found:
        members = {field["name"]: _schema(field) for field in form if isinstance(field.get("name"), str)}
        schema = {"type": "object", "properties": members}
        found["requestBody"] = {"content": {"multipart/form-data": {"schema": schema}}}
    if kept:
        found["parameters"] = kept
    found["responses"] = _each(node.get("responses"), lambda response: _response(response, produces)) or {}
    return found


def _meant(parameter: Any, shared: Any) -> dict[str, Any]:
    """Return a parameter, or the shared one that it names."""
    if not isinstance(parameter, dict):
        return {}
    prefix = "#/components/parameters/"
    reference = parameter.get("$ref")
    if isinstance(reference, str) and reference.startswith(prefix) and isinstance(shared, dict):
        found = shared.get(reference[len(prefix) :])
        return found if isinstance(found, dict) else {}
    return parameter


def _types(listed: Any) -> list[str]:
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    return names or ["application/json"]


def _parameter(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node or node.get("in") == "body":
        return node
    found = {key: node[key] for key in ("name", "in", "required", "description") if key in node}
    return found | {"schema": _schema(node)}


def _schema(node: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter that is not a body: what it says beside its name."""
    found = {key: value for key, value in node.items() if key not in _NOT_SCHEMA}
    return found | {"type": "string", "format": "binary"} if found.get("type") == "file" else found


def _response(node: dict[str, Any], produces: Any) -> dict[str, Any]:
    if "$ref" in node:
        return node
    found = {key: value for key, value in node.items() if key not in ("schema", "examples", "headers")}
    if "schema" in node:
        found["content"] = {name: {"schema": node["schema"]} for name in _types(produces)}
        examples = node.get("examples")
        for name, example in examples.items() if isinstance(examples, dict) else ():
            found["content"].setdefault(name, {"schema": node["schema"]})["example"] = example
    return found


def _security_scheme(node: dict[str, Any]) -> dict[str, Any]:
    if node.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    if node.get("type") != "oauth2":
        return node
    names = {"implicit": "implicit", "password": "password", "application": "clientCredentials"}
    flow = names.get(str(node.get("flow")), "authorizationCode")
    members = {key: node[key] for key in ("authorizationUrl", "tokenUrl", "scopes") if key in node}
    return {"type": "oauth2", "flows": {flow: {"scopes": {}} | members}}
