"""A backend that fails in each phase of a call, seen by each kind of client: the promised answer, and nothing is left."""
import json
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

GOOD = [("read_all", None), ("head", []), ("message", b""), ("trailers", [("grpc-status", "0")])]
MESSAGE = b"\x0a\x01a"  # a Thing with id "a"


def raw_frame(kind, flags, stream, payload, size=None):
    length = struct.pack(">I", len(payload) if size is None else size)[1:]
    return ("raw", length + bytes([kind, flags]) + struct.pack(">I", stream) + payload)


# What the backend does in place of its next good step, and the HTTP status while the head is not yet sent. What breaks
# the protocol is 502; what takes the connection away is 503; a deadline is 504 (section 9).
FAULTS = {
    "resets": ([("reset", 2)], 502),
    "resets without an error": ([("reset", 0)], 502),
    "cancels": ([("reset", 8)], 502),
    "asks for calm": ([("reset", 11)], 429),
    "sends no message": ([("message", b"\x0a\xff"), ("trailers", [("grpc-status", "0")])], 502),
    "sends no HTTP/2": ([("raw", b"\xff" * 64)], None),
    "sends a frame on stream 0": ([raw_frame(0, 0, 0, b"x")], None),
    "sends a frame of a stream that was never opened": ([raw_frame(0, 0, 2, b"x")], None),
    "sends a frame that is too large": ([raw_frame(0, 0, 1, b"", size=(1 << 24) - 1)], None),
    "sends a header block that is none": ([("frame", (1, 5, b"\xff" * 8))], None),
    "overflows a window": ([("frame", (8, 0, b"\x7f\xff\xff\xff"))] * 2, 502),
    "ends without trailers": ([("end", None)], 502),
    "ends without a status": ([("trailers", [("x-a", "b")])], 502),
    "ends inside a message": ([("data", scripted_backend.framed(b"abc")[:6]), ("trailers", [("grpc-status", "0")])], 502),
    "compresses without a coding": ([("data", b"\1" + scripted_backend.framed(MESSAGE)[1:])], 502),
    "sends a flag that is none": ([("data", b"\7" + scripted_backend.framed(MESSAGE)[1:])], 502),
    "exceeds the limit": ([("data", b"\0\x10\0\0\0")], 502),
    "dies": ([("die", None)], 503),
    "goes away and dies": ([("goaway", 0), ("die", None)], 503),
    "goes silent": ([("hold", None)], 504),
}
PHASES = {"before the head": 1, "behind the head": 2, "behind a message": 3}
BEGIN = [("read_all", None), ("head", []), ("message", MESSAGE)]
ACCEPT = {"array": "application/json", "lines": "application/x-ndjson", "events": "text/event-stream"}
# None: the connection is broken off by either end, and which of the two statuses that is depends on who was first.
CODES = {429: [8], 502: [13], 503: [14], 504: [4], None: [13, 14]}


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = rest_schema.RestSchema()
        cls.backend = scripted_backend.Backend()
        cls.sluice, cls.address, cls.admin = rest_tables.start_observed_gateway(
            cls.schema, cls.backend, "--backoff-max", "10ms", "--workers", "1")

    @classmethod
    def tearDownClass(cls):
        left = left_over.wait_for_nothing(cls.admin)
        code = cls.sluice.stop()
        assert not left, left
        assert code == 0, code

    def get(self, target, **headers):
        with raw_http.Connection(self.address) as connection:
            lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
            connection.send(f"GET {target} HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode())
            response = connection.response()
            if response.cut:
                self.assertTrue(connection.at_end())
            return response

    def connect_backend(self):
        """A call that fails tells the gateway of a connection that is lost; wait until there is another one."""
        self.backend.expect(GOOD)
        again = support.comes_true(lambda: self.get("/books/x").status == 200)
        self.assertTrue(again, "the gateway does not connect again")

    def run_all(self, check):
        for fault, (steps, status) in FAULTS.items():
            for phase, count in PHASES.items():
                with self.subTest(fault=fault, phase=phase):
                    self.connect_backend()
                    self.backend.expect(BEGIN[:count] + steps)
                    # DATA in place of a head breaks the connection, not the stream alone.
                    early = count == 1 and steps[0][0] in ("message", "data", "end")
                    self.deadline = "600m" if status == 504 else "20S"
                    check(count == 3, None if early else status)
                    calls = self.backend.calls
                    self.assertTrue(self.backend.wait_for(lambda: all(call.done for call in calls) or any(
                        call.reset is not None for call in calls)), "the backend's call goes on")

    def check_error(self, error, status):
        self.assertEqual(sorted(error), ["code", "details", "message"])
        self.assertIn(error["code"], CODES[status])
        self.assertNotIn("127.0.0.1", error["message"])

    def check_status(self, response, status):
        self.assertIn(response.status, [status] if status else [502, 503])
        self.assertFalse(response.cut)
        self.check_error(json.loads(response.body), status)

    def test_unary(self):
        def check(begun, status):
            self.check_status(self.get("/books/x", grpc_timeout=self.deadline), status)

        self.run_all(check)

    def test_array(self):
        def check(begun, status):
            response = self.get("/stream/x", grpc_timeout=self.deadline)
            if not begun:
                return self.check_status(response, status)
            self.assertEqual((response.status, response.cut, response.body), (200, True, b'[{"id":"a"}'))

        self.run_all(check)

    def test_lines(self):
        def check(begun, status):
            response = self.get("/stream/x", grpc_timeout=self.deadline, accept="application/x-ndjson")
            if not begun:
                return self.check_status(response, status)
            first, last, rest = response.body.split(b"\n")
            self.assertEqual((response.cut, first, rest), (True, b'{"id":"a"}', b""))
            self.check_error(json.loads(last)["error"], status)

        self.run_all(check)

    def test_events(self):
        def check(begun, status):
            response = self.get("/stream/x", grpc_timeout=self.deadline, accept="text/event-stream")
            if not begun:
                return self.check_status(response, status)
            first, last, rest = response.body.decode().split("\n\n")
            self.assertEqual((response.cut, first, rest), (False, 'id: 1\ndata: {"id":"a"}', ""))
            fields = dict(line.split(": ", 1) for line in last.split("\n"))
            self.assertEqual((fields["event"], fields["id"]), ("error", "end"))
            self.check_error(json.loads(fields["data"]), status)

        self.run_all(check)

    def test_web_socket(self):
        def check(begun, status):
            connection, socket = raw_websocket.connect(self.address, "/stream/x", {"grpc-timeout": self.deadline})
            with connection:
                self.assertEqual(socket.response.status, 101)
                if begun:
                    self.assertEqual(socket.receive(), (raw_websocket.TEXT, b'{"id":"a"}'))
                kind, text = socket.receive()
                self.assertEqual(kind, raw_websocket.TEXT)
                self.check_error(json.loads(text)["error"], status)
                kind, payload = socket.receive()
                self.assertEqual((kind, payload[:2]), (raw_websocket.CLOSE, struct.pack(">H", 1011)))
                socket.send(raw_websocket.frame(raw_websocket.CLOSE, payload[:2]))
                self.assertTrue(connection.at_end())

        self.run_all(check)


if __name__ == "__main__":
    unittest.main()
