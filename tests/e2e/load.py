"""Keep-alive connections that ask again and again, from an event loop on a thread of its own, and write down each end."""
import asyncio
import collections
import ssl
import threading
import time


class Load:
    """Outcomes are counted as (target, status, body), or (target, what broke). A connection that the server closes, as
    it has said in an answer, is made anew, unless `reconnect` is false."""

    def __init__(self, port, targets, connections=8, cafile=None, pause=0.0, reconnect=True):
        self.port, self.targets, self.count, self.pause, self.reconnect = port, targets, connections, pause, reconnect
        self.ssl = ssl.create_default_context(cafile=cafile) if cafile else None
        self.outcomes = collections.Counter()
        self.slowest = 0.0  # seconds of one answer
        self.latest = None  # status
        self.closed = 0  # connections, after an answer that said so
        self.connected = threading.Semaphore(0)
        self.ending = False
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self):
        """Returns when every connection is made."""
        self.thread.start()
        for _ in range(self.count):
            if not self.connected.acquire(timeout=60):
                raise AssertionError("no connection")
        return self

    def stop(self):
        self.ending = True
        self.join()
        return self.outcomes

    def join(self):
        self.thread.join(120)
        assert not self.thread.is_alive(), "a request hangs"

    def total(self):
        return sum(self.outcomes.values())

    async def _run(self):
        await asyncio.gather(*(self._converse(number) for number in range(self.count)))

    async def _converse(self, number):
        first = True
        while not self.ending:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.ssl)
            except OSError as error:
                if first or self.reconnect:
                    self.outcomes["connect", type(error).__name__] += 1
                return
            if first:
                self.connected.release()
            first = False
            await self._ask_on(reader, writer, number)
            writer.close()
            if not self.reconnect:
                return

    async def _ask_on(self, reader, writer, number):
        while not self.ending:
            target = self.targets[number % len(self.targets)]
            number += 1
            begin = time.monotonic()
            try:
                writer.write(f"GET {target} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
                status, headers, body = await asyncio.wait_for(read_answer(reader), 60)
            except (OSError, EOFError, ValueError, asyncio.TimeoutError) as error:
                self.outcomes[target, type(error).__name__] += 1
                return
            self.slowest = max(self.slowest, time.monotonic() - begin)
            self.outcomes[target, status, body] += 1
            self.latest = status
            if headers.get("connection") == "close":
                self.closed += 1
                return
            if self.pause:
                await asyncio.sleep(self.pause)


async def read_answer(reader):
    """Status, headers with lower-case names, body."""
    status, headers = await read_head(reader)
    if headers.get("transfer-encoding") != "chunked":
        return status, headers, (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
    body, complete = await read_chunks(reader)
    if not complete:
        raise EOFError("no last chunk")
    return status, headers, body


async def read_head(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {}
    for line in head[1:-2]:
        name, value = line.split(":", 1)
        headers[name.lower()] = value.strip()
    return int(head[0].split()[1]), headers


async def read_chunks(reader):
    """The body, and whether its last chunk came; without it the connection ends between two chunks."""
    body = b""
    while line := await reader.readline():
        size = int(line, 16)
        body += await reader.readexactly(size)
        await reader.readexactly(2)
        if size == 0:
            return body.decode(), True
    return body.decode(), False
