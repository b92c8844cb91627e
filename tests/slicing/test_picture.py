"""The picture of sliced sounds is one SVG that every parser takes, whatever files are called."""

from xml.etree import ElementTree

import numpy as np

from drumsort.slicing.picture import Drawn, Lane, picture

SVG = "{http://www.w3.org/2000/svg}"


def test_each_hit_has_its_cut_its_label_and_its_colour():
    outline = np.stack([-np.linspace(1, 0, 400), np.linspace(1, 0, 400)], axis=1)
    hits = [Drawn(0.0, 0.5, "1 kick", "kick"), Drawn(1.0, 1.5, "2 <x>", "own", kept=False)]
    lanes = [Lane("a & b\x00.wav", 2.0, outline, hits), Lane("no hits", 1.0, outline[:1] * 0, [])]
    root = ElementTree.fromstring(picture(lanes))
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert texts == ["a & b\N{REPLACEMENT CHARACTER}.wav", "1 kick", "2 <x>", "no hits"]
    groups = list(root.iter(f"{SVG}g"))
    assert [group.get("opacity") for group in groups] == [None, "0.45"]
    assert groups[0].get("fill") != groups[1].get("fill")
    places = [float(group.find(f"{SVG}rect").get("x")) for group in groups]
    assert abs(places[1] - places[0] - 600) < 1
    assert len(list(root.iter(f"{SVG}path"))) == 2
