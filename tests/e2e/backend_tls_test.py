"""TLS towards backends: whose certificate is taken, and the gateway's own."""
import os
import shutil
import subprocess
import tempfile
import unittest

import support

support.require_curl()
support.require_grpcio()
support.require("openssl", shutil.which("openssl"))

import grpc  # noqa: E402
import reflecting_backend  # noqa: E402
from reflection_test import free_port  # noqa: E402


class BackendTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.certify("ca", "/CN=test CA")
        cls.certify("other", "/CN=another CA")
        cls.certify("server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        cls.certify("client", "/CN=gateway", "subjectAltName=DNS:gateway")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    @classmethod
    def certify(cls, name, subject, extension=None):
        """A CA, or with an extension a certificate of the first one."""
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                   "2", "-subj", subject, "-keyout", cls.path(name + ".key"), "-out", cls.path(name + ".pem")]
        if extension:
            command += ["-CA", cls.path("ca.pem"), "-CAkey", cls.path("ca.key"), "-addext", extension,
                        "-addext", "basicConstraints=CA:FALSE"]
        subprocess.run(command, check=True, capture_output=True)

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
