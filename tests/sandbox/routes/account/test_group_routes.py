"""Participant groups, through the client: members, changes and refused requests."""

from __future__ import annotations

import pytest

import prolific_nb as pnb
from prolific_nb.errors import ApiError

PEOPLE = [f"{n:024x}" for n in range(1, 6)]


@pytest.fixture
def client() -> pnb.Client:
    return pnb.connect()


def members(client: pnb.Client, group_id: str) -> list[str]:
    return [each.participant_id for each in client.groups.people(group_id)]


def test_a_group_is_created_listed_renamed_and_deleted(client: pnb.Client) -> None:
    before = len(list(client.groups.list(client.workspace_id)))
    group = client.groups.create(client.workspace_id, "Had a turn", PEOPLE[:2], description="wave 1")
    assert (group.name, group.description, group.participant_count) == ("Had a turn", "wave 1", 2)
    assert client.groups.rename(group.id, "Wave 1").name == "Wave 1"
    assert client.groups.get(group.id).name == "Wave 1"
    assert group.id in [each.id for each in client.groups.list(client.workspace_id)]
    client.groups.delete(group.id)
    assert len(list(client.groups.list(client.workspace_id))) == before
    with pytest.raises(ApiError) as gone:
        client.groups.get(group.id)
    assert gone.value.status == 404


def test_members_are_unique_and_in_order_of_addition(client: pnb.Client) -> None:
    group = client.groups.create(client.workspace_id, "People", [PEOPLE[1], PEOPLE[0], PEOPLE[1]])
    client.groups.add(group.id, [PEOPLE[0], PEOPLE[2]])
    assert members(client, group.id) == [PEOPLE[1], PEOPLE[0], PEOPLE[2]]
    client.groups.remove(group.id, [PEOPLE[0], PEOPLE[4]])
    assert members(client, group.id) == [PEOPLE[1], PEOPLE[2]]
    assert client.groups.get(group.id).participant_count == 2
    assert client.groups.rename(group.id, "Still two").participant_count == 2


def test_a_list_of_participants_replaces_all_members(client: pnb.Client) -> None:
    group = client.groups.create(client.workspace_id, "Replaced", PEOPLE[:3])
    client.groups.replace(group.id, [PEOPLE[2], PEOPLE[4]])
    assert members(client, group.id) == [PEOPLE[2], PEOPLE[4]]


def test_another_workspace_is_refused_and_nothing_is_created(client: pnb.Client) -> None:
    client.groups.create(client.workspace_id, "Ours")
    with pytest.raises(ApiError) as refused:
        client.groups.create("f" * 24, "Elsewhere")
    assert refused.value.status == 400  # the contract knows no 403 for groups
    assert list(client.groups.list("f" * 24)) == []
    assert "Elsewhere" not in [each.name for each in client.groups.list(client.workspace_id)]
