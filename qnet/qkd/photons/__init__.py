"""Pulses of light, one by one: the quantum layer of a real link."""

from qnet.qkd.photons.building import photon_channel
from qnet.qkd.photons.channel import PhotonChannel
from qnet.qkd.photons.counting import Counted, count_clicks, drawn_choices
from qnet.qkd.photons.interception import Overheard

__all__ = ["photon_channel", "PhotonChannel", "Overheard", "count_clicks", "Counted", "drawn_choices"]
