"""Tags of parallel data and terminologies."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

ROWS = "en,zh\nHello.,你好。\n"


def tags(desk, arn):
    return desk.translate.list_tags_for_resource(ResourceArn=arn)["Tags"]


def refused(call, **given) -> str:
    with pytest.raises(ClientError) as error:
        call(**given)
    return str(error.value.response["Error"]["Code"])


def test_tags_come_and_go(desk):
    desk.put("a.csv", ROWS)
    one = {"Key": "team", "Value": "books"}
    config = {"S3Uri": "s3://book/a.csv", "Format": "CSV"}
    desk.translate.create_parallel_data(Name="rows", ParallelDataConfig=config, Tags=[one])
    arn = desk.properties("rows")["Arn"]
    assert tags(desk, arn) == [one]
    desk.translate.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "press"}, {"Key": "b", "Value": ""}])
    assert tags(desk, arn) == [{"Key": "team", "Value": "press"}, {"Key": "b", "Value": ""}]
    desk.translate.untag_resource(ResourceArn=arn, TagKeys=["team", "none"])
    assert tags(desk, arn) == [{"Key": "b", "Value": ""}]


def test_terminologies_have_tags_too(desk):
    table = {"File": "en,zh\na,甲\n".encode(), "Format": "CSV"}
    made = desk.translate.import_terminology(
        Name="words", MergeStrategy="OVERWRITE", TerminologyData=table, Tags=[{"Key": "k", "Value": "v"}]
    )
    arn = made["TerminologyProperties"]["Arn"]
    desk.translate.import_terminology(Name="words", MergeStrategy="OVERWRITE", TerminologyData=table)
    assert tags(desk, arn) == tags(desk, arn.removesuffix("/LATEST")) == [{"Key": "k", "Value": "v"}]


def test_what_is_refused(desk):
    desk.import_rows("rows", ROWS)
    arn = desk.properties("rows")["Arn"]
    tag = desk.translate.tag_resource
    many = [{"Key": f"k{number}", "Value": ""} for number in range(51)]
    with pytest.raises(desk.translate.exceptions.TooManyTagsException) as error:
        tag(ResourceArn=arn, Tags=many)
    assert error.value.response["ResourceArn"] == arn
    assert error.value.response["message"] == "A resource can have at most 50 tags."
    same = [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]
    assert refused(tag, ResourceArn=arn, Tags=same) == "InvalidParameterValueException"
    own = [{"Key": "aws:k", "Value": "1"}]
    assert refused(tag, ResourceArn=arn, Tags=own) == "InvalidParameterValueException"
    assert refused(tag, ResourceArn="arn:x", Tags=[]) == "InvalidParameterValueException"
    assert refused(tag, ResourceArn=arn.replace("rows", "none"), Tags=[]) == "ResourceNotFoundException"
    assert refused(tag, ResourceArn=arn.replace("1234", "9999"), Tags=[]) == "ResourceNotFoundException"
    assert tags(desk, arn) == []
