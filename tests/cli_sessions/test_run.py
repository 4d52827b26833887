"""`qnet qkd run`: every protocol on both layers, Eve's figures, aborts, files, one line for every mistake."""

import json
import math
import stat

import numpy as np
import pytest

from qnet.plotting.funnel import plot_funnel
from qnet.qkd.authentication import AuthenticationError
from qnet.qkd.eavesdroppers import InterceptResend
from qnet.qkd.errors import KeyDistributionError
from qnet.qkd.presets import preset
from qnet.qkd.rates import BB84
from qnet.qkd.sessions import (
    FlipChannel,
    KeyLost,
    ManInTheMiddle,
    SessionPlan,
    Transcript,
    photons_of,
    read_key,
    run_session,
    save_session,
    session_funnel,
)
from qnet.results import Result

CONTRACT = {"command", "parameters", "seed", "figures", "versions", "elapsed_s"}
FIGURES = {"qber", "sifted_share", "f_ec", "round_trips", "key_bits", "rate"}
SMALL = ("--signals", "30000", "--seed", "7")

ON_CIRCUITS = {
    "bb84": 1 / 2,
    "six-state": 1 / 3,
    "b92": 1 / 4,
    "sarg04": 1 / 4,
    "bbm92": 1 / 2,
    "mdi": 1 / 2,
    "e91": 2 / 9,
}
WITH_KEYS = ("bb84", "bbm92")
INTERCEPTED = {
    "bb84": {"qber_z": 1 / 4, "qber_x": 1 / 4},
    "six-state": {"qber_z": 1 / 3, "qber_x": 1 / 3, "qber_y": 1 / 3},
    "bbm92": {"qber_z": 1 / 4, "qber_x": 1 / 4},
    "mdi": {"qber_z": 1 / 4, "qber_x": 1 / 4},
    "b92": {"qber": 1 / 3},
    "sarg04": {"qber": 1 / 3},
    "e91": {"qber": 5 / 24},
}


def near(figure, expected, sigmas=5):
    """Whether a figure is where it is expected, within its own standard error."""
    spread = figure["stderr"] or 1e-9
    return abs(figure["value"] - expected) <= sigmas * max(spread, 1e-9)


@pytest.mark.parametrize("protocol", ON_CIRCUITS)
def test_every_protocol_runs_on_circuits_without_errors(qnet, protocol):
    sampler = "aer" if protocol == "e91" else "stim"
    signals = "600000" if protocol == "six-state" else "30000"
    called = qnet("qkd", "run", protocol, "--sampler", sampler, "--signals", signals, "--seed", "7", "--json")
    answer = called.json
    figures = answer["figures"]
    assert (called.code, called.err) == (0, "")
    assert set(answer) >= CONTRACT
    assert set(figures) >= FIGURES
    assert figures["qber"]["value"] == 0
    assert near(figures["sifted_share"], ON_CIRCUITS[protocol])
    ledger = answer["ledger"]
    if protocol in (*WITH_KEYS, "six-state"):
        assert figures["key_bits"]["value"] == ledger["final"] > 0
        assert figures["rate"]["value"] == ledger["final"] / int(signals)
        assert answer["stopped"] is None
    else:
        assert figures["key_bits"]["value"] == 0
        assert "no finite-key bound here" in answer["stopped"]
    if protocol == "e91":
        assert figures["chsh_s"]["value"] == pytest.approx(2 * math.sqrt(2), abs=0.1)
    assert [row["stage"] for row in answer["rows"]] == [
        "pulses",
        "detected",
        "sifted",
        "key",
        "reconciled",
        "verified",
        "secret",
    ]
    assert answer["simulated"] is True


@pytest.mark.parametrize("protocol", INTERCEPTED)
def test_eve_shows_in_every_basis_of_a_session_that_is_aborted(qnet, protocol):
    sampler = "aer" if protocol == "e91" else "stim"
    called = qnet("qkd", "run", protocol, "--sampler", sampler, *SMALL, "--eve", "intercept-resend", "--json")
    answer = called.json
    assert called.code == 1
    assert called.err.count("\n") == 1
    assert answer["error"]["type"] == "ErrorRateTooHigh"
    for name, expected in INTERCEPTED[protocol].items():
        assert near(answer["figures"][name], expected)
    assert answer["figures"]["key_bits"]["value"] == answer["figures"]["rate"]["value"] == 0
    assert answer["stopped"] == answer["error"]["message"]
    assert "keys" not in answer


