"""Files that are not tables of text: recognised by their first bytes, and refused with a way to read them."""

from __future__ import annotations

import re

from .unreadable import unreadable

_AS_CSV = "Save or export it as CSV (UTF-8)."


def _with_pandas(call: str) -> str:
    return f"Pass the DataFrame that pandas reads: read_data(pd.{call}), or export it as CSV (UTF-8)."


_IMAGE = "Pass a CSV with a column of URLs of images instead."
_BINARY = (
    (b"PAR1", "a Parquet file", _with_pandas("read_parquet(path)")),
    (b"ARROW1", "an Arrow (Feather) file", _with_pandas("read_feather(path)")),
    (b"FEA1", "a Feather file", _with_pandas("read_feather(path)")),
    (b"Obj\x01", "an Avro file", _AS_CSV),
    (b"ORC", "an ORC file", _with_pandas("read_orc(path)")),
    (b"SQLite format 3\0", "an SQLite database", _with_pandas('read_sql("SELECT * FROM …", connection)')),
    (b"\x89HDF\r\n", "an HDF5 file", _with_pandas("read_hdf(path)")),
    (b"$FL2", "an SPSS file", _with_pandas("read_spss(path)")),
    (b"$FL3", "an SPSS file", _with_pandas("read_spss(path)")),
    (b"<stata_dta>", "a Stata file", _with_pandas("read_stata(path)")),
    (b"RDX2\n", "an R data file", "In R, load it and save it with write.csv(…, row.names = FALSE)."),
    (b"RDX3\n", "an R data file", "In R, load it and save it with write.csv(…, row.names = FALSE)."),
    (b"X\n\0\0\0", "an R object (.rds)", "In R, save it with write.csv(readRDS(path), …, row.names = FALSE)."),
    (b"\x80\x04\x95", "a Python pickle", _with_pandas("read_pickle(path)")),
    (b"\x80\x05\x95", "a Python pickle", _with_pandas("read_pickle(path)")),
    (b"\x93NUMPY", "a NumPy array", "Pass a DataFrame: read_data(pd.DataFrame(np.load(path)))."),
    (b"\0\5\x16\7", "a resource file of macOS", 'Pass the file whose name does not begin with "._".'),
    (b"%PDF", "a PDF", "Pass the data that it was made from, as CSV (UTF-8)."),
    (b"{\\rtf", "a rich text document (RTF)", "Save it as plain text (UTF-8)."),
    (b"\x89PNG", "an image (PNG)", _IMAGE),
    (b"\xff\xd8\xff", "an image (JPEG)", _IMAGE),
    (b"GIF8", "an image (GIF)", _IMAGE),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and pass the path of the file in it."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it and pass the path of the file in it."),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "Unpack it and pass the path of the file in it."),
    (b"version https://git-lfs.", "a Git LFS pointer, not the data", "Run `git lfs pull`, then read the file again."),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_SAS = bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"
_OLD_STATA = re.compile(rb"[\x69\x6c\x6e-\x73][\x01\x02]\x01\x00")
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|script|meta|title)\b", re.I | re.S)
_XML = re.compile(r"\s*<\?xml\b", re.I)
_MARKDOWN = re.compile(r"\s*\|.*\|[ \t]*\r?\n[ \t]*\|[ \t:|-]*-[ \t:|-]*\|[ \t]*(?:\r?\n|$)")
_ARFF = re.compile(r"(?:\s*%[^\n]*\n)*\s*@relation\s", re.I)


def refuse_binary(raw: bytes) -> None:
    """Raise Unreadable if the bytes are of a known kind that is not text."""
    for start, kind, remedy in _BINARY:
        if raw.startswith(start):
            raise unreadable(f"The file is {kind}.", remedy)
    if raw.startswith(_OLD_OFFICE):
        if _PROTECTED in raw:
            remedy = "Remove the password in Excel, or save it as CSV (UTF-8)."
            raise unreadable("The file is an Excel workbook protected by a password.", remedy)
        raise unreadable("The file is an old Excel workbook (.xls).", "Save it as .xlsx or as CSV (UTF-8).")
    if raw[257:262] == b"ustar":
        remedy = "Unpack it and pass the path of one of its files, or a list of paths."
        raise unreadable("The file is a tar archive.", remedy)
    if raw.startswith(_SAS):
        raise unreadable("The file is a SAS file.", _with_pandas("read_sas(path)"))
    if _OLD_STATA.match(raw):
        raise unreadable("The file is a Stata file.", _with_pandas("read_stata(path)"))


def refuse_markup(text: str) -> None:
    """Raise Unreadable if the text is a web page or XML, or attributes and data of ARFF."""
    if _HTML.match(text[:10_000]) or (_XML.match(text) and re.search(r"<html\b", text[:2000], re.I)):
        what = "The file is an HTML page."
        remedy = (
            "If it was downloaded, the server returned a web page (a login or a preview) instead of the file: download "
            "the raw file. If the table is in the page, pass read_data(pd.read_html(path)[0])."
        )
        raise unreadable(what, remedy)
    if _XML.match(text):
        kind = "an Excel workbook saved as XML" if "Excel.Sheet" in text[:1000] else "an XML file"
        raise unreadable(f"The file is {kind}.", "Save or export it as CSV (UTF-8), or pass pd.read_xml(path).")
    if _MARKDOWN.match(text):
        raise unreadable("The file is a Markdown table.", _AS_CSV)
    if _ARFF.match(text):
        raise unreadable("The file is in Weka's ARFF format.", _AS_CSV)
