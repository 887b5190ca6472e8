"""TLS towards backends: whose certificate is taken, and the gateway's own."""
import os
import tempfile
import unittest

import support
from certificates import certify

support.require_curl()
support.require_grpcio()

import grpc  # noqa: E402
import reflecting_backend  # noqa: E402
from reflection_test import free_port  # noqa: E402


class BackendTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        certify(cls.folder.name, "ca", "/CN=test CA")
        certify(cls.folder.name, "other", "/CN=another CA")
        certify(cls.folder.name, "server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        certify(cls.folder.name, "client", "/CN=gateway", "subjectAltName=DNS:gateway")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def start_backend(self, mutual=False):
        pair = [(self.read("server.key"), self.read("server.pem"))]
        credentials = grpc.ssl_server_credentials(pair, self.read("ca.pem") if mutual else None, mutual)
        port = free_port()
        server = reflecting_backend.start(port, {"Get": "/v1/things/{id}"}, credentials=credentials)
        self.addCleanup(lambda: server.stop(0).wait())
        return f"127.0.0.1:{port}"

    def expect_served(self, *arguments):
        sluice, host = support.start_sluice(*arguments)
        self.assertEqual(support.curl(host + "/v1/things/7").status, 200)
        self.assertEqual(sluice.stop(), 0)

    def test_serves_over_tls(self):
        self.expect_served("--backend", self.start_backend(), "--backend-tls", "--backend-ca", self.path("ca.pem"))

    def test_shows_its_own_certificate(self):
        backend = self.start_backend(mutual=True)
        with open(self.path("s.yaml"), "w") as file:
            file.write(f"backends:\n  things:\n    target: {backend}\n    tls: true\n    ca: {self.path('ca.pem')}\n"
                       f"    cert: {self.path('client.pem')}\n    key: {self.path('client.key')}\n")
        self.expect_served("--config", self.path("s.yaml"))

    def test_takes_no_certificate_of_another_ca_and_none_for_another_name(self):
        for arguments in (("--backend-ca", self.path("other.pem")),
                          ("--backend-ca", self.path("ca.pem"), "--backend-authority", "elsewhere.example")):
            with self.subTest(arguments=arguments):
                sluice = support.Process(support.program("sluice"), "--listen", "127.0.0.1:0", "--backend",
                                         self.start_backend(), "--backend-tls", *arguments)
                self.assertIn("certificate", sluice.wait_for(r"waiting for backend [^:]*:\d+: (.*)").group(1))
                self.assertEqual(sluice.stop(), 0)

    def test_names_what_is_wrong(self):
        for arguments, text in ((("--backend-ca", self.path("ca.pem")), "--backend-tls"),
                                (("--backend-tls", "--backend-cert", self.path("client.pem")), "no key"),
                                (("--backend-tls", "--backend-ca", "/nowhere.pem"), "/nowhere.pem")):
            code, _, err = support.run_sluice("--backend", "127.0.0.1:1", "--listen", "127.0.0.1:0", *arguments)
            self.assertEqual(code, 2, err)
            self.assertIn(text, err)


if __name__ == "__main__":
    unittest.main()
