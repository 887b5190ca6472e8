"""What the gateway answers when it is its own limits that are reached: calls, connections, and time."""
import json
import unittest

import support

support.require_rest_tools()

import raw_http  # noqa: E402
import rest_tables  # noqa: E402

GET = b"GET /books/x HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /thing HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
HOLD = [("read_all", None), ("pause", None), ("head", []), ("message", b""), ("trailers", [("grpc-status", "0")])]


class Limits(rest_tables.TestCase):
    def connect(self, *flags):
        connection = raw_http.Connection(self.gateways.address({"flags": list(flags)}))
        self.addCleanup(connection.socket.close)
        return connection

    def check_busy(self, response):
        self.assertEqual((response.status, json.loads(response.body)["code"]), (503, 14))
        self.assertRegex(response.header("Retry-After"), r"^\d+$")

    def test_calls_at_once(self):
        limit = ("--max-concurrent-calls", "1")
        self.backend.expect(HOLD)
        first, second = self.connect(*limit), self.connect(*limit)
        first.send(GET)
        self.assertTrue(self.backend.wait_for(lambda: self.backend.calls and self.backend.calls[0].paused))
        second.send(GET)
        self.check_busy(second.response())
        self.backend.resume()
        self.assertEqual(first.response().status, 200)
        self.backend.expect(HOLD[:1] + HOLD[2:])
        second.send(GET)
        self.assertEqual(second.response().status, 200)

    def test_connections(self):
        limit = ("--max-connections", "1")
        self.backend.expect(HOLD[:1] + HOLD[2:])
        first = self.connect(*limit)
        first.send(GET)
        self.assertEqual(first.response().status, 200)
        second = self.connect(*limit)
        second.send(GET)
        self.check_busy(second.response())
        self.assertTrue(second.at_end())

    def check_late(self, connection):
        response = connection.response()
        self.assertEqual((response.status, json.loads(response.body)["code"]), (408, 4))
        self.assertTrue(connection.at_end())

    def test_the_time_of_a_head(self):
        connection = self.connect("--header-timeout", "100ms")
        connection.send(GET[:20])
        self.check_late(connection)

    def test_the_time_of_a_body(self):
        connection = self.connect("--body-timeout", "100ms")
        connection.send(POST + b"{")
        self.check_late(connection)

    def test_the_time_between_requests(self):
        connection = self.connect("--idle-timeout", "100ms")
        self.backend.expect(HOLD[:1] + HOLD[2:])
        connection.send(GET)
        self.assertEqual(connection.response().status, 200)
        self.assertTrue(connection.at_end())

    def test_the_time_of_a_reader(self):
        flags = ("--write-timeout", "200ms")
        message = b"\x0a\xff\xff\x03" + b"a" * 65535
        self.backend.expect([("read_all", None), ("head", []), *[("message", message)] * 400, ("hold", None)])
        connection = raw_http.Connection(self.gateways.address({"flags": list(flags)}), 4096)
        self.addCleanup(connection.socket.close)
        connection.send(GET.replace(b"books", b"stream"))
        self.assertTrue(self.backend.wait_for(lambda: self.backend.calls and self.backend.calls[0].reset is not None))
        self.assertEqual(self.backend.calls[0].reset, 8)


if __name__ == "__main__":
    unittest.main()
