"""HTTP/1.1 by hand: the bytes of a request as they are, whole or one at a time, and an answer read strictly."""
import socket
import time

SECONDS = 20


class Response:
    def __init__(self, status, reason, fields):
        self.status = status
        self.reason = reason
        self.fields = fields  # (name, value) pairs, as they were sent
        self.body = b""
        self.trailers = []
        self.interim = []  # status codes of the 1xx before it
        self.pieces = []  # the chunks
        self.cut = False  # the connection ended before the answer did

    def values(self, name, fields=None):
        return [value for key, value in (self.fields if fields is None else fields) if key.lower() == name.lower()]

    def header(self, name):
        return ", ".join(self.values(name)) if self.values(name) else None


class Connection:
    def __init__(self, address, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(SECONDS)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""
        self.step = 65536

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data, piece=None):
        """A peer that has had enough may close while we send: what it said is still to be read."""
        try:
            for start in range(0, len(data), piece or max(1, len(data))):
                self.socket.sendall(data[start:start + (piece or len(data))])
        except (BrokenPipeError, ConnectionResetError):
            pass

    def fill(self):
        try:
            data = self.socket.recv(self.step)
        except ConnectionResetError:
            data = b""
        self.unread += data
        return bool(data)

    def at_end(self):
        """The peer closes, with nothing more to say."""
        return not self.unread and not self.fill()

    def stays_open(self):
        """Nothing comes, and no end, in a moment."""
        self.socket.settimeout(0.05)
        try:
            return not self.unread and self.fill()
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(SECONDS)

    def until(self, mark):
        while mark not in self.unread:
            if not self.fill():
                raise EOFError(f"expected {mark!r}, got the end after {self.unread[-200:]!r}")
        found, self.unread = self.unread.split(mark, 1)
        return found

    def exactly(self, size):
        while len(self.unread) < size:
            if not self.fill():
                raise EOFError(f"expected {size} bytes, got {len(self.unread)}")
        found, self.unread = self.unread[:size], self.unread[size:]
        return found

    def response(self, method="GET"):
        head = self.head()
        interim = []
        while 100 <= head.status < 200 and head.status != 101:
            interim.append(head.status)
            head = self.head()
        head.interim = interim
        if method != "HEAD" and head.status not in (101, 204, 304):
            self.read_body(head)
        return head

    def head(self):
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, reason = lines[0].split(" ", 2)
        assert version == "HTTP/1.1", lines[0]
        fields = []
        for line in lines[1:]:
            name, value = line.split(":", 1)
            assert name and name.strip() == name and "\n" not in line and "\r" not in line, line
            fields.append((name, value.strip()))
        response = Response(int(status), reason, fields)
        assert len(response.values("Date")) == (response.status >= 200), fields
        return response

    def read_body(self, response):
        coding, lengths = response.header("Transfer-Encoding"), response.values("Content-Length")
        assert len(lengths) <= 1 and not (coding and lengths), response.fields
        try:
            if coding:
                assert coding == "chunked", coding
                try:
                    self.read_chunks(response)
                finally:
                    response.body = b"".join(response.pieces)
            elif lengths:
                response.body = self.exactly(int(lengths[0]))
            else:
                while self.fill():
                    pass
                response.body, self.unread = self.unread, b""
        except EOFError:
            response.cut = True

    def read_chunks(self, response):
        while True:
            size = int(self.until(b"\r\n").split(b";")[0], 16)
            if size == 0:
                break
            piece = self.exactly(size)
            response.pieces.append(piece)
            end = self.exactly(2)
            assert end == b"\r\n", end
        while line := self.until(b"\r\n"):
            name, value = line.decode("latin-1").split(":", 1)
            response.trailers.append((name, value.strip()))

    def stall(self, seconds=0.0, step=1):
        """From now on this reader takes a byte at a time, after a pause."""
        time.sleep(seconds)
        self.step = step
