"""Studies: codes × distances × noises × decoders, sampled, decoded and fitted.

A study is a value that tells its points and is read from a TOML file. In the layers of the house this room
lies beside `qnet.execution`: the rooms above bring studies of their own kind, and the face runs them all.
"""

from qnet.studies.decoding import decode
from qnet.studies.errors import StudyError
from qnet.studies.file import BadStudy, StudyFile, read_study
from qnet.studies.kinds import Point, Study
from qnet.studies.models import circuit_of_model, error_model
from qnet.studies.noises import NamedNoise, named_noise
from qnet.studies.points import CodePoint
from qnet.studies.running import run_study
from qnet.studies.seams import SeamPoint, SeamStudy
from qnet.studies.stability import StabilityPoint, StabilityStudy
from qnet.studies.study import CodeStudy

__all__ = [
    "CodeStudy",
    "CodePoint",
    "SeamStudy",
    "SeamPoint",
    "StabilityStudy",
    "StabilityPoint",
    "Study",
    "Point",
    "read_study",
    "StudyFile",
    "run_study",
    "decode",
    "error_model",
    "circuit_of_model",
    "named_noise",
    "NamedNoise",
    "StudyError",
    "BadStudy",
]
