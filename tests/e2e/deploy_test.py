"""The files of examples/deploy: nginx over two replicas really runs; the others are read as their tools read them."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import support
from load import Load
from reflection_test import free_port

support.require_curl()
support.require("nginx", shutil.which("nginx"))
support.require("openssl", shutil.which("openssl"))
try:
    import yaml
except ImportError:
    support.require("the Python package yaml", False)

FICTION = "/v1/shelves/fiction"
DEPLOY = os.path.join(os.environ.get("SLUICE_SOURCE", "."), "examples/deploy")


def read(*path):
    with open(os.path.join(DEPLOY, *path)) as file:
        return file.read()


class Nginx(unittest.TestCase):
    """Two replicas behind nginx, on free ports instead of the file's."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        backend, target = support.start_bookstore()
        self.addCleanup(backend.stop)
        self.replicas = [support.start_sluice("--backend", target, "--drain-delay", "200ms") for _ in range(2)]
        self.addCleanup(lambda: [replica.stop() for replica, _ in self.replicas])
        self.port = free_port()
        text = read("nginx", "nginx.conf").replace("127.0.0.1:8443", f"127.0.0.1:{self.port}")
        for number, (_, host) in enumerate(self.replicas):
            text = text.replace(f"127.0.0.1:808{number + 1}", host.removeprefix("http://"))
        with open(os.path.join(self.folder, "nginx.conf"), "w") as file:
            file.write(text)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                        os.path.join(self.folder, "key.pem"), "-out", os.path.join(self.folder, "cert.pem")],
                       check=True, capture_output=True)
        self.nginx = support.Process("nginx", "-p", self.folder, "-c", "nginx.conf")
        self.addCleanup(self.nginx.stop)
        self.wait_until_it_serves()

    def ask(self):
        return support.curl(f"https://localhost:{self.port}{FICTION}", "--cacert",
                            os.path.join(self.folder, "cert.pem"), "--ipv4")

    def wait_until_it_serves(self):
        deadline = time.monotonic() + support.START_SECONDS
        while True:
            try:
                return self.ask()
            except AssertionError:
                if time.monotonic() > deadline:
                    raise

    def test_loses_no_request_when_a_replica_goes_away(self):
        for _ in range(4):
            self.assertEqual(self.ask().status, 200)
        self.assertEqual(self.replicas[0][0].stop(), 0)
        for _ in range(10):
            self.assertEqual(self.ask().status, 200)

    def test_loses_no_request_under_load_when_a_replica_goes_away(self):
        load = Load(self.port, [FICTION], connections=8, cafile=os.path.join(self.folder, "cert.pem")).start()
        while load.total() < 200:
            time.sleep(0.01)
        self.assertEqual(self.replicas[0][0].stop(), 0)
        seen = load.total()
        while load.total() < seen + 200:
            time.sleep(0.01)
        outcomes = load.stop()
        self.assertEqual({outcome[1] for outcome in outcomes}, {200}, outcomes)

    def test_survives_a_replica_that_is_killed(self):
        self.replicas[1][0].stop(number=9)
        for _ in range(10):
            self.assertEqual(self.ask().status, 200)


class Files(unittest.TestCase):
    def test_are_yaml_with_what_each_kind_needs(self):
        kinds = []
        for path in glob.glob(os.path.join(DEPLOY, "kubernetes", "*.yaml")):
            for document in yaml.safe_load_all(read(path)):
                kinds.append(document["kind"])
                self.assertTrue(document["apiVersion"] and document["metadata"]["name"])
                if document["kind"] == "Deployment":
                    template = document["spec"]["template"]
                    labels = document["spec"]["selector"]["matchLabels"]
                    self.assertEqual(labels, {key: template["metadata"]["labels"][key] for key in labels})
                    self.assertIs(template["spec"]["enableServiceLinks"], False)
        self.assertCountEqual(kinds, ["ConfigMap", "Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget",
                                      "Deployment", "Service"])
        services = yaml.safe_load(read("compose.yaml"))["services"]
        self.assertEqual(set(services), {"bookstore", "sluice", "prometheus", "grafana"})

    def test_settings_are_those_that_sluice_takes(self):
        for document in yaml.safe_load_all(read("kubernetes", "sluice.yaml")):
            if document["kind"] != "ConfigMap":
                continue
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                file.write(document["data"]["sluice.yaml"])
                file.flush()
                code, _, err = support.run_sluice("--config", file.name, "--print-config")
            self.assertEqual(code, 0, err)

    def test_metrics_are_those_that_sluice_has(self):
        backend, target = support.start_bookstore()
        sluice, host = support.start_sluice("--backend", target, "--admin", "127.0.0.1:0")
        support.curl(host + FICTION)
        admin = sluice.wait_for(r"admin on (http://\S+)").group(1)
        shown = support.curl(admin + "/metrics").body
        self.assertEqual((sluice.stop(), backend.stop()), (0, 0))
        panels = json.loads(read("grafana", "sluice.json"))["panels"]
        rules = yaml.safe_load(read("prometheus", "alerts.yml"))["groups"][0]["rules"]
        expressions = [target["expr"] for panel in panels for target in panel["targets"]]
        expressions += [rule["expr"] for rule in rules]
        for name in set(re.findall(r"\b(?:sluice|process)_\w+", " ".join(expressions))):
            self.assertIn("\n" + name, "\n" + shown)

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed")
    def test_alerts_fire_when_they_should(self):
        self.promtool("check", "config", "--syntax-only", os.path.join(DEPLOY, "prometheus", "prometheus.yml"))
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(os.path.join(DEPLOY, "prometheus", "alerts.yml"), os.path.join(folder, "rules.yml"))
            shutil.copy(os.path.join(os.path.dirname(__file__), "alerts.yml"), folder)
            self.promtool("test", "rules", os.path.join(folder, "alerts.yml"))

    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *arguments], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
