"""The pack of a sound, in trees as people have them."""

from pathlib import Path

import pytest

from drumsort.packs import pack_of

TREES = [
    # root, path below it, pack
    ("/home/jo/Samples", "Gold 808/Kicks/k.wav", "Gold 808"),
    ("/home/jo/Samples", "Gold 808/WAV/Kicks/k.wav", "Gold 808"),
    ("/home/jo/Samples", "Packs/Gold 808/One Shots/Kicks/Deep/k.wav", "Gold 808"),
    ("/home/jo/Samples", "Vendor/Gold Vol. 2/Drum One Shots/Claps/c.wav", "Gold Vol. 2"),
    ("/home/jo/Samples", "Vendor/Gold/Vol. 2/Claps/c.wav", "Gold"),
    ("/home/jo/Samples", "Cymatics - Orchid/Drum One-Shots/Cymatics - Kicks/k.wav",
     "Cymatics - Orchid"),
    ("/home/jo/Samples", "KSHMR Vol 3/KSHMR_Drums/KSHMR_Snares/s.wav", "KSHMR Vol 3"),
    ("/home/jo/Samples", "Splice/sounds/packs/Night Drive/Vendor_-_Night_Drive/drums/kicks/k.wav",
     "Vendor_-_Night_Drive"),
    ("/home/jo/Splice", "sounds/packs/Night Drive/loops/l.wav", "Night Drive"),
    ("/home/jo/Samples", "Kicks/Night Drive/k.wav", "Night Drive"),
    ("/home/jo/Samples", "Kicks/Hard/k.wav", ""),
    ("/home/jo/Samples", "Kicks/k.wav", ""),
    ("/home/jo/Samples", "k.wav", ""),
    ("/home/jo/Samples", "OLD STUFF/k.wav", ""),
    ("/home/jo/Samples", "OLD STUFF 2019/new/Gold 808/k.wav", "Gold 808"),
    ("/home/jo/Samples", "Drum Machines/TR-808/Hats/Open/h.wav", "TR-808"),
    ("/home/jo/Samples", "Drum Machines/808/Hats/h.wav", "808"),
    ("/home/jo/Samples", "Trap Gods/808s/b.wav", "Trap Gods"),
    ("/home/jo/Samples", "Trap Gods/Bonus 808s/b.wav", "Trap Gods"),
    ("/home/jo/Samples", "Drum Machines/LinnDrum/CH/h.wav", "LinnDrum"),
    ("/home/jo/Samples", "Drum Machines/Roland TR-909/BD/BD 01.wav", "Roland TR-909"),
    ("/home/jo/Samples", "Pack A/Percs & Foley/p.wav", "Pack A"),
    ("/home/jo/Samples", "Pack 12/24bit 44.1kHz/p.wav", "Pack 12"),
    ("/home/jo/Samples", "Packs 2021/Dusty Fingers/Snares/dry/s.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "unzipped/Dusty Fingers (1)/Snares/s.wav", "Dusty Fingers (1)"),
    ("/home/jo/Samples", "Dusty Fingers/Kits/Kit 01/s.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/Disc 2/Snares/s.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/Loops/120 BPM/l.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/Drums/HiHats/Closed HH/h.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/Hi-Hats (Open)/h.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/HH_Open/h.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/Fills & Rolls/f.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/FX/Risers/r.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Dusty Fingers/Vocals/v.wav", "Dusty Fingers"),
    ("/home/jo/Samples", "Snare Bible/s.wav", "Snare Bible"),
    ("/home/jo/Samples", "Snare Bible/WAV/s.wav", "Snare Bible"),
    ("/home/jo/Samples", "Vendor/Kick Ass Drums/Kicks/k.wav", "Vendor"),
    ("/home/jo/Music/Samples", "from Ben/USB/Tape Kit One/k.wav", "Tape Kit One"),
    ("/home/jo/Downloads", "SM101 - Lo-Fi House - WAV/drum_shots/kick/k.wav",
     "SM101 - Lo-Fi House - WAV"),
    ("/media/jo/TOSHIBA EXT", "k.wav", ""),
    ("/media/jo/TOSHIBA EXT", "Kicks/k.wav", ""),
    ("/media/jo/TOSHIBA EXT", "Samples/Gold 808/Kicks/k.wav", "Gold 808"),
    ("/Volumes/SSD Blue", "Sample Library/Gold 808/Toms/t.wav", "Gold 808"),
    ("/Volumes", "SSD Blue/Toms/t.wav", ""),
    ("/mnt/d", "Samples/Барабаны/Kicks/k.wav", "Барабаны"),
    ("/home/jo/Samples/Gold 808/Kicks", "Deep/k.wav", "Gold 808"),
    ("/home/jo/Samples/Gold 808/WAV", "Kicks/k.wav", "Gold 808"),
    ("/home/jo/Samples/Gold 808", "Kicks/k.wav", "Gold 808"),
    ("/home/jo/Samples/Gold 808", "k.wav", "Gold 808"),
    ("/home/jo/Beats/Samples", "Kicks/k.wav", ""),
    ("/home/jo", "Samples/Gold 808/Kicks/k.wav", "Gold 808"),
    ("/home/jo/To sort", "Éclat/Caisses/s.wav", "Caisses"),
    ("in", "Gold 808/Kicks/k.wav", "Gold 808"),
    (".", "Gold 808/Kicks/k.wav", "Gold 808"),
]  # fmt: skip


@pytest.mark.parametrize(("root", "below", "pack"), TREES, ids=lambda part: part or "none")
def test_the_pack_is_the_nearest_folder_that_says_more_than_a_category(root, below, pack):
    assert pack_of(Path(root) / below, Path(root)) == pack


def test_there_are_fifty_trees():
    assert len(TREES) >= 50
