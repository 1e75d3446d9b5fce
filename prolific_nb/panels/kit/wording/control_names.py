"""What the panels call the arguments and methods that messages name for Python users."""

from __future__ import annotations

OPTIONS = {
    "encoding": "Encoding",
    "delimiter": "Delimiter",
    "header_rows": "Header rows",
    "skip_rows": "Skip rows above the header",
    "sheet": "Sheet",
}
"""The arguments of `read_data` with a control in the data panel, and its label."""

REASON = "Reason to repeat"
"""The label of the field in which a review says why something is done once more."""

ARGUMENTS = {
    **OPTIONS,
    "kinds": "Kind",
    "reward": "Reward",
    "minutes": "Minutes",
    "annotators_per_task": "Annotators per task",
    "tasks_per_group": "Tasks per group",
    "max_submissions": "Submissions per participant",
    "completion_codes": "Completion codes",
    "extra": "Further fields",
    "filters": "Audience",
    "filter_set_id": "Set ID",
    "study_type": "Sample",
    "filter_set_version": "Version of the filter set",
    "internal_name": "Internal name",
    "min_chars": "At least",
    "max_chars": "At most",
    "min_files": "At least",
    "max_files": "At most",
    "at_most": "At most",
    "max_mb": "Size",
    "types": "File types",
    "none": "None of these",
    "alt": "Description",
}
"""Arguments with a control in any panel, and its label."""

_APPLY = r'proposal\.apply\((?:\.\.\., )?again="reason"\)'
_ADD = "choose {} under “New” and click “Add”"

PHRASES = (
    # composing
    (
        r"Add one and keep the result, as in design = design\.\w+\(…\)[;:] each method returns a new design",
        "To add one, " + _ADD.format("a question"),
    ),
    (r"Add one, as in design = design\.show\(column\)", "Add one"),
    (r"\.page\(\)", "page"),
    (r"Use \.side_by_side\(\) with two columns", "Put two columns beside each other"),
    (r"use \.write\(\)", "use “Free text”"),
    (r", or give it another kind in read_data", ", or change its kind in the step of the data"),
    (r", or delete it with pnb\.delete_template\(name\)", ""),
    # reading
    (r"Pass the DataFrame that pandas reads: [^;]*?\), or export", "Export"),
    (r"Pass skip_rows= with their numbers to leave them out", "Delete them in the file"),
    (r"(?:or )?read it with kinds=\{.*?: \"(\w+)\"\}", r"change its kind to “\1” below"),
    (r" \(pandas calls it orient=\"\w+\"\)", ""),
    (r"the layout that pandas calls orient=\"(\w+)\"", r"the layout “\1” of pandas"),
    # a study
    (r"\bin between=(?=\()", "in the range "),
    (r"\bbetween= was given", "a range was given"),
    (r"\bany_of= was given", "choices were given"),
    (r"run\.(resume|stop|pause)\(\)", lambda match: f"click “{match[1].capitalize()}”"),
    (r"above max_cost", "above the amount agreed to,"),
    (r"Raise max_cost or reduce", "Reduce"),
    # a review
    (rf"insist with {_APPLY}", f"insist with “{REASON}”"),
    (_APPLY, f"type the reason under “{REASON}”"),
    (r"Run proposal\.apply\(\.\.\.\) again", "Click “Apply” again"),
    (r"apply\(\) ", "“Apply” "),
    (r"Start from run\.submissions\(\) and add the column action: [^.]*\.", "Load the submissions again."),
    (r"Take the IDs? from run\.submissions\(\)", "Take the submissions from the table"),
    (r"(?:\bthe )?\bIDs? from run\.submissions\(\)", "the submissions from the table"),
    (r"run\.submissions\(\) shows", "the table shows"),
    (r"[Cc]all run\.bonus_to\(\.\.\.\) again and check the new proposal", "Remove these bonuses and add them anew"),
    (r"call run\.bonus_to\(\.\.\.\) again", "add them anew"),
    (r"Leave these rows out of the frame and review again", "Remove these bonuses"),
    (r"Leave the (?:row out|action empty)", "Remove its decision"),
    (r"leave the row out", "remove its bonus"),
    (r"Leave the bonus empty", "Remove the bonus"),
    (r"Make a new proposal with", "Keep only"),
)
"""Phrases that name code, as regular expressions, and what the panels say instead."""
