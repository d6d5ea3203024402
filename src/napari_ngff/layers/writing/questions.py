"""What only the user can decide before layers are saved, as values.

Knows how a question and its answer look; does not know when one arises, nor who asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

QuestionKind: TypeAlias = Literal["labels-image", "affine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers.

    Attributes
    ----------
    value
        What is given back.
    text
        The answer in words for a button or a list, plain text.
    """

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that must be decided before these layers can be saved.

    Attributes
    ----------
    key
        The same whenever the same layers raise the same question: answers are given
        by it.
    kind
        ``"labels-image"``: to which image a Labels layer belongs, for none contains
        it. ``"affine"``: what becomes of a transformation that the version of the
        format cannot hold.
    layers
        Names of the layers that it is about.
    text
        The question in words: what, and why it is asked. Plain text.
    choices
        The possible answers, the one first that is proposed. Of ``"labels-image"``
        they are given to `layers.write.to_images` in ``answers``, by `key`; of
        ``"affine"`` they are its ``version`` or ``affine``.
    advice
        How a script answers.
    """

    key: str
    kind: QuestionKind
    layers: tuple[str, ...]
    text: str
    choices: tuple[Choice, ...]
    advice: str
