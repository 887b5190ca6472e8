"""A gRPC server on bare HTTP/2 frames that answers as a script says, well or badly, and remembers what it was sent."""
import asyncio
import gzip
import struct
import threading

import hpack

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM = ACK = 1
END_HEADERS = 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
WINDOW = 65535
MOST_IN_FRAME = 16384
HEAD = ((":status", "200"), ("content-type", "application/grpc"))
UNIMPLEMENTED = [("trailers", [*HEAD, ("grpc-status", "12")])]


class Gone(Exception):
    """The stream was reset, or its connection is closed."""


class Call:
    """What the backend was sent on one stream, and how far the script has come."""

    def __init__(self, stream, fields):
        self.stream = stream
        self.fields = fields
        self.path = dict(fields)[":path"]
        self.never_indexed = []  # names of fields that no proxy may put into its table
        self.messages = []
        self.ended = False  # half-closed by the client
        self.reset = None  # the code of the gateway's RST_STREAM; -1: its connection went away
        self.sent_bytes = 0
        self.done = False
        self.window = 0
        self.paused = False
        self.uncredited = 0
        self.unparsed = b""
        self.changed = asyncio.Condition()

    def values(self, name):
        return [value for key, value in self.fields if key == name]

    def take(self, data):
        self.unparsed += data
        while len(self.unparsed) >= 5:
            size = struct.unpack(">I", self.unparsed[1:5])[0]
            if len(self.unparsed) < 5 + size:
                break
            self.messages.append(self.unparsed[5:5 + size])
            self.unparsed = self.unparsed[5 + size:]


def framed(message, compress=False):
    if compress:
        message = gzip.compress(message)
    return bytes([compress]) + struct.pack(">I", len(message)) + message