@pytest.mark.parametrize(
    ("eve", "expected"),
    [
        ("intercept-resend:0.2", {"qber_z": 0.05, "qber_x": 0.05}),
        ("always-z:0.4", {"qber_z": 0.0, "qber_x": 0.2}),
        ("always_x:0.4", {"qber_z": 0.2, "qber_x": 0.0}),
        ("intercept-resend:0.4:Z", {"qber_z": 0.0, "qber_x": 0.2}),
    ],
)
def test_a_share_and_bases_are_eves_own(qnet, eve, expected):
    answer = qnet("qkd", "run", "bb84", "--sampler", "stim", *SMALL, "--eve", eve, "--json").json
    assert answer["parameters"]["eve"] == eve
    for name, value in expected.items():
        assert near(answer["figures"][name], value)


def test_noise_of_the_machine_is_the_error_rate(qnet):
    called = qnet("qkd", "run", "bb84", "--sampler", "stim", "--noise", "uniform:0.01", *SMALL, "--json")
    assert called.code == 0
    assert 0.005 < called.json["figures"]["qber"]["value"] < 0.04


@pytest.mark.parametrize(
    ("protocol", "signals"),
    [("bb84", "3e5"), ("bb84-decoy", "4e6"), ("bb84-one-decoy", "4e6"), ("bbm92", "4e6")],
)
def test_photons_make_a_key_as_long_as_the_bound_says(qnet, protocol, signals):
    asked = ("qkd", "run", protocol, "--photons", "--length", "1", "--signals", signals, "--seed", "7")
    called = qnet(*asked, "--json")
    answer = called.json
    assert called.code == 0, called.err
    ledger = answer["ledger"]
    assert ledger["final"] == answer["figures"]["key_bits"]["value"] > 0
    assert ledger["pulses"] == int(float(signals)) == answer["shots"]
    assert answer["parameters"]["preset"] == "snspd-metro"
    assert near(answer["figures"]["qber_z"], 0.005 if protocol != "bbm92" else 0.015, sigmas=60)
    assert ledger["leakage_bits"] == ledger["disclosed"]["parities"] + ledger["disclosed"]["error_counts"]


@pytest.mark.parametrize("protocol", ["six-state", "b92", "sarg04", "e91", "mdi", "bb84-no-decoy"])
def test_photons_of_the_other_protocols(qnet, protocol):
    asked = ("qkd", "run", protocol, "--photons", "--length", "1", "--signals", "1e6", "--seed", "7")
    called = qnet(*asked, "--json")
    if protocol == "six-state":
        assert called.code == 1
        assert called.json["error"]["type"] == "FiniteKeyError"
        assert "the shortest block that does" in called.err
    else:
        assert called.code == 0, called.err
        assert "no finite-key bound here" in called.json["stopped"]
    assert called.json["figures"]["qber"]["value"] < (0.03 if protocol != "mdi" else 0.2)
    if protocol == "mdi":
        assert near(called.json["figures"]["qber_x"], 0.25, sigmas=8)  # weak pulses of random phase


