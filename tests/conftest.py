"""Tests begin as in a person's shell, and none is held to a time: machines are busy with other things."""

import signal

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background, Ctrl-C is switched off, for children too
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # and under nohup a terminal that goes away is
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
