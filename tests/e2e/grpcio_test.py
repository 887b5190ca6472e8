"""Real gRPC peers: a grpcio client calls the bookstore, and sluice stands in front of a grpcio server."""
import concurrent.futures
import threading
import unittest

import support

support.require_curl()
support.require_grpcio()

import grpc  # noqa: E402

SERVICE = "/bookstore.v1.Bookstore/"


class GrpcioClient(unittest.TestCase):
    """Python's grpcio, unmodified, against a server on rpc_core."""

    @classmethod
    def setUpClass(cls):
        cls.schema = support.Schema(support.program("bookstore.pb"))
        cls.bookstore, address = support.start_bookstore()
        cls.channel = grpc.insecure_channel(address)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        code = cls.bookstore.stop()
        assert code == 0, code

    def stub(self, method, request, reply, stream=False):
        make = self.channel.unary_stream if stream else self.channel.unary_unary
        return make(SERVICE + method, request_serializer=lambda message: message.SerializeToString(),
                    response_deserializer=self.schema.message("bookstore.v1." + reply).FromString), \
            self.schema.message("bookstore.v1." + request)

    def test_calls_unary(self):
        get, request = self.stub("GetBook", "GetBookRequest", "Book")
        self.assertEqual(get(request(name="shelves/science-fiction/books/dune"), timeout=20).title, "Dune")

    def test_gets_a_status_with_details(self):
        get, request = self.stub("GetBook", "GetBookRequest", "Book")
        with self.assertRaises(grpc.RpcError) as raised:
            get(request(name="shelves/fiction/books/missing"), timeout=20)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)
        self.assertIn("missing", raised.exception.details())
        self.assertIn("grpc-status-details-bin", dict(raised.exception.trailing_metadata()))

    def test_reads_a_stream(self):
        stream, request = self.stub("StreamBooks", "StreamBooksRequest", "Book", stream=True)
        books = list(stream(request(parent="shelves/fiction"), timeout=20))
        self.assertGreater(len(books), 1)

    def test_cancels_and_keeps_deadlines(self):
        stream, request = self.stub("StreamBooks", "StreamBooksRequest", "Book", stream=True)
        slow = request(parent="shelves/fiction")
        slow.interval.seconds = 30
        call = stream(slow)
        self.assertTrue(next(call).title)
        call.cancel()
        with self.assertRaises(grpc.RpcError) as raised:
            list(stream(slow, timeout=0.2))
        self.assertEqual(raised.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)

    def test_refuses_an_unknown_method(self):
        call = self.channel.unary_unary(SERVICE + "Nothing")
        with self.assertRaises(grpc.RpcError) as raised:
            call(b"", timeout=20)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_carries_large_messages_and_many_calls(self):
        get, request = self.stub("GetBook", "GetBookRequest", "Book")
        with self.assertRaises(grpc.RpcError) as raised:
            get(request(name="x" * 5_000_000), timeout=60)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
        calls = [get.future(request(name="shelves/science-fiction/books/dune"), timeout=60) for _ in range(300)]
        self.assertEqual({call.result().title for call in calls}, {"Dune"})


class Backend(grpc.GenericRpcHandler):
    """The bookstore's GetShelf and CreateShelf in Python, and what it was sent."""

    def __init__(self, schema):
        self.schema = schema
        self.metadata = {}
        self.time_left = None
        self.cancelled = threading.Event()

    def service(self, details):
        handlers = {"GetShelf": ("GetShelfRequest", self.get_shelf), "CreateShelf": ("CreateShelfRequest", self.create)}
        request, handler = handlers.get(details.method.removeprefix(SERVICE), (None, None))
        if handler is None:
            return None
        return grpc.unary_unary_rpc_method_handler(
            handler, request_deserializer=self.schema.message("bookstore.v1." + request).FromString,
            response_serializer=lambda message: message.SerializeToString())

    def get_shelf(self, request, context):
        self.metadata = {}
        for key, value in context.invocation_metadata():
            self.metadata.setdefault(key, []).append(value)
        self.time_left = context.time_remaining()
        context.send_initial_metadata((("x-initial", "one"), ("x-raw-bin", b"\x00\xff")))
        context.set_trailing_metadata((("x-trailing", "two"),))
        if request.name == "shelves/hang":
            context.add_callback(self.cancelled.set)
            self.cancelled.wait(60)
        if request.name.startswith("shelves/code-"):
            context.abort(list(grpc.StatusCode)[int(request.name.rsplit("-", 1)[1])], "as asked: 100% \u00fc")
        return self.schema.message("bookstore.v1.Shelf")(name=request.name, theme="from Python")

    def create(self, request, context):
        return request.shelf


