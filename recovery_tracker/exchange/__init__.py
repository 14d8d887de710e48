"""File formats: what can be read and what can be written.

A file is read whole or refused whole, with one line that names the file, the row and the column.
Rows are counted as a spreadsheet shows them: the header is row 1. An empty cell is "not recorded".
Files are written under a temporary name and renamed when they are complete.
"""
