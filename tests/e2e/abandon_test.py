"""Clients that go away at any time, before backends that fail at any time, all at once: what is left is nothing."""
import random
import socket
import struct
import threading
import unittest

import support

support.require_curl()
support.require_rest_tools()

import faults_test  # noqa: E402
import left_over  # noqa: E402
import raw_http  # noqa: E402
import raw_websocket  # noqa: E402
import rest_schema  # noqa: E402
import rest_tables  # noqa: E402
import scripted_backend  # noqa: E402

THREADS, ROUNDS, SEED = 8, 60, 7
FIELDS = b"Host: a\r\ngrpc-timeout: 500m\r\n"
REQUESTS = [
    b"GET /books/x HTTP/1.1\r\n" + FIELDS + b"\r\n",
    b"GET /stream/x HTTP/1.1\r\n" + FIELDS + b"\r\n",
    b"GET /stream/x HTTP/1.1\r\nAccept: application/x-ndjson\r\n" + FIELDS + b"\r\n",
    b"GET /stream/x HTTP/1.1\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip\r\n" + FIELDS + b"\r\n",
    b"POST /thing HTTP/1.1\r\nContent-Length: 10\r\n" + FIELDS + b'\r\n{"id":"x"}',
    b"POST /collect HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + FIELDS + b"\r\n4\r\n{}{}\r\n2\r\n{}\r\n0\r\n\r\n",
    b"PUT /upload/n HTTP/1.1\r\nContent-Length: 70000\r\n" + FIELDS + b"\r\n" + b"a" * 70000,
    b"POST /talk HTTP/1.1\r\nContent-Length: 6\r\n" + FIELDS + b"\r\n{}{}{}",
]
GOOD = [("read_all", None), ("head", []), ("message", b""), ("trailers", [("grpc-status", "0")])]
LONG = [("read_all", None), ("head", []), *[("message", b"\x0a\xff\xff\x03" + b"a" * 65535)] * 50, GOOD[-1]]


class Abandon(unittest.TestCase):
    def setUp(self):
        self.schema = rest_schema.RestSchema()
        self.addCleanup(self.schema.directory.cleanup)
        self.backend = scripted_backend.Backend()
        self.sluice, self.address, self.admin = rest_tables.start_observed_gateway(
            self.schema, self.backend, "--workers", "2", "--backoff-max", "10ms")
        self.failures = []

    def script(self, dice):
        kind = dice.random()
        if kind < 0.3:
            return GOOD
        if kind < 0.4:
            return LONG
        steps, _ = dice.choice(list(faults_test.FAULTS.values()))
        return faults_test.BEGIN[:dice.randrange(4)] + steps

    def leave(self, connection, dice):
        """Reads all, some, or nothing; closes or resets."""
        try:
            for _ in range(dice.choice((0, 1, 3, 10_000))):
                if not connection.fill() or connection.unread.endswith(b"0\r\n\r\n"):
                    break
        except TimeoutError:
            pass  # half a request was sent, and all of its answer awaited
        if dice.random() < 0.5:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.socket.close()

    def web_socket(self, dice):
        connection, opened = raw_websocket.connect(self.address, "/talk", {"grpc-timeout": "500m"})
        connection.socket.settimeout(0.3)
        if opened.response.status == 101:
            for _ in range(dice.randrange(4)):
                text = dice.choice((b"{}", b"", b'{"number":"x"}', b"\xff"))
                opened.send(raw_websocket.frame(dice.choice((1, 1, 1, 2, 8)), text))
        self.leave(connection, dice)

    def work(self, seed):
        dice = random.Random(seed)
        try:
            for _ in range(ROUNDS):
                if dice.random() < 0.2:
                    self.web_socket(dice)
                    continue
                request = dice.choice(REQUESTS)
                connection = raw_http.Connection(self.address)
                connection.send(request[:dice.choice((len(request), dice.randrange(len(request))))])
                if dice.random() < 0.3:
                    connection.socket.shutdown(socket.SHUT_WR)
                elif dice.random() < 0.5:
                    connection.send(request)
                connection.socket.settimeout(0.3)
                self.leave(connection, dice)
        except Exception as error:  # noqa: BLE001
            self.failures.append(repr(error))

    def get(self):
        with raw_http.Connection(self.address) as connection:
            connection.send(REQUESTS[0])
            return connection.response().status

    def test_leaves_nothing(self):
        dice, lock = random.Random(SEED), threading.Lock()

        def script(call):
            with lock:
                return self.script(dice)

        self.backend.script = script
        threads = [threading.Thread(target=self.work, args=(SEED + i,)) for i in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.failures, [])
        self.assertGreater(len(self.backend.calls), THREADS)
        self.assertEqual(left_over.wait_for_nothing(self.admin), {})
        self.backend.script = GOOD
        self.assertTrue(support.comes_true(lambda: self.get() == 200), "the gateway does not connect again")
        self.assertEqual(self.sluice.stop(), 0)


if __name__ == "__main__":
    unittest.main()
