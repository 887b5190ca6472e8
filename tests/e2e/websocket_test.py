"""The tables of rest/websocket/: a dialogue of frames with the real sluice, and what the backend sees of it."""
import base64
import json
import struct
import unittest

import support

support.require_rest_tools()

import raw_websocket  # noqa: E402
import rest_case  # noqa: E402
import rest_reply  # noqa: E402
import rest_tables  # noqa: E402
import scripted_backend  # noqa: E402

KEYS = {"case", "open", "with", "call", "gets", "metadata", "reply", "status", "code", "headers", "talk", "reset"}


class Dialogue:
    """What a case's `talk` says, step by step: [verb, argument…]."""

    def __init__(self, socket, checker):
        self.socket, self.checker = socket, checker

    def play(self, steps):
        for step in steps:
            verb, *arguments = step if isinstance(step, list) else [step]
            getattr(self, "say_" + verb)(*arguments)

    def expect(self, what, kind, payload):
        seen_kind, seen = self.socket.receive()
        self.checker.equal("kind of " + what, seen_kind, kind)
        return seen if payload is None else self.checker.value(what, seen.decode("utf-8", "replace"), payload)

    def say_text(self, text):
        self.socket.send(raw_websocket.frame(raw_websocket.TEXT, text.encode()))

    def say_parts(self, *texts):
        for i, text in enumerate(texts):
            self.socket.send(raw_websocket.frame(raw_websocket.TEXT if i == 0 else 0, text.encode(), last=i + 1 == len(texts)))

    def say_binary(self, data):
        self.socket.send(raw_websocket.frame(raw_websocket.BINARY, base64.b64decode(data)))

    def say_deflated(self, text, times=1):
        data = raw_websocket.deflated(text.encode() * times)
        self.socket.send(raw_websocket.frame(raw_websocket.TEXT, data, compressed=True))

    def say_bare(self, text):
        self.socket.send(raw_websocket.frame(raw_websocket.TEXT, text.encode(), mask=False))

    def say_broken(self, data):
        self.socket.send(raw_websocket.frame(raw_websocket.TEXT, base64.b64decode(data)))

    def say_ping(self, text):
        self.socket.send(raw_websocket.frame(raw_websocket.PING, text.encode()))

    def say_close(self, code):
        self.socket.send(raw_websocket.frame(raw_websocket.CLOSE, struct.pack(">H", code)))

    def say_hears(self, text):
        self.expect("text", raw_websocket.TEXT, text)

    def say_hears_error(self, code):
        error = json.loads(self.expect("error", raw_websocket.TEXT, None))
        self.checker.equal("members of the frame", list(error), ["error"])
        self.checker.equal("members of the error", sorted(error["error"]), ["code", "details", "message"])
        self.checker.equal("code", error["error"]["code"], code)

    def say_hears_bytes(self, data):
        kind, seen = self.socket.receive()
        self.checker.equal("bytes", (kind, seen), (raw_websocket.BINARY, base64.b64decode(data)))

    def say_pong(self, text):
        self.expect("pong", raw_websocket.PONG, text)

    def say_closed(self, code, reason=None):
        payload = self.expect("close", raw_websocket.CLOSE, None)
        self.checker.equal("code of the close", struct.unpack(">H", payload[:2])[0], code)
        if reason is not None:
            self.checker.equal("reason", payload[2:].decode(), reason)
        self.socket.send(raw_websocket.frame(raw_websocket.CLOSE, payload[:2]))
        self.checker.equal("ends", self.socket.connection.at_end(), True)


class WebSockets(rest_tables.TestCase):
    def check(self, group, case, piece):
        self.assertEqual(case.keys() - KEYS, set())
        method = self.schema.methods[case["call"]][1] if "call" in case else None
        self.backend.expect(rest_reply.script_of(case.get("reply", {}), method, self.schema)
                            if method else scripted_backend.UNIMPLEMENTED)
        checker = rest_case.Checker(case, self.schema)
        connection, socket = raw_websocket.connect(self.gateways.address(group), case["open"], case.get("with", {}), piece)
        with connection:
            checker.equal("status", socket.response.status, case.get("status", 101))
            for name, expected in case.get("headers", {}).items():
                checker.value("header " + name, socket.response.header(name), expected)
            if "code" in case:
                checker.error(checker.parsed(socket.response.body))
            if not checker.wrong:
                Dialogue(socket, checker).play(case.get("talk", []))
            if "call" in case:
                self.assertTrue(self.backend.wait_for(lambda: self.backend.calls and self.backend.calls[0].done))
        if "reset" in case:
            checker.equal("reset", self.backend.wait_for(lambda: self.backend.calls[0].reset == case["reset"]), True)
        checker.backend(self.backend.calls)
        if checker.wrong:
            self.fail("\n  ".join([case["case"], *checker.wrong]))


def load_tests(loader, tests, pattern):
    suite = unittest.TestSuite()
    for name, group, case in rest_tables.cases("websocket"):
        for suffix, piece in (("", None), (" (byte by byte)", 1)):
            title = f"test {name}: {case['case']}{suffix}"
            setattr(WebSockets, title, lambda self, group=group, case=case, piece=piece: self.check(group, case, piece))
            suite.addTest(WebSockets(title))
    return suite


if __name__ == "__main__":
    unittest.main()
