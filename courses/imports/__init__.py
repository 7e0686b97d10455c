"""Real input: a region's sheets, read, judged whole, and put into the database.

`sheets` says as data what may be given; `reading` takes it from CSV files or a
workbook, `checking` turns cells into values, `putting` writes them, `loading` does it
all in one transaction, and `template` makes the file to fill in.
"""
