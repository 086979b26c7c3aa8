"""The one family of errors: what was wrong, where, and what to do about it.

Every error that a user can cause is a :class:`GaitPoseError`. Its message is one line that a
clinician can act on; the command line prints it and exits with :data:`EXIT_CODE`.
"""

from __future__ import annotations

EXIT_CODE = 2


class GaitPoseError(Exception):
    """Base of all errors that gaitpose raises on purpose.

    Parameters
    ----------
    what : str
        What was wrong.
    where : str, optional
        File, frame or field in which it was found.
    hint : str, optional
        What the user can do.
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        text = f"{where}: {what}" if where else what
        super().__init__(f"{text.rstrip('.')}. {hint.rstrip('.')}." if hint else text)


class UnreadableInput(GaitPoseError):
    """A file is absent, damaged, of an unknown kind, or lacks something that is needed."""


class NoSubjectFound(GaitPoseError):
    """No walking person was found in the input."""


class NotEnoughCycles(GaitPoseError):
    """Someone was found, but no gait cycle could be measured."""


class BadSubject(GaitPoseError):
    """A fact about the subject is impossible (a leg of 3 m) or contradictory."""


class BadSettings(GaitPoseError):
    """A setting is outside its range or contradicts another."""


class MissingExtra(GaitPoseError):
    """An optional dependency is needed; the message carries the pip line that brings it."""

    def __init__(self, needed_for: str, extra: str, *, pip_line: str | None = None) -> None:
        line = pip_line or f'pip install "gaitpose[{extra}]"'
        super().__init__(
            f"{needed_for} needs a part that is not installed", hint=f"Install it with: {line}"
        )


class OutputFailed(GaitPoseError):
    """A result could not be written (folder not writable, disk full)."""
