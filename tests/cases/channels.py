"""Channels: ``omero`` as it should be and as it is met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.case import (
    UM,
    Case,
    channels,
    image,
    window,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def _drop(key: str) -> Callable[[dict[str, Any]], None]:
    def edit(ome: dict[str, Any]) -> None:
        for channel in ome["omero"]["channels"]:
            del channel[key]

    return edit


def _omero(name: str, sentence: str, *, clean: bool = False, **options: Any) -> Case:
    return Case(
        name=f"omero-{name}", sentence=sentence, build=image(**options), clean=clean
    )


OMERO = (
    _omero(
        "whole",
        "name, colormap, contrast limits and visibility from omero",
        omero=channels("FF0000", "00FF00"),
        clean=True,
    ),
    _omero(
        "one-of-two",
        "omero lists 1 of 2 channels",
        omero=channels("FF0000"),
        clean=True,
    ),
    _omero(
        "more-than-there-are",
        "omero lists more channels than there are",
        omero=channels("FF0000", "00FF00", "0000FF"),
        clean=True,
    ),
    _omero(
        "without-window",
        "omero without window",
        omero=channels("FF0000", "00FF00"),
        edit=_drop("window"),
    ),
    _omero(
        "without-color",
        "omero without color",
        omero=channels("FF0000", "00FF00"),
        edit=_drop("color"),
    ),
    _omero("hash", "#RRGGBB", omero=channels("#FF0000", "#0000FF")),
    _omero(
        "start-is-end",
        "a window whose start is its end",
        omero=channels("FF0000", "00FF00", window=window(7, 7)),
        clean=True,
    ),
    _omero(
        "window-without-limits",
        "a window without start and end",
        omero=channels("FF0000", "00FF00", window={"min": 0, "max": 9}),
    ),
    _omero("not-an-object", "omero is no object", omero={"channels": "none"}),
    _omero(
        "rdefs",
        "rdefs: default z and t, greyscale model",
        omero=channels("FF0000", "00FF00")
        | {"rdefs": {"defaultZ": 2, "defaultT": 0, "model": "greyscale"}},
        clean=True,
    ),
    Case(
        name="rgb",
        sentence="RGB: three uint8 channels FF0000, 00FF00, 0000FF with windows 0-255",
        build=image(
            shape=(3, 16, 16),
            axes="cyx",
            dtype="uint8",
            omero={
                "channels": [
                    {"color": c, "window": window(), "active": True}
                    for c in ("FF0000", "00FF00", "0000FF")
                ]
            },
        ),
        axes=("c", "y", "x"),
        units=(None, UM, UM),
        scale=(1.0, 0.5, 0.5),
        translation=(0.0,) * 3,
    ),
)
