"""The commands about key distribution, under `qnet qkd`."""

from __future__ import annotations

from qnet.cli._groups import command_group
from qnet.cli._options import examples
from qnet.cli.commands.qkd.alice import alice
from qnet.cli.commands.qkd.amplify import amplify
from qnet.cli.commands.qkd.bob import bob
from qnet.cli.commands.qkd.channel import channel
from qnet.cli.commands.qkd.compare import compare
from qnet.cli.commands.qkd.pool import pool
from qnet.cli.commands.qkd.protocols import presets, protocols
from qnet.cli.commands.qkd.rate import rate
from qnet.cli.commands.qkd.reconcile import reconcile
from qnet.cli.commands.qkd.run import run
from qnet.cli.commands.qkd.settle import settle

__all__ = ["qkd"]

qkd = command_group(
    "Key distribution: how much of a key is secret, endless or finite, and what bounds it.",
    "qnet qkd rate bb84-decoy --length 50",
    "qnet qkd compare --plot rates.png",
    "qnet qkd run bb84 --sampler stim --eve intercept-resend",
)
qkd.command(
    "rate",
    epilog=examples(
        "qnet qkd rate bb84-decoy --length 50 --preset lim2014 --finite 1e7",
        "qnet qkd rate twin-field --curve 0:400:5 --plot twin.png --csv twin.csv",
        "qnet qkd rate sarg04 --length 80 --set intensity=0.3 --set misalignment=0.02 --json",
    ),
)(rate)
qkd.command(
    "compare",
    epilog=examples(
        "qnet qkd compare --plot rates.png",
        "qnet qkd compare bb84-decoy twin-field --curve 0:500:10 --repeaters 0,1,3 --plot far.svg",
        "qnet qkd compare bb84-decoy --finite 1e5 --finite 1e7 --endless --plot blocks.png",
    ),
)(compare)
qkd.command(
    "protocols",
    epilog=examples("qnet qkd protocols", "qnet qkd protocols bb84-decoy", "qnet qkd protocols --json"),
)(protocols)
qkd.command("presets", epilog=examples("qnet qkd presets", "qnet qkd presets --json"))(presets)
qkd.command(
    "run",
    epilog=examples(
        "qnet qkd run bb84-decoy --photons --length 20 --signals 1e9 --plot funnel.png --out monday",
        "qnet qkd run bb84 --sampler stim --eve intercept-resend:0.1",
        "qnet qkd run six-state --sampler aer --noise uniform:0.002 --seed 7 --json",
        "qnet qkd run e91 --photons --length 5",
    ),
)(run)
qkd.command(
    "reconcile",
    epilog=examples(
        "qnet qkd reconcile alice.txt bob.txt --out corrected.txt",
        "qnet qkd reconcile alice.bin bob.bin --method least-leakage --json",
        "qnet qkd reconcile alice.npy bob.npy --method original --qber 0.03 --block-length 10000",
    ),
)(reconcile)
qkd.command(
    "amplify",
    epilog=examples(
        "qnet qkd amplify corrected.txt --length 50000 --save-seed seed.txt --out bob.txt",
        "qnet qkd amplify alice.txt --length 50000 --seed-file seed.txt --out key.txt --json",
    ),
)(amplify)
qkd.command(
    "channel",
    epilog=examples(
        "qnet qkd channel bb84 --pulses 1000000 --set test_probability=0.2 --flip 0.02 --listen :7001",
        "qnet qkd channel bb84-decoy --pulses 1000000000 --length 20 --preset snspd-metro --listen :7001",
    ),
)(channel)
qkd.command(
    "alice",
    epilog=examples(
        "qnet qkd pool alice.pool --key shared.bin",
        "qnet qkd alice bb84 --pulses 1000000 --set test_probability=0.2 --channel 127.0.0.1:7001"
        " --listen :7002 --pool alice.pool --out alice",
    ),
)(alice)
qkd.command(
    "bob",
    epilog=examples(
        "qnet qkd pool bob.pool --key shared.bin",
        "qnet qkd bob bb84 --pulses 1000000 --set test_probability=0.2 --channel 127.0.0.1:7001"
        " --alice 127.0.0.1:7002 --pool bob.pool --out bob",
    ),
)(bob)
qkd.command(
    "settle",
    epilog=examples(
        "qnet qkd settle alice --listen :7002 --pool alice.pool --out alice",
        "qnet qkd settle bob --alice 127.0.0.1:7002 --pool bob.pool --out bob --json",
    ),
)(settle)
qkd.command(
    "pool",
    epilog=examples("qnet qkd pool alice.pool --key shared.bin", "qnet qkd pool alice.pool --json"),
)(pool)
