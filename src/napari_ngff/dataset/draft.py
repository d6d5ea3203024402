"""The editable copy of what a store's metadata say. No Qt, and nothing is saved here.

Knows the documents as they are stored and the edits that are wished: what it says is
the edits made one after the other, so leaving one out takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.patch import difference
from napari_ngff.dataset.editing.documents import open_documents, with_groups
from napari_ngff.dataset.editing.folding import Wish, folded, joined_on
from napari_ngff.dataset.editing.judging import fix_of, problems_of
from napari_ngff.dataset.editing.patching import Patch, patch_of
from napari_ngff.dataset.editing.spreading import changes_by_key
from napari_ngff.dataset.editing.values import Values

if TYPE_CHECKING:
    import os
    from collections.abc import Hashable, Mapping

    from napari_ngff.core.patch import Changes
    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.dataset.editing.stored import StoredDocuments
    from napari_ngff.metadata.model import Group, Multiscale

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Whether edits of a field make a difference to documents, all by themselves."""

    documents: StoredDocuments
    wishes: tuple[Wish, ...]
    counts: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Draft:
    """What a group says, with edits.

    All methods that change something return another draft. Edits are values of
    `metadata.editing`; each has a `field`, which says what it edits.

    Attributes
    ----------
    documents
        The documents as they are stored.
    index
        The entry of ``multiscales`` that is edited.
    included
        Further groups that the same edits are made to: labels, sibling fields.
    wishes
        The edits, each with the entry of ``multiscales`` that it was made for.
    values
        What the documents say after the edits.
    refused
        Why edits were not made, if some could not be: of those that the draft was
        last given, and of earlier ones that no longer fit.
    told
        What saving told: that no history could be kept, or something was left over.
    """

    documents: StoredDocuments
    index: int = 0
    included: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    values: Values
    refused: tuple[Problem, ...] = ()
    told: tuple[Problem, ...] = ()
    _past: tuple[tuple[Wish, ...], ...] = field(default=(), repr=False)
    _future: tuple[tuple[Wish, ...], ...] = field(default=(), repr=False)
    _after: tuple[Values, ...] = field(default=(), repr=False)
    _counted: dict[tuple[int, ...], _Counted] = field(default_factory=dict, repr=False)

    @classmethod
    def open(
        cls, path: str | os.PathLike[str], *, index: int = 0, limits: Limits = LIMITS
    ) -> Self:
        """Read what is at a path: anything that `read` opens.

        Raises
        ------
        CannotOpen, NotOmeZarr, DocumentError, Unreadable, UnsafePath, LimitExceeded
            As `dataset.editing.documents.open_documents`.
        """
        return cls.of(open_documents(path, limits=limits), index=index)

    @classmethod
    def of(cls, documents: StoredDocuments, *, index: int = 0) -> Self:
        """Return a draft of documents without edits."""
        values = Values(stored=documents, edited={})
        return cls(documents=documents, index=index, values=values)

    @property
    def read_only(self) -> str:
        """Why it cannot be saved, in words; empty where it can."""
        return self.documents.read_only

    @cached_property
    def group(self) -> Group:
        """The model of what the group says now."""
        return self.values.group(self.documents.node)

    @property
    def multiscale(self) -> Multiscale | None:
        """The entry of ``multiscales`` that is edited; None where there is none."""
        entries = self.group.multiscales
        return entries[self.index] if self.index < len(entries) else None

    @property
    def attributes(self) -> Any:
        """The attributes of the group now, as JSON."""
        return self.values.attributes(self.documents.node)

    @property
    def shapes(self) -> tuple[tuple[int, ...] | None, ...]:
        """The shape of each level; None where it is not known."""
        return self.documents.shapes(self.documents.node, self.index)

    @property
    def edits(self) -> tuple[AnyEdit, ...]:
        """The edits, in the order in which they are made."""
        return tuple(wish.edit for wish in self.wishes)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong now: what reading and validating would tell of it.

        The `loc` of each is from the root of the document of its `node`.
        """
        nodes = (self.documents.node, *self.included)
        return problems_of(self.values, self.patch, nodes)

    def fix_of(self, problem: Problem) -> AnyEdit | None:
        """Return the edit that remedies a problem, where there is one sure remedy."""
        return fix_of(self.values, self.index, problem)

    def edited(self, *edits: AnyEdit, step: Literal["new", "same"] = "new") -> Draft:
        """Return a draft with further edits; what cannot be made is in `refused`.

        Parameters
        ----------
        *edits
            What is wished, in this order.
        step
            Whether they are taken back by an undo of their own, or together with the
            last one. With ``same`` they are made in place of those at the end that
            edit the same fields: for a text that is typed.
        """
        past = self._past if step == "same" and self._past else self._recorded()
        wanted = tuple(Wish(edit=edit, index=self.index) for edit in edits)
        together = joined_on(self.wishes, wanted)
        if together is not None:
            draft = self._with(together, past=past)
            if not draft.refused:
                return draft
        wishes = self.wishes
        if step == "same":
            fields = {edit.field for edit in edits}
            while wishes and wishes[-1].edit.field in fields:
                wishes = wishes[:-1]
        return self._with((*wishes, *wanted), past=past)

    def undo(self) -> Draft:
        """Return the draft as it was before the last step."""
        if not self._past:
            return self
        *past, wishes = self._past
        future = (*self._future, self.wishes)
        return self._with(wishes, past=tuple(past), future=future)

    def redo(self) -> Draft:
        """Return the draft as it was before the last undo."""
        if not self._future:
            return self
        *future, wishes = self._future
        return self._with(wishes, past=self._recorded(), future=tuple(future))

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to make again."""
        return bool(self._future)

    @property
    def is_changed(self) -> bool:
        """Whether saving would change anything."""
        return bool(self.patch)

    def is_edited(self, field: Hashable) -> bool:
        """Tell whether a field was edited; ``("axis", 0)`` has ``("axis", 0, "unit")``.

        What was edited to what it is in the store counts as not edited.
        """
        return field in self._edited

    @cached_property
    def _edited(self) -> frozenset[Hashable]:
        """Fields whose edits make a difference, and all that contain them."""
        found: set[Hashable] = set()
        for name in {wish.edit.field for wish in self.wishes}:
            if self._counts(name):
                found |= {name, *_around(name)}
        return frozenset(found)

    def _counts(self, name: Hashable) -> bool:
        """Tell whether edits of a field make a difference to the group: by themselves.

        Where they build upon others: whether they do after those.
        """
        own = tuple(wish for wish in self.wishes if wish.edit.field == name)
        known = self._counted.get(tuple(map(id, own)))
        if known is not None and known.documents is self.documents:
            return known.counts
        stored = Values(stored=self.documents)
        alone, _, refused = folded(stored, (), own)
        if not refused:
            counts = bool(alone.edited) or alone.stale == "update"
            found = _Counted(documents=self.documents, wishes=own, counts=counts)
            self._counted[tuple(map(id, own))] = found
            return counts
        rest = tuple(wish for wish in self.wishes if wish.edit.field != name)
        without = folded(stored, (), rest)[0]
        every = folded(stored, (), self.wishes)[0]
        return without.edited != every.edited

    def reverted(self, field: Hashable) -> Draft:
        """Return a draft without the edits of a field, and of what it contains."""
        rest = tuple(wish for wish in self.wishes if not _is_in(wish.edit.field, field))
        if rest == self.wishes:
            return self
        return self._with(rest, past=self._recorded())

    def reverted_all(self) -> Draft:
        """Return a draft without edits; this can be undone."""
        return self._with((), past=self._recorded()) if self.wishes else self

    def showing(self, index: int) -> Draft:
        """Return a draft whose next edits are of another entry of ``multiscales``."""
        return replace(self, index=index)

    def including(self, *nodes: str) -> Draft:
        """Return a draft whose edits are made to these groups too, and no others.

        Raises
        ------
        NgffError
            If one of them cannot be read; see `open_documents`.
        """
        documents = with_groups(self.documents, nodes)
        draft = replace(self, documents=documents, included=nodes)
        return draft._with(self.wishes, past=self._past, future=self._future)

    @property
    def changes(self) -> Mapping[str, Changes]:
        """The changes of each node's document, by node."""
        documents = self.documents.documents
        found = {
            node: difference(documents[node].value, value)
            for node, value in self.values.edited.items()
        }
        return {node: changes for node, changes in found.items() if changes}

    @cached_property
    def patch(self) -> Patch:
        """What saving would change: bytes, values, as text and as JSON."""
        stored = self.documents
        stale = self.values.stale
        changes = changes_by_key(stored, self.values.edited, stale=stale)
        before = {key: stored.written(key) for key in changes}
        own = {stored.documents[node].key for node in self.changes}
        copies = frozenset(changes.keys() - own)
        limits = stored.location.limits
        return patch_of(stored.store, before, changes, copies, limits=limits)

    def patch_text(self) -> str:
        """Return what saving would change, a line for each value."""
        return self.patch.text

    def json_patch(self) -> dict[str, list[dict[str, Any]]]:
        """Return a JSON patch (RFC 6902) for each document, by its key."""
        return self.patch.to_json()

    def saved(
        self, documents: StoredDocuments, told: tuple[Problem, ...] = ()
    ) -> Draft:
        """Return a draft without edits of the documents that are stored now."""
        draft = Draft.of(documents, index=self.index)
        return replace(draft, included=self.included, told=told)

    def on(self, documents: StoredDocuments) -> Draft:
        """Return the same edits made to documents as they are now."""
        documents = with_groups(documents, self.included)
        return replace(self, documents=documents)._with(
            self.wishes, past=self._past, future=self._future
        )

    def _recorded(self) -> tuple[tuple[Wish, ...], ...]:
        return (*self._past, self.wishes)

    def _with(
        self,
        wishes: tuple[Wish, ...],
        *,
        past: tuple[tuple[Wish, ...], ...],
        future: tuple[tuple[Wish, ...], ...] = (),
    ) -> Draft:
        """Return a draft with other edits; those at the start that it has are made."""
        done = self._made(wishes)
        values = Values(stored=self.documents)
        if done:
            values = self.values if done == len(self.wishes) else self._after[done - 1]
        made, after = list(wishes[:done]), list(self._after[:done])
        refused: list[Problem] = []
        for wish in wishes[done:]:
            values, new, told = folded(values, self.included, (wish,))
            refused += told
            if new:
                made.append(wish)
                after.append(values.without_models())
        return replace(
            self,
            wishes=tuple(made),
            values=values,
            refused=tuple(refused),
            told=(),
            _past=past,
            _future=future,
            _after=tuple(after),
        )

    def _made(self, wishes: tuple[Wish, ...]) -> int:
        """Return how many of some edits, from the first one on, are made already."""
        if self.values.stored is not self.documents:
            return 0
        pairs = enumerate(zip(wishes, self.wishes, strict=False))
        fewest = min(len(wishes), len(self.wishes))
        return next((i for i, (one, own) in pairs if one is not own), fewest)


def _is_in(name: Hashable, field: Hashable) -> bool:
    """Tell whether a field is another one or a part of that."""
    if isinstance(name, tuple) and isinstance(field, tuple):
        return name[: len(field)] == field
    return name == field


def _around(name: Hashable) -> set[Hashable]:
    """Return the fields that a field is a part of."""
    parts = name if isinstance(name, tuple) else ()
    return {parts[:end] for end in range(1, len(parts))}
