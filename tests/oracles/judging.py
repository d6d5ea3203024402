"""Whether an oracle agrees with us, except where it is known not to; and how often.

Knows no oracle: it is given what to ask.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from oracles.answers import differences
from oracles.weaknesses import REFUSED, known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from oracles.answers import Answer

Tally = Counter[tuple[str, str]]


def compare(
    oracle: str, image: str, ask: Callable[[], Answer], mine: Answer, tally: Tally
) -> None:
    """Assert that both say the same, except where the oracle is known not to."""
    try:
        theirs = ask()
    except Exception:  # noqa: BLE001 - each has its own way to refuse
        wrong = {REFUSED}
    else:
        judged = dict(differences(mine, theirs))
        wrong = {aspect for aspect, agree in judged.items() if not agree}
        tally[oracle, "agreed"] += sum(judged.values())
    tally[oracle, "images"] += 1
    tally[oracle, "listed"] += len(wrong & known(oracle, image))

    assert known(oracle, image) == wrong


def lines(tally: Tally, oracles: Iterable[str], about: str) -> Iterator[str]:
    """Say how often each oracle agreed."""
    for oracle in oracles:
        images, agreed = tally[oracle, "images"], tally[oracle, "agreed"]
        yield (
            f"oracle {oracle}: {images} {about}, {agreed} aspects agree, "
            f"{tally[oracle, 'listed']} known weaknesses"
        )
