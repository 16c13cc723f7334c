"""Object stores on real sockets, each behind a proxy that can be made to fail."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from engine.proxy import Proxy


@contextmanager
def s3() -> Iterator[Proxy]:
    """Run an S3 server with a bucket `novel` that `s3://novel` leads to while it runs."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    proxy = Proxy(port)
    environment = {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{proxy.port}",
    }
    try:
        with mock.patch.dict(os.environ, environment):
            client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
            client.create_bucket(Bucket="novel")
            yield proxy
            for each in client.list_objects_v2(Bucket="novel").get("Contents", []):
                client.delete_object(Bucket="novel", Key=each["Key"])
    finally:
        proxy.close()
        server.stop()


@contextmanager
def gcs() -> Iterator[Proxy]:
    """Run a Google Cloud Storage server with a bucket `novel`, which `gs://novel` leads to."""
    from gcp_storage_emulator.server import create_server

    for name in ("gcp_storage_emulator", "gcsfs"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    server = create_server("127.0.0.1", 0, in_memory=True, default_bucket="novel")
    server.start()
    proxy = Proxy(server._api._httpd.server_port)
    environment = {"STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{proxy.port}"}
    try:
        with mock.patch.dict(os.environ, environment):
            yield proxy
    finally:
        proxy.close()
        server.stop()
