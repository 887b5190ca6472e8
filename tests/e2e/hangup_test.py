"""A client that goes away in each phase of its request: the backend's call is cancelled, and nothing is left."""
import socket
import struct
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

CANCEL = 8
HEAD = b"Host: a\r\n"
MESSAGE = b"\x0a\x01a"
WAIT = [("read_all", None), ("hold", None)]
STREAM = [("read_all", None), ("head", []), ("message", MESSAGE), ("hold", None)]
TALK = [("head", []), ("message", MESSAGE), ("hold", None)]
GET = b"GET /books/x HTTP/1.1\r\n" + HEAD + b"\r\n"
LIST = b"GET /stream/x HTTP/1.1\r\n" + HEAD + b"\r\n"
LINES = b"GET /stream/x HTTP/1.1\r\nAccept: application/x-ndjson\r\n" + HEAD + b"\r\n"
EVENTS = b"GET /stream/x HTTP/1.1\r\nAccept: text/event-stream\r\n" + HEAD + b"\r\n"
COLLECT = b"POST /collect HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD + b"\r\n"
UPLOAD = b"PUT /upload/n HTTP/1.1\r\nContent-Length: 1000000\r\n" + HEAD + b"\r\n"

# What is sent before the client goes; the backend's script, where it is called; and what is read of the answer first.
PHASES = {
    "before a head": (b"", None, b""),
    "inside a head": (b"GET /books/x HTTP/1.1\r\nHo", None, b""),
    "behind a head with a body to come": (b"POST /thing HTTP/1.1\r\nContent-Length: 9\r\n" + HEAD + b"\r\n", None, b""),
    "inside a body": (b"POST /thing HTTP/1.1\r\nContent-Length: 9\r\n" + HEAD + b"\r\n{", None, b""),
    "inside a chunk": (b"POST /thing HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEAD + b"\r\n9\r\n{", None, b""),
    "inside a stream of requests": (COLLECT + b'4\r\n{}{}\r\n', [("read", 2), ("hold", None)], b""),
    "inside a request of a stream": (COLLECT + b'3\r\n{}{\r\n', [("read", 1), ("hold", None)], b""),
    "inside an upload": (UPLOAD + b"abc", [("read", 1), ("hold", None)], b""),
    "waiting for an answer": (GET, WAIT, b""),
    "waiting for a head that is there": (GET, [("read_all", None), ("head", []), ("hold", None)], b""),
    "waiting for the status of an answer": (GET, STREAM, b""),
    "waiting for a stream": (LIST, WAIT, b""),
    "inside a stream": (LIST, STREAM, b'{"id":"a"}'),
    "inside a stream of lines": (LINES, STREAM, b'{"id":"a"}\n'),
    "inside a stream of events": (EVENTS, STREAM, b'data: {"id":"a"}\n\n'),
    "behind a request of the same connection": (GET + GET, WAIT, b""),
}
LONG = [("read_all", None), ("head", []), *[("message", b"\x0a\xff\xff\x03" + b"a" * 65535)] * 400, ("hold", None)]


class Hangups(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = rest_schema.RestSchema()
        cls.backend = scripted_backend.Backend()
        cls.sluice, cls.address, cls.admin = rest_tables.start_observed_gateway(cls.schema, cls.backend)

    @classmethod
    def tearDownClass(cls):
        assert cls.sluice.stop() == 0

    def call_is_there(self, script):
        """The backend plays its last step: it waits."""
        steps = [name for name, _ in script]
        reads = [count for name, count in script if name == "read"]

        def there():
            calls = self.backend.calls
            if not calls or ("read_all" in steps and not calls[0].ended):
                return False
            return not reads or len(calls[0].messages) >= reads[0]

        self.assertTrue(self.backend.wait_for(there), "the backend is not called")

    def call_is_cancelled(self):
        self.assertTrue(self.backend.wait_for(lambda: self.backend.calls[0].reset is not None), "the call goes on")
        self.assertEqual(self.backend.calls[0].reset, CANCEL)

    def nothing_is_left(self):
        self.assertEqual(left_over.wait_for_nothing(self.admin), {})

    def go(self, connection, how):
        if how == "resets":
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if how == "half-closes":
            connection.socket.shutdown(socket.SHUT_WR)
            while connection.fill():
                pass
        connection.socket.close()

    def test_in_each_phase(self):
        for how in ("closes", "resets", "half-closes"):
            for phase, (request, script, heard) in PHASES.items():
                with self.subTest(phase=phase, how=how):
                    self.backend.expect(script or scripted_backend.UNIMPLEMENTED)
                    connection = raw_http.Connection(self.address)
                    connection.send(request)
                    if script:
                        self.call_is_there(script)
                    if heard:
                        connection.until(heard)
                    self.go(connection, how)
                    if script:
                        self.call_is_cancelled()
                    self.assertEqual(len(self.backend.calls), 1 if script else 0)
                    self.nothing_is_left()

    def test_before_it_reads_a_long_stream(self):
        for how in ("closes", "resets"):
            with self.subTest(how=how):
                self.backend.expect(LONG)
                connection = raw_http.Connection(self.address, 4096)
                connection.send(LIST)
                self.assertTrue(self.backend.wait_for(lambda: self.backend.calls and self.backend.calls[0].sent_bytes > 65535))
                self.go(connection, how)
                self.call_is_cancelled()
                self.assertLess(self.backend.calls[0].sent_bytes, 400 * 65535)
                self.nothing_is_left()

    def test_with_more_of_a_body_than_is_read_ahead(self):
        """Nobody reads on when the answer is there, and nobody takes that either."""
        self.backend.takes = False
        self.backend.expect([("pause", None), ("trailers", [*scripted_backend.HEAD, ("grpc-status", "3")])])
        connection = raw_http.Connection(self.address)
        connection.send(b"PUT /upload/n HTTP/1.1\r\nContent-Length: 99000000\r\n" + HEAD + b"\r\n")
        connection.socket.settimeout(0.3)
        try:
            while True:
                connection.socket.send(b"a" * 65536)
        except TimeoutError:
            pass
        self.assertTrue(self.backend.wait_for(lambda: self.backend.calls and self.backend.calls[0].paused))
        self.go(connection, "resets")
        self.backend.resume()
        self.nothing_is_left()

    def test_that_breaks_frames_behind_a_close(self):
        """The gateway has said Close and waits for the client's; what comes is no frame."""
        for last in (raw_websocket.frame(raw_websocket.TEXT, b"\xff"), raw_websocket.frame(raw_websocket.CLOSE, b"{}")):
            connection, opened = self.web_socket()
            opened.send(raw_websocket.frame(raw_websocket.BINARY, b"") * 2 + last)
            self.assertEqual(opened.receive()[0], raw_websocket.CLOSE)
            self.go(connection, "closes")
        self.nothing_is_left()

    def web_socket(self):
        self.backend.expect(TALK)
        connection, opened = raw_websocket.connect(self.address, "/talk", {})
        self.assertEqual(opened.response.status, 101)
        self.assertEqual(opened.receive(), (raw_websocket.TEXT, b'{"id":"a"}'))
        return connection, opened

    def test_of_a_web_socket(self):
        frames = {"between frames": b"", "inside a frame": raw_websocket.frame(raw_websocket.TEXT, b"{}")[:3],
                  "inside a message": raw_websocket.frame(raw_websocket.TEXT, b"{", last=False),
                  "behind a half-close": raw_websocket.frame(raw_websocket.TEXT, b"")}
        for how in ("closes", "resets", "half-closes"):
            for phase, data in frames.items():
                with self.subTest(phase=phase, how=how):
                    connection, opened = self.web_socket()
                    opened.send(data)
                    self.go(connection, how)
                    self.call_is_cancelled()
                    self.nothing_is_left()

    def test_inside_the_handshake_of_a_web_socket(self):
        fields = "".join(f"{name}: {value}\r\n" for name, value in raw_websocket.HANDSHAKE.items()).encode()
        self.backend.expect(TALK)
        for size in (10, len(fields)):
            connection = raw_http.Connection(self.address)
            connection.send(b"GET /talk HTTP/1.1\r\n" + fields[:size])
            connection.socket.close()
            self.nothing_is_left()
        self.assertEqual(self.backend.calls, [])


if __name__ == "__main__":
    unittest.main()
