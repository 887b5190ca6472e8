"""Clients whose network is gone, without a word: the kernel notices, by the limits that the gateway has set it."""
import os
import shutil
import subprocess
import time
import unittest

import exposition
import support

support.require_curl()
support.require("ip", shutil.which("ip"))


def ip(*arguments):
    return subprocess.run(["ip", *arguments], capture_output=True, text=True)


class Vanish(unittest.TestCase):
    """The client lives in a network of its own, which takes rights that not every machine gives."""

    def setUp(self):
        number = os.getpid()
        self.space, ours, self.theirs = f"vanish{number}", f"va{number}", f"vb{number}"
        subnet = f"198.18.{number % 256}."  # of those that RFC 2544 keeps for tests
        if ip("netns", "add", self.space).returncode != 0:
            self.skipTest("no right to make a network")
        self.addCleanup(ip, "netns", "delete", self.space)
        if ip("link", "add", ours, "type", "veth", "peer", "name", self.theirs, "netns", self.space).returncode != 0:
            self.skipTest("no right to make a link")
        self.addCleanup(ip, "link", "delete", ours)
        self.within(["ip", "address", "add", subnet + "2/24", "dev", self.theirs], check=True)
        self.within(["ip", "link", "set", self.theirs, "up"], check=True)
        ip("address", "add", subnet + "1/24", "dev", ours)
        ip("link", "set", ours, "up")
        backend, target = support.start_bookstore()
        self.addCleanup(backend.stop)
        sluice, _ = support.start_sluice("--backend", target, "--admin", "127.0.0.1:0", "--listen", subnet + "1:0",
                                         "--write-timeout", "1s", "--heartbeat", "200ms")
        self.addCleanup(sluice.stop)
        self.admin = sluice.wait_for(r"admin on (http://\S+)").group(1)
        self.host = sluice.wait_for(rf"listening on (http://{subnet}\S+)").group(1)

    def within(self, command, **options):
        return subprocess.run(["ip", "netns", "exec", self.space, *command], **options)

    def wait_for_running(self, count):
        deadline = time.monotonic() + 60
        while exposition.value(exposition.scrape(self.admin), "sluice_http_requests_in_flight") != count:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_ends_the_stream_of_a_client_that_is_gone(self):
        target = self.host + "/v1/shelves/fiction/books:stream?interval=60s"
        client = subprocess.Popen(["ip", "netns", "exec", self.space, "curl", "-sN", "-H", "Accept: text/event-stream", target],
                                  stdout=subprocess.DEVNULL)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        self.wait_for_running(1)
        self.within(["ip", "link", "set", self.theirs, "down"], check=True)
        self.wait_for_running(0)


if __name__ == "__main__":
    unittest.main()
