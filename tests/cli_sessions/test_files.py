"""`qnet qkd reconcile` and `amplify`: files of bits in every form, known answers, and mistakes."""

import stat

import numpy as np
import pytest

SIZE = 20_000


@pytest.fixture
def rows(tmp_path):
    """Alice's bits and Bob's, with 3 % of errors, in every form."""
    rng = np.random.default_rng(3)
    alice = rng.integers(0, 2, SIZE, dtype=np.uint8)
    bob = alice.copy()
    bob[rng.choice(SIZE, SIZE * 3 // 100, replace=False)] ^= 1
    for name, bits in (("alice", alice), ("bob", bob)):
        digits = "".join(map(str, bits))
        lines = "\n".join(digits[k : k + 64] for k in range(0, SIZE, 64))
        (tmp_path / f"{name}.txt").write_text(f"# a key\n{lines}\n")
        np.save(tmp_path / f"{name}.npy", bits)
        (tmp_path / f"{name}.bin").write_bytes(np.packbits(bits).tobytes())
    return alice, bob


def bits_of(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return np.array([int(one) for one in "".join(lines)], np.uint8)


@pytest.mark.parametrize("forms", [("txt", "txt"), ("npy", "bin"), ("bin", "txt")])
def test_bobs_bits_become_alices(qnet, tmp_path, rows, forms):
    called = qnet("qkd", "reconcile", f"alice.{forms[0]}", f"bob.{forms[1]}", "--out", "c.txt", "--json")
    figures = called.json["figures"]
    assert (called.code, called.err) == (0, "")
    assert (bits_of(tmp_path / "c.txt") == rows[0]).all()
    assert stat.S_IMODE((tmp_path / "c.txt").stat().st_mode) == 0o600
    assert figures["qber"]["value"] == 0.03
    least = -SIZE * (0.03 * np.log2(0.03) + 0.97 * np.log2(0.97))
    assert figures["f_ec"]["value"] == pytest.approx(figures["leakage_bits"]["value"] / least)
    assert figures["verified"]["value"] == 1
    assert figures["key_bits"]["value"] == SIZE


@pytest.mark.parametrize(
    ("method", "highest", "trips"),
    [
        ("few-rounds", 1.2, 200),
        ("balanced", 1.15, 2000),
        ("least-leakage", 1.1, 20_000),
        ("ldpc", 1.4, 20),
        ("original", 1.35, 2000),
        ("option8", 1.15, 20_000),
    ],
)
def test_methods_by_name(qnet, rows, method, highest, trips):
    answer = qnet(
        "qkd", "reconcile", "alice.npy", "bob.npy", "--method", method, "--seed", "4", "--json"
    ).json
    assert answer["parameters"]["method"] == method
    assert 1 < answer["figures"]["f_ec"]["value"] < highest
    assert 1 <= answer["figures"]["round_trips"]["value"] < trips


def test_the_method_follows_from_the_round_trip(qnet, rows):
    asked = ("qkd", "reconcile", "alice.npy", "bob.npy", "--json")
    near, far = (
        qnet(*asked, "--round-trip", seconds).json["parameters"]["method"] for seconds in ("0", "0.5")
    )
    assert (near, far) == ("least-leakage", "ldpc")


def test_what_cannot_be_reconciled_writes_nothing(qnet, tmp_path, rows):
    np.save(tmp_path / "other.npy", np.random.default_rng(5).integers(0, 2, SIZE, dtype=np.uint8))
    called = qnet("qkd", "reconcile", "alice.npy", "other.npy", "--out", "c.txt", "--json")
    assert called.code == 1
    assert called.json["error"]["type"] == "ErrorRateTooHigh"
    wrong = qnet(
        *("qkd", "reconcile", "alice.npy", "other.npy", "--qber", "0.01", "--method", "ldpc"),
        *("--out", "c.txt", "--json"),
    )
    assert wrong.code == 1
    assert wrong.json["error"]["type"] == "VerificationFailed"
    np.save(tmp_path / "short.npy", rows[1][:-5])
    short = qnet("qkd", "reconcile", "alice.npy", "short.npy", "--out", "c.txt", "--json")
    assert short.code == 1
    assert short.json["error"]["type"] == "UnequalLengths"
    assert f"{SIZE} bits" in short.err
    assert not (tmp_path / "c.txt").exists()


def test_the_hash_is_the_toeplitz_matrix_of_its_seed(qnet, tmp_path, rows):
    length, size = 40, 300
    key = rows[0][:size]
    seed = np.random.default_rng(6).integers(0, 2, size + length - 1, dtype=np.uint8)
    np.save(tmp_path / "k.npy", key)
    np.save(tmp_path / "seed.npy", seed)
    asked = ("qkd", "amplify", "k.npy", "--length", str(length))
    answer = qnet(*asked, "--seed-file", "seed.npy", "--out", "h.txt", "--json").json
    assert answer["figures"]["key_bits"]["value"] == length
    matrix = np.array([[seed[i - j + size - 1] for j in range(size)] for i in range(length)])
    assert (bits_of(tmp_path / "h.txt") == matrix @ key % 2).all()
    assert "simulated" not in (tmp_path / "h.txt").read_text()


@pytest.mark.parametrize("form", ["txt", "npy", "bin"])
def test_a_drawn_seed_is_kept_for_the_other_end(qnet, tmp_path, rows, form):
    seed = "seed.txt" if form == "bin" else f"seed.{form}"
    asked = ("qkd", "amplify", "--length", "8000")
    first = qnet(*asked, "alice.txt", "--save-seed", seed, "--out", f"one.{form}")
    second = qnet(*asked, "alice.npy", "--seed-file", seed, "--out", f"two.{form}")
    assert (first.code, second.code) == (0, 0)
    assert (tmp_path / f"one.{form}").read_bytes() == (tmp_path / f"two.{form}").read_bytes()
    other = qnet(*asked, "alice.npy", "--out", f"three.{form}")
    assert other.code == 0
    assert (tmp_path / f"one.{form}").read_bytes() != (tmp_path / f"three.{form}").read_bytes()


def test_what_is_seeded_or_simulated_is_marked_in_every_file(qnet, tmp_path, rows):
    assert qnet("qkd", "amplify", "alice.txt", "--length", "100", "--seed", "1", "--out", "k.txt").code == 0
    assert (tmp_path / "k.txt").read_text().startswith("# simulated")
    again = qnet("qkd", "amplify", "k.txt", "--length", "50", "--out", "l.txt", "--json").json
    assert again["simulated"] is True
    assert (tmp_path / "l.txt").read_text().startswith("# simulated")
    refused = qnet("qkd", "amplify", "k.txt", "--length", "48", "--out", "l.bin")
    assert refused.code == 2
    assert "cannot say so" in refused.err


def test_the_keys_of_a_session_go_on(qnet, tmp_path):
    asked = ("qkd", "run", "b92", "--sampler", "stim", "--signals", "20000", "--seed", "1", "--out", "s")
    assert qnet(*asked).code == 0
    told = qnet("qkd", "reconcile", "s/alice.verified", "s/bob.verified", "--json").json
    assert (told["figures"]["qber"]["value"], told["simulated"]) == (0, True)
    assert qnet("qkd", "amplify", "s/bob.verified", "--length", "64", "--out", "k.txt").code == 0
    assert "simulated" in (tmp_path / "k.txt").read_text()


MISTAKES = [
    (("reconcile", "alice.txt", "nosuch.txt"), "cannot be read"),
    (("reconcile", "alice.txt", "bad.txt"), "holds '2' as bit 3"),
    (("reconcile", "alice.txt", "empty.txt"), "holds no bits"),
    (("reconcile", "alice.txt", "bad.npy"), "give one row of zeros and ones"),
    (("reconcile", "alice.txt", "broken.npy"), "no array of NumPy"),
    (("reconcile", "alice.txt", "broken.key"), "no key file"),
    (("reconcile", "alice.txt", "bob.txt", "--method", "magic"), "--method magic is unknown"),
    (("reconcile", "alice.txt", "bob.txt", "--qber", "0.4"), "too high"),
    (("reconcile", "alice.txt", "bob.txt", "--out", "no/c.txt"), "there is no folder"),
    (("reconcile", "alice.txt", "bob.txt", "--seed", "-1"), "negative"),
    (("amplify", "alice.txt", "--length", "0", "--out", "k.txt"), "--length 0 must be"),
    (("amplify", "alice.txt", "--length", "20001", "--out", "k.txt"), "--length 20001 must be"),
    (("amplify", "alice.txt", "--length", "9", "--out", "k.bin"), "no whole bytes"),
    (("amplify", "alice.txt", "--length", "9", "--seed-file", "bob.txt", "--out", "k.txt"), "take 20008"),
    (
        ("amplify", "alice.txt", "--length", "9", "--seed-file", "bob.txt", "--seed", "1", "--out", "k.txt"),
        "give one of the two",
    ),
    (("amplify", "alice.txt", "--length", "9"), "--out"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_mistakes_are_one_line(qnet, tmp_path, rows, arguments, message):
    (tmp_path / "bad.txt").write_text("0102")
    (tmp_path / "empty.txt").write_text("\n")
    np.save(tmp_path / "bad.npy", np.arange(4))
    (tmp_path / "broken.npy").write_bytes(b"junk")
    (tmp_path / "broken.key").write_text('{"format": "qnet key 1"}')
    before = {path.name for path in tmp_path.iterdir()}
    called = qnet("qkd", *arguments, "--json")
    assert called.code == 2
    assert message in called.err
    assert called.err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == before
