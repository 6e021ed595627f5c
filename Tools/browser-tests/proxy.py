"""A proxy that loses things: in front of a service it shows what a bad connection does."""

import socket
import threading


class LossyProxy:
    """Passes requests on; can lose the answers of some, after the service has acted on them."""

    def __init__(self, port):
        self.target = port
        self.lose = None  # A path whose answers are lost.
        self.lost = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, client.makefile("rb") as reader:
            lines = []
            while (line := reader.readline()) not in (b"\r\n", b""):
                lines.append(line)
            if not lines:
                return
            length = 0
            kept = []
            for line in lines:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                if name.lower() == b"connection":
                    continue
                own, target = (f"127.0.0.1:{port}".encode() for port in (self.port, self.target))
                kept.append(line.replace(own, target))
            body = reader.read(length)
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                server.sendall(b"".join(kept) + b"Connection: close\r\n\r\n" + body)
                answer = b""
                while piece := server.recv(65536):
                    answer += piece
            path = lines[0].split(b" ")[1].decode()
            if self.lose is not None and path.endswith(self.lose):
                self.lost += 1
                return
            client.sendall(answer)
