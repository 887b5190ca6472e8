"""A case of the tables: its request as bytes, and what is to be seen at both ends."""
import base64
import gzip
import json
import re
import zlib

import raw_http
import rest_reply
import scripted_backend

KEYS = {"case", "send", "raw", "with", "body", "base64", "zip", "chunked", "half_close", "call", "calls", "never", "never_indexed", "gets", "metadata", "reply",
        "status", "headers", "json", "text", "bytes", "code", "field", "says", "details", "trailers", "cut", "closes", "interim",
        "then", "only"}


def body_of(case):
    body = case.get("body")
    if "base64" in case:
        data = base64.b64decode(case["base64"])
    elif isinstance(body, str):
        data = body.encode()
    else:
        data = json.dumps(body).encode()
    return compress(case.get("zip"), data)


def compress(coding, data):
    if coding == "gzip":
        return gzip.compress(data)
    if coding == "deflate":
        return zlib.compress(data)
    if coding == "br":
        import brotli
        return brotli.compress(data)
    if coding == "zstd":
        import zstandard
        return zstandard.ZstdCompressor().compress(data)
    return data


def inflate(coding, data):
    if coding == "gzip":
        return gzip.decompress(data)
    if coding == "br":
        import brotli
        return brotli.decompress(data)
    if coding == "zstd":
        import zstandard
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return data


