#!/usr/bin/env bash
# apple-health 2.0.0.
# Belief: a symptom record of an Apple Health export keeps its severity.
# Seen: every record's value is turned into a number, and what is no number becomes 0.0. Moderate
#   lower back pain and a night's core sleep both read as zero.
source "$(dirname "$0")/environment.sh"
install apple-health==2.0.0
cat > export.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="en_GB">
 <ExportDate value="2026-07-01 12:00:00 +0100"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1960-01-01" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Phone" sourceVersion="18" unit="count" creationDate="2026-06-30 10:40:00 +0100" startDate="2026-06-30 10:20:00 +0100" endDate="2026-06-30 10:40:00 +0100" value="700"/>
 <Record type="HKCategoryTypeIdentifierLowerBackPain" sourceName="Phone" sourceVersion="18" creationDate="2026-06-30 07:00:00 +0100" startDate="2026-06-30 06:00:00 +0100" endDate="2026-06-30 07:00:00 +0100" value="HKCategoryValueSeverityModerate"/>
 <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" sourceVersion="11" creationDate="2026-06-30 07:00:00 +0100" startDate="2026-06-29 23:00:00 +0100" endDate="2026-06-30 01:00:00 +0100" value="HKCategoryValueSleepAnalysisAsleepCore"/>
</HealthData>
XML
"$python" - <<'PY'
from health import HealthData

steps, pain, sleep = HealthData.read("export.xml").records
print("steps", steps.value, "  moderate back pain", pain.value, "  core sleep", sleep.value)
assert (steps.value, pain.value, sleep.value) == (700.0, 0.0, 0.0), "categories are kept now"
PY