class GrpcioBackend(unittest.TestCase):
    """sluice in front of a server that nobody here wrote."""

    @classmethod
    def setUpClass(cls):
        cls.backend = Backend(support.Schema(support.program("bookstore.pb")))
        cls.server = grpc.server(concurrent.futures.ThreadPoolExecutor(8))
        cls.server.add_generic_rpc_handlers((cls.backend,))
        port = cls.server.add_insecure_port("127.0.0.1:0")
        cls.server.start()
        cls.sluice, cls.host = support.start_sluice("--backend", f"localhost:{port}", "--descriptor-set",
                                                    support.program("bookstore.pb"))

    @classmethod
    def tearDownClass(cls):
        code = cls.sluice.stop()
        cls.server.stop(None)
        assert code == 0, code

    def test_calls_it(self):
        answer = support.curl(self.host + "/v1/shelves/poetry")
        self.assertEqual((answer.status, answer.json()), (200, {"name": "shelves/poetry", "theme": "from Python"}))
        made = support.curl(self.host + "/v1/shelves", body='{"theme": "Größe \\u00e9"}')
        self.assertEqual(made.json(), {"theme": "Größe é"})

    def test_carries_headers_both_ways(self):
        answer = support.curl(self.host + "/v1/shelves/poetry", headers=[
            "X-Tenant: blue", "Grpc-Metadata-X-More: 1", "X-Key-Bin: AAH/", "Authorization: Bearer x", "Te: gzip",
            "X-Forwarded-For: 6.6.6.6", "User-Agent: me/1"])
        seen = self.backend.metadata
        self.assertEqual((seen["x-tenant"], seen["x-more"], seen["x-key-bin"]), (["blue"], ["1"], [b"\x00\x01\xff"]))
        self.assertEqual(seen["authorization"], ["Bearer x"])
        self.assertEqual(seen["x-forwarded-for"], ["127.0.0.1"])
        self.assertEqual(seen["x-forwarded-user-agent"], ["me/1"])
        self.assertNotIn("host", seen)
        self.assertEqual((answer.headers["x-initial"], answer.headers["x-raw-bin"]), ("one", "AP8"))
        self.assertEqual(answer.headers["grpc-trailer-x-trailing"], "two")
        self.assertNotIn("grpc-status", answer.headers)

    def test_maps_every_status(self):
        expected = {1: 499, 2: 500, 3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400, 12: 501,
                    13: 500, 14: 503, 15: 500, 16: 401}
        codes = [code.value[0] for code in grpc.StatusCode]
        for index, code in enumerate(codes):
            if code == 0:
                continue
            with self.subTest(code=code):
                answer = support.curl(f"{self.host}/v1/shelves/code-{index}")
                self.assertEqual(answer.status, expected[code])
                self.assertEqual(answer.json(), {"code": code, "message": "as asked: 100% ü", "details": []})

    def test_hands_the_deadline_on(self):
        support.curl(self.host + "/v1/shelves/poetry", headers=["X-Request-Timeout: 7.5"])
        self.assertLess(self.backend.time_left, 7.6)
        self.assertGreater(self.backend.time_left, 1)

    def test_cancels_the_call_of_a_client_that_hangs_up(self):
        self.backend.cancelled.clear()
        with self.assertRaises(AssertionError):
            support.curl(self.host + "/v1/shelves/hang", "--max-time", "1")
        self.assertTrue(self.backend.cancelled.wait(30))


class DeadBackend(unittest.TestCase):
    """A backend that is not there, and comes."""

    def test_answers_503_and_recovers(self):
        bookstore, address = support.start_bookstore()
        sluice, host = support.start_sluice("--backend", address, "--descriptor-set", support.program("bookstore.pb"))
        self.assertEqual(support.curl(host + "/v1/shelves/fiction").status, 200)
        bookstore.stop()
        dead = support.curl(host + "/v1/shelves/fiction")
        self.assertEqual((dead.status, dead.json()["code"]), (503, 14))
        self.assertNotIn("127.0.0.1", dead.body)
        bookstore = support.Process(support.program("bookstore"), "--listen", address)
        bookstore.wait_for("listening on")
        back = support.curl(host + "/v1/shelves/fiction", "--retry", "20", "--retry-delay", "1")
        self.assertEqual(back.status, 200)
        self.assertEqual((sluice.stop(), bookstore.stop()), (0, 0))


if __name__ == "__main__":
    unittest.main()
