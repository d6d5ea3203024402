"""What the save dialog says: its options explained, and a plan in sentences.

Knows words; knows neither Qt nor layers. Tooltips are for people who know their
microscope and need not know Zarr.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.dataset.saving.plan_text import size
from napari_ngff.dataset.saving.save_plan import all_images

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.saving.save_plan import SavePlan
    from napari_ngff.layers.writing.proposing import Proposal

TIMES = " \N{MULTIPLICATION SIGN} "
_SHOWN = 4096
_TARGETS = 4

TIPS: Mapping[str, str] = {
    "target": (
        "Where the image goes. It is written beside this place first, checked, and "
        "put there as a whole: whatever happens, there is never half an image."
    ),
    "choose": "Look for a folder, or for an image that is to be replaced.",
    "replace": (
        "The image that is there now is deleted once the new one is complete and "
        "checked, not before."
    ),
    "which": (
        "Images and labels are saved. Layers that have the same size, place and type "
        "become the channels of one image; labels go with the image that they lie on."
    ),
    "area": (
        "Which part of the picture. What the canvas shows: the part of each image that "
        "you see now. A rectangle: draw one in a Shapes layer. Everything stays where "
        "it is in the sample."
    ),
    "current": (
        "Save only the position of this slider that is shown now, instead of all."
    ),
    "version": (
        "Which OME-Zarr. 0.5 is the current one and right for most. 0.4 is for older "
        "programs that cannot read 0.5. 0.6 is a draft: only it keeps images that are "
        "turned or sheared."
    ),
    "container": (
        "A folder can be read piece by piece from a web server or the cloud. One file "
        "(.ozx) is easier to copy, mail and back up."
    ),
    "several": (
        "Images that do not lie on each other pixel by pixel are images of their own. "
        "Side by side: one OME-Zarr each. Together: all in one, as Bio-Formats does "
        "it; few programs open that."
    ),
    "old_labels": (
        "The image that is replaced has labels that the new one lacks. They can move "
        "over if they have its size; else they are deleted with it."
    ),
    "levels": (
        "How many sizes of the image are kept, each half of the one before: they make "
        "zooming out fast. Automatic stops once a plane is small."
    ),
    "method": (
        "How smaller sizes are made. The mean is smooth and right for intensities. "
        "Every second pixel is faster, keeps the values, and shows noise."
    ),
    "label_method": (
        "How smaller sizes of labels are made. The most frequent label never invents "
        "one and keeps thin objects better; every second pixel is faster."
    ),
    "chunks": (
        "A chunk is the smallest piece that is read. About one megabyte is good: "
        "smaller ones load faster one by one, larger ones all together."
    ),
    "shards": (
        "A shard is one file with many chunks in it. Large shards mean few files, and "
        "more memory while saving."
    ),
    "no_shards": (
        "Write a file for every chunk, as 0.4 always does. That can be millions of "
        "files, which copy slowly."
    ),
    "codec": (
        "How pixels are packed; nothing is lost with any of these. blosc-zstd is fast "
        "and packs well. gzip is understood everywhere and slow."
    ),
    "level": "How hard to pack: higher makes smaller files and takes longer.",
    "check": (
        "Every file is read again and compared before the old image goes. Unpacking "
        "every chunk as well takes about twice the time."
    ),
    "memory": (
        "How much memory the save may take, however large the image is. More memory "
        "lets more processors work at a time."
    ),
}

VERSION_WORDS: Mapping[str, str] = {
    "0.4": "0.4 (Zarr 2, for older programs)",
    "0.5": "0.5 (Zarr 3, current)",
    "0.6": "0.6 (draft, keeps turned images)",
}
CODEC_WORDS: Mapping[str, str] = {
    "blosc-zstd": "blosc-zstd (usual)",
    "blosc-lz4": "blosc-lz4 (fastest)",
    "blosc-lz4hc": "blosc-lz4hc",
    "blosc-zlib": "blosc-zlib",
    "zstd": "zstd (small)",
    "gzip": "gzip (most widely read)",
    "none": "none (large)",
}


def summary(plan: SavePlan) -> str:
    """Return how much a save writes, in a line."""
    if not plan.stores:
        return ""
    count = sum(len(store.images) for store in plan.stores)
    images = "1 image" if count == 1 else f"{count} images"
    files = "1 file" if plan.files == 1 else f"at most {plan.files:,} files"
    if all(store.container == "ozx" for store in plan.stores):
        files = "1 file" if len(plan.stores) == 1 else f"{len(plan.stores)} files"
    return (
        f"{images}, {files}, {size(plan.nbytes)} before packing, "
        f"up to {size(plan.memory)} of memory"
    )


def cost(plan: SavePlan) -> str:
    """Return how large the pieces of the largest image are, and what they cost."""
    images = [image for store in plan.stores for image in store.images]
    if not images:
        return ""
    largest = max(images, key=lambda image: prod(image.pyramid.levels[0].shape))
    level, itemsize = largest.pyramid.levels[0], largest.pyramid.dtype.itemsize
    words = [f"A chunk is {size(prod(level.chunk) * itemsize)}"]
    if level.shard is not None:
        words.append(f"a shard {size(prod(level.shard) * itemsize)}")
    workers = "" if plan.workers == 1 else f", {plan.workers} at a time"
    return (
        f"{', '.join(words)} before packing. "
        f"Saving takes up to {size(plan.memory)} of memory{workers}."
    )


def present(old: ImageData) -> str:
    """Return what is at a target now, in a line."""
    levels, axes = old.levels, old.multiscale.axes
    names = "".join(plain(axis.name, limit=8) for axis in axes)
    shape = TIMES.join(map(str, levels[0].shape))
    words = [f"{shape} ({names})", str(levels[0].dtype)]
    words.append("1 level" if len(levels) == 1 else f"{len(levels)} levels")
    if old.labels:
        words.append("labels " + listed(label.name for label in old.labels))
    return ", ".join(words)


def listed(names: Iterable[str], *, most: int = 5) -> str:
    """Return names in a line, not too many."""
    every = [plain(name, limit=60) for name in names]
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")


def obstacles(proposal: Proposal) -> Iterator[str]:
    """Give why a save is not possible, a sentence each.

    What an open question is about already is not said twice.
    """
    asked = {question.kind for question in proposal.questions}
    for problem in dict.fromkeys(proposal.plan.obstacles):
        if problem.kind != "transform-not-held" or "affine" not in asked:
            yield sentence(problem)
    if asked:
        yield "There is a question above to be answered."


def losses(plan: SavePlan) -> Iterator[str]:
    """Give what will not be saved, a sentence each."""
    yield from map(sentence, dict.fromkeys(plan.losses))


def remarks(plan: SavePlan) -> Iterator[str]:
    """Give what is worth knowing besides, a sentence each."""
    others = (p for p in plan.problems if p.level == "info")
    yield from map(sentence, dict.fromkeys(others))


def sentence(problem: Problem) -> str:
    """Return a problem as a person would say it, with where it is."""
    text = plain(problem.message, limit=_SHOWN).rstrip(".") + "."
    return f"{plain(problem.node, limit=80)}: {text}" if problem.node else text


def targets(proposal: Proposal) -> list[str]:
    """Return what each store takes the place of, or what it is called, in lines."""
    found = []
    stores = proposal.plan.stores
    for store, old in zip(stores, proposal.present, strict=True):
        name = plain(store.target.name, limit=120)
        if store.replaced is not None and old is not None:
            found.append(f"Replaces {name}: {present(old)}.")
        elif len(stores) > 1:
            found.append(f"Makes {name}.")
    more = len(found) - _TARGETS
    return [*found[:_TARGETS], *([f"… and {more} more."] if more > 0 else [])]


def saved(plan: SavePlan) -> str:
    """Return what was saved, in a line."""
    levels = {len(i.pyramid.levels) for store in plan.stores for i in all_images(store)}
    count = "-".join(map(str, sorted({min(levels), max(levels)})))
    noun = "level" if levels == {1} else "levels"
    return f"{size(plan.nbytes)} of pixels in {count} {noun}, all files checked."
