"""What a launch is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ...api import Client
from ...data import Arrangement, Dataset, arranged
from ...design import Codebook, Design
from ..flows import FLOWS, Flow
from ..gold.gold_check import with_gold_answers
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

    def codebook(self, before: Codebook) -> Codebook:
        """The questions with the answers that are known to be right; these stay on this machine.

        Parameters
        ----------
        before : Codebook
            With the answers that were kept for this run before: gold rows may have been added since its launch.
        """
        known = with_gold_of(with_gold_of(self.design.codebook(), before), self.truths)
        return with_gold_answers(known, self.data, self.plan.tasks_per_group)

    @property
    def batch_name(self) -> str:
        """The name of the batch. With gold rows it has the size of the groups, on which their keys depend.

        Prolific does not return the size later, and another machine has no ledger of this launch.
        """
        has_gold = any(each.gold for each in self.truths) or (self.data is not None and self.data.gold is not None)
        return f"{self.design.name}, groups of {self.plan.tasks_per_group}" if has_gold else self.design.name

    @property
    def arrangement(self) -> Arrangement:
        """The rows of a launch that uploads them, with gold rows between those of the data."""
        assert self.data is not None, "only a launch that shares a dataset has no data"
        return arranged(self.data, self.plan.tasks_per_group)

    @property
    def rows(self) -> Dataset:
        """The rows of the upload."""
        return self.arrangement.upload

    @cached_property
    def tag(self) -> LaunchKey:
        """The tag in the names of everything this launch creates."""
        if self.identity:
            return LaunchKey.named(self.identity, self.client.workspace_id)
        assert self.data is not None, "a launch without data has an identity"
        return LaunchKey.of(self.data, self.design, self.plan, self.client.workspace_id, self.again, self.flow.name)
