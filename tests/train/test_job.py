"""A real training run on synthesized sounds, from the manifest to a model that sorts."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import drumsort
from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network
from drumsort.train import job
from drumsort.train.data import load, read_manifest
from drumsort.train.fit import fit

RECIPE = replace(job.Recipe(), epochs=2, sounds_per_epoch=64, batch=16, width=8)


@pytest.fixture(scope="module")
def examples(drums):
    rows = read_manifest(drums)
    return {s: load(drums, [r for r in rows if r.split == s], LogMel()) for s in ("train", "val")}


def weights(net):
    return torch.cat([value.double().flatten() for value in net.state_dict().values()])


def run_fit(examples, folder, recipe=RECIPE, on_epoch=lambda epoch: None):
    return fit(examples["train"], examples["val"], recipe, folder, LogMel(), on_epoch)


def test_a_run_that_was_stopped_ends_as_an_unbroken_one(examples, tmp_path):
    class KilledError(Exception):
        pass

    def stop(epoch):
        raise KilledError

    with pytest.raises(KilledError):
        run_fit(examples, tmp_path / "broken", on_epoch=stop)
    broken = run_fit(examples, tmp_path / "broken")
    unbroken = run_fit(examples, tmp_path / "unbroken")
    other = run_fit(examples, tmp_path / "other", replace(RECIPE, seed=2))
    torch.testing.assert_close(weights(broken), weights(unbroken), rtol=0, atol=0)
    assert not torch.equal(weights(other), weights(unbroken))
    logs = [
        (tmp_path / name / "log.csv").read_text().splitlines() for name in ("broken", "unbroken")
    ]
    assert [line.split(",")[2:] for line in logs[0]] == [line.split(",")[2:] for line in logs[1]]
    assert len(logs[0]) == 3


def test_a_checkpoint_of_another_recipe_or_a_damaged_one_is_refused(examples, tmp_path):
    run_fit(examples, tmp_path, replace(RECIPE, epochs=1))
    for other in (RECIPE, replace(RECIPE, epochs=1, fold=0)):  # or the fold would leak into it
        with pytest.raises(DataError, match="of another recipe"):
            run_fit(examples, tmp_path, other)
    (tmp_path / "checkpoint.pt").write_bytes(b"nonsense")
    with pytest.raises(DataError, match="is damaged"):
        run_fit(examples, tmp_path)


def test_from_manifest_to_a_model_folder_that_sorts(drums, tmp_path):
    epochs = []
    bundle = job.train(drums, tmp_path, "tiny", RECIPE, test=True, on_epoch=epochs.append)
    assert [epoch.epoch for epoch in epochs] == [1, 2]
    assert Bundle.load(tmp_path / "tiny") == bundle
    assert {split: facts["sounds"] for split, facts in bundle.results.items()} == {
        "val": 16, "test": 16,
    }  # fmt: skip
    results = list(drumsort.classify(drums, model=tmp_path / "tiny"))
    assert len(results) == 64
    assert all(result.ok for result in results)
    card = (tmp_path / "tiny" / "MODEL_CARD.md").read_text()
    for fact in ("somebody/drums | 16 | CC0", "| val | 16 | 3 |", "1 3 5 7\n"):
        assert fact in card
    assert not list(tmp_path.rglob("*.part"))


def test_onnx_runtime_says_what_torch_says(examples, drums, tmp_path):
    job.train(drums, tmp_path, "tiny", RECIPE)
    net = run_fit(examples, tmp_path)  # complete already: only reads the checkpoint
    bundle = Bundle.load(tmp_path / "tiny")
    network = Network(bundle)
    for one in examples["val"]:
        mel = bundle.front_end.log_mel(one.samples)
        heard = network(mel)
        with torch.inference_mode():
            logits, embedding = net(torch.from_numpy(mel)[None])
        scores = (logits[0] / bundle.temperature).softmax(0).numpy()
        np.testing.assert_allclose(heard.scores, scores, atol=1e-4)
        np.testing.assert_allclose(heard.embedding, embedding[0].numpy(), atol=1e-4)
