#!/usr/bin/env bash
# pydicom 3.0.2.
# Belief: a PDF put into an Encapsulated PDF instance comes out byte for byte.
# Seen: DICOM values have even length. A report of 13 bytes comes back with 14, and nothing in the
#   instance says how long it was unless EncapsulatedDocumentLength is written by hand; checksums and
#   signatures of the report no longer fit.
source "$(dirname "$0")/environment.sh"
install pydicom==3.0.2
"$python" - <<'PY'
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian, generate_uid

report = b"%PDF-1.7 odd."
instance = Dataset()
instance.SOPClassUID, instance.SOPInstanceUID = EncapsulatedPDFStorage, generate_uid()
instance.MIMETypeOfEncapsulatedDocument = "application/pdf"
instance.EncapsulatedDocument = report
instance.file_meta = FileMetaDataset()
instance.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
instance.save_as("report.dcm", enforce_file_format=True)
again = pydicom.dcmread("report.dcm")
print(len(report), "bytes in,", len(again.EncapsulatedDocument), "out; length kept:", "EncapsulatedDocumentLength" in again)
assert again.EncapsulatedDocument == report + b"\0", "the padding is cut now"
assert "EncapsulatedDocumentLength" not in again
PY
