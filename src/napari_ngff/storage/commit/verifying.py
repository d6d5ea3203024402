"""Whether a folder holds exactly what was handed over. Reads; changes nothing.

Knows receipts and bytes. What the bytes mean is for its caller to look at.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.receipts import read_again
from napari_ngff.storage.commit.removing import walk
from napari_ngff.storage.commit.seen import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from napari_ngff.storage.commit.receipts import Receipt

_SHOWN = 5
_ADVICE = "Save again; if it happens again, check the disk, or save somewhere else."


def verify(
    root: Path,
    receipts: Iterable[Receipt],
    *,
    target: str,
    deep: Callable[[str], None] | None,
    workers: int,
) -> Iterator[Receipt]:
    """Read every file again, several at a time, and yield what was found right.

    Parameters
    ----------
    root
        The folder.
    receipts
        One for each file that should be there.
    target
        What to call it in an error.
    deep
        Called with the key of each file that holds the right bytes, in some thread,
        to look closer; what it raises is raised here.
    workers
        How many files are read at a time, each a MiB at a time.

    Raises
    ------
    CannotSave
        If a file is missing, is there without a receipt or twice, or differs.
    """
    expected: dict[str, Receipt] = {}
    for receipt in receipts:
        if receipt.key in expected:
            raise _wrong(target, "written twice", [receipt.key])
        expected[receipt.key] = receipt
    there = set(keys_below(root))
    if missing := sorted(expected.keys() - there):
        raise _wrong(target, "missing", missing)
    if strange := sorted(there - expected.keys()):
        raise _wrong(target, "not known of", strange)

    def check(receipt: Receipt) -> Receipt:
        if not _same(root, receipt):
            # Without a digest it is a second name of a file that others have, too.
            ours = bool(receipt.digest)
            what = "not what was written" if ours else "changed by another program"
            raise _wrong(target, what, [receipt.key])
        if deep is not None:
            deep(receipt.key)
        return receipt

    yield from _in_threads(check, expected.values(), workers)


def keys_below(root: Path) -> Iterator[str]:
    """Yield the key of everything below a folder that is not a folder."""
    for folder, others in walk(root):
        for key, _ in named(root, folder, others):
            yield key


def _same(root: Path, receipt: Receipt) -> bool:
    if receipt.digest:
        return read_again(root, receipt.key) == receipt
    return files.size(root.joinpath(*receipt.key.split("/"))) == receipt.nbytes


def _in_threads(
    check: Callable[[Receipt], Receipt], receipts: Iterable[Receipt], workers: int
) -> Iterator[Receipt]:
    """Yield results in order, with no more under way than keep the threads busy."""
    waiting = iter(receipts)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ngff-verify")
    try:
        submit = pool.submit
        under_way: deque[Future[Receipt]] = deque(
            submit(check, receipt) for receipt in islice(waiting, 2 * workers)
        )
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(submit(check, receipt) for receipt in islice(waiting, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def _wrong(target: str, what: str, keys: list[str]) -> CannotSave:
    names = ", ".join(plain(key) for key in keys[:_SHOWN])
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    few = f"{len(keys)} files are" if len(keys) > 1 else "a file is"
    reason = f"on reading it again, {few} {what}: {names}{more}"
    return CannotSave(target=target, reason=reason, advice=_ADVICE)
