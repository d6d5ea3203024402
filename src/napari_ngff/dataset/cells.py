"""Living cells as a fluorescence microscope would record them, made on the spot.

Knows cells, light and cameras; nothing of files. Two channels (nuclei, microtubules) of
drifting cells over time, with a point spread function, a camera's offset and photon
noise; and a label image of the nuclei. The random generator is seeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHAPE_TCZYX = (4, 2, 12, 256, 256)
CELLS = 14

_SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """One cell: where it is at first, how it drifts, and its shape, all in pixels.

    `filaments` are points relative to the cell's centre, shape (n, 3), as z, y, x.
    """

    centre: NDArray[np.float64]
    drift: NDArray[np.float64]
    radii: NDArray[np.float64]
    angle: float
    filaments: NDArray[np.float64]


def record() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return the image (t, c, z, y, x) and its labels (t, z, y, x)."""
    rng = np.random.default_rng(_SEED)
    cells = _cells(rng)
    times, channels, *space = SHAPE_TCZYX
    chromatin = _blur(rng.normal(size=space), (1.0, 3.0, 3.0))
    chromatin = 1 + 0.35 * chromatin / chromatin.std()
    image = np.empty(SHAPE_TCZYX, np.uint16)
    labels = np.zeros((times, *space), np.uint16)
    for time in range(times):
        light = np.zeros((channels, *space))
        for label, cell in enumerate(cells, start=1):
            _draw(cell, label, time, light, labels[time])
        light[0] *= np.clip(chromatin, 0.3, None)
        for channel, gain in enumerate((900.0, 1500.0)):
            seen = gain * _blur(light[channel], (1.4, 1.1, 1.1)) + 6.0
            noisy = rng.poisson(seen) + rng.normal(100.0, 1.5, size=seen.shape)
            image[time, channel] = np.clip(np.rint(noisy), 0, 4095)
    return image, labels


def _cells(rng: np.random.Generator) -> list[_Cell]:
    """Cells that do not overlap at first."""
    _, _, depth, height, width = SHAPE_TCZYX
    low, high = (depth * 0.4, 10.0, 10.0), (depth * 0.55, height - 10.0, width - 10.0)
    found: list[_Cell] = []
    while len(found) < CELLS:
        centre = rng.uniform(low, high)
        radii = rng.uniform((3.5, 15.0, 11.0), (4.5, 20.0, 15.0))
        gaps = [np.hypot(*(centre - cell.centre)[1:]) for cell in found]
        if min(gaps, default=1e9) < 46.0:
            continue
        found.append(
            _Cell(
                centre=centre,
                drift=rng.normal(0.0, (0.05, 2.0, 2.0)),
                radii=radii,
                angle=rng.uniform(0, np.pi),
                filaments=_filaments(rng),
            )
        )
    return found


def _filaments(rng: np.random.Generator) -> NDArray[np.float64]:
    """Points on curved filaments that grow outward from near the nucleus."""
    count, steps = 70, 150
    heading = rng.uniform(0, 2 * np.pi, size=(count, 1))
    turns = np.cumsum(rng.normal(0, 0.055, size=(count, steps)), axis=1)
    angle = heading + turns
    alive = np.arange(steps) < rng.integers(60, steps, size=(count, 1))
    start = rng.uniform(2.0, 9.0, size=(count, 1))
    y = start * np.sin(heading) + np.cumsum(0.45 * np.sin(angle), axis=1)
    x = start * np.cos(heading) + np.cumsum(0.45 * np.cos(angle), axis=1)
    climb = rng.normal(0, 0.03, size=(count, 1)) * np.arange(steps)
    z = rng.normal(-1.0, 1.2, size=(count, 1)) + climb
    return np.stack([z, y, x], axis=-1)[alive]


def _draw(
    cell: _Cell,
    label: int,
    time: int,
    light: NDArray[np.float64],
    labels: NDArray[np.uint16],
) -> None:
    """Add one cell to the light of both channels and to the labels, in place."""
    _, depth, height, width = light.shape
    centre = cell.centre + cell.drift * time
    z, y, x = np.ogrid[:depth, :height, :width]
    turn = cell.angle + 0.03 * time
    dz, dy, dx = z - centre[0], y - centre[1], x - centre[2]
    along = np.cos(turn) * dy + np.sin(turn) * dx
    across = np.cos(turn) * dx - np.sin(turn) * dy
    radius = np.sqrt(
        (dz / cell.radii[0]) ** 2
        + (along / cell.radii[1]) ** 2
        + (across / cell.radii[2]) ** 2
    )
    inside = radius < 1
    light[0][inside] += 1 - 0.4 * radius[inside] ** 2
    labels[inside] = label
    light[1] += 0.08 * np.exp(-((radius / 1.9) ** 2)) * ~inside

    points = np.rint(cell.filaments + centre).astype(np.intp)
    points = points[((points >= 0) & (points < (depth, height, width))).all(axis=1)]
    points = points[~inside[tuple(points.T)]]
    np.add.at(light[1], tuple(points.T), 0.6)


def _blur(
    volume: NDArray[np.float64], sigma: tuple[float, float, float]
) -> NDArray[np.float64]:
    """Convolve with a Gaussian; beyond its border the volume goes on as there."""
    border = 8
    volume = np.pad(volume, border, mode="edge")
    spectrum = np.fft.rfftn(volume)
    for axis, width in enumerate(sigma):
        frequencies = np.fft.rfftfreq if axis == 2 else np.fft.fftfreq
        damping = np.exp(-2 * (np.pi * width * frequencies(volume.shape[axis])) ** 2)
        spectrum *= damping.reshape([-1 if i == axis else 1 for i in range(3)])
    blurred = np.fft.irfftn(spectrum, s=volume.shape, axes=(0, 1, 2))
    inner = slice(border, -border)
    return blurred[inner, inner, inner]
