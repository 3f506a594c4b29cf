"""Read reports and agreement texts into a knowledge graph of who said what."""

__version__ = "0.1.0"
