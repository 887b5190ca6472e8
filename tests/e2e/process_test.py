"""The process sluice: its help, its exit codes, what it says of wrong settings, its end."""
import concurrent.futures
import os
import signal
import socket
import struct
import tempfile
import unittest

import support
from never_down_test import Client

support.require_curl()

SCHEMA = support.program("bookstore.pb")
FICTION = "/v1/shelves/fiction"
HANDSHAKE = ("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")


class Usage(unittest.TestCase):
    def test_prints_help_and_version(self):
        code, out, err = support.run_sluice("--help")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("--descriptor-set", out)
        code, out, _ = support.run_sluice("--version")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^sluice \d+\.\d+\.\d+\n$")

    def expect_usage_error(self, *arguments, text):
        code, out, err = support.run_sluice(*arguments)
        self.assertEqual((code, out), (2, ""), err)
        self.assertIn(text, err)

    def test_names_what_is_wrong(self):
        backend = ("--backend", "127.0.0.1:1")
        for arguments, text in [
            (("--bakend", "x:1"), "--backend"),
            ((*backend, "--descriptor-set", "/nowhere.pb"), "/nowhere.pb"),
            ((*backend, "--descriptor-set", __file__), "FileDescriptorSet"),
            ((*backend, "--descriptor-set", SCHEMA, "--listen", "nowhere"), "--listen"),
            ((*backend, "--descriptor-set", SCHEMA, "--conflict", "maybe"), "path_wins"),
            ((*backend, "--descriptor-set", SCHEMA, "--timeout", "soon"), "--timeout"),
            ((*backend, "--proto", "nowhere.proto"), "nowhere.proto"),
            (("--descriptor-set", SCHEMA), "--backend"),
            ((*backend, "--descriptor-set", SCHEMA, "--service", "no.Such"), "no.Such"),
        ]:
            with self.subTest(arguments=arguments):
                self.expect_usage_error(*arguments, text=text)

    def write_proto(self, folder, rules):
        path = os.path.join(folder, "wrong.proto")
        with open(path, "w") as file:
            file.write('syntax = "proto3"; package w; import "google/api/annotations.proto"; message M { string id = 1; }\n')
            file.write("service S {\n" + "\n".join(
                f"  rpc R{number}(M) returns (M) {{ option (google.api.http) = {{ {rule} }}; }}"
                for number, rule in enumerate(rules)) + "\n}\n")
        return path

    def test_prints_every_problem_of_the_rules(self):
        with tempfile.TemporaryDirectory() as folder:
            self.write_proto(folder, ['get: "/a/{nothing}"', 'get: "/a/{"', 'get: "/b/{id}"', 'get: "/b/{id}"'])
            code, _, err = support.run_sluice("--backend", "127.0.0.1:1", "--proto", "wrong.proto", "--proto-path", folder)
        self.assertEqual(code, 2)
        for text in ("wrong.proto", "nothing", "column", "w.S.R2", "w.S.R3"):
            self.assertIn(text, err)

    def test_fails_on_a_busy_port(self):
        with socket.socket() as busy:
            busy.bind(("127.0.0.1", 0))
            busy.listen()
            address = "127.0.0.1:%d" % busy.getsockname()[1]
            code, _, err = support.run_sluice("--backend", "127.0.0.1:1", "--descriptor-set", SCHEMA, "--listen", address)
        self.assertEqual(code, 1)
        self.assertIn(address, err)


