"""Several backends behind one gateway, with settings of their own, out of one YAML file."""
import os
import tempfile
import unittest

import support

support.require_curl()
support.require_grpcio()

import reflecting_backend  # noqa: E402
from reflection_test import free_port  # noqa: E402


class Backends(unittest.TestCase):
    def start_backend(self, package, rules):
        port = free_port()
        server = reflecting_backend.start(port, rules=rules, package=package)
        self.addCleanup(lambda: server.stop(0).wait())
        return server.handler, f"127.0.0.1:{port}"

    def write(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "sluice.yaml")
        with open(path, "w") as file:
            file.write(text)
        return path

    def start(self, text, *arguments):
        sluice, host = support.start_sluice("--config", self.write(text), *arguments)
        self.addCleanup(lambda: self.assertEqual(sluice.stop(), 0))
        self.sluice = sluice
        return host

    def test_sends_each_method_to_its_backend(self):
        users, users_at = self.start_backend("users.v1", {"Get": "/v1/users/{id}"})
        orders, orders_at = self.start_backend("orders.v1", {"Get": "/v1/orders/{id}"})
        host = self.start(f"backends:\n  users: {users_at}\n  orders:\n    target: {orders_at}\n"
                          "    headers: {x-tenant: blue, authorization: ours}\n    authority: orders.internal\n")
        headers = ["Authorization: theirs"]
        self.assertEqual(support.curl(host + "/v1/users/7", headers=headers).json(), {"id": "7"})
        self.assertEqual(support.curl(host + "/v1/orders/8", headers=headers).json(), {"id": "8"})
        self.assertEqual(users.seen[-1]["authorization"], "theirs")
        self.assertNotIn("x-tenant", users.seen[-1])
        self.assertEqual(orders.seen[-1]["authorization"], "ours")
        self.assertEqual(orders.seen[-1]["x-tenant"], "blue")

    def test_names_both_backends_of_one_service(self):
        _, one = self.start_backend("things.v1", {"Get": "/v1/things/{id}"})
        other, other_at = self.start_backend("things.v1", {"Get": "/v1/things/{id}"})
        backends = f"backends:\n  one: {one}\n  other:\n    target: {other_at}\n"
        code, _, err = support.run_sluice("--listen", "127.0.0.1:0", "--config", self.write(backends))
        self.assertEqual(code, 2)
        self.assertIn('service things.v1.Things: expected one backend, got "one" and "other"', err)
        host = self.start(backends + "    services: [things.*]\n")
        self.assertEqual(support.curl(host + "/v1/things/7").status, 200)
        self.assertEqual(len(other.seen), 1)

    def test_overrides_annotations_by_rules_of_the_file(self):
        _, at = self.start_backend("things.v1", {"Get": "/v1/things/{id}", "Find": "/v1/found/{id}"})
        host = self.start("http:\n  rules:\n    - {selector: things.v1.Things.Get, get: '/v2/things/{id}'}\n"
                          "    - {selector: things.v1.Things.Get, custom: {kind: REPORT, path: '/v3/things/{id}'}}\n",
                          "--backend", at)
        self.assertEqual(support.curl(host + "/v1/things/7").status, 404)
        self.assertEqual(support.curl(host + "/v2/things/7").status, 404)
        self.assertEqual(support.curl(host + "/v3/things/7").headers["allow"], "REPORT, OPTIONS")
        self.assertEqual(support.curl(host + "/v3/things/7", method="REPORT").json(), {"id": "7"})
        self.assertEqual(support.curl(host + "/v1/found/7").status, 200)

    def test_gives_routes_their_own_settings(self):
        handler, at = self.start_backend("things.v1", {"Get": "/v1/things/{id}", "Find": "/v1/found/{id}"})
        host = self.start("routes:\n  - methods: things.v1.Things.Get\n    json_pretty: true\n    error_format: google\n"
                          "    forward_headers: [x-a*]\n", "--backend", at)
        headers = ["X-Abc: 1", "X-Bcd: 2"]
        self.assertEqual(support.curl(host + "/v1/things/7", headers=headers).body, '{\n "id": "7"\n}')
        self.assertIn("x-abc", handler.seen[-1])
        self.assertNotIn("x-bcd", handler.seen[-1])
        self.assertEqual(support.curl(host + "/v1/found/7", headers=headers).body, '{"id":"7"}')
        self.assertIn("x-bcd", handler.seen[-1])
        self.assertIn("error", support.curl(host + "/v1/things/7?id=8").json())
        self.assertIn("code", support.curl(host + "/v1/found/7?id=8").json())

    def test_chooses_between_duplicates(self):
        _, at = self.start_backend("things.v1", {"Get": "/v1/things/{id}", "Find": "/v1/things/{id}"})
        code, _, err = support.run_sluice("--listen", "127.0.0.1:0", "--backend", at)
        self.assertEqual(code, 2)
        for method in ("things.v1.Things.Get", "things.v1.Things.Find"):
            self.assertIn(method, err)
        for choice, method in (("first", "Get"), ("last", "Find")):
            code, out, _ = support.run_sluice("routes", "--backend", at, "--on-duplicate", choice)
            self.assertEqual((code, out), (0, f"GET /v1/things/{{id}} -> things.v1.Things.{method}\n"))

    def test_keeps_its_promises_about_slashes(self):
        _, at = self.start_backend("things.v1", {"Get": "/v1/things/{id}", "Find": "/{id=**}/end"})
        for mode, status, place in (("ignore", 200, None), ("strict", 404, None), ("redirect", 308, "/v1/things/7?x=/")):
            with self.subTest(mode=mode):
                host = self.start("", "--backend", at, "--trailing-slash", mode)
                answer = support.curl(host + "/v1/things/7/?x=/")
                self.assertEqual((answer.status, answer.headers.get("location")), (status, place))
        answer = support.curl(host + "//evil.example/end/")
        self.assertEqual((answer.status, answer.headers["location"]), (308, "/.//evil.example/end"))

    def test_decodes_paths_as_it_is_told(self):
        _, at = self.start_backend("things.v1", {"Get": "/v1/{id=things/*}"})
        for mode, value in (("except_slash", "things/a%2Fb:c"), ("except_reserved", "things/a%2Fb%3Ac"),
                            ("all", "things/a/b:c")):
            with self.subTest(mode=mode):
                host = self.start("", "--backend", at, "--path-unescape", mode)
                self.assertEqual(support.curl(host + "/v1/things/a%2Fb%3Ac").json(), {"id": value})


if __name__ == "__main__":
    unittest.main()
