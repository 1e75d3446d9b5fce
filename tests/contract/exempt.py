"""What the API description has and the sandbox leaves out, by operationId: each of these must be answered with 501.

Operations that Prolific has and the API description lacks return 501 too; they are listed in
``prolific_nb/sandbox/contract/absent_operations.py``. The README names the areas and links to both files; the contract
tests and the fuzzer take the operations from here. Whoever adds an operation to the sandbox deletes its line.
"""

from __future__ import annotations

EXEMPT_AREAS: dict[str, frozenset[str]] = {
    "Webhooks": frozenset(
        {
            "listEventTypes",
            "listSecrets",
            "createSecret",
            "listSubscriptions",
            "createSubscription",
            "getSubscription",
            "confirmSubscription",
            "updateSubscription",
            "deleteSubscription",
            "listEvents",
        }
    ),
    "Collections": frozenset(
        {
            "listCollections",
            "createCollection",
            "getCollection",
            "updateCollection",
            "listCollectionResponses",
            "requestCollectionExport",
            "getCollectionExport",
        }
    ),
}
EXEMPT = frozenset().union(*EXEMPT_AREAS.values())

EXEMPT_METHOD = "AI_TASK_BUILDER_COLLECTION"
"""The data collection method that studies of an exempted area have; operations that are played refuse it with 501."""
