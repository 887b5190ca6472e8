"""Everything at once: mixed traffic while the backend dies, hangs and returns, settings reload and certificates rotate.

CHAOS_SECONDS (12) says how long, CHAOS_SEED (1) what happens when."""
import asyncio
import os
import random
import shutil
import signal
import ssl
import sys
import tempfile
import threading
import time
import unittest

import support
from certificates import certify
from chaos_traffic import Traffic
from reflection_test import free_port

support.require_curl()

SECONDS = float(os.environ.get("CHAOS_SECONDS", "12"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
SANITIZED = "SLUICE_SANITIZED" in os.environ
# What the allocator may keep of the busiest moment.
MOST_GROWTH = 24 << 20


class Chaos(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        certify(self.folder, "ca", "/CN=test CA")
        for name in ("a", "b"):
            certify(self.folder, name, "/CN=" + name, "subjectAltName=DNS:localhost")
        self.rng = random.Random(SEED)
        self.backend_port = free_port()
        self.backend = self.start_backend()
        self.addCleanup(lambda: self.backend.stop(signal.SIGKILL))
        self.rotate()
        self.write_settings()
        self.sluice, host = support.start_sluice("--config", self.path("sluice.yaml"), "--admin", "127.0.0.1:0",
                                                 "--listen", "127.0.0.1:0", "--workers", "2")
        self.addCleanup(lambda: self.sluice.stop(signal.SIGKILL))
        self.port = int(host.rsplit(":", 1)[1])
        self.admin = self.sluice.wait_for(r"admin on (http://\S+)").group(1)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start_backend(self):
        backend = support.Process(support.program("bookstore"), "--port", str(self.backend_port))
        backend.wait_for("bookstore listening on ")
        return backend

    def write_settings(self, extra=""):
        with open(self.path("new.yaml"), "w") as file:
            file.write(f"backend: ['127.0.0.1:{self.backend_port}']\n"
                       f"tls:\n  tls_cert: {self.path('server.pem')}\n  tls_key: {self.path('server.key')}\n"
                       f"timeouts:\n  timeout: 1s\n  stream_timeout: 2s\n{extra}")
        os.replace(self.path("new.yaml"), self.path("sluice.yaml"))

    def rotate(self):
        name = self.rng.choice("ab")
        for kind in ("pem", "key"):
            shutil.copy(self.path(f"{name}.{kind}"), self.path(f"server.{kind}"))

    # What happens; each returns with a backend that serves.

    def kill(self):
        self.backend.stop(signal.SIGKILL)
        time.sleep(self.rng.random() * 0.7)
        self.backend = self.start_backend()

    def stop_politely(self):
        self.backend.stop(signal.SIGTERM)
        self.backend = self.start_backend()

    def hang(self):
        self.backend.process.send_signal(signal.SIGSTOP)
        time.sleep(self.rng.random() * 2)
        self.backend.process.send_signal(signal.SIGCONT)

    def reload(self):
        extra = self.rng.choice(["", "json:\n  json_pretty: true\n", "limits:\n  max_concurrent_calls: 5000\n",
                                 "upstream:\n  connect_timeout: 2s\n", "browsers:\n  cors_origin: ['*']\n",
                                 "nonsense: true\n", "backends:\n  none: {services: [x.*]}\n"])
        self.write_settings(extra)
        self.sluice.process.send_signal(signal.SIGHUP)

    def rotate_and_reload(self):
        self.rotate()
        self.sluice.process.send_signal(signal.SIGHUP)

    def look(self):
        for page in ("/metrics", "/readyz", "/debug/connections", "/config"):
            support.curl(self.admin + page)

    def disturb(self, seconds):
        end = time.monotonic() + seconds
        actions = [self.kill, self.stop_politely, self.hang, self.look] + 3 * [self.reload, self.rotate_and_reload]
        happened = []
        while time.monotonic() < end:
            action = self.rng.choice(actions)
            happened.append(action.__name__)
            action()
            time.sleep(self.rng.random() * 0.3)
        return happened

    def traffic_for(self, seconds, disturb):
        """Runs the traffic on this thread, and what disturbs it on another."""
        tls = ssl.create_default_context(cafile=self.path("ca.pem"))
        traffic = Traffic(self.port, tls, random.Random(SEED))
        happened = []

        def disturb_and_end():
            try:
                happened.extend(disturb(seconds) or [])
            finally:
                traffic.ending = True

        thread = threading.Thread(target=disturb_and_end)
        thread.start()
        asyncio.run(traffic.run(unary=20, streams=6, sockets=6))
        thread.join()
        return traffic, happened

    def usage(self):
        """Files and resident bytes, once no client is connected."""
        deadline = time.monotonic() + support.START_SECONDS
        while "\nsluice_http_connections 0\n" not in support.curl(self.admin + "/metrics").body:
            self.assertLess(time.monotonic(), deadline, "connections stay open")
        pid = self.sluice.process.pid
        with open(f"/proc/{pid}/statm") as file:
            pages = int(file.read().split()[1])
        return len(os.listdir(f"/proc/{pid}/fd")), pages * os.sysconf("SC_PAGE_SIZE")

    def test_every_request_ends_well(self):
        self.traffic_for(3, time.sleep)
        files, memory = self.usage()
        traffic, happened = self.traffic_for(SECONDS, self.disturb)
        print(f"seed {SEED}: {len(happened)} events, {dict(sorted(traffic.outcomes.items(), key=str))}", file=sys.stderr)
        self.assertEqual(traffic.failures, [])
        for kind in ("unary", "stream"):
            self.assertGreater(traffic.outcomes[kind, 200], 50)
        self.assertGreater(traffic.outcomes["socket", 1000], 20)
        self.write_settings()
        self.traffic_for(2, time.sleep)
        files_after, memory_after = self.usage()
        print(f"files {files} -> {files_after}, memory {memory >> 10} KiB -> {memory_after >> 10} KiB", file=sys.stderr)
        self.assertLessEqual(files_after, files + 4)
        if not SANITIZED:
            self.assertLess(memory_after, memory + MOST_GROWTH)
        self.assertEqual(self.sluice.stop(), 0)


if __name__ == "__main__":
    unittest.main()
