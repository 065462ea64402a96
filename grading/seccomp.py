"""A system call filter for the sandbox, as the BPF program that bubblewrap loads.

It refuses what no notebook needs and what attacks on the kernel or on neighbours begin with. It is
a second wall: the namespaces, not this filter, are what hides files and the network.
"""

import errno
import platform
import struct

# number on x86_64, number on aarch64 (Linux, arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h); from 424 on the numbers agree
REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "mount_setattr": (442, 442),
    # memory that no process's size shows and no file system counts; Python's own modules, torch
    # and libffi do without
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    # they would slow the process that forks the kernels, and with it all later submissions
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
}
# so would these where one of the arguments of these numbers is not 0: another process, or a policy
# other than the usual (ZeroMQ asks for that, of each of its threads)
UNLESS_0 = {
    "setpriority": (141, 140, [0, 1]),
    "prlimit64": (302, 261, [0]),
    "sched_setaffinity": (203, 122, [0]),
    "sched_setscheduler": (144, 119, [1]),
}
ARCHITECTURES = {"x86_64": (0, 0xC000003E, 56), "aarch64": (1, 0xC00000B7, 220)}
NEW_NAMESPACES = 0x7E020000  # the CLONE_NEW* flags of clone(2)
CLONE3 = 435

ALLOW, REFUSE, NO_SUCH = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
LOAD, EQUAL, AT_LEAST, AND_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def program(machine: str | None = None) -> bytes | None:
    """The filter for this machine, or None on an architecture it does not know."""
    known = ARCHITECTURES.get(machine or platform.machine())
    if known is None:
        return None
    column, audit, clone = known
    numbers = sorted({pair[column] for pair in REFUSED.values()})
    lines = [
        (LOAD, 0, 0, 4),  # the architecture
        (EQUAL, 1, 0, audit),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, 0),  # the number of the call
        (AT_LEAST, 0, 1, 0x40000000),  # the x32 calls
        (RETURN, 0, 0, REFUSE),
        (EQUAL, 0, 1, CLONE3),  # its flags cannot be seen here; glibc falls back to clone
        (RETURN, 0, 0, NO_SUCH),
    ]
    for number in numbers:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    for *pair, places in UNLESS_0.values():
        looks = []
        for place in reversed(places):  # the lower halves of the arguments
            looks = [(LOAD, 0, 0, 16 + 8 * place), (EQUAL, 0, len(looks) + 1, 0), *looks]
        lines += [(EQUAL, 0, len(looks) + 2, pair[column]), *looks]
        lines += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    lines += [
        (EQUAL, 0, 3, clone),
        (LOAD, 0, 0, 16),  # the lower half of its first argument
        (AND_SET, 0, 1, NEW_NAMESPACES),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
