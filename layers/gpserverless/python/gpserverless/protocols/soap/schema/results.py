"""The types of results, their options, messages and the states of jobs."""

from __future__ import annotations

from gpserverless.protocols.soap.schema.table import SchemaType, define_enumeration, define_type

RESULT_TYPES: tuple[SchemaType, ...] = (
    define_type("GPResult", "Values? GPValues, Messages? ArrayOfJobMessage"),
    define_type(
        # The last two are sent by ArcPy.
        "GPResultOptions",
        "DensifyFeatures? boolean, TransportType? esriGDSTransportType, SpatialReference? SpatialReference, "
        "Format? string, FormatProperties? PropertySet, ReturnData? boolean, UpdateValues? boolean",
    ),
    define_type("JobMessage", "MessageDesc string, MessageType esriJobMessageType"),
    define_type("ArrayOfJobMessage", "JobMessage* JobMessage"),
    define_enumeration("esriJobMessageType", "Informative Warning Error Empty Abort", "esriJobMessageType"),
    define_enumeration(
        "esriJobStatus",
        "New Submitted Waiting Executing Succeeded Failed TimedOut Cancelling Cancelled Deleting Deleted",
        "esriJob",
    ),
    define_type("PropertySet", "PropertyArray ArrayOfPropertySetProperty"),
    define_type("ArrayOfPropertySetProperty", "PropertySetProperty* PropertySetProperty"),
    define_type("PropertySetProperty", "Key string, Value? anyType|nil"),
)
