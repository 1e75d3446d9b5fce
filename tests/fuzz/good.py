"""Valid bodies for every operation with a body, since generated bodies are rarely valid."""

from __future__ import annotations

import json
from typing import Any

from tests.sandbox.flow import CHOICE, COLUMNS, DETAILS, FIELD, WRITING, pages

from .seeded import ADDRESS, AGE, CODE, LATER, PEOPLE

Pool = dict[str, list[str]]
Body = dict[str, Any] | str

SCHEMA = {"strict": False, "fields": {name: {"type": kind} for name, kind in COLUMNS.items()}}
LINES = [json.dumps({"review": f"new {number}", "feeling": "good"}) for number in range(3)]
INSTRUCTION = {**CHOICE, "created_by": "Sandbox Researcher"}


def bodies(operation: str, pool: Pool) -> list[Body]:
    """Bodies for the operation of that name; none for one without a body, or one that the sandbox lacks."""
    return [*_data(pool).get(operation, []), *_studies(pool).get(operation, []), *_people(pool).get(operation, [])]


def _data(pool: Pool) -> dict[str, list[Body]]:
    [workspace], (filled, *_) = pool["workspace"], pool["dataset"]
    batch = {"name": "b", "workspace_id": workspace, "task_details": DETAILS, "dataset_id": filled}
    layout = pages(FIELD, CHOICE, WRITING)
    more: Body = {"instructions": [INSTRUCTION, {**WRITING, "created_by": "Sandbox Researcher"}]}
    kept: Body = {"instructions": [{**WRITING, "id": pool["instruction"][1]}, INSTRUCTION]}
    return {
        "createDataset": [{"name": "d", "workspace_id": workspace, **more} for more in ({"schema": SCHEMA}, {})],
        "updateDatasetSchema": [{"schema": {**SCHEMA, "fields": {**SCHEMA["fields"], "more": {"type": "text"}}}}],
        "appendDatapoints": ["\n".join(LINES), LINES[0]],
        "createBatch": [{**batch, "batch_items": layout}, batch],
        "updateBatch": [{"batch_items": layout, "dataset_id": filled}, {"name": "n", "auto_sync_enabled": True}],
        "duplicateBatch": [{"name": "copy"}, {"upload_new_dataset": True}],
        "setupBatch": [{"dataset_id": filled, "tasks_per_group": 2}],
        "createInstructions": [more],
        "replaceInstructions": [more, kept],
    }


def _studies(pool: Pool) -> dict[str, list[Body]]:
    [workspace], (ready, *_), (done, *_) = pool["workspace"], pool["ready"], pool["study"]
    shared = {
        "name": "s",
        "description": "d",
        "prolific_id_option": "not_required",
        "estimated_completion_time": 6,
        "reward": 150,
    }
    of_batch = {"data_collection_method": "AI_TASK_BUILDER_BATCH", "data_collection_id": ready}
    places = {"data_collection_metadata": {"annotators_per_task": 2}}
    elsewhere = {"external_study_url": ADDRESS, "completion_codes": [CODE], "total_available_places": 3}
    waiting, who = pool["submission"], pool["participant"]
    rejection = {"action": "REJECT", "message": "m" * 100, "rejection_category": "LOW_EFFORT"}
    asked = {"filters": [AGE], "workspace_id": workspace, "study_type": "QUOTA", "total_available_places": 10}
    return {
        "createStudy": [{**shared, **of_batch, **places}, {**shared, **elsewhere}],
        "updateStudy": [{"data_collection_metadata": {"annotators_per_task": 4}}, {"name": "n", "reward": 200}],
        "transitionStudy": [
            *({"action": action} for action in ("PUBLISH", "PAUSE", "START", "STOP", "CANCEL_PUBLISH")),
            {"action": "SCHEDULE_PUBLISH", "publish_at": LATER},
        ],
        "cloneStudy": [{"block_previous_participants": False}, {}],
        "calculateStudyCost": [{"reward": 150, "total_available_places": 10}],
        "predictRecruitmentTime": [{**asked, "reward": 150, "estimated_completion_time": 6}],
        "transitionSubmission": [
            rejection,
            *({"action": action} for action in ("APPROVE", "RETURN", "UNREJECT", "UNRETURN", "START", "SCREEN_OUT")),
            {"action": "COMPLETE", "completion_code": "DONE"},
        ],
        "requestReturn": [{"request_return_reasons": ["Withdrew consent."]}],
        "bulkApprove": [{"submission_ids": waiting[3:5]}, {"study_id": done, "participant_ids": who[-2:]}],
        "createBonuses": [{"study_id": done, "csv_bonuses": f"{waiting[0]},0.50\n{who[-1]},1.00\n"}],
    }


def _people(pool: Pool) -> dict[str, list[Body]]:
    [workspace], (study, *_), (group, *_) = pool["workspace"], pool["study"], pool["group"]
    message = {"body": "Thank you.", "study_id": study}
    return {
        "countEligible": [{"filters": [AGE], "workspace_id": workspace}, {"filters": []}],
        "sendMessage": [{**message, "recipient_id": PEOPLE[0]}],
        "sendBulkMessage": [{**message, "ids": PEOPLE}],
        "sendGroupMessage": [{**message, "participant_group_id": group}],
        "createParticipantGroup": [{"workspace_id": workspace, "name": "w", "participant_ids": PEOPLE}],
        "updateParticipantGroup": [{"name": "w2", "participant_ids": PEOPLE[1:]}],
        "addGroupParticipants": [{"participant_ids": PEOPLE[2:]}],
        "removeGroupParticipants": [{"participant_ids": PEOPLE[:1]}],
        "createWorkspace": [{"title": "W"}],
        "updateWorkspace": [{"title": "W2"}],
        "createProject": [{"title": "P"}],
        "updateProject": [{"title": "P2"}],
        "createTestParticipant": [{"email": "somebody@example.org"}],
        "createFilterSet": [{"workspace_id": workspace, "name": "f", "filters": [AGE]}],
        "updateFilterSet": [{"name": "f2", "filters": [AGE]}],
        "cloneFilterSet": [{"new_name": "f3"}],
    }
