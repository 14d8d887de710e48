"""Pages to hand over: one story, told the same in every export.

May import domain, trends and fonts; a picture comes in finished, as SVG.
"""

from .pdf import PAPERS, Picture, write_pdf
from .summary import NOBODY, Identity, RecoverySummary, summarise

__all__ = ["NOBODY", "PAPERS", "Identity", "Picture", "RecoverySummary", "summarise", "write_pdf"]
