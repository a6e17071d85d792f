"""Record sets cut to what one answer may hold; the answer says so, as ArcGIS Server's does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from gpserverless.protocols.soap.messages import make_messages
from gpserverless.protocols.soap.schema.node import Fragment, Node
from gpserverless.toolkit.run import Message

_SETS = ("GPFeatureRecordSetLayer", "GPRecordSet")


def cut_records(answer: Mapping[str, Any], share: float) -> Mapping[str, Any] | None:
    """Return an answer with the first records of each set, flagged, and with a warning in its messages.

    Args:
        answer: The elements of a response.
        share: Share of the text of the records that may stay, 0 to 1.

    Returns:
        The answer, or None if it has no records that could be left out.
    """
    result = answer.get("Result")
    if not isinstance(result, Node) or result.type_name != "GPResult":
        return None
    values = [_cut_value(value, share) for value in result.members["Values"].members["GPValue"]]
    lost = sum(cut.lost for cut in values)
    if not lost:
        return None
    whole = sum(cut.count for cut in values)
    warning = (
        f"The data exceeds the transfer limit: the answer holds {whole - lost:,} of {whole:,} records. "
        "Accept gzip for more of them, or ask for the result over REST for all."
    )
    members = {
        "Values": Node("GPValues", {"GPValue": [cut.node for cut in values]}),
        "Messages": [*result.members["Messages"], *make_messages([Message("warning", warning)])],
    }
    return {**answer, "Result": Node("GPResult", members)}


@dataclass(frozen=True)
class _Cut:
    """A value of which records may have been left out: `lost` of `count`."""

    node: Node
    count: int = 0
    lost: int = 0


def _cut_value(node: Node, share: float) -> _Cut:
    records = _find_records(node)
    if records is None:
        return _Cut(node)
    sizes = list(accumulate(sum(map(len, element)) for element in records.elements))
    count = len(sizes)
    kept = records.elements[: bisect_right(sizes, share * sizes[-1])]
    lost = count - len(kept)
    if not lost:
        return _Cut(node, count)
    record_set = node.members["RecordSet"]
    cut = replace(record_set, members={**record_set.members, "Records": Fragment(kept)})
    members = {**node.members, "RecordSet": cut, "ExceededTransferLimit": True}
    return _Cut(replace(node, members=members), count, lost)


def _find_records(node: Node) -> Fragment | None:
    record_set = node.members.get("RecordSet") if node.type_name in _SETS else None
    records = record_set.members.get("Records") if isinstance(record_set, Node) else None
    return records if isinstance(records, Fragment) and records.elements else None
