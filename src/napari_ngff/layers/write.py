"""Layers as images that can be saved: the inverse of `read`.

Knows plain ``LayerData`` tuples, as napari gives them to writers or our reader makes
them, and puts them together to images and labels. Does not know napari, files, nor
how images are written; reads no pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_ngff.layers.region import WHOLE, Region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData, LabelData
    from napari_ngff.dataset.options import OnAffine, Version
    from napari_ngff.layers.pictures import LayerData
    from napari_ngff.layers.provenance import Provenance
    from napari_ngff.layers.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What layers are as images, and what has to be said before they are saved.

    Attributes
    ----------
    images
        In the order of the layers, each with its labels. Labels without an image are
        an image of their own whose ``group.image_label`` is not None. `store` and
        `node` are empty; ``multiscale.name`` is the name of each and unique.
        ``multiscale.transform`` is an `Affine` where an image is turned or sheared
        (0.6 alone), else Identity.
    problems
        What is lost: ``"error"``: a layer that is not saved; ``"warning"``: something
        of a layer that is not saved; ``"info"``: worth knowing. `Problem.node` is the
        name of the layer.
    questions
        What must be decided first; while there are some, nothing should be saved.
    """

    images: tuple[ImageData, ...]
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()


def to_images(
    layers: Sequence[LayerData],
    *,
    region: Region = WHOLE,
    version: Version = "0.5",
    affine: OnAffine = "raise",
    answers: Mapping[str, str] | None = None,
    origins: Mapping[Provenance, ImageData | LabelData] | None = None,
) -> Converted:
    """Return the images and labels that layers show, as they can be saved.

    Parameters
    ----------
    layers
        As ``layer.as_layer_data_tuple()``, npe2's writers and our reader give them.
    region
        Which part is saved.
    version
        Of the format: what it cannot hold is told, and decides how layers are joined.
    affine
        What becomes of a transformation that is not scale and translation, where the
        version cannot hold it: ``"raise"`` makes it a question.
    answers
        Answers to questions of an earlier call, by `Question.key`.
    origins
        From `layers.origins.read_origins`: what the layers came from, as far as it is
        still there. Without it, that is known only as far as the layers tell.
    """
    raise NotImplementedError
