"""The chat and the files behind sluice: curl, Node's fetch and WebSocket, and a raw client that stalls."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

import support

support.require_curl()

HTTP = "http://"


def rss_bytes(process):
    with open(f"/proc/{process.process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Streams(unittest.TestCase):
    example = None

    @classmethod
    def setUpClass(cls):
        cls.backend, target = support.start_example(cls.example)
        cls.sluice, cls.host = support.start_sluice("--backend", target, "--heartbeat", "300ms", "--flush-timeout", "200ms")

    @classmethod
    def tearDownClass(cls):
        codes = cls.sluice.stop(), cls.backend.stop()
        assert codes == (0, 0), codes

    def address(self):
        host, port = self.host.removeprefix(HTTP).rsplit(":", 1)
        return host, int(port)


class Chat(Streams):
    example = "chat"

    def listen(self, accept):
        """A curl that listens in the lobby."""
        return subprocess.Popen(["curl", "-sSN", "--max-time", "60", "-H", "Accept: " + accept,
                                 self.host + "/v1/rooms/lobby:listen"], stdout=subprocess.PIPE, text=True)

    def talk(self, *messages):
        return support.curl(self.host + "/v1/rooms/lobby:talk", method="POST",
                            headers=["Content-Type: application/x-ndjson", "Accept: application/x-ndjson"],
                            body="\n".join(json.dumps(message) for message in messages))

    def wait_for_guests(self, count):
        deadline = time.monotonic() + support.START_SECONDS
        while time.monotonic() < deadline:
            rooms = support.curl(self.host + "/v1/rooms").json().get("rooms", [])
            if sum(room["guests"] for room in rooms) == count:
                return
        self.fail(f"not {count} guests")

    def test_curl_talks_half_duplex(self):
        answer = self.talk({"guest": "ann"}, {"text": "one"}, {"text": "two"})
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.headers["content-type"], "application/x-ndjson")
        said = [json.loads(line)["text"] for line in answer.body.splitlines()]
        self.assertEqual(said, ["one", "two"])

    def test_no_message_of_a_stream_may_leave_the_path(self):
        answer = self.talk({"guest": "ann"}, {"text": "x", "room": "elsewhere"})
        self.assertEqual(answer.status, 400, answer.body)

    def test_curl_listens_to_events_with_heartbeats(self):
        listener = self.listen("text/event-stream")
        try:
            self.wait_for_guests(1)
            self.assertEqual(listener.stdout.readline(), ":\n")
            self.talk({"guest": "ann", "text": "hello"})
            lines = iter(listener.stdout.readline, "")
            event = next(line for line in lines if line.startswith("id:")) + next(lines)
            self.assertEqual(event, 'id: 1\ndata: {"room":"lobby","guest":"ann","text":"hello"}\n')
        finally:
            listener.kill()
            listener.wait()
            listener.stdout.close()
        self.wait_for_guests(0)

    def test_an_event_stream_that_was_read_is_not_run_again(self):
        answer = support.curl(self.host + "/v1/rooms/lobby:listen",
                              headers=["Accept: text/event-stream", "Last-Event-ID: end"])
        self.assertEqual((answer.status, answer.body), (204, ""))

    def run_node(self, script, *flags):
        node = shutil.which("node")
        support.require("node", node)
        done = subprocess.run([node, *flags, "-e", script, self.host], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_fetch_of_node_reads_lines_as_they_come(self):
        out = self.run_node("""
            const host = process.argv[1];
            const accept = {headers: {accept: 'application/x-ndjson'}};
            (async () => {
              const reader = (await fetch(host + '/v1/rooms/den:listen', accept)).body.getReader();
              await fetch(host + '/v1/rooms/den:talk', {method: 'POST', headers: {'content-type': 'application/json'},
                                                        body: '{"guest":"bob","text":"hi"}'});
              const {value} = await reader.read();
              process.stdout.write(new TextDecoder().decode(value));
              process.exit(0);
            })();""")
        self.assertEqual(json.loads(out), {"room": "den", "guest": "bob", "text": "hi"})
        self.wait_for_guests(0)

    def test_a_web_socket_of_node_talks_both_ways(self):
        flags = subprocess.run([shutil.which("node") or "false", "--help"], capture_output=True, text=True).stdout
        if shutil.which("node") and "--experimental-websocket" not in flags:
            self.skipTest("this node has no WebSocket; those from 20.10 on do")
        out = self.run_node("""
            const socket = new WebSocket(process.argv[1].replace('http', 'ws') + '/v1/rooms/bar:talk');
            socket.onopen = () => socket.send('{"guest":"eve","text":"1"}');
            socket.onmessage = ({data}) => {
              console.log(data);
              socket.send(JSON.parse(data).text === '1' ? '{"text":"2"}' : '');
            };
            socket.onclose = ({code, wasClean}) => console.log(code, wasClean);""", "--experimental-websocket")
        self.assertEqual(out, '{"room":"bar","guest":"eve","text":"1"}\n{"room":"bar","guest":"eve","text":"2"}\n'
                              '1000 true\n')
        self.wait_for_guests(0)

    def test_a_page_of_another_site_opens_no_web_socket(self):
        upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Origin: https://evil.example"]
        self.assertEqual(support.curl(self.host + "/v1/rooms/bar:talk", headers=upgrade).status, 403)
        self.assertEqual(support.curl(self.host + "/v1/rooms/bar:talk", headers=upgrade[:2]).status, 426)

    def test_serves_the_page(self):
        page = support.curl(self.host + "/")
        self.assertEqual(page.headers["content-type"], "text/html; charset=utf-8")
        self.assertIn("new WebSocket", page.body)


class Files(Streams):
    example = "files"

    def test_a_file_goes_up_and_comes_down_untouched(self):
        content = os.urandom(5 << 20)
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            up = support.curl(self.host + "/v1/files/noise.bin", "-T", file.name, headers=["Content-Type: image/png"])
            self.assertEqual(up.json(), {"name": "noise.bin", "contentType": "image/png", "bytes": str(len(content))})
            down = subprocess.run(["curl", "-sS", "-D", file.name, self.host + "/v1/files/noise.bin"],
                                  capture_output=True, timeout=60)
            with open(file.name) as head:
                self.assertIn("Content-Type: image/png", head.read())
        self.assertTrue(down.stdout == content)
        self.assertEqual(support.curl(self.host + "/v1/files").json()["files"][0]["name"], "noise.bin")
        self.assertEqual(support.curl(self.host + "/v1/files/none").status, 404)

    def test_an_empty_file_has_a_name(self):
        up = support.curl(self.host + "/v1/files/empty", method="PUT", body="", headers=["Content-Type: text/plain"])
        self.assertEqual((up.status, up.json()["name"]), (200, "empty"))

    def test_a_reader_that_stalls_costs_less_than_a_mebibyte(self):
        if os.environ.get("SLUICE_SANITIZED"):
            self.skipTest("under a sanitizer memory is not the program's own")
        size = 64 << 20
        with tempfile.NamedTemporaryFile() as file:
            file.truncate(size)
            self.assertEqual(support.curl(self.host + "/v1/files/large", "-T", file.name).status, 200)
        before = rss_bytes(self.sluice)
        stalled = []
        for _ in range(8):
            client = socket.create_connection(self.address())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(b"GET /v1/files/large HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertTrue(client.recv(16))
            stalled.append(client)
        most = before
        for _ in range(20):
            time.sleep(0.05)
            most = max(most, rss_bytes(self.sluice))
        for client in stalled:
            client.close()
        self.assertLess((most - before) / len(stalled), 1 << 20)


def load_tests(loader, tests, pattern):
    suite = unittest.TestSuite()
    for case in (Chat, Files):
        suite.addTests(loader.loadTestsFromTestCase(case))
    return suite


if __name__ == "__main__":
    unittest.main()
