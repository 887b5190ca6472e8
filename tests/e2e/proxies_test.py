"""Whom requests come from: trusted proxies in the access log, and the PROXY protocol before plain HTTP and TLS."""
import os
import socket
import ssl
import subprocess
import tempfile
import unittest

import support

support.require_curl()

from certificates import certify  # noqa: E402

PATH = "/v1/shelves"
V1 = b"PROXY TCP4 198.51.100.4 10.0.0.1 4711 80\r\n"
LOCAL = b"\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00"
V2 = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes([198, 51, 100, 5, 10, 0, 0, 1, 0x12, 0x67, 0, 80])
GET = b"GET /v1/shelves HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def read_all(connection):
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


class Proxies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.backend, cls.target = support.start_bookstore()

    @classmethod
    def tearDownClass(cls):
        assert cls.backend.stop() == 0

    def start(self, *arguments):
        self.sluice, self.url = support.start_sluice("--backend", self.target, "--access-log", *arguments)
        self.addCleanup(lambda: self.assertEqual(self.sluice.stop(), 0))

    def address(self):
        host, port = self.url.split("://")[1].rsplit(":", 1)
        return host, int(port)

    def exchange(self, data, wrap=lambda connection: connection, before=b""):
        with socket.create_connection(self.address(), 60) as plain:
            plain.sendall(before)
            with wrap(plain) as connection:
                connection.sendall(data)
                try:
                    return read_all(connection)
                except ConnectionResetError:
                    return b""

    def logged_peer(self, count):
        """That of the count-th line of the access log."""
        return self.sluice.wait_for(r'(\d+\.\d+\.\d+\.\d+)(:\d+)? "GET /v1/shelves\?%d"' % count).group(1)

    def ask(self, count, *headers):
        self.assertEqual(support.curl(f"{self.url}{PATH}?{count}", headers=headers).status, 200)

    def test_the_log_names_the_client_behind_trusted_proxies(self):
        self.start("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8")
        self.ask(1, "X-Forwarded-For: 6.6.6.6, 198.51.100.4, 10.1.2.3")
        self.assertEqual(self.logged_peer(1), "198.51.100.4")
        self.ask(2)
        self.assertEqual(self.logged_peer(2), "127.0.0.1")

    def test_the_log_names_the_peer_where_nobody_is_trusted(self):
        self.start()
        self.ask(1, "X-Forwarded-For: 198.51.100.4")
        self.assertEqual(self.logged_peer(1), "127.0.0.1")

    def test_curl_speaks_the_proxy_protocol(self):
        self.start("--proxy-protocol")
        done = subprocess.run(["curl", "-sS", "--haproxy-protocol", "--max-time", "60", self.url + PATH],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("shelves", done.stdout)

    def test_a_header_of_either_version_names_the_client(self):
        self.start("--proxy-protocol")
        for count, header, peer in ((1, V1, "198.51.100.4"), (2, V2, "198.51.100.5"), (3, LOCAL, "127.0.0.1")):
            request = GET.replace(b"/v1/shelves", b"/v1/shelves?%d" % count)
            self.assertTrue(self.exchange(header + request).startswith(b"HTTP/1.1 200 "), header)
            self.assertEqual(self.logged_peer(count), peer)

    def test_a_health_check_that_only_connects_is_no_refusal(self):
        self.start("--proxy-protocol")
        socket.create_connection(self.address(), 60).close()
        self.assertEqual(self.exchange(GET), b"")
        self.sluice.wait_for(r"connection refused: 127\.0\.0\.1:\d+: PROXY protocol: expected its header")
        self.assertEqual(sum("refused" in line for line in self.sluice.lines), 1)

    def test_a_silent_connection_is_cut_by_the_header_timeout(self):
        self.start("--proxy-protocol", "--header-timeout", "200ms")
        with socket.create_connection(self.address(), 60) as connection:
            connection.sendall(b"PROXY ")
            self.assertEqual(read_all(connection), b"")

    def test_only_trusted_peers_may_introduce_clients(self):
        self.start("--proxy-protocol", "--trusted-proxy", "10.0.0.0/8")
        self.assertEqual(self.exchange(V1 + GET), b"")
        self.sluice.wait_for("connection refused: .*expected a peer that --trusted-proxy names")

    def test_tls_comes_behind_the_header(self):
        with tempfile.TemporaryDirectory() as folder:
            certify(folder, "server", "/CN=localhost")
            self.start("--proxy-protocol", "--tls-cert", os.path.join(folder, "server.pem"),
                       "--tls-key", os.path.join(folder, "server.key"))
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            answer = self.exchange(GET, context.wrap_socket, V1)
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)


if __name__ == "__main__":
    unittest.main()
