"""Operations of Prolific's API that are neither in the contract nor in the sandbox; they are refused by name."""

from __future__ import annotations

from collections.abc import Mapping

from .path_templates import PathTemplates

ABSENT: Mapping[str, Mapping[str, str]] = {
    "/.well-known/study/jwks.json": {"GET": "getStudyJwks"},
    "/api/v1/surveys": {"GET": "listSurveys", "POST": "createSurvey"},
    "/api/v1/surveys/{survey_id}": {"GET": "getSurvey", "DELETE": "deleteSurvey"},
    "/api/v1/surveys/{survey_id}/responses": {
        "GET": "listSurveyResponses",
        "POST": "createSurveyResponse",
        "DELETE": "deleteSurveyResponses",
    },
    "/api/v1/surveys/{survey_id}/responses/summary": {"GET": "getSurveySummary"},
    "/api/v1/surveys/{survey_id}/responses/{response_id}": {
        "GET": "getSurveyResponse",
        "DELETE": "deleteSurveyResponse",
    },
    "/api/v1/credentials": {"GET": "listCredentialPools", "POST": "createCredentialPool"},
    "/api/v1/credentials/{credential_pool_id}": {"PATCH": "updateCredentialPool"},
    "/api/v1/studies/{id}/credentials/report": {"GET": "getCredentialsReport"},
    "/api/v1/studies/{id}/export": {"GET": "exportStudy"},
    "/api/v1/filters/{filter_id}/distribution": {"GET": "getFilterDistribution"},
    "/api/v1/invitations": {"POST": "createInvitation"},
    "/api/v1/campaigns": {"GET": "listCampaigns"},
    "/api/v1/submissions/signals/upload-url/{filename}": {"GET": "getSignalsUploadUrl"},
    "/api/v1/data-collection/collections/{collection_id}/export": {"GET": "listCollectionExports"},
    "/api/v1/data-collection/collections/{collection_id}/export/{export_id}": {"DELETE": "deleteCollectionExport"},
}
"""Names of the operations by path (without a final slash) and method."""

_INSTEAD = {
    "exportStudy": "Prolific withdrew it on 2026-04-14. Use POST /api/v1/studies/{id}/demographic-export/ instead.",
}
_PATHS = PathTemplates(ABSENT)


def describe(method: str, path: str) -> str | None:
    """A sentence that names the absent operation of a request; None if it is not known either.

    Examples
    --------
    >>> describe("GET", "/api/v1/surveys/")
    'listSurveys (GET /api/v1/surveys/) is not part of the sandbox.'
    """
    template = _PATHS.find(path)
    name = None if template is None else ABSENT[template].get(method)
    if name is None:
        return None
    return f"{name} ({method} {path}) is not part of the sandbox. {_INSTEAD.get(name, '')}".strip()