def test_a_seed_makes_the_same_key_as_three_parties_with_it(qnet):
    asked = ("qkd", "run", "bb84", "--photons", "--length", "1", "--signals", "2e5", "--show-keys", "--json")
    first, again, other, unseeded = (
        qnet(*asked, *seed).json for seed in (("--seed", "7"), ("--seed", "7"), ("--seed", "8"), ())
    )
    keys = [one["keys"]["alice"]["hex"] for one in (first, again, other, unseeded)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert all(one["keys"]["alice"] == one["keys"]["bob"] for one in (first, other, unseeded))
    assert (first["seed"], unseeded["seed"]) == (7, None)
    assert unseeded["keys"]["alice"]["simulated"] is True
    test = first["parameters"]["test_probability"]
    plan = SessionPlan(protocol=BB84(test_probability=test), pulses=200_000)
    quantum = photons_of(plan, preset("snspd-metro").link(1.0), seed=7)
    outcome = run_session(plan, quantum, alice_seed=7, bob_seed=7)
    assert outcome.key is not None
    assert outcome.key.to_bytes().hex() == keys[0]


def test_keys_are_told_only_where_they_are_asked_for(qnet):
    asked = ("qkd", "run", "bb84", "--sampler", "stim", *SMALL)
    key = qnet(*asked, "--show-keys", "--json").json["keys"]["bob"]["hex"]
    plain, told = qnet(*asked), qnet(*asked, "--json")
    assert key not in plain.out + plain.err + told.out + told.err
    assert "simulated" in plain.out
    assert key in qnet(*asked, "--show-keys").out


def test_a_folder_holds_both_keys_the_transcript_and_the_ledger(qnet, tmp_path):
    asked = ("qkd", "run", "bb84", "--sampler", "stim", *SMALL, "--out", "monday", "--json")
    answer = qnet(*asked).json
    folder = tmp_path / "monday"
    names = {"alice.key", "bob.key", "transcript.jsonl", "ledger.json"}
    assert {path.name for path in folder.iterdir()} == names
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    ends = [read_key(folder / f"{end}.key") for end in ("alice", "bob")]
    assert ends[0] == ends[1]
    assert len(ends[0]) == answer["figures"]["key_bits"]["value"]
    assert all(one.simulated and one.secret for one in ends)
    assert Transcript.load(folder / "transcript.jsonl").disclosed() == answer["ledger"]["disclosed"]
    assert json.loads((folder / "ledger.json").read_text())["ledger"]["final"] == len(ends[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["monday"]
    again = qnet(*asked)
    assert again.code == 2
    assert "folder 'monday' is there already" in again.err


def test_an_abort_leaves_no_file(qnet, tmp_path):
    asked = ("qkd", "run", "bb84", "--sampler", "stim", *SMALL, "--eve", "intercept-resend")
    assert qnet(*asked, "--out", "never").code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_breaks_on_the_way_is_taken_away(qnet, tmp_path, monkeypatch):
    def full(self, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Transcript, "save", full)
    called = qnet("qkd", "run", "bb84", "--sampler", "stim", *SMALL, "--out", "never")
    assert called.code == 1
    assert "No space left on device" in called.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", range(1, 7))
def test_a_folder_is_there_whole_or_not_at_all(tmp_path, monkeypatch, step):
    plan = SessionPlan(protocol=BB84(test_probability=0.3), pulses=20_000)
    channel = FlipChannel(plan.scheme.alice, plan.scheme.bob, pulses=plan.pulses, seed=1)
    outcome = run_session(plan, channel, alice_seed=1, bob_seed=2)
    calls = []

    def interrupted(handle):
        calls.append(handle)
        if len(calls) == step:
            raise KeyboardInterrupt("pulled")

    monkeypatch.setattr("qnet.qkd.sessions.saving.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt, match="pulled"):
        save_session(outcome, tmp_path / "monday")
    names = [path.name for path in tmp_path.iterdir()]
    assert names in ([], ["monday"])
    assert (step == 6) == bool(names)  # the last step comes after the renaming
    assert not names or read_key(tmp_path / "monday" / "bob.key") == outcome.key


def test_without_a_bound_the_files_are_no_keys(qnet, tmp_path):
    called = qnet("qkd", "run", "b92", "--sampler", "stim", *SMALL, "--out", "b92", "--json")
    assert called.code == 0
    with pytest.raises(KeyLost, match="is no key file"):
        read_key(tmp_path / "b92" / "alice.verified")
    texts = [(tmp_path / "b92" / f"{end}.verified").read_text() for end in ("alice", "bob")]
    assert all("not secret" in text and '"simulated":true' in text for text in texts)


def test_the_funnel_is_drawn(qnet, tmp_path):
    asked = ("qkd", "run", "bb84", "--sampler", "stim", *SMALL)
    assert qnet(*asked, "--plot", "f.png").code == 0
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    assert qnet(*asked, "--eve", "intercept-resend", "--plot", "f.svg").code == 1
    assert "bits sifted" in (tmp_path / "f.svg").read_text()


def test_the_funnel_has_a_bar_for_each_stage():
    plan = SessionPlan(protocol=BB84(test_probability=0.3), pulses=20_000)
    channel = FlipChannel(plan.scheme.alice, plan.scheme.bob, pulses=plan.pulses, seed=1)
    outcome = run_session(plan, channel, alice_seed=1, bob_seed=2)
    rows = session_funnel(outcome.ledger)
    made = Result(
        experiment="bb84",
        figures={},
        parameters={},
        seed=1,
        shots=plan.pulses,
        sampler="",
        rows=rows,
        versions={},
        elapsed_s=0.0,
    )
    axes = plot_funnel(made)
    ends = [bar.get_x() + bar.get_width() for bar in axes.patches]
    assert ends == pytest.approx([row["bits"] for row in rows])
    assert [row["bits"] for row in rows] == sorted((row["bits"] for row in rows), reverse=True)
    assert rows[-1]["bits"] == outcome.ledger.final
    with pytest.raises(ValueError, match="has no stages to draw"):
        plot_funnel(
            Result(**{**{name: getattr(made, name) for name in made.__dataclass_fields__}, "rows": ()})
        )


def test_photon_number_splitting_is_caught_by_decoys_alone(qnet):
    asked = ("--photons", "--length", "50", "--signals", "2e7", "--seed", "7", "--json")
    eve = ("--eve", "photon-number-splitting")
    honest = qnet("qkd", "run", "bb84-decoy", *asked)
    spied = qnet("qkd", "run", "bb84-decoy", *asked, *eve)
    assert honest.code == 0, honest.err
    assert spied.code == 1
    assert spied.json["error"]["type"] == "FiniteKeyError"
    assert spied.json["figures"]["qber"]["value"] < 0.02
    blind = qnet("qkd", "run", "bb84-no-decoy", *asked, *eve)
    assert blind.code == 0
    assert blind.json["figures"]["qber"]["value"] < 0.02


def test_detector_blinding_is_not_caught(qnet):
    asked = ("qkd", "run", "bb84-decoy", "--photons", "--length", "20", "--signals", "1e7", "--seed", "7")
    called = qnet(*asked, "--eve", "blinding", "--json")
    assert called.code == 0
    assert called.json["figures"]["key_bits"]["value"] > 0
    assert called.json["figures"]["qber"]["value"] == 0


@pytest.mark.parametrize("act", ["tamper", "truncate", "drop", "repeat", "forge"])
def test_a_man_in_the_middle_ends_the_session(qnet, act):
    called = qnet(
        "qkd", "run", "bb84", "--sampler", "stim", *SMALL, "--eve", f"man-in-the-middle:{act}:5", "--json"
    )
    assert called.code == 1
    assert called.json["error"]["type"] in ("AuthenticationError", "PeerSilent", "BadFrame")
    assert called.json["figures"]["key_bits"]["value"] == 0


def test_the_account_of_an_abort_compares_all_sifted_bits():
    plan = SessionPlan(protocol=BB84(test_probability=0.5), pulses=20_000)
    ends = plan.scheme.alice, plan.scheme.bob
    with pytest.raises(KeyDistributionError, match="above") as caught:
        run_session(plan, FlipChannel(*ends, pulses=plan.pulses, flip=0.3, seed=1), alice_seed=1, bob_seed=2)
    ledger = caught.value.ledger
    assert sum(rate.bits for rate in ledger.error_rates.values()) == ledger.sifted
    assert ledger.qber.value == pytest.approx(0.3, abs=5 * ledger.qber.stderr)
    assert (ledger.final, ledger.reconciled, ledger.verified) == (None, 0, 0)
    assert ledger.stopped == str(caught.value)
    with pytest.raises(AuthenticationError, match="message") as early:
        run_session(
            plan,
            FlipChannel(*ends, pulses=plan.pulses, seed=1),
            meddler=ManInTheMiddle(act="tamper", frame=0),
        )
    assert early.value.ledger.sifted == 0
    assert np.isnan(early.value.ledger.qber.value)


MISTAKES = [
    (("bb84",), "--sampler NAME or --photons --length KM: neither was given"),
    (("bb84", "--sampler", "stim", "--photons", "--length", "5"), "give one of the two"),
    (("bb84", "--photons"), "--photons need --length KM"),
    (("bb84", "--sampler", "stim", "--length", "5"), "--length is a link's"),
    (("bb84", "--sampler", "stim", "--preset", "gys"), "--preset is a link's"),
    (("bb85", "--sampler", "stim"), "did you mean bb84?"),
    (("twin-field", "--sampler", "stim"), "has no session"),
    (("bb84-decoy", "--sampler", "stim"), "needs weak pulses"),
    (("bb84", "--sampler", "stim", "--eve", "intercept-resent"), "did you mean intercept-resend?"),
    (("bb84", "--sampler", "stim", "--eve", "mallory"), "always-y, photon-number-splitting, blinding"),
    (("bb84", "--sampler", "stim", "--eve", "alway-z"), "did you mean always-z?"),
    (("bb84", "--sampler", "stim", "--set", "sampel_share=0.1"), "did you mean sample_share?"),
    (("bb84", "--sampler", "stim", "--eve", "intercept-resend:2"), "share=2.0"),
    (("bb84", "--sampler", "stim", "--eve", "always-z:0.5:X"), "too many parts"),
    (("bb84", "--sampler", "stim", "--eve", "photon-number-splitting"), "photon numbers"),
    (("bb84", "--sampler", "stim", "--eve", "man-in-the-middle:sing"), "act='sing' is unknown"),
    (("bb84", "--sampler", "stim", "--eve", "man-in-the-middle:drop:x"), "frame 'x'"),
    (("bb84", "--sampler", "nosuch"), "nosuch"),
    (("bb84", "--sampler", "stim", "--signals", "0"), "no whole number of at least 1"),
    (("bb84", "--sampler", "stim", "--signals", "1.5"), "no whole number of at least 1"),
    (("bb84", "--sampler", "stim", "--seed", "-1"), "--seed -1 is negative"),
    (("bb84", "--sampler", "stim", "--set", "efficiency=0.5"), "efficiency"),
    (("bb84", "--sampler", "stim", "--set", "test_probability"), "has no '='"),
    (("bb84", "--photons", "--length", "5", "--preset", "nosuch"), "there is no preset"),
    (("bb84", "--photons", "--length", "-5"), "length_km"),
    (("bb84", "--sampler", "stim", "--plot", "f.gif"), "ends in '.gif'"),
    (("bb84", "--sampler", "stim", "--out", "no/such"), "there is no folder 'no'"),
    (("e91", "--sampler", "stim", "--signals", "1000"), "it is not Clifford"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_mistakes_are_one_line(qnet, arguments, message):
    called = qnet("qkd", "run", *arguments, "--json")
    assert called.code == 2
    assert message in called.err
    assert called.err.count("\n") == 1
    assert message in called.json["error"]["message"]


FAILURES = [
    (("--signals", "2000"), "FiniteKeyError", "the shortest block that does has"),
    (("--signals", "50"), "TooFewBits", "send more pulses"),
    (("--set", "highest_qber=0.02", "--eve", "intercept-resend:0.2"), "ErrorRateTooHigh", "above 2.00%"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), FAILURES)
def test_failures_have_a_name_a_reason_and_figures(qnet, arguments, kind, message):
    called = qnet("qkd", "run", "bb84", "--sampler", "stim", *SMALL[2:], *arguments, "--json")
    assert called.code == 1
    assert called.json["error"]["type"] == kind
    assert message in called.err
    assert set(called.json["figures"]) >= FIGURES
    text = qnet("qkd", "run", "bb84", "--sampler", "stim", *SMALL[2:], *arguments)
    assert text.code == 1
    assert "qber" in text.out
    assert text.err.count("\n") == 1


def test_the_help_lists_everybody_who_may_listen(qnet):
    told = " ".join(qnet("qkd", "run", "--help").out.replace("│", " ").split())
    for name in ("intercept-resend", "always-z", "photon-number-splitting", "blinding", "man-in-the-middle"):
        assert name in told
    assert InterceptResend.name == "intercept-resend"
