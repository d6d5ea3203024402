"""The order that channels are shown in: what an edit of it changes.

Knows our own key in ``omero``, which is not there where the order is that of the
channel axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from napari_ngff.core.patch import MISSING, apply, at, difference
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.display import ORDER, natural, order_from
from napari_ngff.metadata.editing.channels import channel_count, set_channel
from napari_ngff.metadata.editing.edits import SetChannel
from napari_ngff.metadata.editing.image import Outcome, put
from napari_ngff.metadata.shown import KEY

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.editing.edits import SetChannelOrder
    from napari_ngff.metadata.editing.image import Image


def set_order(edit: SetChannelOrder, image: Image) -> Outcome | Problem:
    """Return what gives the channels of an image another order of display."""
    if image.model is None or not image.json:
        text = "There is no image whose channels to put in order."
        return image.refusal("no-image", text)
    loc: Loc = (*image.group.loc, "omero")
    count, stated = _counts(image, loc)
    order = None if edit.order is None else order_from(edit.order)
    if edit.order is not None and (order is None or len(order) not in (count, stated)):
        text = f"There are {count} channels: an order of them has each whole number "
        text += f"from 0 to {count - 1} once."
        return image.refusal("channel-order", text, loc)
    where = (*loc, KEY)
    ours = _object(at(image.attributes, where))
    rest = {key: value for key, value in ours.items() if key != ORDER}
    if order is not None and order != natural(len(order)):
        return _stated(image, where, {**rest, ORDER: list(order)})
    if ORDER not in ours:
        return Outcome()
    return Outcome(attributes=put(image.attributes, where, rest or MISSING))


def _counts(image: Image, loc: Loc) -> tuple[int, int]:
    """Return how many channels there are by the pixels, and with those listed only."""
    listed = at(image.attributes, (*loc, "channels"))
    stated = len(listed) if isinstance(listed, list) else 0
    count = channel_count(image) or stated
    return count, max(count, stated)


def _stated(image: Image, where: Loc, ours: Any) -> Outcome | Problem:
    """Return what writes our own object, in a block that lists its channels."""
    before, outcome = image.attributes, Outcome()
    if not isinstance(at(before, (*where[:-1], "channels")), list):
        # The block must have them: to be shown is what holds of all until it is said.
        made = set_channel(SetChannel(channel=0, member="active", value=True), image)
        if isinstance(made, Problem):
            return made
        outcome = made
    after = apply(before, outcome.attributes)
    after = apply(after, put(after, where, ours))
    return replace(outcome, attributes=difference(before, after))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
