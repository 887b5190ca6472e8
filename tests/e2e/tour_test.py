"""The tour of examples/README.md, command by command, and the Postman collection of the bookstore, request by request."""
import json
import os
import re
import subprocess
import unittest
import urllib.error
import urllib.request

import support

support.require_curl()

EXAMPLES = os.path.join(os.environ.get("SLUICE_SOURCE", "."), "examples")
TOUR = os.path.join(EXAMPLES, "README.md")
COLLECTION = os.path.join(EXAMPLES, "bookstore", "bookstore.postman_collection.json")


def commands(text):
    """The (command, output) pairs of the console blocks; a command may go on behind a backslash."""
    for block in re.findall(r"```console\n(.*?)```", text, re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            lines = part.split("\n")
            size = next(i for i, line in enumerate(lines) if not line.endswith("\\")) + 1
            yield "\n".join(lines[:size]), "\n".join(lines[size:]).strip()


def timeless(text):
    """Without the time at which a book was made."""
    return re.sub(r'("create_?[tT]ime": ?)"[^"]*"', r'\1"2026-01-01T00:00:00Z"', text)


class WithExamples(unittest.TestCase):
    def start(self, example):
        """The addresses of an example and of a sluice in front of it."""
        backend, address = support.start_example(example)
        self.addCleanup(backend.stop)
        sluice, host = support.start_sluice("--backend", address)
        self.addCleanup(sluice.stop)
        return address, host.removeprefix("http://")


class Tour(WithExamples):
    def setUp(self):
        self.backend, bookstore = self.start("bookstore")
        self.places = {"localhost:50051": self.backend, "localhost:8080": bookstore,
                       "localhost:8081": self.start("chat")[1], "localhost:8082": self.start("files")[1]}

    def run_command(self, command):
        for written, real in self.places.items():
            command = command.replace(written, real)
        environment = {**os.environ, "PATH": os.path.abspath(support.BIN) + ":" + os.environ["PATH"]}
        done = subprocess.run(["bash", "-c", command.replace("curl ", "curl -sS ", 1)], capture_output=True, text=True,
                              timeout=support.START_SECONDS, env=environment)
        output = done.stdout.replace("\r\n", "\n").replace(self.backend, "localhost:50051")
        return timeless(re.sub(r"(?m)^(Date|X-Request-Id): .*(\n|$)", "", output).strip())

    def test_shows_what_really_happens(self):
        with open(TOUR, encoding="utf-8") as file:
            steps = list(commands(file.read()))
        self.assertGreater(len(steps), 15)
        for command, output in steps:
            with self.subTest(command=command):
                self.assertEqual(self.run_command(command), timeless(output))


class Postman(WithExamples):
    def setUp(self):
        self.host = "http://" + self.start("bookstore")[1]

    def send(self, request):
        url = request["url"]["raw"].replace("{{baseUrl}}", self.host)
        headers = {header["key"]: header["value"] for header in request.get("header", [])}
        body = request.get("body", {}).get("raw")
        message = urllib.request.Request(url, method=request["method"], headers=headers,
                                         data=body.encode() if body is not None else None)
        try:
            with urllib.request.urlopen(message, timeout=support.START_SECONDS) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def test_replays(self):
        with open(COLLECTION, encoding="utf-8") as file:
            collection = json.load(file)
        self.assertEqual(collection["info"]["schema"],
                         "https://schema.getpostman.com/json/collection/v2.1.0/collection.json")
        self.assertEqual([variable["key"] for variable in collection["variable"]], ["baseUrl"])
        requests = [item for folder in collection["item"] for item in folder["item"]]
        self.assertGreater(len(requests), 12)
        for item in requests:
            with self.subTest(request=item["name"]):
                expected = item["response"][0]
                status, body = self.send(item["request"])
                self.assertEqual((status, json.loads(timeless(body))),
                                 (expected["code"], json.loads(timeless(expected["body"]))))
                self.assertIn(f"to.have.status({expected['code']})", item["event"][0]["script"]["exec"][0])
                path = "/" + "/".join(item["request"]["url"]["path"])
                self.assertTrue(item["request"]["url"]["raw"].startswith("{{baseUrl}}" + path))


if __name__ == "__main__":
    unittest.main()
