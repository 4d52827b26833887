"""Settings that a protocol does not have are refused by name, with what may be given."""

import pytest

from circuits.library.key_distribution.b92 import b92, b92_key
from circuits.library.key_distribution.bb84 import bb84, bb84_key
from circuits.library.key_distribution.bbm92 import bbm92, bbm92_key, bbm92_measurement
from circuits.library.key_distribution.e91 import e91, e91_key, e91_measurement
from circuits.library.key_distribution.mdi import mdi, mdi_key, mdi_preparation
from circuits.library.key_distribution.sarg04 import sarg04, sarg04_key
from circuits.library.key_distribution.six_state import six_state, six_state_key

BASES = r"choose one of 'Z', 'X'$"
BITS = r"choose one of 0, 1$"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bb84(2, "Z", "X"), rf"bit=2 is not offered; {BITS}"),
        (lambda: bb84("0", "Z", "X"), rf"bit='0' is not offered; {BITS}"),
        (lambda: bb84(0, "Y", "X"), rf"basis='Y' is not offered; {BASES}"),
        (lambda: bb84(0, "Z", "x"), rf"measured='x' is not offered; {BASES}"),
        (lambda: bb84(0, "Z", None), rf"measured=None is not offered; {BASES}"),
        (lambda: six_state(0, "Y", "W"), r"measured='W' is not offered; choose one of 'Z', 'X', 'Y'$"),
        (lambda: six_state(0, "", "Y"), r"basis='' is not offered; choose one of 'Z', 'X', 'Y'$"),
        (lambda: b92(-1, "Z"), rf"bit=-1 is not offered; {BITS}"),
        (lambda: b92(0, "Y"), rf"measured='Y' is not offered; {BASES}"),
        (lambda: sarg04("i", "+", "Z"), r"state='i' is not offered; choose one of '0', '1', '\+', '-'$"),
        (lambda: sarg04("0", "i", "Z"), r"partner='i' is not offered; choose one of '0', '1', '\+', '-'$"),
        (
            lambda: sarg04("0", "1", "Z"),
            r"partner='1' is in the basis of state='0'; choose one of \['\+', '-'\]",
        ),
        (
            lambda: sarg04_key("+", "+", "Z", [0]),
            r"partner='\+' is in the basis of state='\+'; choose one of",
        ),
        (lambda: sarg04("0", "+", "Y"), rf"measured='Y' is not offered; {BASES}"),
        (lambda: e91(3, 0), r"^i=3 is not offered; choose one of 0, 1, 2$"),
        (lambda: e91(0, -1), r"^j=-1 is not offered; choose one of 0, 1, 2$"),
        (lambda: e91_measurement(0, side="eve"), r"side='eve' is not offered; choose one of 'alice', 'bob'$"),
        (lambda: bbm92("Y", "Z"), rf"^alice_basis='Y' is not offered; {BASES}"),
        (lambda: bbm92("Z", 1), rf"^bob_basis=1 is not offered; {BASES}"),
        (lambda: bbm92_measurement("Z", side=""), r"side='' is not offered; choose one of 'alice', 'bob'$"),
        (lambda: mdi(0, "Y", 0, "Z"), rf"^alice_basis='Y' is not offered; {BASES}"),
        (lambda: mdi(0, "Z", 2, "Z"), rf"^bob_bit=2 is not offered; {BITS}"),
        (
            lambda: mdi_preparation(0, "Z", side="c"),
            r"side='c' is not offered; choose one of 'alice', 'bob'$",
        ),
        (
            lambda: mdi_key(0, "Z", 0, "Z", [0, 0], accepted=["Psi"]),
            r"accepted='Psi' is not offered; choose one",
        ),
        (lambda: bb84_key(5, "Z", "Z", [0]), rf"^bit=5 is not offered; {BITS}"),
        (lambda: bb84_key(0, "Q", "Z", [0]), rf"^basis='Q' is not offered; {BASES}"),
        (
            lambda: six_state_key(0, "Y", "Q", [0]),
            r"^measured='Q' is not offered; choose one of 'Z', 'X', 'Y'$",
        ),
        (lambda: b92_key(3, "Z", [1]), rf"^bit=3 is not offered; {BITS}"),
        (lambda: b92_key(0, "Q", [1]), rf"^measured='Q' is not offered; {BASES}"),
        (lambda: sarg04_key("0", "+", "Q", [1]), rf"^measured='Q' is not offered; {BASES}"),
        (lambda: e91_key(7, 0, [0, 0]), r"^i=7 is not offered; choose one of 0, 1, 2$"),
        (lambda: bbm92_key("Z", "Q", [0, 0]), rf"^bob_basis='Q' is not offered; {BASES}"),
        (lambda: mdi_key(0, "Q", 0, "Z", [0, 0]), rf"^alice_basis='Q' is not offered; {BASES}"),
        (lambda: mdi_key(0, "Z", 2, "Z", [0, 0]), rf"^bob_bit=2 is not offered; {BITS}"),
    ],
)
def test_another_setting_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "count"),
    [
        (lambda o: bb84_key(0, "Z", "Z", o), 1),
        (lambda o: six_state_key(0, "Z", "Z", o), 1),
        (lambda o: b92_key(0, "Z", o), 1),
        (lambda o: sarg04_key("0", "+", "Z", o), 1),
        (lambda o: e91_key(0, 0, o), 2),
        (lambda o: bbm92_key("Z", "Z", o), 2),
        (lambda o: mdi_key(0, "Z", 0, "Z", o), 2),
    ],
)
def test_other_outcomes_are_refused(call, count):
    for outcomes in ([], [0] * (count + 1), [2] * count):
        with pytest.raises(
            ValueError, match=rf"outcomes=.* are no outcomes of the circuit; give {count} bits"
        ):
            call(outcomes)
