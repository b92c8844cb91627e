"""What the page sends to search by is checked, heard, and not kept."""

import base64
import io

import numpy as np
import soundfile

from ..synth.drums import synthesize
from ..synth.mouths import Mouth


def sent(samples, **more):
    file = io.BytesIO()
    soundfile.write(file, samples, 44100, format="WAV", subtype="PCM_16")
    return {"content": base64.b64encode(file.getvalue()).decode(), **more}


def test_a_sound_is_heard_and_finds_its_like(shared):
    before = shared.sounds()[0]["version"]
    found = shared.do("/api/similar", sent(synthesize("kick", 99), n=5))
    assert (found["family"], found["label"]) == ("kick", "kick")
    assert len(found["similar"]) == 5
    assert {one["id"] for one in found["similar"]} < set(shared.ids().values())
    by_length = shared.do("/api/similar", sent(synthesize("kick", 99), n=5, by="length"))
    assert by_length["similar"] != found["similar"]
    assert shared.sounds()[0]["version"] == before


def test_a_beat_is_heard(shared):
    hits = [(0.3, "kick"), (0.9, "snare"), (1.5, "kick"), (2.1, "closed_hat")]
    heard = shared.do("/api/beat", sent(Mouth(4).beat(hits, 2.8)))
    assert [hit["kind"] for hit in heard["hits"]] == [kind for _, kind in hits]
    assert {one["kind"] for one in heard["sounds"]} == {"kick", "snare", "closed_hat"}
    assert heard["tempo"] == 100
    assert [hit["step"] for hit in heard["hits"]] == [0, 4, 8, 12]


def test_what_is_no_sound_is_refused_in_one_sentence(shared):
    kick = sent(synthesize("kick", 99))
    for path, body, status, said in (
        ("/api/similar", {"content": "no base64!"}, 400, "'content' must be base64."),
        ("/api/similar", {"content": "", "name": "a.wav"}, 400, "There is nothing in a.wav."),
        ("/api/similar", {**kick, "by": "colour"}, 400, "'colour' is no aspect of a sound: write"),
        ("/api/similar", {**sent(np.zeros(99)), "name": "a.wav"}, 400, "a.wav is silent"),
        ("/api/beat", {**sent(np.zeros(44100)), "name": "a.wav"}, 400, "a.wav is silent"),
        ("/api/beat", {"content": "bm8gc291bmQ=", "name": "a.txt"}, 400, "a.txt is damaged"),
        ("/api/similar", {"content": "A" * (23 * 2**20)}, 400, "'content' is missing or wrong"),
    ):
        response = shared.post(path, body)
        assert response.status == status, response.body
        assert response.json["error"].startswith(said)
    assert shared.post("/api/similar", kick, Origin="http://elsewhere").status == 403
    assert shared.ask("POST", "/api/beat", {"Cookie": None}, b"{}").status == 403
