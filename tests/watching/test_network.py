"""Which folders lie on network drives, by a list of mounts as Linux writes it."""

import pytest

from drumsort.watching import network

MOUNTS = r"""
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
31 22 0:45 / /media/my\040drive rw,relatime shared:9 - cifs //nas/sounds rw
32 31 8:17 / /media/my\040drive/local rw - ext4 /dev/sdb1 rw
33 22 0:50 / /home/you/far rw,nosuid - fuse.sshfs you@host: rw
""".lstrip()


@pytest.mark.parametrize(
    ("folder", "afar"),
    [
        ("/media/my drive", True),
        ("/media/my drive/Packs/Kicks", True),
        ("/media/my drive/local/Packs", False),
        ("/media/my drives", False),
        ("/home/you/far/Samples", True),
        ("/home/you", False),
    ],
)
def test_a_network_drive_is_known_by_its_file_system(monkeypatch, tmp_path, folder, afar):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(network, "_MOUNTS", mounts)
    assert network.is_afar(folder) is afar


def test_elsewhere_nothing_is_known(monkeypatch, tmp_path):
    monkeypatch.setattr(network, "_MOUNTS", tmp_path / "none")
    assert not network.is_afar(tmp_path)
