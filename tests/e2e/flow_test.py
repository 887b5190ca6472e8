"""Streams in time: each message leaves as it comes, and who does not read makes the other side wait, at little memory."""
import json
import os
import socket
import time
import unittest

import support

support.require_curl()
support.require_rest_tools()

import left_over  # noqa: E402
import raw_http  # noqa: E402
import raw_websocket  # noqa: E402
import rest_schema  # noqa: E402
import rest_tables  # noqa: E402
import scripted_backend  # noqa: E402

THING = b"\x0a\x01"  # a Thing whose id has one letter
SIZE, COUNT = 64 * 1024 - 1, 300  # 19 MiB
LARGE = b"\x0a\xff\xff\x03" + b"a" * SIZE  # a Thing with a long id
RAW = b"\x12\xff\xff\x03" + b"a" * SIZE  # an HttpBody with long data
END = ("trailers", [("grpc-status", "0")])
KINDS = {
    "array": ("/stream/x", "application/json", b'[{"id":"a"}', b',{"id":"b"}]'),
    "lines": ("/stream/x", "application/x-ndjson", b'{"id":"a"}\n', b'{"id":"b"}\n'),
    "events": ("/stream/x", "text/event-stream", b'id: 1\ndata: {"id":"a"}\n\n',
               b'id: 2\ndata: {"id":"b"}\n\nevent: end\nid: end\ndata: {}\n\n'),
    "raw": ("/download/x", "*/*", b"a", b"b"),
}
STREAMS = 4  # at once, each of which may hold:
MOST_HELD = 1 << 20


def request(target, accept):
    return f"GET {target} HTTP/1.1\r\nHost: a\r\nAccept: {accept}\r\n\r\n".encode()


def message_of(kind, letter):
    return b"\x12\x01" + letter if kind == "raw" else THING + letter


def settled(value, quiet=0.3):
    """The value once it no longer changes."""
    last, since = value(), time.monotonic()
    while time.monotonic() - since < quiet:
        time.sleep(0.02)
        if (now := value()) != last:
            last, since = now, time.monotonic()
    return last


