"""Every question type in its answers: simulated, accepted, in the tidy frame, and scored."""

from __future__ import annotations

import pandas as pd

import prolific_nb as pnb
from prolific_nb.design import Codebook
from prolific_nb.design.question_types import LEVELS, QUESTION_TYPES, question_of
from prolific_nb.responses import COLUMNS, tidy
from prolific_nb.sandbox.contract import contract, semantic_rules
from prolific_nb.sandbox.simulation.simulated_answers import QuestionInstance, answer

from .examples import Answer, Example, annotator, each_example


def answers(example: Example) -> dict[tuple[int, int], Answer]:
    """What simulated participants answer, by participant and row."""
    item, hardness = example.item.to_api(), 0.5
    subjects = [QuestionInstance(f"row {row}", "", hardness) for row in range(6)]
    return {
        (person, row): answer(item, subject, annotator(10 * person + row))
        for row, subject in enumerate(subjects)
        for person in range(3)
    }


@each_example
def test_the_sandbox_accepts_it_and_answers_within_its_rules(example: Example) -> None:
    item = example.item.to_api()
    assert list(semantic_rules.ITEM_RULES[example.type](item)) == []
    for given in answers(example).values():
        assert example.allowed(given), given
        body = {"instruction_id": "i", "type": example.type, "answer": given}
        assert list(contract.validate("#/components/schemas/AnswerBody", body)) == []


def frame_of(example: Example) -> tuple[pd.DataFrame, Codebook]:
    book = example.design.codebook().with_ids("i1")
    responses = [
        {
            "id": f"r{person}-{row}",
            "created_at": "2026-01-05T10:00:00Z",
            "participant_id": f"p{person}",
            "submission_id": f"s{person}",
            "task_id": f"t{row}",
            "response": {"instruction_id": "i1", "type": example.type, "answer": given},
        }
        for (person, row), given in answers(example).items()
    ]
    return tidy(responses, [], book), book


@each_example
def test_the_tidy_frame_has_its_values(example: Example) -> None:
    frame, _ = frame_of(example)
    answered = ("value", "explanation", "number", "number_unit", "file_name", "file_key")
    assert tuple(name for name in answered if frame[name].notna().all()) == tuple(
        name for name in answered if name in example.columns
    )
    assert (frame["question"] == "Asked?").all()
    assert len(frame) == sum(map(len, answers(example).values()))
    assert set(QUESTION_TYPES[example.type].columns) <= set(example.columns) <= set(COLUMNS)


@each_example
def test_its_agreement_is_computed_at_its_level_or_it_is_listed_as_not_scored(example: Example) -> None:
    frame, book = frame_of(example)
    if "number_unit" in example.columns:
        frame["number_unit"] = pd.Categorical(["cm"] * len(frame))
    report = pnb.agreement(frame, questions=book, unit="task_id", draws=1)
    alphas = [name for name in report.table["coefficient"] if name.startswith("Krippendorff")]
    assert (example.alpha is None) == (LEVELS[question_of(example.item).kind] is None)
    if example.alpha is None:
        assert list(report.not_scored["question"]) == ["Asked?"]
        assert not alphas
    else:
        assert any(example.alpha in name for name in alphas)
        assert report.not_scored.empty
