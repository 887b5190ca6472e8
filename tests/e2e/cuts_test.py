"""Clients that are slow, silent, many or too big: each is answered or cut by a limit, which counts it."""
import http.client
import re
import signal
import socket
import tempfile
import threading
import time
import unittest

import exposition
import support
from certificates import certify

support.require_curl()

FICTION = "/v1/shelves/fiction"
HEAD = f"GET {FICTION} HTTP/1.1\r\nHost: x\r\n"


class Cuts(unittest.TestCase):
    def start(self, *arguments):
        backend, target = support.start_bookstore()
        self.addCleanup(backend.stop)
        sluice, self.host = support.start_sluice("--backend", target, "--admin", "127.0.0.1:0", "--workers", "1", *arguments)
        self.addCleanup(lambda: self.assertEqual(sluice.stop(), 0))
        self.admin = sluice.wait_for(r"admin on (http://\S+)").group(1)
        self.address = ("127.0.0.1", int(self.host.rsplit(":", 1)[1]))
        return backend

    def hits(self, limit):
        return exposition.value(exposition.scrape(self.admin), "sluice_limit_hits_total", limit=limit)

    def connect(self):
        connection = socket.create_connection(self.address, timeout=support.START_SECONDS)
        self.addCleanup(connection.close)
        return connection

    def rest(self, connection):
        """All that comes until the server closes."""
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received.decode()

    def assert_cut(self, limit, sent, status=None):
        """What is sent, and then silence, is answered with the status, or closed without a word."""
        before = self.hits(limit)
        connection = self.connect()
        connection.sendall(sent.encode())
        answer = self.rest(connection)
        if status is None:
            self.assertEqual(answer, "")
        else:
            self.assertRegex(answer, rf"(?s)^HTTP/1.1 {status} .*\r\nConnection: close\r\n\r\n\{{\"code\":")
        self.assertEqual(self.hits(limit), before + 1)

    def test_cuts_slow_clients(self):
        self.start("--header-timeout", "200ms", "--body-timeout", "200ms", "--idle-timeout", "300ms")
        self.assert_cut("header-timeout", HEAD, 408)
        self.assert_cut("body-timeout", "POST /v1/shelves HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        "Content-Length: 10\r\n\r\n{", 408)
        self.assert_cut("body-timeout", "POST /v1/shelves HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n5\r\n{", 408)
        self.assert_cut("idle-timeout", "")

    def test_cuts_a_head_that_comes_byte_by_byte(self):
        self.start("--header-timeout", "300ms")
        connection = self.connect()
        begin = time.monotonic()
        try:
            for byte in HEAD + "X-Long: " + "y" * 10000:
                connection.send(byte.encode())
                connection.settimeout(0.01)
                try:
                    if connection.recv(1, socket.MSG_PEEK):
                        break
                except TimeoutError:
                    pass
        except OSError:
            pass
        self.assertLess(time.monotonic() - begin, support.START_SECONDS)
        self.assertEqual(self.hits("header-timeout"), 1)

    def test_cuts_a_connection_that_is_idle_after_an_answer(self):
        self.start("--idle-timeout", "300ms")
        connection = self.connect()
        connection.sendall((HEAD + "\r\n").encode())
        self.assertRegex(self.rest(connection), "^HTTP/1.1 200 ")
        self.assertEqual(self.hits("idle-timeout"), 1)

    def test_cuts_who_does_not_read(self):
        self.start("--write-timeout", "300ms")
        connection = socket.socket()
        self.addCleanup(connection.close)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(self.address)
        connection.settimeout(support.START_SECONDS)
        with self.assertRaises(ConnectionError):
            for _ in range(100000):
                connection.sendall((HEAD + "\r\n").encode() * 100)
        self.assertEqual(self.hits("write-timeout"), 1)

    def test_cuts_silent_handshakes(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        certify(folder.name, "ca", "/CN=localhost")
        self.start("--header-timeout", "200ms", "--tls-cert", folder.name + "/ca.pem", "--tls-key", folder.name + "/ca.key")
        self.assert_cut("header-timeout", "")

    def test_refuses_what_is_too_big(self):
        self.start("--max-header-bytes", "2KiB", "--max-target-bytes", "200", "--max-request-bytes", "1KiB",
                   "--max-json-depth", "5")
        for limit, request, status in (
                ("max-header-bytes", HEAD + "X: " + "y" * 3000 + "\r\n\r\n", 431),
                ("max-header-bytes", HEAD + "X: 1\r\n" * 1000 + "\r\n", 431),
                ("max-header-bytes", HEAD + "X: " + "y" * 300000, 431),
                ("max-target-bytes", f"GET {FICTION}?{'x' * 300} HTTP/1.1\r\nHost: x\r\n\r\n", 414)):
            with self.subTest(limit=limit, status=status):
                self.assert_cut(limit, request, status)
        big = support.curl(self.host + "/v1/shelves", body='{"theme": "' + "x" * 2000 + '"}')
        self.assertEqual((big.status, self.hits("max-request-bytes")), (413, 1))
        deep = support.curl(self.host + "/v1/shelves", body='{"theme":' + "[" * 20)
        self.assertEqual((deep.status, self.hits("max-json-depth")), (400, 0))
        deep = support.curl(self.host + "/v1/shelves", body='{"unknown":' + "[" * 20 + "]" * 20 + "}")
        self.assertEqual((deep.status, self.hits("max-json-depth")), (400, 1))

    def test_refuses_answers_that_are_too_big(self):
        self.start("--max-response-bytes", "50")
        answer = support.curl(self.host + "/v1/shelves")
        self.assertEqual((answer.status, self.hits("max-response-bytes")), (502, 1))
        self.assertIn("code", answer.json())

    def test_ends_calls_at_their_deadline_and_refuses_more_than_may_run(self):
        backend = self.start("--timeout", "1500ms", "--max-concurrent-calls", "1")
        self.assertEqual(support.curl(self.host + FICTION).status, 200)
        backend.process.send_signal(signal.SIGSTOP)
        self.addCleanup(lambda: backend.process.send_signal(signal.SIGCONT))
        late = []
        thread = threading.Thread(target=lambda: late.append(support.curl(self.host + FICTION)))
        thread.start()
        while exposition.value(exposition.scrape(self.admin), "sluice_http_requests_in_flight") == 0:
            pass
        refused = support.curl(self.host + FICTION)
        thread.join()
        self.assertEqual((refused.status, refused.headers["retry-after"]), (503, "1"))
        self.assertEqual(late[0].status, 504)
        self.assertEqual((self.hits("max-concurrent-calls"), self.hits("timeout")), (1, 1))

    def test_refuses_a_flood_of_connections_and_recovers(self):
        self.start("--max-connections", "20")
        connections = [self.connect() for _ in range(60)]
        refused = [connection for connection in connections if self.is_refused(connection)]
        self.assertEqual(len(refused), 40)
        self.assertEqual(self.hits("max-connections"), 40)
        for connection in connections:
            connection.close()
        while True:
            if support.curl(self.host + FICTION).status == 200:
                break

    def is_refused(self, connection):
        """Asks; a refused one has its answer already."""
        connection.sendall((HEAD + "\r\n").encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = answer.read().decode()
        if answer.status == 200:
            return False
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "1"))
        self.assertRegex(body, '^{"code":14,"message":"too many connections')
        return True

    def test_counts_connections_of_both_sides(self):
        self.start()
        support.curl(self.host + FICTION)
        samples = exposition.scrape(self.admin)
        target = next(dict(labels)["backend"] for name, labels in samples if name == "sluice_backend_ready_workers")
        self.assertEqual(exposition.value(samples, "sluice_http_connections_total"), 1)
        for name, expected in (("connects_total", 1), ("reconnects_total", 0), ("streams_total", 1), ("connections", 1)):
            self.assertEqual(exposition.value(samples, "sluice_backend_" + name, backend=target), expected, name)
        exposition.ask_promtool(self.admin)
        self.assertGreater(exposition.value(samples, "sluice_backend_received_bytes_total", backend=target), 100)

    def test_makes_no_series_of_what_clients_send(self):
        self.start()
        before = len(exposition.scrape(self.admin))
        for number in range(50):
            support.curl(f"{self.host}/made/up/{number}?x={number}", method=f"METHOD{number}")
            support.curl(f"{self.host}/v1/shelves/made-up-{number}", headers=[f"X-Made-{number}: up"])
        series = exposition.scrape(self.admin)
        names = {name for name, _ in series}
        self.assertLess(len(series) - before, 120)
        self.assertFalse([key for key in series if re.search(r"made|METHOD", str(key))])
        self.assertIn("sluice_http_request_duration_seconds_bucket", names)


if __name__ == "__main__":
    unittest.main()
