import Glibc
import ProcessSignals
import TerminalOutput

Terminal.occupyStandardDescriptors()
// Without the handlers a Ctrl-C would end the process at once, which loses nothing that was stored.
try? InterruptSignals.install()
let status = Application().run(Array(CommandLine.arguments.dropFirst()))
if status == Application.ExitStatus.closedPipe { InterruptSignals.endForClosedPipe() }
exit(status)
