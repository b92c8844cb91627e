"""Sounds in the S3 server that moto brings, by another hand than ours."""

import pytest

from drumsort import classify

from .conftest import DEMO


@pytest.fixture
def moto(monkeypatch):
    """moto's server, with a bucket of a few sounds."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "AKIAONLYFORTESTS",
        "AWS_SECRET_ACCESS_KEY": "this-is-no-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="sounds-of-moto")
    for path in sorted((DEMO / "BillieDrum").rglob("*.ogg")):
        client.upload_file(path, "sounds-of-moto", f"Lib/{path.relative_to(DEMO)}")
    yield client
    server.stop()


def test_the_same_verdicts_from_motos_s3(moto):
    there = list(classify("s3://sounds-of-moto/Lib/BillieDrum", workers=1))
    here = list(classify(DEMO / "BillieDrum", workers=1))
    assert len(here) == 22
    assert [one.prediction for one in there] == [one.prediction for one in here]
    assert [one.path.name for one in there] == [one.path.name for one in here]
    (lost,) = classify("s3://sounds-of-moto/nothing")
    assert "no such object" in lost.error
