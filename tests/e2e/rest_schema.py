"""The messages of the tables: the schema compiled, JSON to and from bytes by protobuf's own code, statuses with details."""
import base64
import glob
import os
import subprocess
import tempfile

import support

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("SLUICE_SOURCE", os.path.join(HERE, "..", ".."))
TABLES = os.path.join(HERE, "rest")


def compile_schema(path):
    """A descriptor set of the tables' services and of google.rpc's messages."""
    annotations = os.path.join(SOURCE, "annotations")
    subprocess.run(["protoc", "-I", TABLES, "-I", annotations, "--include_imports", "--descriptor_set_out=" + path,
                    "rest.proto", "google/rpc/status.proto", "google/rpc/error_details.proto"], check=True)


class RestSchema(support.Schema):
    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.directory.name, "rest.pb")
        compile_schema(self.path)
        super().__init__(self.path)
        self.methods = {}
        for service in ("Paths", "Bodies", "Streams"):
            for method in self.pool.FindServiceByName("rest.v1." + service).methods:
                self.methods[method.name] = (f"/rest.v1.{service}/{method.name}", method)

    def encode(self, type_name, value):
        from google.protobuf import json_format
        message = self.message(type_name)()
        json_format.ParseDict(value, message, descriptor_pool=self.pool)
        return message.SerializeToString(deterministic=True)

    def show(self, type_name, data):
        from google.protobuf import json_format
        message = self.message(type_name).FromString(data)
        return json_format.MessageToDict(message, descriptor_pool=self.pool)

    def same(self, type_name, data, expected):
        """Whether the bytes are the message that the JSON means, whatever the order of their fields."""
        seen = self.message(type_name).FromString(data)
        return seen.SerializeToString(deterministic=True) == self.encode(type_name, expected)

    def status(self, code, message, details):
        """google.rpc.Status as bytes; a detail is JSON with @type, or [type URL, base64]."""
        status = self.message("google.rpc.Status")(code=code, message=message)
        for detail in details:
            if isinstance(detail, list):
                status.details.add(type_url=detail[0], value=base64.b64decode(detail[1]))
            else:
                fields = {key: value for key, value in detail.items() if key != "@type"}
                type_name = detail["@type"].rsplit("/", 1)[1]
                status.details.add(type_url=detail["@type"], value=self.encode(type_name, fields))
        return status.SerializeToString()


def table_files(kind=""):
    return sorted(glob.glob(os.path.join(TABLES, kind, "*.yaml")))
