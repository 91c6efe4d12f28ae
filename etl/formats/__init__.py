"""One module per format: what python-calamine leaves out of it, or how it is read where calamine cannot.

archive      zipped workbooks: unpacked under a limit that lying sizes do not get round
xlsx, xlsb   error cells, extent (and merged ranges) of zipped workbooks, from their sheet parts
xls          the same of Excel 97 workbooks (.xls, older .et), from the records of their OLE stream
ods          OpenDocument, read wholly: calamine repeats a cell as often as the file says
office_xml   SpreadsheetML 2003 wearing .xls, as hospital systems write it
html         HTML tables wearing .xls
delimited    text with commas, tabs or semicolons
grid         rows of one sheet that are filled cell by cell, under the limits
"""
