"""What an edit comes to: bytes, text, JSON patches."""

from napari_ngff.core.patch import MISSING, Change
from napari_ngff.core.splice import Written
from napari_ngff.dataset.editing.patching import line, patch_of


def test_a_document_that_was_not_there_is_written_anew():
    """Indented, and told as new."""
    change = Change(("a",), MISSING, {"b": [1.5, "µ"]})

    patch = patch_of("store", {".zattrs": None}, {".zattrs": (change,)})

    text = '{\n    "a": {\n        "b": [\n            1.5,\n            "µ"\n'
    assert (None, f"{text}        ]\n    }}\n}}".encode()) == patch.files[".zattrs"]
    assert '.zattrs (new)\n  + /a: {"b": [1.5, "µ"]}' == patch.text
    assert [{"op": "add", "path": "/a", "value": change.new}] == patch.to_json()[
        ".zattrs"
    ]


def test_a_change_that_leaves_the_bytes_is_none():
    """A number that is written otherwise and means the same stays as it is."""
    same = Change(("a",), 1, 1)

    patch = patch_of("store", {"k": Written.of(b'{"a": 1}', {"a": 1})}, {"k": (same,)})

    assert not patch
    assert {} == patch.changes
    assert "Nothing is changed." == patch.text


def test_lines_are_fit_to_be_shown():
    """Text of a file is plain in them, and cut."""
    removed = Change(("<b>", 0), "\u202ex" * 200, MISSING)

    text = line(removed)

    assert text.startswith("- /\u2039b>/0: ")
    assert "\u202e" not in text
    assert len(text) < 200
    assert "  /a: null → 0.1" == line(Change(("a",), None, 0.1))
