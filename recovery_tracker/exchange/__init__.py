"""The letterboxes: files that come in and go out.

A file is read whole or refused whole, with one line that names the file, the row and the column.
Rows are counted as a spreadsheet shows them: the header is row 1. An empty cell is "not recorded".
What leaves is written beside its place and moved there when it is complete.
"""
