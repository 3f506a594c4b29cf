"""The cage of a worker: capped memory, no sockets, no programs, and an end with its parent.

    lock_up(memory=1_000_000_000)      # → what could not be had here, in words; () on Linux

Called once, in the worker itself, before it sees a query. What a system does not offer is left out and said.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# Calls that a query never needs, by machine (Linux): sockets in any way, other programs, other processes' memory.
_DENIED: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        (
            41,  # socket
            42,  # connect
            43,  # accept
            49,  # bind
            50,  # listen
            53,  # socketpair
            59,  # execve
            101,  # ptrace
            288,  # accept4
            310,  # process_vm_readv
            311,  # process_vm_writev
            322,  # execveat
            425,  # io_uring_setup
            426,  # io_uring_enter
            427,  # io_uring_register
        ),
    ),
    "aarch64": (0xC00000B7, (117, 198, 199, 200, 201, 202, 203, 221, 242, 270, 271, 281, 425, 426, 427)),
}
_LINUX = platform.system() == "Linux"
_X32 = 0x40000000  # the bit of a second table of calls on x86_64

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_LOAD_WORD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_AT_NUMBER, _AT_MACHINE = 0, 4  # in struct seccomp_data


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def lock_up(*, memory: int) -> tuple[str, ...]:
    """Cap this process at `memory` bytes and take its sockets away; return what this system does not offer."""
    missing = []
    if not _cap(memory):
        missing.append("a cap on memory")
    if not _end_with_parent():
        missing.append("an end with the server")
    if not _without_sockets():
        missing.append("a ban on sockets")
    return tuple(missing)


def _cap(memory: int) -> bool:
    """Limit the writable private memory: not the address space, of which threads reserve far more than they use."""
    if not _LINUX:
        return False  # elsewhere the limit is not enforced
    import resource  # Windows has none

    for none in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):  # writes no files
        resource.setrlimit(none, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    cap = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (cap, cap))
    return True


def _end_with_parent() -> bool:
    if not _LINUX:
        return False
    parent = os.getppid()
    done = _prctl(_PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:  # it ended in between
        os._exit(1)
    return done


def _without_sockets() -> bool:
    machine = _DENIED.get(platform.machine())
    if not _LINUX or machine is None:
        return False
    program = _filter(*machine)
    code = ctypes.create_string_buffer(program, len(program))
    filled = _Program(len(program) // 8, ctypes.addressof(code))
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) and _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(filled))


def _filter(machine: int, calls: tuple[int, ...]) -> bytes:
    """Return a filter of system calls (classic BPF): those of another machine's table and those listed are refused."""
    count = len(calls)
    steps = [
        (_LOAD_WORD, 0, 0, _AT_MACHINE),
        (_JUMP_IF_EQUAL, 0, count + 3, machine),
        (_LOAD_WORD, 0, 0, _AT_NUMBER),
        (_JUMP_IF_AT_LEAST, count + 1, 0, _X32),
        *((_JUMP_IF_EQUAL, count - place, 0, number) for place, number in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _prctl(option: int, value: int, pointer: int = 0) -> bool:
    call = ctypes.CDLL(None, use_errno=True).prctl
    call.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)
    return bool(call(option, value, pointer, 0, 0) == 0)
