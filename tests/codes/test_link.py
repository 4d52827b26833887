"""The noise of a link: what it does to a remote gate, and to a logical Bell pair across a seam."""

from functools import cache

import pytest
import sinter
import stim

from circuits.codes._record import Recorder
from circuits.codes.distillation import distillation
from circuits.codes.link import Link, remote_cx_layer
from circuits.codes.named import five_qubit
from circuits.codes.surgery import logical_bell_pair, pairs_per_round
from circuits.noise import CircuitNoise
from decoders import collect, fit_threshold

BULK = CircuitNoise.uniform_depolarizing(0.001)


def _observed(write):
    """The model of two qubits of Bell pairs with references, after what `write` appends and a CX undone."""
    out = Recorder()
    with out.noiseless():
        out.add("H", [2, 3])
        out.add("CX", [2, 0, 3, 1])
    write(out)
    with out.noiseless():
        out.add("CX", [0, 1])
        for letters in ({2: "X", 0: "X"}, {2: "Z", 0: "Z"}, {3: "X", 1: "X"}, {3: "Z", 1: "Z"}):
            (place,) = out.measure_products([letters])
            out.detector([place], ())
    return out.finish(None).detector_error_model(approximate_disjoint_errors=True)


@pytest.mark.parametrize("error", [0.03, 0.4])
def test_a_gate_error_depolarises_both_qubits_after_the_gate(error):
    def remote(out):
        remote_cx_layer(out, [(0, 1)], [], link=Link(gate_error=error), first_free=4)

    def local(out):
        out.add("CX", [0, 1])
        out.add("DEPOLARIZE2", [0, 1], error, tag="link")

    assert _observed(remote).approx_equals(_observed(local), atol=1e-12)
    assert _observed(remote).num_errors == 15


def test_each_gate_has_the_error_of_its_own_link():
    out = Recorder()
    links = [Link(gate_error=0.1), Link(), Link(gate_error=0.2), Link(gate_error=0.1)]
    remote_cx_layer(out, [(0, 1), (2, 3), (4, 5), (6, 7)], [], link=links, first_free=8)
    noise = [item for item in out.finish(BULK) if item.name == "DEPOLARIZE2" and item.tag == "link"]
    struck = {item.gate_args_copy()[0]: [t.value for t in item.targets_copy()] for item in noise}
    assert struck == {0.1: [0, 1, 6, 7], 0.2: [4, 5]}


def test_of_a_bell_measurement_a_fifth_of_the_gate_error_does_nothing():
    def model(link):
        circuit = logical_bell_pair(3, form="bell", link=link)
        return circuit.detector_error_model(approximate_disjoint_errors=True)

    gate, pair = model(Link(gate_error=0.1)), model(Link.werner(1 - 0.08))
    assert gate.approx_equals(pair, atol=1e-12)


@cache
def _counted(decoder: str, link: Link, distance: int, shots: int) -> sinter.TaskStats:
    circuit = logical_bell_pair(distance, link=link, noise=BULK)
    model = None
    if decoder == "erasure":
        from decoders.heralds import decomposed_model

        model = decomposed_model(circuit)
    strength = link.erasure or link.gate_erasure or link.gate_error
    task = sinter.Task(
        circuit=circuit, detector_error_model=model, json_metadata={"d": distance, "p": strength}
    )
    (stats,) = collect([task], decoders=decoder, max_shots=shots, seed=11, progress=False)
    return stats


def _rate(decoder: str, link: Link, distance: int, shots: int = 8000) -> float:
    stats = _counted(decoder, link, distance, shots)
    return stats.errors / stats.shots


@pytest.mark.parametrize("decoder", ["pymatching", "pymatching_plain"])
def test_noise_of_the_seam_has_a_threshold(decoder):
    """Ramette et al., arXiv:2302.01296: about a tenth per remote gate, with a bulk at 0.1 %."""
    small, large = (_rate(decoder, Link(gate_error=0.05), d) for d in (3, 5))
    assert large < 0.7 * small
    small, large = (_rate(decoder, Link(gate_error=0.16), d) for d in (3, 5))
    assert large > 1.04 * small


@pytest.mark.parametrize("decoder", ["pymatching", "pymatching_plain"])
def test_the_curves_of_the_seam_cross_between_9_and_15_percent(decoder):
    found = fit_threshold(
        [_counted(decoder, Link(gate_error=p), d, 8000) for p in (0.1, 0.13, 0.16) for d in (3, 5)]
    )
    assert 0.09 + 3 * found.stderr < found.value < 0.15
    assert found.stderr < 0.01


@pytest.mark.parametrize(
    "lost", [Link(erasure=0.2, gate_error=0.01), Link(gate_erasure=0.2, gate_error=0.01)]
)
def test_heralds_decide_whether_losses_are_too_many(lost):
    """At a loss of 20 % and noise of 1 % the aware decoder gains by distance, the blind one loses."""
    aware = [_rate("erasure", lost, d, 6000) for d in (3, 5)]
    blind = [_rate("pymatching_plain", lost, d, 6000) for d in (3, 5)]
    assert aware[1] < 0.85 * aware[0]
    assert blind[1] > 1.04 * blind[0] > 2 * aware[0]


def test_each_qubit_of_a_gate_is_lost_by_itself_and_this_is_heralded():
    out = Recorder()
    remote_cx_layer(out, [(0, 1), (2, 3)], [], link=[Link(gate_erasure=0.1), Link()], first_free=4)
    circuit = out.finish(BULK)
    lost = [item for item in circuit if item.name == "HERALDED_ERASE"]
    assert [[t.value for t in item.targets_copy()] for item in lost] == [[0, 1]]
    heralds = [item.gate_args_copy() for item in circuit if item.name == "DETECTOR" and item.tag == "herald"]
    assert heralds == [[0.0, -2.0, 0.0], [0.0, -3.0, 0.0]]
    fired = circuit.compile_detector_sampler(seed=1).sample(20_000)[:, :2]
    assert abs(fired.mean(axis=0) - 0.1).max() < 5 * (0.09 / 20_000) ** 0.5
    assert abs(fired.all(axis=1).mean() - 0.01) < 5 * (0.01 / 20_000) ** 0.5


@pytest.mark.parametrize("form", ["direct", "bell", "mixed"])
def test_every_remote_gate_over_the_seam_has_two_heralds_of_its_loss(form):
    circuit = logical_bell_pair(3, form=form, link=Link(gate_erasure=0.1), noise=BULK)
    tags = [item.tag for item in circuit.flattened() if item.name == "DETECTOR"]
    assert tags.count("herald") == 2 * 3 * pairs_per_round(3, form=form)
    assert circuit.detector_error_model(approximate_disjoint_errors=True).num_errors > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Link(gate_erasure=1.2), "gate_erasure = 1.2: a probability lies in"),
        (
            lambda: Link(gate_error=0.95),
            r"gate_error = 0.95: a depolarising probability lies in \[0, 0.9375\]",
        ),
        (lambda: Link(gate_error=-0.1), "gate_error = -0.1"),
        (
            lambda: distillation(five_qubit(), link=Link(gate_error=0.1)),
            "distillation has no gate across the link",
        ),
    ],
)
def test_what_is_no_link_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_link_is_a_value():
    link = Link.werner(0.9, erasure=0.1, gate_error=0.05)
    assert eval(repr(link)) == link
    assert isinstance(logical_bell_pair(2, link=link), stim.Circuit)
