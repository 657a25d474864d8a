"""Vendor documents: loading, overlays, the normalised view of operations and schemas, pruning."""

from providergen.document.document import Document
from providergen.document.files import MISSING
from providergen.document.load import load_document
from providergen.document.operation import Operation, Parameter
from providergen.document.schema import Schema

__all__ = ["MISSING", "Document", "Operation", "Parameter", "Schema", "load_document"]
