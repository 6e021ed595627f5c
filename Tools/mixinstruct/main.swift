import Glibc
import ProcessSignals
import TerminalOutput

// Without the handlers a Ctrl-C would end the process at once, which loses nothing that was stored.
try? InterruptSignals.install()
exit(Application().run(Array(CommandLine.arguments.dropFirst())))
