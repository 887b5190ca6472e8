"""TLS towards clients: curl with and without a certificate of its own."""
import os
import tempfile
import unittest

import support
from certificates import certify

support.require_curl()


class FrontTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        certify(cls.folder.name, "ca", "/CN=test CA")
        certify(cls.folder.name, "server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        certify(cls.folder.name, "client", "/CN=alice/O=Example", "subjectAltName=URI:spiffe://example/alice")
        cls.backend, cls.target = support.start_bookstore()

    @classmethod
    def tearDownClass(cls):
        cls.backend.stop()
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    def start(self, *arguments):
        sluice, host = support.start_sluice("--backend", self.target, "--tls-cert", self.path("server.pem"), "--tls-key",
                                            self.path("server.key"), *arguments)
        self.addCleanup(lambda: self.assertEqual(sluice.stop(), 0))
        self.assertTrue(host.startswith("https://"), host)
        return host

    def ask(self, host, *arguments):
        return support.curl(host + "/v1/shelves/fiction", "--cacert", self.path("ca.pem"), *arguments)

    def test_serves_https(self):
        host = self.start()
        for version in ("--tlsv1.3", "--tls-max=1.2"):
            name = version.split("=")
            answer = self.ask(host, *name)
            self.assertEqual((answer.status, answer.json()["theme"]), (200, "Fiction"))

    def test_refuses_old_versions_and_plain_text(self):
        host = self.start()
        with self.assertRaisesRegex(AssertionError, "curl: 35"):
            self.ask(host, "--tls-max", "1.1")
        with self.assertRaisesRegex(AssertionError, "curl: "):
            support.curl(host.replace("https", "http") + "/v1/shelves/fiction")
        self.assertEqual(self.ask(host).status, 200)

    def test_wants_a_certificate_of_its_clients(self):
        host = self.start("--tls-client-ca", self.path("ca.pem"))
        with self.assertRaisesRegex(AssertionError, "curl: "):
            self.ask(host)
        answer = self.ask(host, "--cert", self.path("client.pem"), "--key", self.path("client.key"))
        self.assertEqual(answer.status, 200)

    def test_names_what_is_wrong(self):
        for arguments, text in ((("--tls-cert", self.path("server.pem")), "--tls-key"),
                                (("--tls-client-ca", self.path("ca.pem")), "--tls-cert"),
                                (("--tls-cert", "/nowhere.pem", "--tls-key", self.path("server.key")), "/nowhere.pem")):
            code, _, err = support.run_sluice("--backend", self.target, "--listen", "127.0.0.1:0", *arguments)
            self.assertEqual(code, 2, err)
            self.assertIn(text, err)


if __name__ == "__main__":
    unittest.main()
