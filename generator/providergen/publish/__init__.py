"""From files in memory to a folder: whose file is whose, what would change, and writing all of it or nothing."""

from providergen.publish.compare import Change, Changes, compare
from providergen.publish.difference import unified_diff
from providergen.publish.lock import Fork, Identity, Lock, Origin, read_lock, sha256
from providergen.publish.report import report
from providergen.publish.tree import Tree
from providergen.publish.write import publish

__all__ = [
    "Change",
    "Changes",
    "Fork",
    "Identity",
    "Lock",
    "Origin",
    "Tree",
    "compare",
    "publish",
    "read_lock",
    "report",
    "sha256",
    "unified_diff",
]
