"""A backend that ends its call while the client still sends: the client gets that end at once, whatever it sends on."""
import threading
import unittest

import support

support.require_curl()
support.require_rest_tools()

import left_over  # noqa: E402
import raw_http  # noqa: E402
import rest_schema  # noqa: E402
import rest_tables  # noqa: E402
import scripted_backend  # noqa: E402

HEAD = ("head", [])
OK = ("trailers", [("grpc-status", "0")])
REFUSAL = [("grpc-status", "9"), ("grpc-message", "enough")]
REFUSED = (400, b'{"code":9,"message":"enough","details":[]}')

# What the client begins with, which is one request message or more, and the byte that it goes on with for ever.
SENDS = {
    "an array": (b'[{"id":"a"},', b" "),
    "lines": (b'{"id":"a"}\n', b"\n"),
    "half a value": (b'{"id":"a"}{"id":"', b"x"),
    "pieces": (b"abc", b"d"),
}
FRAMINGS = {"chunks": "Transfer-Encoding: chunked", "a length": "Content-Length: 1000000000"}
# A message of each answer's type, and the targets that the client sends to: the answer is one message, or a stream.
THING, RAW = b"\x0a\x01r", b"\x12\x01r"
TARGETS = {
    "an array": ("POST /collect", "POST /talk"),
    "lines": ("POST /collect/u", "POST /talk/u"),
    "half a value": ("POST /collect", "POST /talk"),
    "pieces": ("PUT /upload", "POST /rawtalk"),
}
ENDS = {
    "with an answer": ([HEAD, "message", OK], None),
    "with an error": ([("trailers", [*scripted_backend.HEAD, *REFUSAL])], REFUSED),
    "with an error behind its head": ([HEAD, ("trailers", REFUSAL)], REFUSED),
    "with an error behind an answer": ([HEAD, "message", ("trailers", REFUSAL)], REFUSED),
    "with an answer and a reset": ([HEAD, "message", OK, ("reset", 0)], None),
    "with an error and a reset": ([("trailers", [*scripted_backend.HEAD, *REFUSAL]), ("reset", 8)], REFUSED),
}


def cases():
    for sends, (begin, more) in SENDS.items():
        for target, streams in zip(TARGETS[sends], (False, True)):
            raw = sends == "pieces" and streams
            answer = b"r" if raw else b'[{"id":"r"}]' if streams else b'{"id":"r"}'
            for ends, (steps, seen) in ENDS.items():
                message = ("message", RAW if raw else THING)
                script = [("read", 1), *[message if step == "message" else step for step in steps]]
                for framing, field in FRAMINGS.items():
                    name = f"{sends} in {framing}, {ends}, {target}"
                    yield name, Client(target, field, begin, more), script, seen or (200, answer)


class Client:
    """Sends a byte at a time until it has its answer."""

    def __init__(self, target, framing, begin, more):
        self.head = f"{target} HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n".encode()
        self.chunked, self.begin, self.more = "chunked" in framing, begin, more

    def piece(self, data):
        return b"%x\r\n%s\r\n" % (len(data), data) if self.chunked else data

    def ask(self, address):
        """The answer, and whether the connection was closed behind it."""
        with raw_http.Connection(address) as connection:
            connection.send(self.head + self.piece(self.begin))
            answered = threading.Event()
            sender = threading.Thread(target=self.go_on, args=(connection, answered))
            sender.start()
            try:
                response = connection.response()
            finally:
                answered.set()
                sender.join()
            # A head that came before the end says nothing; then some of the body is passed over, but not that much.
            if response.header("Connection") != "close":
                connection.send(self.piece(self.more * 1024) * 256)
            return response, connection.at_end()

    def go_on(self, connection, answered):
        while not answered.is_set():
            connection.send(self.piece(self.more))


class EarlyEnds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = rest_schema.RestSchema()
        cls.backend = scripted_backend.Backend()
        cls.sluice, cls.address, cls.admin = rest_tables.start_observed_gateway(
            cls.schema, cls.backend, "--workers", "1")

    @classmethod
    def tearDownClass(cls):
        left = left_over.wait_for_nothing(cls.admin)
        code = cls.sluice.stop()
        assert (left, code) == ({}, 0), (left, code)

    def check(self, client, script, expected):
        response, closed = client.ask(self.address)
        self.assertEqual((response.status, response.body, response.cut, closed), (*expected, False, True))
        if "Content-Length" in dict(response.fields):
            self.assertEqual(response.header("Connection"), "close")

    def test_the_client_gets_the_end(self):
        for name, client, script, expected in cases():
            with self.subTest(name):
                self.backend.expect(script)
                self.check(client, script, expected)

    def test_all_of_many_clients_get_it(self):
        script = [("read", 1), ("trailers", [*scripted_backend.HEAD, *REFUSAL])]
        self.backend.expect(script)
        client = Client("POST /collect", FRAMINGS["chunks"], *SENDS["half a value"])
        seen = []
        threads = [threading.Thread(target=lambda: seen.append(client.ask(self.address)[0])) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([(each.status, each.body) for each in seen], [REFUSED] * len(threads))


if __name__ == "__main__":
    unittest.main()
