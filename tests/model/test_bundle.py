"""A model folder is read whole or refused with a sentence that names it."""

import json
from dataclasses import replace

import pytest

from drumsort.errors import BundleError, DrumsortError
from drumsort.features import LogMel
from drumsort.model.bundle import FORMAT, Bundle
from drumsort.taxonomy import FAMILIES, LABELS


def sentence(folder) -> str:
    with pytest.raises(BundleError) as caught:
        Bundle.load(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert message.endswith(".")
    assert "\n" not in message
    return message


def edit(folder, **changes):
    """Change facts of ``bundle.json``; ``None`` takes one out."""
    path = folder / "bundle.json"
    facts = json.loads(path.read_text(encoding="utf-8")) | changes
    facts = {name: value for name, value in facts.items() if value is not None}
    path.write_text(json.dumps(facts), encoding="utf-8")


def test_the_shipped_model_speaks_of_our_families(shipped):
    assert shipped.families == {family: tuple(labels) for family, labels in FAMILIES.items()}
    assert shipped.labels == LABELS
    assert 0 < shipped.policies["balanced"] < 1
    assert (shipped.folder / "MODEL_CARD.md").is_file()


def test_what_is_saved_is_what_is_loaded(folder, shipped):
    bundle = replace(
        shipped,
        name="größer",
        front_end=LogMel(n_fft=2048, hop=512, fmin=20.5),
        temperature=1.75,
        policies={"balanced": 0.5, "careful": 0.9},
        outputs={"logits": "l", "embedding": None, "map": "m"},
        training={"sounds": 3, "recipe": {"seed": 1}},
        results={"val": {"balanced": [0.5, None]}},
        folder=folder,
    )
    bundle.save(folder)
    assert Bundle.load(folder) == bundle


def test_a_second_opinion_is_saved_and_is_part_of_what_the_model_is(two_opinions):
    folder, quick = two_opinions.folder, two_opinions.by_ear("quick")
    assert Bundle.load(folder) == Bundle.load(folder, "second") == two_opinions
    assert Bundle.load(folder, "quick") == quick
    assert quick == replace(two_opinions, second=None, policies={"balanced": 0.4})
    ids = {quick.id, two_opinions.id}
    for field in ("sha256", "temperature", "threshold", "share", "mean_temperature"):
        other = "0" if field == "sha256" else 0.3
        ids.add(replace(two_opinions, second=replace(two_opinions.second, **{field: other})).id)
    assert len(ids) == 7
    quick.save(folder)
    assert Bundle.load(folder).id == Bundle.load(folder, "quick").id == quick.id
    assert json.loads((folder / "bundle.json").read_text())["format"] == 1
    with pytest.raises(DrumsortError, match="There is no ear 'third': choose second or quick"):
        Bundle.load(folder, "third")


def test_a_second_opinion_that_is_missing_another_or_senseless(two_opinions):
    folder, path = two_opinions.folder, two_opinions.second_network
    second = json.loads((folder / "bundle.json").read_text())["second"]
    for name, value in (
        ("share", 1.1), ("threshold", -0.1), ("temperature", 0), ("mean_temperature", float("nan")),
        ("quick_policies", {}), ("share", "half"), ("colour", "pink"),
    ):  # fmt: skip
        edit(folder, second=second | {name: value})
        assert "cannot be read" in sentence(folder)
    edit(folder, second=second)
    content = path.read_bytes()
    path.write_bytes(content + b"\x00")
    assert "second.onnx is not the file that bundle.json describes" in sentence(folder)
    path.unlink()
    assert "second.onnx is missing" in sentence(folder)


def test_a_missing_folder(tmp_path):
    assert "bundle.json is missing" in sentence(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["bundle.json", "model.onnx"])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    assert f"{name} is missing" in sentence(folder)


def test_a_file_in_place_of_a_folder(folder):
    sentence(folder / "model.onnx")


def test_a_newer_format(folder):
    edit(folder, format=FORMAT + 1)
    assert "update drumsort" in sentence(folder)


def test_another_network_than_described(folder):
    with (folder / "model.onnx").open("ab") as stream:
        stream.write(b"\x00")
    assert "is not the file that bundle.json describes" in sentence(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"format": "one"}'],
    ids=["empty", "half", "list", "null", "no facts", "not UTF-8", "format in words"],
)
def test_a_damaged_description(folder, content):
    (folder / "bundle.json").write_bytes(content)
    assert "cannot be read" in sentence(folder)


def test_a_description_that_is_cut_short(folder):
    content = (folder / "bundle.json").read_bytes()
    for size in range(0, len(content) - 2, 97):
        (folder / "bundle.json").write_bytes(content[:size])
        sentence(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"front_end": {"rate": 32000, "colour": "pink"}},
        {"front_end": "default"},
        {"families": ["kick"]},
        {"families": {"kick": 1}},
        {"policies": {}},
        {"policies": {"balanced": 1.5}},
        {"policies": {"balanced": "half"}},
        {"temperature": None},
        {"model_sha256": None},
        {"unheard_of": 1},
    ],
    ids=str,
)
def test_facts_that_are_wrong_missing_or_unknown(folder, changes):
    edit(folder, **changes)
    sentence(folder)
