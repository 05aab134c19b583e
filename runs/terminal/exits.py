"""Exit codes, and the error that ends a command with one."""

OK = 0
UNSUCCESSFUL = 1  # the run failed or was rejected, expired or cancelled; an answer was refused
USAGE = 2  # what was asked cannot be understood or found
WAITING = 3  # the run waits at a gate and there is nobody to ask
DETACHED = 130  # Ctrl-C: the run goes on without us

HELP = (
    "Exit codes: 0 done; 1 the run failed or was rejected, expired or cancelled, or an answer was "
    "refused; 2 wrong usage; 3 the run waits at a gate and --no-input was given; 130 detached "
    "with Ctrl-C."
)


class CommandFailed(Exception):
    """The command cannot go on. The message is for the person who typed it."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code
