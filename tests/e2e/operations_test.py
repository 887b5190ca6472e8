"""What operators and browsers rely on: probes, metrics, ids, traces, CORS, compression."""
import gzip
import http.server
import json
import queue
import signal
import subprocess
import threading
import unittest

import support
from load import Load

support.require_curl()


class Collector:
    """Takes spans by OTLP/HTTP."""

    def __init__(self):
        self.bodies = queue.Queue()
        bodies = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                bodies.put((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def spans(self):
        path, body = self.bodies.get(timeout=support.START_SECONDS)
        assert path == "/v1/traces", path
        return body["resourceSpans"][0]["scopeSpans"][0]["spans"]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Operations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.backend, target = support.start_bookstore()
        cls.sluice, cls.host = support.start_sluice(
            "--backend", target, "--admin", "127.0.0.1:0", "--cors-origin", "https://app.example", "--otlp-endpoint",
            cls.collector.url(), "--workers", "2")
        cls.admin = cls.sluice.wait_for(r"admin on (http://\S+)").group(1)

    @classmethod
    def tearDownClass(cls):
        code = cls.sluice.stop()
        cls.backend.stop()
        cls.collector.stop()
        assert code == 0, code

    def test_answers_probes(self):
        self.assertEqual(support.curl(self.admin + "/livez").body, "ok\n")
        ready = support.curl(self.admin + "/readyz")
        self.assertEqual((ready.status, ready.json()["ready"]), (200, True))

    def test_is_alive_but_not_ready_while_it_waits_for_its_schema(self):
        waiting = support.Process(support.program("sluice"), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                                  "--backend", "127.0.0.1:1")
        admin = waiting.wait_for(r"admin on (http://\S+)").group(1)
        self.assertEqual(support.curl(admin + "/livez").status, 200)
        ready = support.curl(admin + "/readyz")
        self.assertEqual((ready.status, ready.json()["reason"]), (503, "waiting for the schema"))
        self.assertEqual(waiting.stop(), 0)

    def test_tells_a_containers_health(self):
        self.assertEqual(support.run_sluice("health", "--admin", self.admin.removeprefix("http://"))[0], 0)
        code, _, err = support.run_sluice("health", "--admin", "127.0.0.1:1")
        self.assertEqual(code, 1)
        self.assertIn("127.0.0.1:1", err)
        self.assertEqual(support.run_sluice("health")[0], 2)

    def test_counts_requests_and_calls(self):
        for _ in range(3):
            support.curl(self.host + "/v1/shelves/none-such")
        support.curl(self.host + "/no/such/path")
        text = support.curl(self.admin + "/metrics").body
        self.assertIn('sluice_http_requests_total{route="/v1/{name=shelves/*}",method="GET",code="404"} 3\n', text)
        self.assertIn('sluice_http_requests_total{route="",method="GET",code="404"} ', text)
        self.assertIn('sluice_grpc_client_handled_total{grpc_service="bookstore.v1.Bookstore",grpc_method="GetShelf",'
                      'grpc_code="NOT_FOUND"} 3\n', text)
        self.assertNotIn("/no/such/path", text)

    def test_shows_routes_settings_and_connections(self):
        self.assertIn("GET /v1/{name=shelves/*} -> bookstore.v1.Bookstore.GetShelf",
                      support.curl(self.admin + "/routes").body)
        self.assertIn("backend: [", support.curl(self.admin + "/config").body)
        self.assertEqual([one["worker"] for one in support.curl(self.admin + "/debug/connections").json()], [0, 1])

    def test_shows_everything_while_requests_run_and_settings_reload(self):
        backend, target = support.start_bookstore()
        self.addCleanup(backend.stop)
        sluice, host = support.start_sluice(
            "--backend", target, "--admin", "127.0.0.1:0", "--workers", "2", "--otlp-endpoint", self.collector.url(),
            "--log-format", "json", "--access-log", "true")
        self.addCleanup(sluice.stop)
        admin = json.loads(sluice.wait_for("admin on http").string)["message"].removeprefix("admin on ")
        load = Load(int(host.rsplit(":", 1)[1]), ["/v1/shelves/fiction"], connections=8).start()
        for _ in range(10):
            for page in ("/metrics", "/readyz", "/routes", "/config", "/debug/connections"):
                self.assertEqual(support.curl(admin + page).status, 200)
            support.curl(admin + "/debug/log-level", method="PUT", body="debug")
            sluice.process.send_signal(signal.SIGHUP)
        outcomes = load.stop()
        self.assertEqual({outcome[1] for outcome in outcomes}, {200}, outcomes)
        self.assertIn('sluice_http_requests_total{route="/v1/{name=shelves/*}",method="GET",code="200"} %d\n' % load.total(),
                      support.curl(admin + "/metrics").body)
        self.assertEqual(sluice.stop(), 0)
        lines = [json.loads(line) for line in sluice.lines]
        self.assertEqual(sum("target" in line for line in lines), load.total())
        self.assertGreater(sum(line.get("message", "").startswith("reloaded: ") for line in lines), 0)

    def test_changes_the_log_level(self):
        level = self.admin + "/debug/log-level"
        self.assertEqual(support.curl(level, method="PUT", body="debug").body, "debug\n")
        self.assertEqual(support.curl(level).body, "debug\n")
        self.assertEqual(support.curl(level, method="PUT", body="loud").status, 400)
        support.curl(level, method="PUT", body="info")

    def test_keeps_the_admins_pages_off_the_public_port(self):
        for page in ("/metrics", "/livez", "/config"):
            self.assertEqual(support.curl(self.host + page).status, 404)

    def test_names_each_request(self):
        made = support.curl(self.host + "/v1/shelves/fiction").headers["x-request-id"]
        self.assertRegex(made, "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
        taken = support.curl(self.host + "/v1/shelves/none-such", headers=["X-Request-Id: mine-1"])
        self.assertEqual(taken.headers["x-request-id"], "mine-1")

    def test_continues_traces(self):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        support.curl(self.host + "/v1/shelves/fiction", headers=[f"traceparent: 00-{trace}-00f067aa0ba902b7-01"])
        while True:
            found = [span for span in self.collector.spans() if span["traceId"] == trace]
            if found:
                break
        self.assertEqual(found[0]["name"], "GET /v1/{name=shelves/*}")
        self.assertEqual(found[0]["parentSpanId"], "00f067aa0ba902b7")

    def test_answers_browsers(self):
        origin = "Origin: https://app.example"
        plain = support.curl(self.host + "/v1/shelves/fiction", headers=[origin])
        self.assertEqual(plain.headers["access-control-allow-origin"], "https://app.example")
        preflight = support.curl(self.host + "/v1/shelves/fiction/books/dune", method="OPTIONS", headers=[
            origin, "Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: content-type"])
        self.assertEqual(preflight.status, 204)
        self.assertIn("PATCH", preflight.headers["access-control-allow-methods"])
        self.assertEqual(preflight.headers["access-control-allow-headers"], "content-type")
        other = support.curl(self.host + "/v1/shelves/fiction", headers=["Origin: https://evil.example"])
        self.assertNotIn("access-control-allow-origin", other.headers)

    def test_compresses_both_ways(self):
        url = self.host + "/v1/shelves/science-fiction/books?page_size=50"
        plain = support.curl(url)
        for coding in ("gzip", "br", "zstd"):
            answer = subprocess.run(["curl", "-sS", "-D", "-", "-o", "/dev/null", "-H", "Accept-Encoding: " + coding, url],
                                    capture_output=True, text=True, check=True).stdout
            self.assertIn("Content-Encoding: " + coding, answer)
            self.assertIn("Vary: Accept-Encoding", answer)
        decoded = subprocess.run(["curl", "-sS", "--compressed", url], capture_output=True, text=True, check=True).stdout
        self.assertEqual(decoded, plain.body)
        body = gzip.compress(b'{"title": "Middlemarch", "year": 1871}')
        made = subprocess.run(
            ["curl", "-sS", "-H", "Content-Type: application/json", "-H", "Content-Encoding: gzip", "--data-binary", "@-",
             self.host + "/v1/shelves/fiction/books?book_id=middlemarch-zipped"],
            input=body, capture_output=True, check=True).stdout
        self.assertEqual(json.loads(made)["title"], "Middlemarch")

    def test_refuses_a_coding_that_it_does_not_know(self):
        answer = support.curl(self.host + "/v1/shelves/fiction/books", body="{}", headers=["Content-Encoding: lzma"])
        self.assertEqual(answer.status, 415)
        self.assertIn("gzip, br, zstd, deflate", answer.json()["message"])


if __name__ == "__main__":
    unittest.main()