def in_chunks(data):
    middle = max(1, len(data) // 2)
    pieces = [piece for piece in (data[:middle], data[middle:]) if piece]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def request_of(case):
    """The bytes of the request: `raw` as they are, or a proper request around `send`, `with` and `body`."""
    if "raw" in case:
        return case["raw"].encode("latin-1")
    fields = rest_reply.pairs(case.get("with"))
    names = {name.lower() for name, _ in fields}
    if "host" not in names:
        fields.insert(0, ("Host", "api.test"))
    if "never" in case:
        fields.append(("X-Never", "1"))
    data = b""
    if "body" in case or "base64" in case:
        data = body_of(case)
        if case.get("zip"):
            fields.append(("Content-Encoding", case["zip"]))
        if case.get("chunked"):
            fields.append(("Transfer-Encoding", "chunked"))
            data = in_chunks(data)
        else:
            fields.append(("Content-Length", str(len(data))))
    lines = [case["send"] + " HTTP/1.1", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + data


def method_of(case):
    return (case["send"] if "send" in case else case["raw"]).split(" ", 1)[0]


class Checker:
    """Compares; what differs is collected, so that one run tells all of it."""

    def __init__(self, case, schema):
        self.case, self.schema, self.wrong = case, schema, []

    def equal(self, what, seen, expected):
        if seen != expected:
            self.wrong.append(f"{what}: expected {expected!r}, got {seen!r}")

    def value(self, what, seen, expected):
        """None: absent. "~…": a regular expression. Else the value itself."""
        if isinstance(expected, str) and expected.startswith("~"):
            if seen is None or not re.search(expected[1:], seen):
                self.wrong.append(f"{what}: expected it to match {expected[1:]!r}, got {seen!r}")
        else:
            self.equal(what, seen, expected)

    def backend(self, calls):
        case = self.case
        # Whether it was called at all depends on who was quicker; such a call may come as late as in the next case.
        if "never" in case:
            self.equal("text at the backend", [each for call in calls for each in call.messages if case["never"].encode() in each], [])
            return
        if "call" not in case:
            self.equal("calls of the backend", [call.path for call in calls], [])
            return
        path, method = self.schema.methods[case["call"]]
        self.equal("calls of the backend", [call.path for call in calls], [path] * case.get("calls", 1))
        if self.wrong:
            return
        if "gets" in case:
            self.messages(calls[0].messages, method.input_type.full_name, case["gets"])
        if "never_indexed" in case:
            missing = set(case["never_indexed"]) - set(calls[0].never_indexed)
            self.equal("fields that could be indexed", missing, set())
        for name, expected in case.get("metadata", {}).items():
            seen = calls[0].values(name)
            if isinstance(expected, list):
                self.equal("metadata " + name, seen, expected)
            else:
                self.value("metadata " + name, ", ".join(seen) if seen else None, expected)

    def messages(self, messages, type_name, expected):
        expected = expected if isinstance(expected, list) else [expected]
        seen = [self.schema.show(type_name, each) for each in messages]
        if len(seen) != len(expected) or not all(
                self.schema.same(type_name, data, each) for data, each in zip(messages, expected)):
            self.wrong.append(f"request: expected {expected!r}, got {seen!r}")

    def answer(self, response):
        case = self.case
        expected = case.get("status", 200)
        self.value("status", str(response.status) if isinstance(expected, str) else response.status, expected)
        for name, expected in case.get("headers", {}).items():
            self.value("header " + name, response.header(name), expected)
        for name, expected in case.get("trailers", {}).items():
            seen = response.values(name, response.trailers)
            self.value("trailer " + name, seen[0] if seen else None, expected)
        if case.get("interim") != "any":
            self.equal("interim answers", response.interim, case.get("interim", []))
        self.equal("cut off", response.cut, case.get("cut", False))
        self.body(inflate(response.header("Content-Encoding"), response.body))

    def body(self, body):
        case = self.case
        if "text" in case:
            self.value("body", body.decode(), case["text"])
        if "bytes" in case:
            self.equal("body", body, base64.b64decode(case["bytes"]))
        if "json" in case:
            self.equal("body", self.parsed(body), case["json"])
        if {"code", "field", "says", "details"} & case.keys():
            self.error(self.parsed(body) or {})

    def parsed(self, body):
        try:
            return json.loads(body)
        except ValueError:
            self.wrong.append(f"body: expected JSON, got {body!r}")

    def error(self, error):
        case = self.case
        self.equal("members of the error", sorted(error), ["code", "details", "message"])
        if "code" in case:
            self.equal("code", error.get("code"), case["code"])
        if "says" in case:
            self.value("message", error.get("message"), case["says"])
        if "details" in case:
            self.equal("details", error.get("details"), case["details"])
        if "field" in case:
            fields = [violation.get("field") for detail in error.get("details", []) for violation in
                      detail.get("fieldViolations", [])]
            self.equal("fields of violations", fields, [case["field"]])


def run(case, address, backend, schema, piece=None, stall=False, trickle=False):
    """What is wrong, as a list of lines."""
    backend.most_in_frame = 1 if trickle else scripted_backend.MOST_IN_FRAME
    with raw_http.Connection(address, 1 if stall else None) as connection:
        return converse(case, connection, backend, schema, piece, stall)[1]


def converse(case, connection, backend, schema, piece=None, stall=False):
    """The same on a connection that there is: the answer, and what is wrong."""
    unknown = case.keys() - KEYS
    assert not unknown, f"unknown keys {unknown}"
    method = schema.methods[case["call"]][1] if "call" in case else None
    # Without a call to expect, one that comes all the same is answered when it is whole: what is wrong in it comes first.
    unexpected = [("read_all", None), *scripted_backend.UNIMPLEMENTED]
    backend.expect(rest_reply.script_of(case.get("reply", {}), method, schema) if method else unexpected)
    checker = Checker(case, schema)
    connection.send(request_of(case), piece)
    if stall:
        backend.wait_for(lambda: backend.calls and all(call.done for call in backend.calls), 0.2)
        connection.stall()
    response = connection.response(method_of(case))
    if "closes" in case:
        checker.equal("closes", connection.at_end() if case["closes"] else not connection.stays_open(), case["closes"])
    if "then" in case:
        checker.equal("status of the next answer", connection.response().status, case["then"])
    checker.answer(response)
    checker.backend([call for call in backend.calls if "never" in case or not call.values("x-never")])
    return response, checker.wrong
