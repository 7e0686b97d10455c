"""`makemessages`, which also sees texts that are translated under another name.

A module that translates both when it is loaded (`gettext_lazy as _`) and when it runs
calls the second one `_now`; one that does it the other way round has `_lazy`. What
xgettext does not know as a keyword it leaves out without a word, and then the screen
stays English.
"""

from django.core.management.commands import makemessages

OTHER_NAMES = ("_now", "_lazy")


class Command(makemessages.Command):
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        *(f"--keyword={name}" for name in OTHER_NAMES),
    ]
