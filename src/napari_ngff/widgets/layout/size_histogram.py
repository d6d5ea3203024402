"""How large chunks, or files, are: a title and a histogram.

Knows Qt and histograms; not where the sizes come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_ngff.dataset.inspecting.histograms import size_histogram
from napari_ngff.dataset.inspecting.picture_words import exact_bytes
from napari_ngff.dataset.inspecting.quantities import count_words, nbytes_words
from napari_ngff.widgets.layout.histogram_canvas import HistogramCanvas
from napari_ngff.widgets.layout.palette import palette_of
from napari_ngff.widgets.metadata.labels import label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from napari_ngff.widgets.metadata.look import Colors


class SizeHistogram(QWidget):  # type: ignore[misc]
    """How large chunks, or files, are. Hidden where there are no two."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label(tone="muted")
        self.canvas = HistogramCanvas()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.canvas)
        self.hide()

    def show_sizes(
        self, sizes: NDArray[Any] | None, word: str, which: str = ""
    ) -> None:
        """Show other sizes.

        Parameters
        ----------
        sizes
            Bytes of each; None, or fewer than two: nothing is shown.
        word
            What one of them is, such as "chunk".
        which
            Which of them, if not all, such as " that were looked at".
        """
        found = None if sizes is None else size_histogram(sizes)
        if found is None or found.count < 2:
            self.hide()
            return
        count = count_words(found.count, word)
        if found.low == found.high:
            each = exact_bytes(found.low)
            self.title.setText(f"Each of {count}{which} has {each}.")
        else:
            total = nbytes_words(found.total)
            self.title.setText(f"Sizes of {count}{which}, {total} in all")
        self.canvas.show_histogram(found, word + "s")
        self.canvas.setVisible(found.low != found.high)
        self.show()

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        self.canvas.show_palette(palette_of(colors))
