"""Tests begin as in a person's shell: one that is put into the background switches Ctrl-C off, for its children too."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
