"""A WebSocket by hand (RFC 6455): a handshake as it is written, frames as they are told, nothing done behind the scenes."""
import base64
import hashlib
import os
import struct
import zlib

import raw_http

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
HANDSHAKE = {"Host": "api.test", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": KEY}


def frame(kind, payload, mask=True, last=True, compressed=False):
    head = bytes([kind | (0x80 if last else 0) | (0x40 if compressed else 0)])
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", len(payload))
    if not mask:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))


def deflated(payload):
    deflate = zlib.compressobj(wbits=-15)
    return (deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]


class WebSocket:
    """`response` is the answer to the handshake; without a 101 there are no frames."""

    def __init__(self, connection, target, fields, piece=None):
        self.connection, self.piece = connection, piece
        lines = [f"GET {target} HTTP/1.1"]
        for name, value in {**HANDSHAKE, **fields}.items():
            if value is not None:
                lines.append(f"{name}: {value}")
        connection.send("\r\n".join(lines).encode() + b"\r\n\r\n", piece)
        self.response = connection.response()
        if self.response.status == 101:
            accept = base64.b64encode(hashlib.sha1((KEY + GUID).encode()).digest()).decode()
            assert self.response.header("Sec-WebSocket-Accept") == accept, self.response.fields
            assert self.response.header("Upgrade").lower() == "websocket", self.response.fields

    def send(self, data):
        self.connection.send(data, self.piece)

    def receive(self):
        """(kind, payload) of the next whole message; pongs are messages, too."""
        kind, payload, compressed = None, b"", False
        while True:
            first, second = self.connection.exactly(2)
            assert not second & 0x80, "a server masks nothing"
            size = second & 0x7F
            if size == 126:
                size = struct.unpack(">H", self.connection.exactly(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.connection.exactly(8))[0]
            if first & 0x0F:
                kind, compressed = first & 0x0F, bool(first & 0x40)
            payload += self.connection.exactly(size)
            if first & 0x80:
                break
        return kind, zlib.decompress(payload + b"\0\0\xff\xff", wbits=-15) if compressed else payload


def connect(address, target, fields, piece=None):
    connection = raw_http.Connection(address)
    return connection, WebSocket(connection, target, fields, piece)
