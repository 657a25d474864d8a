"""The types of `wire.py`: datamodel-code-generator makes TypedDicts of the schemas that a plan has collected."""

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["typed_dicts"]


def typed_dicts(schemas: Mapping[str, Any], header: str) -> str:
    """Return a module with a TypedDict per object schema and an alias per union, behind a header.

    An OpenAPI document is passed, not bare `$defs`: for those the generator adds a model of the whole.
    """
    # Imported here: only a rendering run needs it, and it takes longer to load than all the rest.
    from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType

    document = {
        "openapi": "3.1.0",
        "info": {"title": "wire", "version": "1"},
        "paths": {},
        "components": {"schemas": dict(schemas)},
    }
    made = generate(
        json.dumps(document),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.TypingTypedDict,
        target_python_version=PythonVersion.PY_311,
        enum_field_as_literal=LiteralType.All,
        use_closed_typed_dict=False,
        use_total_false_for_typed_dict=True,
        use_union_operator=True,
        use_standard_collections=True,
        disable_future_imports=True,
        disable_timestamp=True,
        custom_file_header=header,
        formatters=[],
    )
    if not isinstance(made, str):
        raise TypeError("datamodel-code-generator made several modules of one")
    return made
