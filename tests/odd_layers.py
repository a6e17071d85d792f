"""Layers as servers serve them who do not do what they say. Each has features of the object ids 1, 2, 3, …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

FIELDS = [
    {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"},
    {"name": "name", "type": "esriFieldTypeString", "alias": "name", "length": 40},
]
REFUSAL = "this server does not do that"

Form = Mapping[str, str]


@dataclass(frozen=True)
class OddLayer:
    """A layer, and what its server does.

    Attributes:
        features: Number of its features.
        says: Its `maxRecordCount`; None to leave it out.
        gives: Most features of one answer.
        flag: Its `exceededTransferLimit`: "right", "absent", or always the value.
        counts: Answer to `returnCountOnly`: "right", "refused", "ignored", or a number.
        lists: Answer to `returnIdsOnly`: "right", "refused", "floats", "cut" with the flag, or the ids.
        pages: What it says about paging; None to say nothing.
        follows: Fields of a query that it follows; the others it ignores.
        refuses: Fields that it answers with an error.
        largest: Most features that may be asked for; of more it gives none, and the flag is true.
        last: Largest `resultOffset`, itself refused; None for any.
        grows: Features that are added after each query.
        about: More members of its description.
        more: More members of its pages.
    """

    features: int = 25
    says: Any = 10
    gives: int = 10
    flag: Any = "right"
    counts: Any = "right"
    lists: Any = "right"
    pages: bool | None = True
    follows: frozenset[str] = frozenset({"resultOffset", "resultRecordCount", "objectIds"})
    refuses: frozenset[str] = frozenset()
    largest: int = 10**9
    last: int | None = None
    grows: int = 0
    about: Mapping[str, Any] | None = None
    more: Mapping[str, Any] | None = None

    def answer(self, path: str, form: Form, queries: int) -> dict[str, Any]:
        """Return the answer to a request.

        Args:
            path: Its path.
            form: Its fields.
            queries: Number of pages that were answered before.
        """
        if not path.endswith("/query"):
            return self._describe()
        layer = replace(self, features=self.features + self.grows * queries)
        is_behind = self.last is not None and int(form.get("resultOffset", 0)) >= self.last
        if is_behind or not self.refuses.isdisjoint(form):
            return {"error": {"code": 400, "message": REFUSAL, "details": []}}
        if "returnCountOnly" in form and self.counts != "ignored":
            return _value("count", layer.features if self.counts == "right" else self.counts)
        if "returnIdsOnly" in form and self.lists == "cut":
            return {"objectIds": [1, 2, 3], "exceededTransferLimit": True}
        if "returnIdsOnly" in form and self.lists != "ignored":
            return _value("objectIds", layer._list_ids())
        return layer._page(form)

    def _describe(self) -> dict[str, Any]:
        paging = {} if self.pages is None else {"supportsPagination": self.pages, "supportsOrderBy": True}
        about = {
            "type": "Feature Layer",
            "geometryType": "esriGeometryPoint",
            "fields": FIELDS,
            "advancedQueryCapabilities": paging,
        }
        return about | ({} if self.says is None else {"maxRecordCount": self.says}) | dict(self.about or {})

    def _list_ids(self) -> Any:
        ids = range(1, self.features + 1)
        known: dict[str, Any] = {"right": list(ids), "floats": [float(i) for i in ids]}
        return known.get(self.lists, self.lists) if isinstance(self.lists, str) else self.lists

    def _page(self, form: Form) -> dict[str, Any]:
        known = {name: value for name, value in form.items() if name in self.follows}
        ids: Sequence[int] = range(1, self.features + 1)
        if "objectIds" in known:
            ids = [int(i) for i in known["objectIds"].split(",")]
        ids = ids[int(known.get("resultOffset", 0)) :]
        asked = int(known.get("resultRecordCount", self.gives))
        given = ids[: min(asked, self.gives)] if asked <= self.largest else []
        flags = {"right": len(given) < len(ids)}
        flag = {} if self.flag == "absent" else {"exceededTransferLimit": flags.get(self.flag, self.flag)}
        header = {"spatialReference": {"wkid": 4326}, "geometryType": "esriGeometryPoint", "fields": FIELDS}
        return {**header, **flag, **dict(self.more or {}), "features": [_feature(i) for i in given]}


def _value(name: str, value: Any) -> dict[str, Any]:
    if value == "refused":
        return {"error": {"code": 400, "message": REFUSAL, "details": []}}
    return {name: value}


def _feature(number: int) -> dict[str, Any]:
    return {"attributes": {"OBJECTID": number, "name": f"City {number}"}, "geometry": {"x": number, "y": 1}}


NO_PAGING = OddLayer(pages=False, follows=frozenset({"objectIds"}))
UNKNOWN = OddLayer(counts="refused", lists="refused")

WHOLE: dict[str, OddLayer] = {
    "honest": OddLayer(),
    "says-more-than-it-gives": OddLayer(says=20, flag="absent"),
    "says-more-and-flags-false": OddLayer(says=20, flag=False),
    "flag-absent": OddLayer(flag="absent"),
    "flag-always-false": OddLayer(flag=False),
    "flag-always-true": OddLayer(flag=True),
    "flag-as-text": OddLayer(flag="true"),
    "flag-always-true-to-the-last-full-page": OddLayer(features=30, flag=True),
    "full-pages-and-no-flag": OddLayer(features=30, flag="absent"),
    "full-pages-and-an-error-behind-them": OddLayer(features=30, flag="absent", last=30),
    "page-size-absent": OddLayer(says=None),
    "page-size-zero": OddLayer(says=0),
    "page-size-as-float": OddLayer(says=10.0),
    "empty-page-if-too-many-are-asked-for": OddLayer(says=2_000, gives=10, largest=100),
    "no-count": OddLayer(counts="refused", flag="absent"),
    "count-ignored": OddLayer(counts="ignored", flag="absent"),
    "count-as-float": OddLayer(counts=2.5e1),
    "no-count-and-no-ids": UNKNOWN,
    "no-count-no-ids-flag-absent": replace(UNKNOWN, flag="absent"),
    "no-count-no-ids-flag-false": replace(UNKNOWN, flag=False, says=20),
    "no-order": OddLayer(about={"advancedQueryCapabilities": {"supportsPagination": True}}),
    "paging-at-the-top": OddLayer(about={"advancedQueryCapabilities": None, "supportsPagination": True}),
    "paging-promised-and-refused": OddLayer(refuses=frozenset({"resultOffset"}), follows=NO_PAGING.follows),
    "ids-only": NO_PAGING,
    "ids-only-and-nothing-said": replace(NO_PAGING, pages=None),
    "ids-as-floats": replace(NO_PAGING, lists="floats"),
    "ids-and-fewer-at-a-time-than-it-says": replace(NO_PAGING, says=1_000, gives=3, flag="absent"),
    "ids-without-count": replace(NO_PAGING, counts="refused"),
    "neither-pages-nor-ids-but-all-at-once": replace(NO_PAGING, lists=None, gives=25, flag="absent"),
    "neither-pages-nor-ids-nor-count": replace(NO_PAGING, lists=None, counts="refused", gives=25),
    "empty": OddLayer(features=0),
    "empty-and-flag-true": OddLayer(features=0, flag=True),
    "empty-ids-only": replace(NO_PAGING, features=0, lists=None),
    "empty-without-count": replace(UNKNOWN, features=0),
    "no-object-ids": OddLayer(about={"fields": FIELDS[1:]}),
}
"""Layers that are read whole."""

REFUSED: dict[str, tuple[OddLayer, str]] = {
    "offset-ignored": (OddLayer(follows=frozenset()), "same features again"),
    "offset-ignored-without-ids": (
        OddLayer(follows=frozenset(), about={"fields": FIELDS[1:]}),
        "same features again",
    ),
    "offset-ignored-without-count": (replace(UNKNOWN, follows=frozenset()), "same features again"),
    "empty-page-and-flag-true": (OddLayer(counts=30, flag=True), "counts 30 features, and gives 25"),
    "empty-page-and-flag-true-without-count": (replace(UNKNOWN, flag=True), "more features than it gives"),
    "counts-more": (OddLayer(counts=26), "counts 26 features, and gives 25"),
    "counts-fewer": (OddLayer(counts=24), "counts 24 features, and gives 25"),
    "counts-one-page": (OddLayer(counts=20, flag=True), "counts 20 features, and gives 25"),
    "counts-to-the-end-of-a-page": (OddLayer(counts=20, flag="absent"), "counts 20 features, and gives 25"),
    "counts-one-page-alone": (OddLayer(counts=10, flag="absent"), "counts 10 features, and gives 25"),
    "grows-while-it-is-read": (OddLayer(grows=1), "changed while it was read: it had 25 features, then 2"),
    "ids-cut": (replace(NO_PAGING, lists=list(range(1, 11))), "counts 25 features, and gives 10"),
    "ids-cut-without-count": (
        replace(NO_PAGING, lists=list(range(1, 11)), counts="refused"),
        "lists 10 object ids, as many as it gives at once",
    ),
    "ids-cut-and-said": (replace(NO_PAGING, lists="cut", counts="refused"), "cannot be read to its end"),
    "ids-twice": (replace(NO_PAGING, lists=[1, 2, 2]), "object ids twice"),
    "ids-not-whole": (replace(NO_PAGING, lists=[1, 2.5]), "not whole numbers"),
    "ids-as-truth-values": (replace(NO_PAGING, lists=[True]), "not whole numbers"),
    "ids-ignored": (replace(NO_PAGING, follows=frozenset(), gives=5), "other features than"),
    "id-of-nothing": (
        replace(NO_PAGING, features=1, gives=0),
        "lists the object id 1, and has no such feature",
    ),
    "neither-pages-nor-ids": (replace(NO_PAGING, lists=None), "cannot be read to its end"),
    "neither-pages-nor-ids-flag-false": (
        replace(NO_PAGING, lists=None, flag=False),
        "counts 25 features, and gives 10",
    ),
    "nothing-tells-the-end": (
        replace(NO_PAGING, lists=None, counts="refused", flag="absent"),
        "cannot be read to its end",
    ),
    "quantized": (OddLayer(more={"transform": {"scale": [1, 1]}}), "quantized"),
    "group": (
        OddLayer(about={"type": "Group Layer", "subLayers": [{"id": 3, "name": "Roads"}]}),
        "a group of layers",
    ),
}
"""Layers that are refused, and the reason."""
