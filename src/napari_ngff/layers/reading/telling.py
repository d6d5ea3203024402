"""What a person is told about an opening: one text, whose first line says the worst.

Knows problems and the record of a layer; knows nothing of notifications. napari shows
a notification's first line alone, about 40 letters of it, until it is expanded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import LEVELS, Problem
from napari_ngff.layers.provenance import Provenance, problems_of
from napari_ngff.layers.reading.naming import store_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WORST = 3
_NAME_LETTERS = 16
_FEW_WORDS_LETTERS = 70

#: Problems of the document that change nothing in what is seen: for `validate`.
_QUIET = frozenset({"axis-unit-unknown", "axis-type-custom", "development-syntax"})
#: Problems of what is seen: first among those of a level.
_SEEN = frozenset(
    {
        "level-misplaced",
        "not-placed",
        "not-shown",
        "unknown-unit",
        "unreadable-pixels",
        "unused-level",
    }
)


def summarize(metadata: Sequence[Mapping[str, Any]]) -> str | None:
    """Return one text about everything found wrong at one opening.

    Parameters
    ----------
    metadata
        Of all layers. Problems that are only worth knowing (``"info"``) do not count,
        nor does what a file should say but leaves out (kinds in ``-missing``).

    Returns
    -------
    str or None
        What was opened, the worst in a few words and how many there are; then the
        worst three, a line each, those of the same kind in one. Plain text. None
        where nothing is wrong.
    """
    wrong = [p for p in problems_of(metadata) if _counts(p)]
    wrong.sort(key=lambda p: (LEVELS.index(p.level), p.kind not in _SEEN))
    if not wrong:
        return None
    many = f" ({len(wrong)} problems)" if len(wrong) > 1 else ""
    lines = [f"{_opened(metadata)}: {_in_few_words(wrong[0])}{many}"]
    groups = _alike(wrong)
    lines += [_line(group) for group in groups[:_WORST]]
    rest = sum(map(len, groups[_WORST:]))
    if rest:
        lines.append(
            f"… and {rest} more: see the layers' metadata, or napari-ngff validate."
        )
    return "\n".join(lines)


def _counts(problem: Problem) -> bool:
    if problem.level == "warning" and problem.kind.endswith("-missing"):
        return False
    return problem.level != "info" and problem.kind not in _QUIET


def _opened(metadata: Iterable[Mapping[str, Any]]) -> str:
    """Name what was opened: the store, and how many more there are."""
    records = filter(None, map(Provenance.from_metadata, metadata))
    stores = list(dict.fromkeys(record.store for record in records))
    name = store_name(stores[0])
    if len(name) > _NAME_LETTERS:
        half = _NAME_LETTERS // 2
        name = f"{name[: half - 1]}…{name[-half:]}"
    return f"{name} and {len(stores) - 1} more" if len(stores) > 1 else name


def _in_few_words(problem: Problem) -> str:
    """Return what is wrong, as it may follow a colon."""
    text = problem.brief or re.split(r"[:;.,] ", problem.message)[0].rstrip(".")
    if text[1:2].islower():
        text = text[0].lower() + text[1:]
    return plain(text, limit=_FEW_WORDS_LETTERS)


def _alike(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Put together what is one to the user: of several levels, images or labels."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        key = problem.kind, problem.brief or problem.message
        groups.setdefault(key, []).append(problem)
    return list(groups.values())


def _line(group: list[Problem]) -> str:
    """Return what the problems of a group have in common, and where they are."""
    first = group[0]
    nodes = list(dict.fromkeys(problem.node for problem in group))
    if not first.brief or len(group) == 1:
        where = ", ".join(filter(None, nodes[:_WORST]))
        return f"• {where}: {first.message}" if where else f"• {first.message}"
    where = ", ".join(node or "the image" for node in nodes[:_WORST])
    more = f" and {len(nodes) - _WORST} more" if len(nodes) > _WORST else ""
    places = (
        f"{len(group)} times: {where}{more}" if any(nodes) else f"{len(group)} times"
    )
    said = [problem.message.split(". ") for problem in group]
    advice = [text for text in said[0] if all(text in texts for texts in said)]
    brief = first.brief[:1].upper() + first.brief[1:]
    return ". ".join([f"• {brief} ({places})", *advice])
