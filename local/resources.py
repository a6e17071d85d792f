"""The template's tables, queues and buckets, made wherever AWS is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from local.resolver import ACCOUNT, REGION, STACK, Resolver
from local.template import Resource, Template

CREDENTIAL = "local"
"""The access key and the secret key; they open nothing real."""


def make_client(service: str, endpoint: str, key: str = CREDENTIAL) -> Any:
    """Make a client of AWS.

    Args:
        service: Such as "s3".
        endpoint: URL of the AWS.
        key: The access key, which names the signer.
    """
    config = Config(
        retries={"total_max_attempts": 1}, max_pool_connections=50, s3={"addressing_style": "path"}
    )
    return _session().create_client(
        service,
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=CREDENTIAL,
        config=config,
    )


@cache
def _session() -> botocore.session.Session:
    """Return the session of all clients, which reads each description of a service once."""
    return botocore.session.get_session()


def make_resources(template: Template, resolver: Resolver, endpoint: str) -> None:
    """Make every table, queue and bucket that is missing, and add their names to the resolver.

    Encryption, recovery and policies are left out: the emulator ignores them. Logs have a name and no more:
    they are files here.

    Args:
        template: The template.
        resolver: Resolves its references.
        endpoint: URL of the AWS.
    """
    dynamodb, sqs, s3 = (make_client(service, endpoint) for service in ("dynamodb", "sqs", "s3"))
    for table in template.of_type("AWS::DynamoDB::Table"):
        _add_table(dynamodb, table, resolver)
    # A queue is made before those that send their dead letters to it.
    for queue in sorted(
        template.of_type("AWS::SQS::Queue"), key=lambda each: "RedrivePolicy" in each.properties
    ):
        _add_queue(sqs, queue, resolver)
    for bucket in template.of_type("AWS::S3::Bucket"):
        _add_bucket(s3, bucket, resolver)
    for log in template.of_type("AWS::Logs::LogGroup"):
        name = f"{STACK}-{log.name}"
        resolver.add(log.name, name, Arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*")


def stream_arns(template: Template, resolver: Resolver) -> frozenset[str]:
    """Return the ARNs of the streams of the template's tables."""
    tables = template.of_type("AWS::DynamoDB::Table")
    streaming = [table.name for table in tables if "StreamSpecification" in table.properties]
    return frozenset(resolver.attribute(name, "StreamArn") for name in streaming)


def make_table(dynamodb: Any, name: str, properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make a table as a template describes it, if it is missing.

    Args:
        dynamodb: A client of DynamoDB.
        name: The table's name.
        properties: Properties of an `AWS::DynamoDB::Table`, with references resolved.

    Returns:
        DynamoDB's description of the table.
    """
    taken = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    given = {key: properties[key] for key in taken if key in properties}
    if stream := properties.get("StreamSpecification"):
        given["StreamSpecification"] = {"StreamEnabled": True, **stream}
    try:
        made: Mapping[str, Any] = dynamodb.create_table(TableName=name, **given)["TableDescription"]
    except dynamodb.exceptions.ResourceInUseException:
        made = dynamodb.describe_table(TableName=name)["Table"]
    else:
        if lifetime := properties.get("TimeToLiveSpecification"):
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=lifetime)
    return made


def _add_table(dynamodb: Any, table: Resource, resolver: Resolver) -> None:
    name = f"{STACK}-{table.name}"
    made = make_table(dynamodb, name, resolver(table.properties))
    stream_arn = {"StreamArn": made["LatestStreamArn"]} if "LatestStreamArn" in made else {}
    resolver.add(table.name, name, Arn=made["TableArn"], **stream_arn)


def _add_queue(sqs: Any, queue: Resource, resolver: Resolver) -> None:
    properties = resolver(queue.properties)
    taken = ("VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "MaximumMessageSize")
    attributes = {key: str(properties[key]) for key in taken if key in properties}
    if redrive := properties.get("RedrivePolicy"):
        target, times = redrive["deadLetterTargetArn"], int(redrive["maxReceiveCount"])
        attributes["RedrivePolicy"] = f'{{"deadLetterTargetArn":"{target}","maxReceiveCount":{times}}}'
    name = f"{STACK}-{queue.name}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    if attributes:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    resolver.add(queue.name, url, Arn=arn, QueueName=name)


def _add_bucket(s3: Any, bucket: Resource, resolver: Resolver) -> None:
    properties = resolver(bucket.properties)
    name = f"{STACK}-{bucket.name}".lower()
    try:
        s3.create_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
            raise
    if cors := properties.get("CorsConfiguration"):
        rules = [_convert_cors_rule(rule) for rule in cors["CorsRules"]]
        s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})
    if lifecycle := properties.get("LifecycleConfiguration"):
        rules = [_convert_lifecycle_rule(rule) for rule in lifecycle["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    resolver.add(bucket.name, name, Arn=f"arn:aws:s3:::{name}")


def _convert_cors_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Rename the keys that CloudFormation and the S3 API spell differently."""
    named = {"MaxAge": "MaxAgeSeconds", "Id": "ID", "ExposedHeaders": "ExposeHeaders"}
    return {named.get(key, key): value for key, value in rule.items()}


def _convert_lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    prefix = {"Prefix": rule.get("Prefix", "")}
    tags = rule.get("TagFilters")
    made: dict[str, Any] = {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": {"And": {**prefix, "Tags": tags}} if tags else prefix,
    }
    if days := rule.get("ExpirationInDays"):
        made["Expiration"] = {"Days": int(days)}
    if abort := rule.get("AbortIncompleteMultipartUpload"):
        made["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": int(abort["DaysAfterInitiation"])}
    return made
