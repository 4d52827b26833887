"""How Sphinx builds the site: `make docs`."""

import sys
from pathlib import Path

from qnet import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "qnet"
author = "the authors of qnet"
copyright = author  # noqa: A001
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "house"]
exclude_patterns = ["images/README.md"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
default_role = "code"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "show-inheritance": False}
autodoc_preserve_defaults = True
napoleon_use_rtype = False
napoleon_use_param = False
napoleon_custom_sections = [("Source", "notes")]

html_theme = "furo"
html_title = f"qnet {version}"
html_show_sourcelink = False
html_show_copyright = False
