"""Reload: other settings, schemas, backends and certificates while requests run, and bad ones refused whole."""
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import support
from certificates import certify
from load import Load

support.require_curl()

FICTION = "/v1/shelves/fiction"


class Reload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.backend, cls.target = support.start_bookstore()

    @classmethod
    def tearDownClass(cls):
        cls.backend.stop()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.config = self.path("sluice.yaml")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, text, name="sluice.yaml"):
        """At once, as a deployment does."""
        with open(self.path(name + ".new"), "w") as file:
            file.write(text)
        os.replace(self.path(name + ".new"), self.path(name))

    def start(self, *arguments):
        self.sluice, host = support.start_sluice("--config", self.config, "--admin", "127.0.0.1:0", *arguments)
        self.addCleanup(lambda: self.assertEqual(self.sluice.stop(), 0))
        self.admin = self.sluice.wait_for(r"admin on (http://\S+)").group(1)
        return host

    def lines(self, text):
        return sum(text in line for line in self.sluice.lines)

    def reload(self, text, expected="reloaded: "):
        """Writes the settings, asks for them, and waits for the outcome."""
        before = self.lines(expected)
        self.write(text)
        self.sluice.process.send_signal(signal.SIGHUP)
        self.wait_until(lambda: self.lines(expected) > before, expected)

    def wait_until(self, condition, what):
        deadline = time.monotonic() + support.START_SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"{what}:\n" + "\n".join(self.sluice.lines))
            time.sleep(0.02)

    def test_serves_with_other_settings(self):
        self.write(f"backend: [{self.target}]\njson:\n  json_pretty: false\n")
        host = self.start()
        self.assertNotIn("\n", support.curl(host + FICTION).body)
        self.reload(f"backend: [{self.target}]\njson:\n  json_pretty: true\nbrowsers:\n  cors_origin: [https://a.example]\n"
                    "limits:\n  max_target_bytes: 100\ntranscoding:\n  error_format: problem\nlog:\n  log_level: debug\n")
        answer = support.curl(host + FICTION, headers=["Origin: https://a.example"])
        self.assertIn("\n", answer.body)
        self.assertEqual(answer.headers["access-control-allow-origin"], "https://a.example")
        long = support.curl(host + FICTION + "?x=" + "y" * 100)
        self.assertEqual((long.status, long.headers["content-type"]), (414, "application/problem+json"))
        self.assertEqual(support.curl(self.admin + "/debug/log-level").body, "debug\n")
        self.assertIn("json_pretty: true", support.curl(self.admin + "/config").body)
        self.assertIn('sluice_config_reloads_total{result="success"} 1\n', support.curl(self.admin + "/metrics").body)

    def test_refuses_bad_settings_whole(self):
        good = f"backend: [{self.target}]\n"
        self.write(good)
        host = self.start()
        bad = {"json:\n  json_prety: true\n": "sluice.yaml:3: ",
               "schema:\n  descriptor_set: [/none.pb]\n": "/none.pb",
               "backends:\n  other: {target: '127.0.0.1:1', services: [x.*], tls: true, ca: /none.pem}\n": "/none.pem"}
        for text, problem in bad.items():
            self.reload(good + text, "reload refused")
            ready = support.curl(self.admin + "/readyz")
            self.assertEqual(ready.status, 200)
            self.assertIn(problem, ready.json()["refused_reload"])
            self.assertEqual(support.curl(host + FICTION).status, 200)
        text = support.curl(self.admin + "/metrics").body
        self.assertIn('sluice_config_reloads_total{result="failure"} 3\n', text)
        self.assertIn("sluice_config_last_reload_successful 0\n", text)
        self.reload(good)
        self.assertNotIn("refused_reload", support.curl(self.admin + "/readyz").json())

    def test_names_what_needs_a_restart(self):
        self.write(f"backend: [{self.target}]\nworkers: 1\n")
        host = self.start()
        self.reload(f"backend: [{self.target}]\nworkers: 2\nlog:\n  log_format: json\n  access_log: true\n")
        self.sluice.wait_for("--workers changed, which needs a restart")
        self.sluice.wait_for("--log-format changed, which needs a restart")
        self.assertIn("workers: 1  # as at the start", support.curl(self.admin + "/config").body)
        support.curl(host + FICTION)
        self.sluice.wait_for(f'"GET {FICTION}" 200')

    def test_adds_and_removes_backends_and_keeps_their_connections(self):
        descriptors = f"schema:\n  descriptor_set: [{support.program('bookstore.pb')}]\n"
        self.write(descriptors + f"backends:\n  one: {self.target}\n")
        host = self.start("--workers", "1")
        support.curl(host + FICTION)
        other, other_target = support.start_bookstore()
        self.addCleanup(other.stop)
        support.curl(f"{host}/v1/shelves", body='{"theme": "Kept"}', method="POST")
        self.reload(descriptors + f"backends:\n  two: {other_target}\n")
        self.assertEqual(support.curl(host + FICTION).status, 200)
        names = [one["name"] for one in support.curl(self.admin + "/readyz").json()["backends"]]
        self.assertEqual(names, ["two"])
        self.reload(descriptors + f"backends:\n  two: {other_target}\njson:\n  json_pretty: true\n")
        # The connection of an unchanged backend is still there before any new call.
        self.assertEqual(support.curl(self.admin + "/readyz").json()["backends"], [{"name": "two", "state": "READY"}])

    def test_fails_no_request_under_load(self):
        plain = f"backend: [{self.target}]\n"
        pretty = plain + "json:\n  json_pretty: true\n"
        self.write(plain)
        host = self.start("--workers", "2")
        valid = {support.curl(host + FICTION).body}
        self.reload(pretty)
        valid.add(support.curl(host + FICTION).body)
        self.assertEqual(len(valid), 2)
        load = Load(int(host.rsplit(":", 1)[1]), [FICTION], connections=16).start()
        for round_number in range(20):
            if round_number % 4 == 3:
                self.reload("listen: [nowhere]\n", "reload refused")
            else:
                self.reload(plain if round_number % 2 else pretty)
        outcomes = load.stop()
        self.assertGreater(load.total(), 200)
        self.assertEqual({outcome[1] for outcome in outcomes}, {200}, outcomes)
        self.assertEqual({outcome[2] for outcome in outcomes}, valid)

    def test_watches_files_and_rotates_certificates(self):
        certify(self.folder, "ca", "/CN=test CA")
        for name in ("old", "new"):
            certify(self.folder, name, f"/CN={name}", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        self.install_certificate("old")
        self.write(f"backend: [{self.target}]\ntls:\n  tls_cert: {self.path('server.pem')}\n"
                   f"  tls_key: {self.path('server.key')}\n")
        host = self.start("--watch")
        load = Load(int(host.rsplit(":", 1)[1]), [FICTION], connections=4, cafile=self.path("ca.pem")).start()
        self.assertEqual(self.subject(host), "CN = old")
        self.install_certificate("new")
        self.wait_until(lambda: self.subject(host) == "CN = new", "a rotated certificate")
        with open(self.path("server.pem"), "w") as file:
            file.write("no certificate")
        self.wait_until(lambda: self.lines("reload refused") == 1, "a refusal")
        self.assertEqual(self.subject(host), "CN = new")
        self.assertEqual({outcome[1] for outcome in load.stop()}, {200})

    def install_certificate(self, name):
        for kind in ("key", "pem"):
            shutil.copy(self.path(f"{name}.{kind}"), self.path(f"server.{kind}"))

    def subject(self, host):
        done = subprocess.run(["openssl", "s_client", "-connect", host.removeprefix("https://"), "-servername", "localhost"],
                              input="", capture_output=True, text=True)
        return next(line for line in done.stdout.splitlines() if line.startswith("subject")).removeprefix("subject=")

    def test_takes_a_new_schema_from_a_watched_file(self):
        shutil.copy(support.program("bookstore.pb"), self.path("api.pb"))
        self.write(f"backend: [{self.target}]\nschema:\n  descriptor_set: [{self.path('api.pb')}]\n")
        host = self.start("--watch")
        self.assertEqual(support.curl(host + FICTION).status, 200)
        with open(self.path("api.pb"), "w") as file:
            file.write("no descriptors")
        self.wait_until(lambda: self.lines("reload refused") == 1, "a refusal")
        self.assertIn("api.pb", support.curl(self.admin + "/readyz").json()["refused_reload"])
        self.assertEqual(support.curl(host + FICTION).status, 200)


if __name__ == "__main__":
    unittest.main()
