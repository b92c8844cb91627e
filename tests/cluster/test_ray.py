"""A real Ray cluster of three nodes on this machine, one of which is killed midway.

Ray is not among what the tests install, because its wheel has 70 MB: without it this is skipped.
``python -m pytest tests/cluster/test_ray.py`` after ``pip install 'drumsort[cluster]'`` runs it;
``benchmarks/cluster.py`` does the same with many more files.
"""

from contextlib import closing

import pytest

from drumsort import classify

pytest.importorskip("ray", reason="no Ray: pip install 'drumsort[cluster]' runs this test")


@pytest.fixture
def cluster(monkeypatch):
    """Three nodes with a core each."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_worker_niceness", "0")
    import ray
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 100 << 20}
    nodes = Cluster(initialize_head=True, head_node_args=node | {"include_dashboard": False})
    nodes.add_node(**node)
    nodes.lost = nodes.add_node(**node)
    ray.init(nodes.address, log_to_driver=False, logging_level="ERROR")
    yield nodes
    ray.shutdown()
    nodes.shutdown()


def test_a_node_that_is_killed_costs_no_file(cluster, many):
    local = list(classify(many, company=False))
    found = []
    with closing(classify(many, company=False, on="ray")) as results:
        for result in results:
            found.append(result)
            if len(found) == 33:
                cluster.remove_node(cluster.lost, allow_graceful=False)
    assert len(found) == 161 and found == local
    for one, other in zip(found, local, strict=True):
        if one.ok:
            assert one.prediction.network.tobytes() == other.prediction.network.tobytes()
            assert one.prediction.embedding.tobytes() == other.prediction.embedding.tobytes()
