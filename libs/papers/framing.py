"""Messages over a stream socket: four bytes of length, then as many."""

import socket
import struct

LENGTH = struct.Struct("=I")


def send(to: socket.socket, message: bytes) -> None:
    to.sendall(LENGTH.pack(len(message)) + message)


def receive(source: socket.socket) -> bytes:
    """Raises EOFError where the other side has ended."""
    (length,) = LENGTH.unpack(_exactly(source, LENGTH.size))
    return _exactly(source, length)


def _exactly(source: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        piece = source.recv(length - len(received))
        if not piece:
            raise EOFError
        received += piece
    return bytes(received)
