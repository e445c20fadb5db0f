"""What all tests share.

Property tests try the same examples every time, so that a green change stays green; to look for new
ones: `pytest --hypothesis-profile=search`.
"""

import signal

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell lets what it starts in the background ignore Ctrl+C, and every program that is started from
    # there too; tests of Ctrl+C are to go the same way everywhere
    signal.signal(signal.SIGINT, signal.default_int_handler)
