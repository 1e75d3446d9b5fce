"""The account of the token: its user, and recommended pay."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from ...operations import wallet
from ...state.sandbox_state import current_state
from ...storage import pricing
from .workspace_routes import EMAIL

blueprint = Blueprint("accounts", __name__, url_prefix="/api/v1")


@blueprint.get("/users/me")
def me() -> dict[str, Any]:
    """The researcher, with the balance of the first workspace."""
    state = current_state()
    return {
        "id": state.user_id,
        "email": EMAIL,
        "name": "Sandbox Researcher",
        "currency_code": pricing.CURRENCY,
        "balance": wallet.balance(state, state.workspace_id),
        "available_balance": wallet.available(state, state.workspace_id),
    }


@blueprint.get("/reward-recommendations")
def reward_recommendations() -> list[dict[str, Any]]:
    """Minimum and recommended hourly reward, in minor units."""
    currency = request.args["currency"]
    return [
        {
            "currency": currency,
            "min_reward_per_hour": pricing.LEAST_PER_HOUR[currency],
            "recommended_reward_per_hour": pricing.ADVISED_PER_HOUR[currency],
        }
    ]
