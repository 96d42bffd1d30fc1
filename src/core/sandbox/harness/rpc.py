"""Questions and answers over one pair of descriptors. One side asks at a time; the asked side may ask back."""

import json
import os

from wire import Broken, Codec

LARGEST = 32 * 1024 * 1024
_encode = json.JSONEncoder(check_circular=False, separators=(',', ':')).encode
_decode = json.JSONDecoder().decode
_read = os.read
_write = os.write


class Gone(BaseException):
    """The other side has closed its end: its process is no more."""


class Channel:
    """Lines of JSON. Never trusts what it reads: too long or no JSON raises Broken."""

    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.rest = b''

    def send(self, message):
        data = memoryview(_encode(message).encode('ascii') + b'\n')
        try:
            while data:
                data = data[_write(self.sink, data) :]
        except OSError:
            raise Gone('the channel is closed') from None

    def receive(self):
        chunks = [self.rest]
        size = len(self.rest)
        end = self.rest.find(b'\n')
        while end < 0:
            try:
                chunk = _read(self.source, 1 << 16)
            except OSError:
                chunk = b''
            if not chunk:
                raise Gone('the channel is closed')
            end = chunk.find(b'\n')
            chunks.append(chunk)
            size += len(chunk)
            if size > LARGEST:
                raise Broken('a message of more than 32 MiB')
        last = chunks.pop()
        line = b''.join(chunks) + last[:end]
        self.rest = last[end + 1 :]
        try:
            message = _decode(line.decode('ascii'))
        except (ValueError, RecursionError):
            raise Broken('no JSON') from None
        if type(message) is not dict:
            raise Broken('no message')
        return message


class Peer:
    """One side of the conversation. Subclasses say how to serve questions and how errors travel."""

    def __init__(self, channel, step):
        self.channel = channel
        self.codec = Codec(step, self.export, self.adopt)
        self.asked = 0
        self.depth = 0

    def ask(self, question, *operands):
        """Asks and waits, serving what the other side asks meanwhile. Raises what the answer raises."""
        self.depth += 1
        try:
            self.asked += 1
            number = self.asked
            message = self.codec.pack(operands, final=False)
            message['q'] = question
            message['i'] = number
            self.channel.send(message)
            while True:
                message = self.channel.receive()
                if 'q' in message:
                    self.answer(message)
                    continue
                if message.get('i') != number:
                    raise Broken('an answer that nobody asked for')
                values = self.take(message)
                if 'e' in message:
                    self.fail(values, question)
                return values[0]
        finally:
            self.leave()

    def answer(self, message):
        """Serves one question of the other side."""
        self.depth += 1
        try:
            number = message.get('i')
            try:
                result = self.serve(message['q'], self.take(message))
                reply = self.codec.pack([result], final=self.depth == 1)
            except (Broken, Gone):
                raise
            except BaseException as error:
                reply = self.refuse(error)
                reply['e'] = 1
            reply['i'] = number
            self.channel.send(reply)
        finally:
            self.leave()

    def take(self, message):
        try:
            return self.codec.unpack(message)
        except (MemoryError, Broken, Gone):
            raise
        except Exception as error:
            raise Broken('a message that makes no sense: %s' % type(error).__name__) from None

    def leave(self):
        self.depth -= 1
        if self.depth == 0:
            self.codec.forget()
