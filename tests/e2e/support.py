"""Starts the programs under test on loopback, talks to them with curl and grpcio, and ends them by pid."""
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

BIN = os.environ.get("SLUICE_BIN", "build/release/bin")
SKIPPED = 77  # ctest's SKIP_RETURN_CODE
START_SECONDS = 60  # sanitizer builds on a busy machine


def require(what, present):
    """Ends the test as skipped when the machine lacks something; under CI that is a failure."""
    if present:
        return
    print(f"missing: {what}", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)


def require_curl():
    require("curl", shutil.which("curl"))


def require_package(name):
    require("the Python package " + name, importlib.util.find_spec(name))


def require_rest_tools():
    require_grpcio()
    for name in ("brotli", "hpack", "yaml", "zstandard"):
        require_package(name)


def require_grpcio():
    try:
        import grpc  # noqa: F401
        import google.protobuf  # noqa: F401
    except ImportError:
        require("the Python packages grpcio and protobuf", False)


def program(name):
    return os.path.join(BIN, name)


class Process:
    """A program whose stderr is collected; `wait_for` finds a line in it."""

    def __init__(self, *command, env=None):
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_for(self, pattern, seconds=START_SECONDS):
        """The match of the first line that has the pattern."""
        deadline = time.monotonic() + seconds
        seen = 0
        with self.changed:
            while True:
                for line in self.lines[seen:]:
                    if match := re.search(pattern, line):
                        return match
                seen = len(self.lines)
                left = deadline - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self.reader.is_alive()):
                    raise AssertionError(f"no line like {pattern!r} in:\n" + "\n".join(self.lines))
                self.changed.wait(min(left, 0.2))

    def stop(self, number=signal.SIGTERM, seconds=START_SECONDS):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait(seconds)

    def wait(self, seconds=START_SECONDS):
        """Its exit code, once it has ended by itself."""
        code = self.process.wait(seconds)
        self.reader.join(seconds)
        self.process.stderr.close()
        return code


def comes_true(condition, seconds=START_SECONDS):
    """Asks again and again: each call is a try."""
    deadline = time.monotonic() + seconds
    while not (true := condition()) and time.monotonic() < deadline:
        pass
    return true


def start_example(name):
    """The process and its address."""
    process = Process(program(name), "--port", "0")
    return process, process.wait_for(name + r" listening on (\S+)").group(1)


def start_bookstore():
    return start_example("bookstore")


def start_sluice(*arguments, env=None):
    """The process and its base URL."""
    process = Process(program("sluice"), "--listen", "127.0.0.1:0", *arguments, env=env)
    return process, process.wait_for(r"listening on (https?://[\w.:\[\]]+)").group(1)


def run_sluice(*arguments, env=None):
    """Runs it to its end: exit code, stdout, stderr."""
    done = subprocess.run([program("sluice"), *arguments], capture_output=True, text=True, timeout=START_SECONDS,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout, done.stderr


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # lower-case names
        self.body = body

    def json(self):
        return json.loads(self.body)


def curl(url, *arguments, method=None, body=None, headers=()):
    """One request by the real curl."""
    with tempfile.NamedTemporaryFile() as head:
        command = ["curl", "-sS", "-g", "--path-as-is", "--max-time", "60", "-D", head.name]
        if method == "HEAD":
            command.append("--head")
        elif method:
            command += ["-X", method]
        if body is not None:
            command += ["--data-binary", "@-"]
            if not any(header.lower().startswith("content-type:") for header in headers):
                headers = ["Content-Type: application/json", *headers]
        for header in headers:
            command += ["-H", header]
        done = subprocess.run([*command, *arguments, url], capture_output=True, text=True, input=body or "")
        if done.returncode != 0:
            raise AssertionError(f"curl: {done.returncode} {done.stderr}")
        blocks = head.read().decode().replace("\r\n", "\n").strip().split("\n\n")
    lines = blocks[-1].split("\n")
    fields = dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in lines[1:])
    return Answer(int(lines[0].split()[1]), {k.lower(): v for k, v in fields.items()},
                  "" if method == "HEAD" else done.stdout)


class Schema:
    """Message classes of a descriptor set, without generated code."""

    def __init__(self, path):
        from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
        with open(path, "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
        self.pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self.pool.Add(file)
        self.factory = message_factory.MessageFactory(self.pool)

    def message(self, name):
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))