class Serving(unittest.TestCase):
    def start(self, *arguments, env=None):
        self.bookstore, backend = support.start_bookstore()
        self.addCleanup(self.bookstore.stop)
        return support.start_sluice("--backend", backend, *arguments, env=env)

    def start_before(self, target, *arguments):
        sluice, host = support.start_sluice("--backend", target, *arguments)
        self.addCleanup(sluice.stop)
        return sluice, int(host.rsplit(":", 1)[1])

    def test_compiles_proto_files(self):
        root = os.environ["SLUICE_SOURCE"]
        sluice, host = self.start("--proto", "bookstore.proto", "--proto-path", os.path.join(root, "examples/bookstore"))
        self.assertEqual(support.curl(host + "/v1/shelves/fiction").status, 200)
        self.assertEqual(sluice.stop(signal.SIGINT), 0)

    def test_serves_methods_without_a_rule_by_their_names(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "plain.proto"), "w") as file:
                file.write('syntax = "proto3"; package p; message M {} service S { rpc Do(M) returns (M); }')
            proto = ("--proto", "plain.proto", "--proto-path", folder)
            for arguments, status in [((), 501), (("--auto-map", "false"), 404)]:  # the bookstore has no such method
                sluice, host = self.start(*proto, *arguments)
                self.assertEqual(support.curl(host + "/p.S/Do", body="{}").status, status)
                self.assertEqual(sluice.stop(), 0)

    def test_takes_settings_from_file_and_environment(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(f"schema:\n  descriptor_set: [{os.path.abspath(SCHEMA)}]\n")
            file.flush()
            sluice, host = self.start("--config", file.name, env={"SLUICE_JSON_PROTO_NAMES": "true"})
        page = support.curl(host + "/v1/shelves?page_size=1").json()
        self.assertIn("next_page_token", page)
        self.assertEqual(sluice.stop(), 0)

    def test_finishes_what_runs_when_it_is_stopped(self):
        sluice, host = self.start("--descriptor-set", SCHEMA, "--access-log", "true", "--log-format", "json")
        port = int(host.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /v1/shelves/fiction/books:stream?interval=0.3s HTTP/1.1\r\nHost: x\r\n\r\n")
            first = client.recv(65536)
            sluice.process.send_signal(signal.SIGTERM)
            rest = b""
            while piece := client.recv(65536):
                rest += piece
        self.assertTrue(first.startswith(b"HTTP/1.1 200 "))
        self.assertTrue(rest.endswith(b"]\r\n0\r\n\r\n"), rest[-80:])
        self.assertEqual(sluice.wait(), 0)
        self.assertTrue(any('"route":"/v1/{parent=shelves/*}/books:stream"' in line for line in sluice.lines))

    def stop_while_it_streams(self, *arguments, signals):
        """Its exit code, and whether the stream, which takes long, came to its end."""
        sluice, host = self.start("--descriptor-set", SCHEMA, *arguments)
        with socket.create_connection(("127.0.0.1", int(host.rsplit(":", 1)[1]))) as client:
            client.sendall(b"GET /v1/shelves/fiction/books:stream?interval=20s HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = client.recv(65536)
            for each in signals:
                sluice.process.send_signal(each)
                sluice.wait_for("stopping by SIGTERM")
            code = sluice.wait(10)
            try:
                while piece := client.recv(65536):
                    answer += piece
            except ConnectionResetError:
                pass
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "))
        return code, answer.endswith(b"0\r\n\r\n")

    def test_cancels_what_outlasts_the_drain(self):
        self.assertEqual(self.stop_while_it_streams("--drain-timeout", "300ms", signals=[signal.SIGTERM]), (0, False))

    def test_ends_at_once_by_a_second_signal(self):
        self.assertEqual(self.stop_while_it_streams(signals=[signal.SIGTERM, signal.SIGINT]), (1, False))

    def test_tells_those_whose_requests_outlast_the_drain(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            sluice, port = self.start_before("127.0.0.1:%d" % silent.getsockname()[1], "--drain-timeout", "200ms",
                                      "--descriptor-set", SCHEMA)
            client = Client(port)
            client.ask()
            code = self.stop_soon(sluice)
            self.assertEqual(client.answer(), (503, "close"))
            self.assertEqual((client.rest(), code.result()), (b"", 0))
        for example, target, fields, last in (
                ("bookstore", FICTION + "/books:stream?interval=20s", "Accept: text/event-stream\r\n",
                 b'"message":"the gateway is stopping","details":[]}\n\n\r\n0\r\n\r\n'),
                ("chat", "/v1/rooms/lobby:listen", HANDSHAKE, struct.pack("!BBH", 0x88, 25, 1001) + b"the gateway is stopping")):
            backend, address = support.start_example(example)
            self.addCleanup(backend.stop)
            sluice, port = self.start_before(address, "--drain-timeout", "200ms")
            client = Client(port)
            client.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: test\r\n{fields}\r\n".encode())
            self.assertIn(client.reader.readline()[:12], (b"HTTP/1.1 200", b"HTTP/1.1 101"))
            code = self.stop_soon(sluice)
            answer = client.rest()
            self.assertTrue(answer.endswith(last), answer)
            self.assertEqual(code.result(), 0)

    def stop_soon(self, sluice):
        pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown)
        return pool.submit(sluice.stop)

    def test_loses_no_line_of_the_access_log(self):
        sluice, host = self.start("--descriptor-set", SCHEMA, "--access-log", "true", "--log-format", "json")
        port = int(host.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as client:
            for _ in range(100):
                client.sendall(b"GET /v1/shelves HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertTrue(client.recv(65536).startswith(b"HTTP/1.1 200 "))
            sluice.process.send_signal(signal.SIGTERM)
        self.assertEqual(sluice.wait(), 0)
        self.assertEqual(sum('"route":"/v1/shelves"' in line for line in sluice.lines), 100)


if __name__ == "__main__":
    unittest.main()
