"""Running a child without root's rights where we are root: some servers refuse to start with them."""

import ctypes
import os
import pwd

_USER = "nobody"
_DAC_OVERRIDE = 1  # linux/capability.h: our folders are root's alone, and the child has to work in them
_VERSION_3 = 0x20080522
_PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 47, 2  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def needed() -> bool:
    return os.geteuid() == 0


def owner() -> tuple[int, int]:
    """User and group of such a child."""
    try:
        found = pwd.getpwnam(_USER)
    except KeyError:
        return 65534, 65534  # the kernel's own overflow user
    return found.pw_uid, found.pw_gid


def give_up() -> None:
    """In the child, before its program starts: become that user, and keep only the right to enter our folders.

    Where the kernel does not leave even that right, the child is that user without it.
    """
    uid, gid = owner()
    _LIBC.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    mask = 1 << _DAC_OVERRIDE
    data = (_Data * 2)(_Data(mask, mask, mask))
    if _LIBC.capset(ctypes.byref(_Header(_VERSION_3, 0)), data) == 0:
        _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _DAC_OVERRIDE, 0, 0)
