"""What validating found, as a value: for a person as text, for a program as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari_ngff.core.problems import LEVELS
from napari_ngff.dataset.text import counted

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of `validate`.

    Attributes
    ----------
    path
        What was looked at, fit to be shown.
    strict
        Whether a broken SHOULD counts too.
    problems
        All that was found. The `loc` of each is relative to the root of the document
        of its `node`: of ``zarr.json``, of ``.zattrs``, of the file.
    versions
        The version texts that were found, each once.
    documents, arrays
        How many groups and arrays were looked at.
    """

    path: str
    strict: bool
    problems: tuple[Problem, ...]
    versions: tuple[str, ...] = ()
    documents: int = 0
    arrays: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Number of problems of each level, the worst first."""
        found = Counter(problem.level for problem in self.problems)
        return {level: found[level] for level in LEVELS}

    @property
    def valid(self) -> bool:
        """Whether no MUST is broken; if strict, no SHOULD either."""
        counts = self.counts
        return not counts["error"] and not (self.strict and counts["warning"])

    def to_json(self) -> dict[str, Any]:
        """Return the report as values that JSON can hold."""
        return {
            "valid": self.valid,
            "strict": self.strict,
            "path": self.path,
            "versions": list(self.versions),
            "documents": self.documents,
            "arrays": self.arrays,
            "counts": self.counts,
            "problems": [
                {
                    "level": problem.level,
                    "kind": problem.kind,
                    "node": problem.node,
                    "loc": list(problem.loc),
                    "pointer": problem.pointer,
                    "message": problem.message,
                }
                for problem in self.problems
            ],
        }

    def text(self) -> str:
        """Return the report as lines of text, the verdict last."""
        lines = [str(problem) for problem in self.problems]
        verdict = "valid" if self.valid else "not valid"
        how = " (strict)" if self.strict else ""
        told = counted(self.counts)
        lines.append(f"{self.path}: {verdict}{how}{f', {told}' if told else ''}")
        return "\n".join(lines)
