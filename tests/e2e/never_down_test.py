"""What clients see of a gateway that stops, and of backends that are killed: an answer, always."""
import http.client
import json
import os
import resource
import signal
import socket
import time
import unittest

import support
from load import Load
from reflection_test import free_port

support.require_curl()

FICTION = "/v1/shelves/fiction"
CONNECTIONS = 200 if "SLUICE_SANITIZED" in os.environ else 1000


class Client:
    """A connection on which requests can be sent before answers are read."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=support.START_SECONDS)
        self.reader = self.socket.makefile("rb")

    def ask(self):
        self.socket.sendall(f"GET {FICTION} HTTP/1.1\r\nHost: test\r\n\r\n".encode())

    def answer(self):
        """Its status, and what it says of the connection."""
        status = int(self.reader.readline().split()[1])
        headers = http.client.parse_headers(self.reader)
        self.reader.read(int(headers["content-length"]))
        return status, headers["connection"]

    def rest(self):
        """Until the end of the connection, which is then closed; a reset is an exception."""
        with self.socket:
            return self.reader.read()


class NeverDown(unittest.TestCase):
    def start_backend(self, port):
        backend = support.Process(support.program("bookstore"), "--port", str(port))
        self.addCleanup(backend.stop)
        backend.wait_for("bookstore listening on ")
        return backend

    def start(self, target, *arguments):
        sluice, host = support.start_sluice("--backend", target, "--workers", "2", "--admin", "127.0.0.1:0", *arguments)
        self.addCleanup(sluice.stop)
        self.admin = sluice.wait_for(r"admin on (http://\S+)").group(1)
        return sluice, int(host.rsplit(":", 1)[1])

    def test_answers_every_request_of_many_connections_while_it_stops(self):
        # Each connection asks at least once within the delay, and then hears that it is to close.
        self.stop_under_load("--drain-delay", "1s", connections=CONNECTIONS, pause=0.2)

    def test_answers_busy_connections_without_a_delay_too(self):
        self.stop_under_load(connections=CONNECTIONS // 5, pause=0.02)

    def stop_under_load(self, *arguments, connections, pause):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4 * CONNECTIONS, most), most))
        backend, target = support.start_bookstore()
        self.addCleanup(backend.stop)
        sluice, port = self.start(target, *arguments)
        load = Load(port, [FICTION], connections=connections, pause=pause, reconnect=False).start()
        while load.total() < 2 * connections:
            time.sleep(0.05)
        self.assertEqual(sluice.stop(), 0)
        load.join()
        self.assertEqual({outcome[1] for outcome in load.outcomes}, {200}, load.outcomes)
        self.assertEqual(load.closed, connections)

    def test_answers_what_reached_it_before_it_read_the_signal(self):
        """Requests that wait in the kernel, on idle connections and on such as wait to be accepted, when it stops."""
        backend, target = support.start_bookstore()
        self.addCleanup(backend.stop)
        sluice, port = self.start(target)
        idle = [Client(port) for _ in range(50)]
        for client in idle:
            client.ask()
            self.assertEqual(client.answer()[0], 200)
        silent = Client(port)
        sluice.process.send_signal(signal.SIGSTOP)
        clients = idle + [Client(port) for _ in range(50)]
        for client in clients:
            client.ask()
        sluice.process.send_signal(signal.SIGTERM)
        sluice.process.send_signal(signal.SIGCONT)
        # A worker may be quicker than the signal: such an answer does not speak of the end that follows.
        for client in clients:
            status, connection = client.answer()
            self.assertEqual(status, 200)
            self.assertIn(connection, ("close", None))
        for client in [silent, *clients]:
            self.assertEqual(client.rest(), b"")
        self.assertEqual(sluice.wait(), 0)

    def test_answers_at_once_without_a_backend_and_recovers_with_it(self):
        port = free_port()
        backend = self.start_backend(port)
        _, gateway = self.start(f"127.0.0.1:{port}")
        load = Load(gateway, [FICTION], connections=16, pause=0.01).start()
        for _ in range(3):
            backend.process.send_signal(signal.SIGKILL)
            backend.wait()
            self.wait_for_status(load, 503)
            ready = support.curl(self.admin + "/readyz").json()
            self.assertIn(ready["backends"][0]["state"], ("TRANSIENT_FAILURE", "CONNECTING"))
            time.sleep(2)  # the waits between two attempts have grown as long as they get
            backend = self.start_backend(port)
            time.sleep(1)  # by then every worker has its connection again
            load.outcomes.clear()
            while load.total() < 100:
                time.sleep(0.01)
            self.assertEqual({outcome[1] for outcome in load.outcomes}, {200}, load.outcomes)
        load.stop()
        self.assertLess(load.slowest, 1)

    def test_answers_at_once_while_a_backend_hangs(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and says nothing
            _, port = self.start("127.0.0.1:%d" % silent.getsockname()[1], "--connect-timeout", "1s",
                                 "--descriptor-set", support.program("bookstore.pb"))
            client = Client(port)
            times = []
            for _ in range(20):
                begin = time.monotonic()
                client.ask()
                self.assertEqual(client.answer()[0], 503)
                times.append(time.monotonic() - begin)
                time.sleep(0.1)
            client.socket.close()
            self.assertLess(times[0], 2)  # the connect timeout, for what comes before the first attempt has failed
            self.assertLess(max(times[1:]), 0.5, times)

    def wait_for_status(self, load, status):
        """Until the latest answers are of it; whatever else there was is one of the two valid answers."""
        deadline = time.monotonic() + support.START_SECONDS
        while load.latest != status:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)
        for outcome in list(load.outcomes):
            self.assertIn(outcome[1], (200, 503), outcome)
            if outcome[1] == 503:
                self.assertEqual(json.loads(outcome[2])["code"], 14)


if __name__ == "__main__":
    unittest.main()
