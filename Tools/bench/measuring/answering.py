"""A process that is kept running between its turns: it answers a line of JSON with a line of JSON."""
import json
import subprocess
import tempfile

from measuring import child


class Program:
    """Started when it is asked first; the time to start is not measured.

    `command` is a list of words, or a function that gives it then.
    """

    def __init__(self, command):
        self.command, self.process, self.started = command, None, None

    def ask(self, request):
        """The answer to a request; fails when the process ended."""
        if self.process is None:
            if callable(self.command):
                self.command = self.command()
            self.errors = tempfile.TemporaryFile()
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                text=True)
            self.started = self._line()
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return self._line()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            self.errors.seek(0)
            raise child.Failure(
                f"{' '.join(self.command)}\nended with {status}:\n"
                + self.errors.read()[-2000:].decode(errors="replace"))
        return json.loads(line)

    def close(self):
        """Ends the process."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None
