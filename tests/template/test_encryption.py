"""What is stored and sent is encrypted, with one key if one is given; no secret lies open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from local.template import FUNCTION, Resource, Template
from tests.template.conftest import PATH, make_resolver, resolve_all

Properties = Mapping[str, Mapping[str, Any]]

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TABLE, BUCKET, QUEUE, LOG = (
    *("AWS::DynamoDB::Table", "AWS::S3::Bucket"),
    *("AWS::SQS::Queue", "AWS::Logs::LogGroup"),
)
POLICIES = {"AWS::SQS::QueuePolicy": "Queues", "AWS::S3::BucketPolicy": "Bucket"}
RIGHTS_OF_A_KEY = {"kms:Decrypt", "kms:GenerateDataKey"}


@pytest.fixture(scope="module")
def with_key(template: Template) -> Properties:
    """Return the resolved properties of a stack that is given a key."""
    return resolve_all(template, make_resolver(template, KmsKeyArn=KEY))


def names(template: Template, *kinds: str) -> list[str]:
    found = [resource.name for kind in kinds for resource in template.of_type(kind)]
    assert found, kinds
    return found


def key_of(kind: str, given: Mapping[str, Any]) -> str | None:
    """Return the key of the customer with which a resource is encrypted."""
    match kind:
        case "AWS::DynamoDB::Table":
            found = given["SSESpecification"].get("KMSMasterKeyId")
        case "AWS::S3::Bucket":
            found = encryption_of(given).get("KMSMasterKeyID")
        case "AWS::SQS::Queue":
            found = given.get("KmsMasterKeyId")
        case _:
            found = given.get("KmsKeyId")
    return found if found is None else str(found)


def encryption_of(bucket: Mapping[str, Any]) -> Mapping[str, Any]:
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    found: Mapping[str, Any] = rule["ServerSideEncryptionByDefault"]
    return found


@pytest.mark.parametrize("kind", [TABLE, BUCKET, QUEUE, LOG])
def test_given_key_encrypts_every(
    kind: str, template: Template, properties: Properties, with_key: Properties
) -> None:
    for name in names(template, kind):
        assert key_of(kind, with_key[name]) == KEY, name
        assert key_of(kind, properties[name]) is None, name


def test_without_a_key_everything_is_encrypted_with_keys_of_aws(
    template: Template, properties: Properties
) -> None:
    assert {properties[name]["SqsManagedSseEnabled"] for name in names(template, QUEUE)} == {True}
    algorithms = {encryption_of(properties[name])["SSEAlgorithm"] for name in names(template, BUCKET)}
    assert algorithms == {"AES256"}
    # DynamoDB and CloudWatch Logs encrypt in any case.


def test_queue_has_one_kind_of_encryption(template: Template, with_key: Properties) -> None:
    assert {with_key[name]["SqsManagedSseEnabled"] for name in names(template, QUEUE)} == {False}


def test_secret_variables_are_encrypted_with_the_key(template: Template, with_key: Properties) -> None:
    secrets = hidden_parameters()
    readers = [function for function in template.of_type(FUNCTION) if refers_to(function, secrets)]
    assert readers
    assert {with_key[function.name].get("KmsKeyArn") for function in readers} == {KEY}


def test_functions_that_store_may_use_the_key(
    template: Template, properties: Properties, with_key: Properties
) -> None:
    for function in template.of_type(FUNCTION):
        policies = properties[function.name]["Policies"]
        stores = any(not isinstance(policy, str) for policy in policies)
        assert ("KeyPolicy" in with_key[function.name]["Policies"]) == stores, function.name
        assert "KeyPolicy" not in policies


def test_key_is_used_through_services_alone(with_key: Properties) -> None:
    (statement,) = with_key["KeyPolicy"]["PolicyDocument"]["Statement"]
    assert (set(statement["Action"]), statement["Resource"]) == (RIGHTS_OF_A_KEY, KEY)
    services = statement["Condition"]["StringEquals"]["kms:ViaService"]
    assert services == [f"{name}.us-east-1.amazonaws.com" for name in ("dynamodb", "lambda", "s3", "sqs")]


@pytest.mark.parametrize(
    ("arn", "is_taken"),
    [
        (KEY, True),
        (KEY.replace("arn:aws:", "arn:aws-cn:"), True),
        ("", True),
        ("alias/mine", False),
        (KEY.replace(":key/", ":alias/"), False),
        (f"{KEY} ", False),
    ],
)
def test_only_the_arn_of_a_key_is_taken(arn: str, is_taken: bool) -> None:
    pattern = re.search(r"\n  KmsKeyArn:\n(?: {4}.+\n)*? {4}AllowedPattern: (.+)\n", PATH.read_text("utf-8"))
    assert pattern is not None
    assert bool(re.fullmatch(pattern[1], arn)) == is_taken


def test_queue_and_bucket_refuse_calls_without_tls(template: Template, properties: Properties) -> None:
    secured = set()
    for kind, member in POLICIES.items():
        for name in names(template, kind):
            (statement,) = properties[name]["PolicyDocument"]["Statement"]
            assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
            assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            assert statement["Action"] in ("sqs:*", "s3:*")
            held = (
                [properties[name][member]]
                if isinstance(properties[name][member], str)
                else properties[name][member]
            )
            resources = statement["Resource"]
            assert set(resources if isinstance(resources, list) else [resources]) >= {
                f"arn:{each}" for each in held
            }
            secured.update(held)
    assert secured == set(names(template, QUEUE, BUCKET))


def test_bucket_is_private(template: Template, properties: Properties) -> None:
    for name in names(template, BUCKET):
        block = properties[name]["PublicAccessBlockConfiguration"]
        assert len(block) == 4
        assert set(block.values()) == {True}
        assert properties[name]["OwnershipControls"] == {
            "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
        }


def test_unfinished_uploads_are_removed(properties: Properties) -> None:
    rules = properties["Bucket"]["LifecycleConfiguration"]["Rules"]
    days = [rule["AbortIncompleteMultipartUpload"] for rule in rules if "Prefix" not in rule]
    assert days == [{"DaysAfterInitiation": 1}]


def test_deletions_delete_and_the_table_has_backups(template: Template, properties: Properties) -> None:
    assert not [name for name in names(template, BUCKET) if "VersioningConfiguration" in properties[name]]
    backups = [properties[name]["PointInTimeRecoverySpecification"] for name in names(template, TABLE)]
    assert backups == [{"PointInTimeRecoveryEnabled": True}] * len(backups)


def test_logs_are_kept_for_a_month(template: Template, properties: Properties) -> None:
    kept = {properties[name]["RetentionInDays"] for name in names(template, LOG)}
    assert kept == {30}
    for function in template.of_type(FUNCTION):
        assert properties[function.name]["LoggingConfig"]["LogGroup"] == "FunctionsLog"


def test_access_log_has_paths_without_query_strings(properties: Properties) -> None:
    named = set(re.findall(r"\$context\.([\w.]+)", properties["Stage"]["AccessLogSettings"]["Format"]))
    shown = {"requestTime", "requestId", "identity.sourceIp", "httpMethod", "path", "routeKey"}
    assert named == shown | {"status", "responseLength", "responseLatency", "integrationErrorMessage"}


def hidden_parameters() -> frozenset[str]:
    declared = PATH.read_text("utf-8").partition("\nConditions:\n")[0]
    return frozenset(re.findall(r"\n  (\w+):\n(?: {4}.+\n)*? {4}NoEcho: true\n", declared))


def refers_to(function: Resource, parameters: Iterable[str]) -> bool:
    return any(f"{{'Ref': '{name}'}}" in str(function.properties) for name in parameters)


def test_template_holds_no_secret(template: Template) -> None:
    likely = {
        name for name in template.known_parameters if re.search("Secret|Password|Token|Credential", name)
    } - {"TokenMinutes"}
    assert likely == hidden_parameters()
    assert {template.parameters[name] for name in likely} <= {""}
    text = PATH.read_text("utf-8")
    assert not re.findall(r"AKIA[0-9A-Z]{16}|-----BEGIN|whsec_[A-Za-z0-9+/]{8}", text)
    assert not re.findall(r"(?i)^ +\w*(?:secret|password|token)\w*: (?!!Ref|\"\"$)\S+$", text, re.M)
