"""What a launch is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ...api import Client
from ...data import Dataset
from ...design import Codebook, Design
from ..flows import FLOWS, Flow
from ..launch_key import LaunchKey
from ..local_truths import with_gold_of
from ..plan import StudyPlan


@dataclass(frozen=True)
class LaunchRequest:
    """The inputs of a launch.

    Parameters
    ----------
    again : str
        The reason for a deliberate second launch of the same data; empty for the first launch.
    allow_low_pay : str
        The reason for paying below Prolific's minimum; empty to refuse that.
    accept_partial : bool
        Whether to continue with the accepted rows if the import rejected some.
    flow : Flow
        How Prolific creates the tasks.
    identity : str
        The purpose of the launch, if that alone identifies it; empty if data, design and plan do.
    dataset_id : str
        A dataset on the server that is shared instead of uploading `data`, which may then be None.
    truths : Codebook, optional
        Of the study that this one follows: its gold rows are gold rows here too.
    """

    client: Client
    data: Dataset | None
    design: Design
    plan: StudyPlan
    again: str = ""
    allow_low_pay: str = ""
    accept_partial: bool = False
    flow: Flow = FLOWS["layout"]
    identity: str = ""
    dataset_id: str = ""
    truths: Codebook = field(default_factory=Codebook)

    @property
    def codebook(self) -> Codebook:
        """The questions with the answers that are known to be right; these stay on this machine."""
        return with_gold_of(self.design.codebook(), self.truths)

    @property
    def rows(self) -> Dataset:
        """The data of a launch that uploads them."""
        assert self.data is not None, "only a launch that shares a dataset has no data"
        return self.data

    @cached_property
    def tag(self) -> LaunchKey:
        """The tag in the names of everything this launch creates."""
        if self.identity:
            return LaunchKey.named(self.identity, self.client.workspace_id)
        return LaunchKey.of(self.rows, self.design, self.plan, self.client.workspace_id, self.again, self.flow.name)