class Connection:
    def __init__(self, backend, reader, writer):
        self.backend, self.reader, self.writer = backend, reader, writer
        self.decoder, self.encoder = hpack.Decoder(), hpack.Encoder()
        self.calls = {}
        self.tasks = set()
        self.window = WINDOW
        self.first_window = WINDOW
        self.block = b""

    def frame(self, kind, flags, stream, payload=b""):
        self.writer.write(struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload)

    def headers(self, stream, fields, end=False):
        self.frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, self.encoder.encode(fields))

    async def serve(self):
        try:
            if await self.reader.readexactly(len(PREFACE)) != PREFACE:
                raise AssertionError("expected HTTP/2's preface")
            self.frame(SETTINGS, 0, 0)
            self.frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 28))
            while True:
                head = await self.reader.readexactly(9)
                size = struct.unpack(">I", b"\0" + head[:3])[0]
                stream = struct.unpack(">I", head[5:])[0]
                await self.take(head[3], head[4], stream, await self.reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            for call in self.calls.values():
                await self.end(call, -1)
            self.writer.close()

    async def take(self, kind, flags, stream, payload):
        call = self.calls.get(stream)
        if kind == SETTINGS and not flags & ACK:
            await self.take_settings(payload)
        elif kind == PING and not flags & ACK:
            self.frame(PING, ACK, 0, payload)
        elif kind in (HEADERS, CONTINUATION):
            self.block += payload
            if flags & END_HEADERS:
                decoded = self.decoder.decode(self.block, raw=True)
                self.block = b""
                call = Call(stream, [(str(name, "utf-8"), str(value, "latin-1")) for name, value in decoded])
                call.never_indexed = [str(each[0], "utf-8") for each in decoded if not each.indexable]
                self.start(call, flags)
        elif kind == DATA and call:
            call.take(payload)
            call.uncredited += len(payload)
            self.credit(call)
            call.ended = bool(flags & END_STREAM)
            await self.notify(call)
        elif kind == WINDOW_UPDATE:
            await self.widen(call, stream, struct.unpack(">I", payload)[0])
        elif kind == RST_STREAM and call:
            await self.end(call, struct.unpack(">I", payload)[0])

    def credit(self, call):
        if call.uncredited and self.backend.takes:
            for each in (0, call.stream):
                self.frame(WINDOW_UPDATE, 0, each, struct.pack(">I", call.uncredited))
            call.uncredited = 0

    async def take_settings(self, payload):
        for i in range(0, len(payload), 6):
            name, value = struct.unpack(">HI", payload[i:i + 6])
            if name == 4:
                for call in self.calls.values():
                    call.window += value - self.first_window
                self.first_window = value
        self.frame(SETTINGS, ACK, 0)

    async def widen(self, call, stream, increment):
        if stream == 0:
            self.window += increment
        elif call:
            call.window += increment
        for each in self.calls.values():
            await self.notify(each)

    def start(self, call, flags):
        call.window = self.first_window
        call.ended = bool(flags & END_STREAM)
        self.calls[call.stream] = call
        script = UNIMPLEMENTED
        if not call.path.startswith("/grpc."):  # a gateway that asks for reflection is no part of a test
            script = self.backend.script(call) if callable(self.backend.script) else self.backend.script
            self.backend.calls.append(call)
        task = asyncio.ensure_future(self.play(call, script))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def play(self, call, script):
        try:
            for name, argument in script:
                await getattr(self, "step_" + name)(call, argument)
        except (Gone, ConnectionError):
            pass
        call.done = True
        await self.notify(call)

    async def notify(self, call):
        async with call.changed:
            call.changed.notify_all()
        self.backend.notify()

    async def end(self, call, code):
        call.reset = call.reset if call.reset is not None else code
        await self.notify(call)

    async def wait(self, call, condition):
        async with call.changed:
            await call.changed.wait_for(lambda: call.reset is not None or condition())
        if call.reset is not None and not condition():
            raise Gone()

    # The steps of a script.
    async def step_read(self, call, count):
        await self.wait(call, lambda: len(call.messages) >= count)

    async def step_read_all(self, call, _):
        await self.wait(call, lambda: call.ended)

    async def step_head(self, call, fields):
        self.headers(call.stream, [*HEAD, *fields])

    async def step_bare_head(self, call, fields):
        self.headers(call.stream, fields)

    async def step_message(self, call, message):
        await self.step_data(call, framed(message))

    async def step_gzipped(self, call, message):
        await self.step_data(call, framed(message, True))

    async def step_data(self, call, data):
        while data:
            await self.wait(call, lambda: min(call.window, self.window) > 0)
            piece = data[:min(call.window, self.window, self.backend.most_in_frame)]
            data = data[len(piece):]
            call.window -= len(piece)
            self.window -= len(piece)
            self.frame(DATA, 0, call.stream, piece)
            call.sent_bytes += len(piece)
            self.backend.notify()
            await self.writer.drain()

    async def step_trailers(self, call, fields):
        self.headers(call.stream, fields, True)

    async def step_end(self, call, _):
        self.frame(DATA, END_STREAM, call.stream)

    async def step_reset(self, call, code):
        self.frame(RST_STREAM, 0, call.stream, struct.pack(">I", code))

    async def step_goaway(self, call, code):
        self.frame(GOAWAY, 0, 0, struct.pack(">II", call.stream, code))

    async def step_frame(self, call, frame):
        kind, flags, payload = frame
        self.frame(kind, flags, call.stream, payload)

    async def step_raw(self, call, data):
        self.writer.write(data)

    async def step_die(self, call, _):
        self.writer.transport.abort()

    async def step_hold(self, call, _):
        await self.wait(call, lambda: False)

    async def step_pause(self, call, _):
        call.paused = True
        await self.notify(call)
        await self.wait(call, lambda: not call.paused)


class Backend:
    """On a thread of its own. A call plays the script that is set when it comes, or what that makes of the call."""

    def __init__(self):
        self.script = []
        self.calls = []
        self.most_in_frame = MOST_IN_FRAME  # of DATA
        self.takes = True  # False: what comes is not credited, so that the gateway's windows run out
        self.changed = threading.Condition()
        self.loop = asyncio.new_event_loop()
        self.connections = set()
        started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self.thread.start()
        started.wait()

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    async def _accept(self, reader, writer):
        connection = Connection(self, reader, writer)
        self.connections.add(connection)
        try:
            await connection.serve()
        finally:
            self.connections.discard(connection)

    def notify(self):
        with self.changed:
            self.changed.notify_all()

    def resume(self):
        """Goes on behind the pauses of all scripts, and takes what comes again."""
        asyncio.run_coroutine_threadsafe(self._resume(), self.loop).result()

    async def _resume(self):
        self.takes = True
        for connection in self.connections:
            for call in connection.calls.values():
                call.paused = False
                connection.credit(call)
                await connection.notify(call)

    def expect(self, script):
        """Forgets the calls so far; the next ones play this script."""
        self.script = script
        self.calls = []

    def wait_for(self, condition, seconds=20):
        """Whether the condition on this backend comes true in time."""
        with self.changed:
            return self.changed.wait_for(condition, seconds)
