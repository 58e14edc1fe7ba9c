"""The API described by OpenAPI 3.1, made from the routes and the forms themselves."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from flask import Response, current_app

from evidence_service.api import forms

if TYPE_CHECKING:
    from werkzeug.routing import Rule

REF = "#/components/schemas/{model}"
# What a call takes as its body, by endpoint; every other POST, PUT or PATCH takes nothing.
BODIES: dict[str, type[forms.Form]] = {
    "new_store": forms.StoreForm,
    "new_case": forms.OpenCaseForm,
    "propose": forms.ProposalForm,
    "patch_case": forms.EditCaseForm,
    "new_evidence": forms.AddEvidenceForm,
    "new_upload": forms.StartUploadForm,
    "new_receipt": forms.NoForm,
    "patch_evidence": forms.EditEvidenceForm,
    "withdraw": forms.ReasonForm,
    "redact": forms.RedactForm,
    "put_text": forms.TextForm,
    "put_reading": forms.ReadingForm,
    "put_statement": forms.StatementForm,
    "put_platform_requirements": forms.PlatformRequirementsForm,
    "post_pack": forms.PackForm,
    "waive": forms.ReasonForm,
    "post_review": forms.ReviewForm,
    "new_bundle": forms.BundleForm,
    "new_submission": forms.SubmissionForm,
    "new_outcome": forms.OutcomeForm,
}
WITH_FILE = frozenset({"new_evidence", "new_receipt", "propose"})
QUERIES: dict[str, type[forms.Form]] = {
    "keys": forms.ListQuery,
    "platforms": forms.ListQuery,
    "list_stores": forms.ListQuery,
    "list_evidence": forms.ListQuery,
    "normal_form": forms.ListQuery,
    "get_remarks": forms.ListQuery,
    "get_timeline": forms.ListQuery,
    "list_bundles": forms.ListQuery,
    "list_cases": forms.CasesQuery,
    "list_archive": forms.ArchiveQuery,
    "get_audit": forms.PageQuery,
    "get_bundle_plan": forms.PlanQuery,
}
BINARY = {
    "evidence_content": "*/*",
    "bundle_content": "*/*",
    "receipt_content": "*/*",
    "get_package": "application/zip",
}
STATUS = {
    "new_store": "201",
    "new_case": "201",
    "new_evidence": "201",
    "new_upload": "201",
    "put_upload": "204",
    "post_complete": "202",
    "redact": "201",
    "waive": "201",
    "new_bundle": "202",
    "new_submission": "201",
    "new_receipt": "201",
    "new_outcome": "201",
    "post_archive": "202",
}
# Where what was asked for stands already.
STANDS = frozenset({"new_evidence", "new_upload", "new_bundle", "new_receipt"})
LISTS = frozenset(QUERIES) - {"get_bundle_plan"}
BYTES = {"type": "string", "format": "binary"}
LIST = {
    "type": "object",
    "required": ["items", "next"],
    "additionalProperties": False,
    "properties": {
        "items": {"type": "array", "items": {"type": "object"}},
        "next": {"type": ["string", "null"]},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def document() -> dict[str, Any]:
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda r: r.rule):
        if rule.endpoint.startswith("api."):
            path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH"}):
                paths.setdefault(path, {})[method.lower()] = _operation(rule, method, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Evidence Service", "version": "1"},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(rule: Rule, method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    name = rule.endpoint.removeprefix("api.")
    operation: dict[str, Any] = {
        "operationId": name,
        "parameters": [*_in_path(rule), *_in_query(name)],
        "responses": {
            STATUS.get(name, "200"): _done(name),
            **({"200": _done(name)} if name in STANDS else {}),
            "default": {
                "description": "refused",
                "content": {
                    "application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}
                },
            },
        },
    }
    if method == "POST":
        operation["parameters"].append(_header("Idempotency-Key", required=False))
    if name == "patch_case":
        operation["parameters"].append(_header("If-Match", required=True))
    if name in BODIES:
        operation["requestBody"] = _request_body(name, schemas)
    if name == "put_upload":
        operation["parameters"].append(
            {"name": "token", "in": "query", "required": True, "schema": {"type": "string"}}
        )
        operation["requestBody"] = {"required": True, "content": {"*/*": {"schema": BYTES}}}
    if name in {"keys", "put_upload"}:
        operation["security"] = []
    return operation


def _done(name: str) -> dict[str, Any]:
    if STATUS.get(name) == "204":
        return {"description": "done"}
    media = BINARY.get(name, "application/json")
    schema = BYTES if name in BINARY else LIST if name in LISTS else {"type": "object"}
    return {"description": "done", "content": {media: {"schema": schema}}}


def _header(name: str, *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}


def _in_path(rule: Rule) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **({"format": "uuid"} if name.endswith("_id") else {})},
        }
        for name in sorted(rule.arguments)
    ]


def _in_query(name: str) -> list[dict[str, Any]]:
    form = QUERIES.get(name)
    if form is None:
        return []
    schema = form.model_json_schema(ref_template=REF)
    return [
        {"name": field, "in": "query", "required": False, "schema": _inlined(shape, schema)}
        for field, shape in schema["properties"].items()
    ]


def _request_body(name: str, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = BODIES[name].model_json_schema(ref_template=REF)
    schemas |= schema.pop("$defs", {})
    if name not in WITH_FILE:
        return {"required": True, "content": {"application/json": {"schema": schema}}}
    schema["properties"] = {
        "file": {"type": "string", "format": "binary"},
        **schema.get("properties", {}),
    }
    schema["required"] = ["file"]
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _inlined(shape: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A shape with its references put in, since parameters stand alone."""
    definitions = schema.get("$defs", {})
    if "$ref" in shape:
        return dict(definitions[shape["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in shape:
        return {**shape, "anyOf": [_inlined(one, schema) for one in shape["anyOf"]]}
    return shape


def readable() -> Response:
    """The same as a page: every call with what it takes, without any script."""
    rows = []
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            takes = ", ".join(_fields(operation))
            cells = (method.upper(), path, takes, ", ".join(operation["responses"]))
            rows.append("".join(f"<td>{html.escape(cell)}</td>" for cell in cells))
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Evidence Service API</title>"
        "<h1>Evidence Service API</h1><p>OpenAPI: <a href=/api/v1/openapi.json>openapi.json</a></p>"
        f"<table><tr><th>Method<th>Path<th>Takes<th>Answers</tr>{body}</table></html>"
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _fields(operation: dict[str, Any]) -> list[str]:
    fields = [p["name"] for p in operation["parameters"] if p["in"] != "path"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        required = content["schema"].get("required", [])
        fields += [f"{n}{'' if n in required else '?'}" for n in content["schema"]["properties"]]
    return fields
