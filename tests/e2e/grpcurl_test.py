"""grpcurl, which knows a server by its reflection alone, against the bookstore: list, describe, call, stream, health.

No distribution packages grpcurl: tests/interop/run.sh installs it. A machine without it skips this under CI too, unless
SLUICE_GRPCURL names the program."""
import json
import os
import shutil
import subprocess
import sys
import unittest

import support

PEERS = os.environ.get("SLUICE_PEERS") or os.path.expanduser("~/.cache/sluice-peers")
GRPCURL = (os.environ.get("SLUICE_GRPCURL") or shutil.which("grpcurl") or
           shutil.which("grpcurl", path=os.path.join(PEERS, "bin")))
if not GRPCURL:
    print("missing: grpcurl", file=sys.stderr)
    sys.exit(support.SKIPPED)

SERVICES = ["bookstore.v1.Bookstore", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection"]


class Grpcurl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bookstore, cls.address = support.start_bookstore()

    @classmethod
    def tearDownClass(cls):
        code = cls.bookstore.stop()
        assert code == 0, code

    def run_grpcurl(self, *command, data=None):
        arguments = ["-plaintext", "-max-time", "60"] + (["-d", json.dumps(data)] if data is not None else [])
        return subprocess.run([GRPCURL, *arguments, self.address, *command], capture_output=True, text=True,
                              timeout=support.START_SECONDS)

    def grpcurl(self, *command, data=None):
        done = self.run_grpcurl(*command, data=data)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_lists_services_and_methods(self):
        self.assertEqual(self.grpcurl("list").split(), SERVICES)
        self.assertIn("bookstore.v1.Bookstore.GetBook", self.grpcurl("list", "bookstore.v1.Bookstore").split())

    def test_describes_services_messages_and_options(self):
        described = self.grpcurl("describe", "bookstore.v1.Bookstore")
        self.assertIn("rpc GetBook ( .bookstore.v1.GetBookRequest ) returns ( .bookstore.v1.Book )", described)
        self.assertIn("option (.google.api.http)", described)
        self.assertIn("google.protobuf.Timestamp create_time", self.grpcurl("describe", "bookstore.v1.Book"))
        for service in SERVICES:
            self.assertIn(f"{service} is a service", self.grpcurl("describe", service))

    def test_calls_and_streams(self):
        book = self.grpcurl("bookstore.v1.Bookstore/GetBook", data={"name": "shelves/science-fiction/books/dune"})
        self.assertEqual(json.loads(book)["title"], "Dune")
        stream = self.grpcurl("bookstore.v1.Bookstore/StreamBooks", data={"parent": "shelves/fiction"})
        self.assertGreater(stream.count('"title"'), 1)

    def test_shows_errors(self):
        missing = self.run_grpcurl("bookstore.v1.Bookstore/GetBook", data={"name": "shelves/fiction/books/missing"})
        self.assertNotEqual(missing.returncode, 0)
        self.assertIn("Code: NotFound", missing.stderr)
        unknown = self.run_grpcurl("describe", "bookstore.v1.Nothing")
        self.assertNotEqual(unknown.returncode, 0)
        self.assertIn("bookstore.v1.Nothing", unknown.stderr)

    def test_checks_health(self):
        for service in ["", "bookstore.v1.Bookstore"]:
            answer = self.grpcurl("grpc.health.v1.Health/Check", data={"service": service})
            self.assertEqual(json.loads(answer), {"status": "SERVING"})
        unknown = self.run_grpcurl("grpc.health.v1.Health/Check", data={"service": "nothing"})
        self.assertIn("Code: NotFound", unknown.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
