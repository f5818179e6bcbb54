"""`python -m tests.journeys.torture.sealed MODULE …`: run a program that the kernel tells nothing of NTP.

adjtimex is refused, as systemd's ProtectClock=yes does. So the kiosk has the time from the server alone, and its wall
clock is the one that the C library gives, which libfaketime can move; adjtimex would always tell the real one.
"""

import ctypes
import platform
import runpy
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # in struct seccomp_data
_ALLOW, _EPERM = 0x7FFF0000, 0x00050001

# AUDIT_ARCH_…, and the numbers of adjtimex and clock_adjtime.
_KERNELS = {"x86_64": (0xC000003E, (159, 305)), "aarch64": (0xC00000B7, (171, 266))}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse_adjtimex() -> bool:
    """Refuse it to this process and all it starts; False where the numbers of the kernel's calls are not known."""
    kernel = _KERNELS.get(platform.machine())
    if kernel is None:
        return False
    architecture, calls = kernel
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 0, len(calls) + 1, architecture),
        (_LOAD, 0, 0, _NUMBER_AT),
        *((_JUMP_IF_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _EPERM),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    done: int = library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
    return done == 0


if __name__ == "__main__":
    refuse_adjtimex()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
