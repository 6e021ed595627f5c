"""A local nginx that answers every POST at once with a fixed text."""
import os
import signal
import socket
import subprocess
import time

from measuring import child, paths

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 1h;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_body_buffer_size 64k;
  default_type application/json;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
{locations}
  }}
}}
"""


class WebServer:
    """Serves texts by path while a `with` block runs."""

    def __init__(self, folder, answers):
        self.folder, self.answers = folder, answers
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        locations = []
        for path, answer in self.answers.items():
            quoted = answer.replace("\\", "\\\\").replace("'", "\\'")
            locations.append(f"    location = {path} {{ return 200 '{quoted}'; }}")
        configuration = os.path.join(self.folder, "nginx.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(
                folder=self.folder, port=self.port, locations="\n".join(locations)))
        log = os.path.join(self.folder, "error.log")
        self.process = subprocess.Popen(
            [paths.nginx(), "-p", self.folder, "-c", configuration, "-e", log],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        self.__exit__()
        with open(log) as file:
            raise child.Failure(f"nginx did not start: {file.read()}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
