"""The model card says what the model is, and which of its networks the numbers are of."""

from dataclasses import replace
from importlib import resources

import pytest

from drumsort.lab.card import card
from drumsort.lab.data import Manifest
from drumsort.model.bundle import Bundle


@pytest.fixture(scope="module")
def shipped():
    """The model, the sounds that it learned from, and the tables of its card."""
    bundle = Bundle.load()
    facts = resources.files("drumsort") / "lab" / "data" / "manifest.parquet"
    rows = [row for row in Manifest(facts).read().rows if row.split != "test"]
    text = (bundle.folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    tables = text.partition("## How well it does\n\n")[2].partition("\n\n### Second opinion")[0]
    return bundle, rows, tables


def test_the_shipped_card_is_what_the_lab_writes_of_the_shipped_model(shipped):
    bundle, rows, tables = shipped
    written = card(bundle, rows, bundle.training["parameters"], tables)
    assert written == (bundle.folder / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_mean_and_the_policies_of_one_network_are_told_apart(shipped):
    bundle, rows, _ = shipped
    tables = "Tables.\n\nA policy is a confidence."

    def written(bundle, **of):
        return card(bundle, rows, 1, tables, **of)

    mean, policies = (
        "The larger network in this folder is the mean",
        "policies of the quick network alone",
    )
    assert mean in written(bundle)
    assert written(bundle).count(policies) == 1
    assert "above are those of both networks." in written(bundle, of_both=True)
    assert policies not in written(bundle, of_both=True)
    recipe = {**bundle.training["recipe"], "whole": "averaged"}
    alone = replace(bundle, second=None, training={**bundle.training, "recipe": recipe})
    assert "The network in this folder is the mean" in written(alone)
    assert mean not in written(alone)
    assert policies not in written(alone)
