"""Hosted services to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.items.changes import open_folder, publish
from gpserverless.items.ports import ItemTable
from gpserverless.items.service import HostedLayer, HostedService
from tests.jobs.rig import resource

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = 1_700_000_000_000
ROOT = "https://site.test/arcgis"
MANIFEST = LayerManifest(
    "Zones",
    "esriGeometryPolygon",
    {"wkid": 25832},
    ({"name": "OBJECTID"},),
    "OBJECTID",
    3,
    (0.5, 0.0, 1.0, 2.5),
)


def create_items_table(client: DynamoDBClient) -> None:
    """Create the table as the template has it."""
    kept = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    given: dict[str, Any] = {name: value for name, value in resource("ItemsTable").items() if name in kept}
    client.create_table(TableName="items", **given)


def service(name: str = "Parcels", **given: Any) -> HostedService:
    known: dict[str, Any] = {
        "id": f"{sum(name.lower().encode()):032x}",
        "name": name,
        "owner": "",
        "version": "v1",
        "job_id": "j1",
        "created_at": NOW,
        "modified_at": NOW,
    }
    bare = HostedService(**known | given)
    layers = (HostedLayer(0, bare.layer_key(0), MANIFEST),)
    return HostedService(**{**vars(bare), "layers": given.get("layers", layers)})


def put(items: ItemTable, shown: HostedService, replaced: HostedService | None = None) -> HostedService:
    """Write and show a version, as a worker does."""
    assert items.write([open_folder(shown, NOW + 3_600_000)])
    assert items.write(publish(shown, replaced))
    return shown
