"""Which folders lie on a disk of another computer, whose changes the system does not tell of."""

import os
import re
from pathlib import Path

_NETWORK = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.davfs2", "fuse.gvfsd-fuse",
    "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse", "glusterfs",
    "lustre", "ncpfs", "nfs", "nfs4", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs",
})  # fmt: skip
_MOUNTS = Path("/proc/self/mountinfo")


def is_afar(folder: Path) -> bool:
    """Whether a folder lies on a network drive, as far as Linux tells; elsewhere ``False``."""
    try:
        lines = _MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return False
    real, found, kind = os.path.realpath(folder), "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), before.split()[4])
        below = mount.rstrip("/") + "/"
        if (real + "/").startswith(below) and len(mount) >= len(found):
            found, kind = mount, after.split()[0]
    return kind in _NETWORK
