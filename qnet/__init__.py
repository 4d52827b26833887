"""Design, run and measure quantum networks: experiments, samplers, results and the command line."""

__version__ = "0.1.0"
