"""Pages to hand over: one story, told the same in every export.

May import domain, trends and fonts; a picture comes in finished, as SVG.
"""

from .pdf import PAPERS, Picture, write_pdf
from .summary import PLAIN, Handover, RecoverySummary, summarise

__all__ = ["PAPERS", "PLAIN", "Handover", "Picture", "RecoverySummary", "summarise", "write_pdf"]