class Flow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = rest_schema.RestSchema()
        cls.backend = scripted_backend.Backend()
        cls.sluice, cls.address, cls.admin = rest_tables.start_observed_gateway(
            cls.schema, cls.backend, "--workers", "1", "--flush-timeout", "100ms", "--max-request-bytes", "1MiB")

    @classmethod
    def tearDownClass(cls):
        left = left_over.wait_for_nothing(cls.admin)
        code = cls.sluice.stop()
        assert (left, code) == ({}, 0), (left, code)

    def resident(self):
        with open(f"/proc/{self.sluice.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def body_until(self, connection, expected):
        """Chunks until they make the expected bytes."""
        body = b""
        while body != expected:
            size = int(connection.until(b"\r\n"), 16)
            body += connection.exactly(size)
            connection.exactly(2)
            self.assertTrue(expected.startswith(body), body)

    def test_each_message_leaves_as_it_comes(self):
        for kind, (target, accept, first, rest) in KINDS.items():
            with self.subTest(kind):
                self.backend.expect([("read_all", None), ("head", []), ("message", message_of(kind, b"a")), ("pause", None),
                                     ("message", message_of(kind, b"b")), END])
                with raw_http.Connection(self.address) as connection:
                    connection.send(request(target, accept))
                    self.assertEqual(connection.head().status, 200)
                    self.body_until(connection, first)
                    self.assertTrue(self.backend.wait_for(lambda: self.backend.calls[0].paused))
                    self.backend.resume()
                    self.body_until(connection, rest)
                    self.assertEqual(connection.exactly(5), b"0\r\n\r\n")

    def test_a_head_waits_no_longer_than_the_flush_timeout(self):
        ends = {"array": b"[", "lines": b"", "events": b""}
        for kind, body in ends.items():
            with self.subTest(kind):
                target, accept, _, _ = KINDS[kind]
                self.backend.expect([("read_all", None), ("pause", None), ("trailers", [
                    *scripted_backend.HEAD, ("grpc-status", "5"), ("grpc-message", "s")])])
                with raw_http.Connection(self.address) as connection:
                    connection.send(request(target, accept))
                    head = connection.head()
                    self.assertEqual((head.status, head.header("Content-Type")), (200, accept))
                    self.assertTrue(self.backend.wait_for(lambda: self.backend.calls[0].paused))
                    self.backend.resume()
                    connection.read_body(head)
                    said = head.body
                    self.assertTrue(said.startswith(body), said)
                    self.assertEqual(head.cut, kind != "events")
                    self.assertEqual(b'"code":5' in said, kind != "array", said)

    def stall(self, kind):
        """A client that has asked and does not read."""
        target, accept, _, _ = KINDS[kind]
        connection = raw_http.Connection(self.address, 4096)
        connection.send(request(target, accept))
        return connection

    def test_a_reader_that_stalls_stops_the_backend(self):
        for kind in KINDS:
            with self.subTest(kind):
                large = RAW if kind == "raw" else LARGE
                self.backend.expect([("read_all", None), ("head", []), *[("message", large)] * COUNT, END])
                response = self.check_stalled([lambda: self.stall(kind)] * STREAMS).response()
                self.check_all(kind, response)

    def check_stalled(self, starters):
        """One after the other, all of which stall; the last is left, the others are closed."""
        before = self.resident()
        started = []
        for start in starters:
            started.append(start())
            self.addCleanup(started[-1].socket.close)
        self.assertTrue(self.backend.wait_for(lambda: len(self.backend.calls) == len(started)))
        sent = settled(lambda: sum(call.sent_bytes for call in self.backend.calls))
        self.assertLess(sent, len(started) * COUNT * SIZE // 4)
        self.check_memory(before, len(started))
        for connection in started[:-1]:
            connection.socket.close()
        started[-1].socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        return started[-1]

    def check_memory(self, before, streams):
        if not os.environ.get("SLUICE_SANITIZED"):
            self.assertLess((self.resident() - before) / streams, MOST_HELD)

    def check_all(self, kind, response):
        self.assertFalse(response.cut)
        if kind == "array":
            messages = json.loads(response.body)
        elif kind == "lines":
            messages = [json.loads(line) for line in response.body.splitlines()]
        elif kind == "events":
            data = [line[6:] for line in response.body.splitlines() if line.startswith(b"data: ")]
            messages = [json.loads(each) for each in data[:-1]]
        else:
            self.assertEqual(response.body.count(b"a"), SIZE * COUNT)
            self.assertEqual(len(response.body), SIZE * COUNT)
            return
        self.assertEqual(len(messages), COUNT)
        self.assertTrue(all(message == {"id": "a" * SIZE} for message in messages))

    def test_a_web_socket_that_stalls_stops_the_backend(self):
        self.backend.expect([("read_all", None), ("head", []), *[("message", LARGE)] * COUNT, END])
        opened = []

        def start():
            connection, web_socket = raw_websocket.connect(self.address, "/stream/x", {})
            opened.append(web_socket)
            return connection

        self.check_stalled([start] * STREAMS)
        count = 0
        kind, text = opened[-1].receive()
        while kind != raw_websocket.CLOSE:
            self.assertEqual((kind, json.loads(text)), (raw_websocket.TEXT, {"id": "a" * SIZE}))
            count += 1
            kind, text = opened[-1].receive()
        self.assertEqual((count, text[:2]), (COUNT, b"\x03\xe8"))

    def push(self, connection, data, most):
        """Sends until nobody takes any more, or `most` bytes; how many."""
        connection.socket.settimeout(0.5)
        sent = 0
        try:
            while sent < most:
                sent += connection.socket.send(data[sent % len(data):])
        except TimeoutError:
            pass
        connection.socket.settimeout(raw_http.SECONDS)
        return sent

    def test_a_backend_that_stalls_stops_the_client(self):
        piece = json.dumps({"id": "a" * SIZE}).encode()
        cases = {"/collect": b"POST /collect", "/upload/n": b"PUT /upload/n"}
        for target, line in cases.items():
            with self.subTest(target):
                self.backend.takes = False
                self.backend.expect([("read_all", None), ("head", []), ("message", b""), END])
                before = self.resident()
                total = len(piece) * COUNT
                for _ in range(STREAMS):
                    connection = raw_http.Connection(self.address)
                    self.addCleanup(connection.socket.close)
                    connection.send(line + b" HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % total)
                    sent = self.push(connection, piece, total)
                    self.assertLess(sent, total // 2)
                self.check_memory(before, STREAMS)
                self.backend.resume()
                while sent < total:
                    sent += connection.socket.send(piece[sent % len(piece):])
                self.assertEqual(connection.response().status, 200)
                messages = self.backend.calls[-1].messages
                if target == "/collect":
                    self.assertEqual(len(messages), COUNT)
                else:
                    self.assertGreaterEqual(sum(len(message) for message in messages), total)


if __name__ == "__main__":
    unittest.main()
