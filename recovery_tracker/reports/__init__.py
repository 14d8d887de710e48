"""The one-page PDF: the same content in every export.

May import domain, trends and fonts; figures are passed in ready-made, as SVG.
"""

from .facts import operation_words
from .handover import PLAIN, Handover
from .pdf import Picture, write_pdf
from .summary import RecoverySummary, summarise
from .tables import Part, write_tables
from .typeset import PAPERS
