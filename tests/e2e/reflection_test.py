"""The two-word start: the schema comes from the backend's reflection, and again when the backend comes back."""
import os
import signal
import socket
import tempfile
import unittest

import support

support.require_curl()
support.require_grpcio()

import reflecting_backend  # noqa: E402


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class TwoWords(unittest.TestCase):
    def test_serves_the_bookstore(self):
        bookstore, backend = support.start_bookstore()
        self.addCleanup(bookstore.stop)
        sluice, host = support.start_sluice("--backend", backend)
        self.assertEqual(support.curl(host + "/v1/shelves/fiction").status, 200)
        self.assertEqual(support.curl(host + "/grpc.health.v1.Health/Check", body="{}").status, 404)
        self.assertEqual(sluice.stop(), 0)

    def test_waits_for_the_backend_and_stops_while_it_waits(self):
        port = free_port()
        sluice = support.Process(support.program("sluice"), "--backend", f"127.0.0.1:{port}", "--listen", "127.0.0.1:0")
        sluice.wait_for(rf"waiting for backend 127\.0\.0\.1:{port}: .*refused")
        bookstore = support.Process(support.program("bookstore"), "--port", str(port))
        self.addCleanup(bookstore.stop)
        host = sluice.wait_for(r"listening on (http://\S+)").group(1)
        self.assertEqual(support.curl(host + "/v1/shelves/fiction").status, 200)
        self.assertEqual(sluice.stop(), 0)
        waiting = support.Process(support.program("sluice"), "--backend", f"127.0.0.1:{free_port()}")
        waiting.wait_for("waiting for backend")
        self.assertEqual(waiting.stop(signal.SIGINT), 0)


class SignalsWhileItWaits(unittest.TestCase):
    """For the first answer of a backend's reflection."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = os.path.join(folder.name, "sluice.yaml")
        self.port = free_port()

    def wait(self, *arguments):
        self.write("")
        sluice = support.Process(support.program("sluice"), "--config", self.config, "--listen", "127.0.0.1:0", *arguments)
        self.addCleanup(sluice.stop)
        sluice.wait_for("waiting for backend")
        return sluice

    def write(self, settings):
        with open(self.config + ".new", "w") as file:
            file.write(f"backend: ['127.0.0.1:{self.port}']\n{settings}")
        os.replace(self.config + ".new", self.config)

    def expect_pretty(self, sluice):
        """Of settings that were written meanwhile."""
        bookstore = support.Process(support.program("bookstore"), "--port", str(self.port))
        self.addCleanup(bookstore.stop)
        host = sluice.wait_for(r"listening on (http://\S+)").group(1)
        sluice.wait_for("reloaded: ")
        self.assertIn("\n", support.curl(host + "/v1/shelves/fiction").body)
        self.assertEqual(sluice.stop(), 0)

    def test_reloads_when_the_wait_is_over(self):
        sluice = self.wait()
        self.write("json:\n  json_pretty: true\n")
        sluice.process.send_signal(signal.SIGHUP)
        self.expect_pretty(sluice)

    def test_sees_a_file_that_changes(self):
        sluice = self.wait("--watch", "true")
        self.write("json:\n  json_pretty: true\n")
        self.expect_pretty(sluice)

    def test_stops_at_once(self):
        for signals in ([signal.SIGTERM], [signal.SIGHUP, signal.SIGINT]):
            sluice = self.wait()
            for each in signals:
                sluice.process.send_signal(each)
            self.assertEqual(sluice.wait(2), 0)


class Grpcio(unittest.TestCase):
    """A server that speaks v1alpha alone, as grpcio's reflection does."""

    def start(self, **backend):
        self.port = free_port()
        server = reflecting_backend.start(self.port, **backend)
        self.addCleanup(lambda: self.server.stop(0).wait())
        self.server = server
        self.sluice, self.host = support.start_sluice("--backend", f"127.0.0.1:{self.port}")

    def replace(self, **backend):
        self.server.stop(0).wait()
        self.server = reflecting_backend.start(self.port, **backend)

    def status(self, path):
        return support.curl(self.host + path).status

    def test_reads_the_schema_by_v1alpha(self):
        self.start(rules={"Get": "/v1/things/{id}"})
        answer = support.curl(self.host + "/v1/things/7")
        self.assertEqual((answer.status, answer.json()), (200, {"id": "7"}))
        self.assertEqual(self.sluice.stop(), 0)

    def test_follows_the_backend_to_another_schema(self):
        self.start(rules={"Get": "/v1/things/{id}"})
        self.replace(rules={"Get": "/v2/things/{id}", "Find": "/v2/found/{id}"})
        self.sluice.wait_for("schema changed: 2 routes instead of 1")
        self.assertEqual(self.status("/v1/things/7"), 404)
        self.assertEqual(self.status("/v2/found/7"), 200)
        self.assertEqual(self.sluice.stop(), 0)

    def test_keeps_its_routes_when_the_new_schema_is_wrong(self):
        self.start(rules={"Get": "/v1/things/{id}"})
        self.replace(rules={"Get": "/v1/things/{nothing}"})
        self.sluice.wait_for(r"schema refused, the old one stays: .*nothing")
        self.assertEqual(self.status("/v1/things/7"), 200)
        self.assertEqual(self.sluice.stop(), 0)

    def test_ends_at_once_when_the_first_schema_is_wrong(self):
        port = free_port()
        server = reflecting_backend.start(port, rules={"Get": "/v1/things/{nothing}"})
        self.addCleanup(lambda: server.stop(0).wait())
        code, _, err = support.run_sluice("--backend", f"127.0.0.1:{port}", "--listen", "127.0.0.1:0")
        self.assertEqual(code, 2, err)
        self.assertIn("nothing", err)

    def test_ends_at_once_without_reflection(self):
        port = free_port()
        server = reflecting_backend.start(port, rules={}, reflection=False)
        self.addCleanup(lambda: server.stop(0).wait())
        code, _, err = support.run_sluice("--backend", f"127.0.0.1:{port}", "--listen", "127.0.0.1:0")
        self.assertEqual(code, 2, err)
        self.assertIn("--descriptor-set", err)

    def test_warns_of_what_the_backend_does_not_serve(self):
        port = free_port()
        server = reflecting_backend.start(port, rules={"Get": "/v1/things/{id}"})
        self.addCleanup(lambda: server.stop(0).wait())
        sluice, _ = support.start_sluice("--backend", f"127.0.0.1:{port}", "--descriptor-set",
                                         support.program("bookstore.pb"))
        sluice.wait_for(r"does not serve bookstore\.v1\.Bookstore: its \d+ routes will answer 501")
        self.assertEqual(sluice.stop(), 0)


if __name__ == "__main__":
    unittest.main()
