"""Unary calls, streams and WebSockets over TLS, and what counts as a valid end of each."""
import asyncio
import collections
import json
import struct

from load import read_answer, read_chunks, read_head
from raw_websocket import CLOSE, HANDSHAKE, TEXT, frame

UNARY = ("/v1/shelves/fiction", "/v1/shelves?page_size=2", "/v1/shelves/science-fiction/books/dune")
STREAMS = ("/v1/shelves/science-fiction/books:stream", "/v1/shelves/fiction/books:stream")
# The backend is away; it did not answer in time.
AWAY = {503: 14, 504: 4}
CLOSE_CODES = {1000, 1011, 1013}


class Invalid(Exception):
    """An answer that no client should see."""


def check(condition, *what):
    if not condition:
        raise Invalid(*what)


def check_error(status, body):
    check(status in AWAY and json.loads(body)["code"] == AWAY[status], status, body)
    return status


class Traffic:
    """`outcomes` counts (kind, outcome); `failures` has each that is not valid."""

    def __init__(self, port, tls, rng):
        self.port, self.tls, self.rng = port, tls, rng
        self.outcomes = collections.Counter()
        self.failures = []
        self.ending = False

    async def run(self, unary, streams, sockets):
        kinds = [("unary", self.ask_unary)] * unary + [("stream", self.ask_stream)] * streams
        kinds += [("socket", self.open_socket)] * sockets
        await asyncio.gather(*(self.repeat(name, ask) for name, ask in kinds))

    async def repeat(self, name, ask):
        while not self.ending:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.tls,
                                                               server_hostname="localhost")
                try:
                    # Some requests follow each other on a connection.
                    for _ in range(self.rng.choice((1, 3, 20))):
                        outcome, goes_on = await asyncio.wait_for(ask(reader, writer), 30)
                        self.outcomes[name, outcome] += 1
                        await asyncio.sleep(self.rng.random() * 0.02)
                        if self.ending or not goes_on:
                            break
                finally:
                    writer.close()
                    await writer.wait_closed()
            except (Invalid, OSError, EOFError, ValueError, KeyError, asyncio.TimeoutError) as error:
                self.failures.append((name, repr(error)))

    async def ask_unary(self, reader, writer):
        writer.write(f"GET {self.rng.choice(UNARY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        status, headers, body = await read_answer(reader)
        goes_on = headers.get("connection") != "close"
        if status == 200:
            check(json.loads(body), body)
            return 200, goes_on
        return check_error(status, body), goes_on

    async def ask_stream(self, reader, writer):
        writer.write(f"GET {self.rng.choice(STREAMS)} HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n".encode())
        status, headers = await read_head(reader)
        goes_on = headers.get("connection") != "close"
        if status != 200:
            body = await reader.readexactly(int(headers["content-length"]))
            return check_error(status, body), goes_on
        body, complete = await read_chunks(reader)
        items = [json.loads(line) for line in body.splitlines()]
        check(items and all("title" in item for item in items[:-1]), body)
        if complete:
            check("title" in items[-1], body)
            return 200, goes_on
        check(items[-1]["error"]["code"] in AWAY.values(), body)
        return "error within", False

    async def open_socket(self, reader, writer):
        fields = "".join(f"{name}: {value}\r\n" for name, value in HANDSHAKE.items())
        writer.write(f"GET {self.rng.choice(STREAMS)} HTTP/1.1\r\n{fields}\r\n".encode())
        status, headers, body = await read_answer(reader)
        if status != 101:
            return check_error(status, body), False
        while True:
            kind, payload = await read_frame(reader)
            if kind == TEXT:
                item = json.loads(payload)
                check("title" in item or item["error"]["code"] in AWAY.values(), item)
            elif kind == CLOSE:
                code = struct.unpack(">H", payload[:2])[0]
                check(code in CLOSE_CODES, payload)
                writer.write(frame(CLOSE, payload[:2]))
                return code, False


async def read_frame(reader):
    """(kind, payload) of a frame of a server, which masks nothing."""
    first, size = await reader.readexactly(2)
    if size == 126:
        size = struct.unpack(">H", await reader.readexactly(2))[0]
    elif size == 127:
        size = struct.unpack(">Q", await reader.readexactly(8))[0]
    return first & 0x0F, await reader.readexactly(size)
