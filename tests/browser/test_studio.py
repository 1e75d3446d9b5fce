"""The studio in a real JupyterLab: its steps together, what is shown as code, safety, and what is saved."""

from __future__ import annotations

import re

import pandas as pd
from playwright.sync_api import expect

from prolific_nb.data import sample_path

from .lab import Lab, NotebookPage
from .steps import (
    OPEN,
    WITH_DESIGN,
    Run,
    button,
    choose,
    entries,
    expect_fit,
    field,
    panel,
    pick,
    quiet,
    screen,
    start_from,
)


def test_the_shown_code_repeats_a_study_of_a_file(lab: Lab, run: Run) -> None:
    pd.read_csv(sample_path()).head(20).to_csv(lab.root / "reviews.csv", index=False)
    page = run(OPEN)
    field(page, "data", "Path").fill("reviews.csv")
    button(page, "data", "Use this file").click()
    expect(panel(page, "data").get_by_text("20 rows, 3 columns")).to_be_visible()
    start_from(page, "classification")
    expect(entries(page).first).to_have_text("review")
    expect(screen(page)).to_contain_text("Boils a full litre")
    button(page, "launch", "Create draft").click()
    button(page, "launch", "Publish").click()
    expect(panel(page, "results").get_by_text("60 answers by 6 people.", exact=True)).to_be_visible(timeout=40_000)
    expect(panel(page, "results").get_by_text("SANDBOX: the people are simulated").first).to_be_visible()
    quiet(page)
    page.panel.locator(".pnb-bar").get_by_role("button", name="Show code").click()
    expect(page.panel.locator(".pnb-studio > .pnb-code .pnb-code-text")).to_be_visible()
    program = page.panel.locator(".pnb-studio > .pnb-code .pnb-code-text").inner_text()
    same = page.execute("design, run = studio.desk.design.value, studio.desk.run.value\nprint(design.to_json())")
    page.execute("answers = run.responses()")  # prints its notes
    kept = page.execute("print(answers['value'].astype(str).tolist())")
    other = run([program, "print(design.to_json())", "print(answers['value'].astype(str).tolist())"])
    assert other.text(1) == same
    assert other.text(2) == kept


def test_typing_a_question_is_seen_by_the_participant(studio_page: NotebookPage) -> None:
    pick(studio_page, "How?")
    field(studio_page, "compose", "Question").fill("How does the writer feel?")
    expect(screen(studio_page)).to_contain_text("How does the writer feel?")
    field(studio_page, "compose", "Options").fill("good\nbad\nmixed")
    expect(screen(studio_page).get_by_label("mixed")).to_be_visible()
    studio_page.expect_value("list(studio.desk.design.value.codebook()[0].options)", ["good", "bad", "mixed"])


def test_the_preview_can_be_answered_between_edits(studio_page: NotebookPage) -> None:
    choose(studio_page, "Try it")
    expect(screen(studio_page).locator("..")).to_have_attribute("data-pnb-mode", "try")
    screen(studio_page).get_by_label("bad").check()
    screen(studio_page).locator("textarea").fill("Because.")
    pick(studio_page, "Why?")
    expect(field(studio_page, "compose", "Question")).to_have_value("Why?")
    field(studio_page, "compose", "Question").fill("Why? Tell us")
    expect(screen(studio_page)).to_contain_text("Tell us", timeout=40_000)
    expect(screen(studio_page).get_by_label("bad")).to_be_checked()
    expect(screen(studio_page).locator("textarea")).to_have_value("Because.")


def test_answers_in_the_preview_belong_to_their_row(studio_page: NotebookPage) -> None:
    choose(studio_page, "Try it")
    screen(studio_page).locator("textarea").fill("About the first row.")
    button(studio_page, "compose", "Next").click()
    expect(screen(studio_page).locator("textarea")).to_have_value("")
    button(studio_page, "compose", "Previous").click()
    expect(screen(studio_page).locator("textarea")).to_have_value("About the first row.")


def test_compared_columns_are_labelled_where_a_phone_stacks_them(studio_page: NotebookPage) -> None:
    studio_page.execute("studio.desk.design.set(pnb.Design('Two').compare('Which is better?', 'review', 'product'))")
    left = screen(studio_page).locator(".side", has_text="Left")
    expect(left).to_be_attached()
    expect(left).to_be_hidden()
    choose(studio_page, "Phone")
    expect(left).to_be_visible()
    expect(screen(studio_page).locator(".side", has_text="Right")).to_be_visible()


def test_on_live_a_click_right_after_the_amount_publishes_that_amount(studio_page: NotebookPage) -> None:
    studio_page.expect_value("studio.desk.client.value is None", False)
    # In a separate folder: a shared ledger contains sandbox drafts of other notebooks, and LIVE never drops one.
    studio_page.execute(
        "import os, tempfile\n"
        "os.chdir(tempfile.mkdtemp())\n"
        "from prolific_nb.api import Client\n"
        "studio.desk.client.set(Client(studio.desk.client.value._transport, mode='LIVE'))"
    )
    button(studio_page, "launch", "Create draft").click()
    amount = field(studio_page, "launch", "Type the amount to publish")
    expect(panel(studio_page, "launch").get_by_text("LIVE: publishing spends").first).to_be_visible()
    cost = studio_page.execute("print(studio.desk.run.value.cost().major)").strip()
    amount.press_sequentially(cost[:-1])
    button(studio_page, "launch", "Publish").click()
    expect(panel(studio_page, "launch").get_by_text("Nothing was published.").first).to_be_visible()
    amount.press("End")
    amount.press_sequentially(cost[-1])
    button(studio_page, "launch", "Publish").click()
    expect(button(studio_page, "launch", "Stop")).to_be_visible()


def test_adding_duplicating_deleting_and_undoing(studio_page: NotebookPage) -> None:
    pick(studio_page, "Why?")
    field(studio_page, "compose", "New").select_option("Rating")
    button(studio_page, "compose", "Add").click()
    expect(entries(studio_page)).to_have_count(4)
    field(studio_page, "compose", "Question").fill("How sure are you?")
    expect(entries(studio_page).last).to_have_text("How sure are you?")
    button(studio_page, "compose", "Duplicate").click()
    expect(entries(studio_page)).to_have_count(5)
    button(studio_page, "compose", "Delete").click()
    expect(entries(studio_page)).to_have_count(4)
    for _ in range(3):
        button(studio_page, "compose", "Undo").click()
    expect(entries(studio_page).last).to_have_text("(no question yet)")
    button(studio_page, "compose", "Redo").click()
    expect(entries(studio_page).last).to_have_text("How sure are you?")


def test_reordering_by_drag_and_by_keyboard(studio_page: NotebookPage) -> None:
    rows = panel(studio_page, "compose").locator(".pnb-entry")
    studio_page.drag(rows.nth(2), rows.nth(0))
    expect(entries(studio_page).first).to_have_text("Why?")
    panel(studio_page, "compose").locator(".pnb-entry-pick", has_text="Why?").focus()
    studio_page.page.keyboard.press("Alt+ArrowDown")
    expect(entries(studio_page).nth(1)).to_have_text("Why?")
    studio_page.page.keyboard.press("Alt+ArrowDown")
    expect(entries(studio_page).nth(2)).to_have_text("Why?")
    expect(panel(studio_page, "compose").locator(".pnb-entry-pick", has_text="Why?")).to_be_focused()
    studio_page.expect_value("[q.question for q in studio.desk.design.value.codebook()]", ["How?", "Why?"])


def test_the_typed_reward_is_that_of_the_draft(studio_page: NotebookPage) -> None:
    expect(panel(studio_page, "plan").get_by_text("GBP").first).to_be_visible()
    field(studio_page, "plan", "Reward").press("Control+a")
    field(studio_page, "plan", "Reward").press_sequentially("2.00")
    studio_page.expect_value("str(studio.desk.plan.value.reward)", "2.00")
    expect(panel(studio_page, "plan").get_by_role("cell", name="20.00 GBP", exact=True).first).to_be_visible()
    button(studio_page, "launch", "Create draft").press("Enter")
    expect(button(studio_page, "launch", "Publish")).to_be_enabled()
    assert studio_page.execute("print(studio.desk.run.value.plan.reward)").strip() == "2.00"


def test_pay_below_the_minimum_is_reported_while_typing(studio_page: NotebookPage) -> None:
    field(studio_page, "plan", "Reward").fill("0.40")
    expect(panel(studio_page, "plan").get_by_text("below Prolific's minimum").first).to_be_visible()
    field(studio_page, "plan", "Reward").fill("a lot")
    expect(panel(studio_page, "plan").get_by_text("not an amount of money").first).to_be_visible()
    expect(field(studio_page, "plan", "Reward")).to_have_value("a lot")


def test_errors_are_shown_at_their_entry(studio_page: NotebookPage) -> None:
    pick(studio_page, "How?")
    field(studio_page, "compose", "Options").fill("only one")
    problem = panel(studio_page, "compose").locator(".pnb-entry-problem", has_text="Error")
    expect(problem).to_be_visible()
    studio_page.shot("compose-error", of=panel(studio_page, "compose"))
    button(studio_page, "launch", "Create draft").click()
    expect(panel(studio_page, "launch").get_by_text(re.compile("option", re.IGNORECASE)).first).to_be_visible()
    studio_page.expect_value("len(studio.panels['launch'].errors)", 1)
    studio_page.execute("[p.errors.clear() for p in studio.panels.values()]")


def test_two_panels_of_one_design_stay_in_sync(run: Run) -> None:
    page = run(
        [
            *WITH_DESIGN[:1],
            "held = pnb.panels.Held(pnb.Design('R').choose('How?', ['a', 'b']))\none = pnb.panels.Composer(held)\none",
            "two = pnb.panels.Composer(held)\ntwo",
        ]
    )
    boxes = page.panel.locator(".pnb-compose")
    expect(boxes).to_have_count(2)
    boxes.nth(0).locator(".pnb-entry-pick").first.click()
    boxes.nth(0).get_by_label("Question", exact=True).fill("What now?")
    expect(boxes.nth(1).locator(".pnb-entry-title")).to_have_text("What now?")
    assert page.execute("print(one.errors, two.errors)").strip() == "[] []"


# Connected, and no panel has a job left.
AT_REST = "studio.desk.client.value is not None and not any(panel._jobs for panel in studio.panels.values())"


def test_running_the_cell_again_continues_and_leaves_no_widgets_behind(run: Run) -> None:
    page = run(["import prolific_nb as pnb, ipywidgets as w", "studio = pnb.studio()\nstudio"])
    expect(panel(page, "compose")).to_be_visible()
    start_from(page, "classification")
    expect(entries(page)).not_to_have_count(0)
    page.expect_value(AT_REST, True)
    name = page.execute("print(studio.desk.design.value.name)").strip()
    for _ in range(2):  # the first studio also has a gallery, which was opened in it
        models = int(page.execute("print(len(w.widget._instances))"))
        page.run_all()
        expect(entries(page)).not_to_have_count(0)
        page.expect_value(AT_REST, True)
        page.expect_value("studio.desk.design.value.name", name)
    page.expect_value(f"abs(len(w.widget._instances) - {models}) <= 5", True)


HELD_BACK = """
from threading import Event
go, batches = Event(), type(studio.desk.client.value.batches)
def create(*given, real=batches.create, **named):
    go.wait(60)
    return real(*given, **named)
batches.create = create
"""


def test_panels_respond_while_a_draft_is_created_and_cancel_stops_it(run: Run) -> None:
    page = run(WITH_DESIGN)
    page.expect_value("studio.desk.client.value is None", False)
    page.execute(HELD_BACK)
    button(page, "launch", "Create draft").click()
    expect(panel(page, "launch").get_by_text("Step 2 of 4").first).to_be_visible()
    pick(page, "How?")
    field(page, "compose", "Question").fill("Meanwhile?")
    expect(screen(page)).to_contain_text("Meanwhile?")
    button(page, "launch", "Cancel").click()
    expect(panel(page, "launch").get_by_text("Cancelling after this step").first).to_be_visible()
    page.execute("go.set()")
    expect(panel(page, "launch").get_by_text("was cancelled").first).to_be_visible()
    expect(button(page, "launch", "Create draft")).to_be_enabled()
    assert page.execute("print(studio.desk.run.value)").strip() == "None"


def test_a_reopened_notebook_shows_the_saved_state(lab: Lab) -> None:
    page = lab.open(WITH_DESIGN).run_all()
    card = page.panel.locator(".pnb-card", has_text="(saved state)")
    expect(card.first).to_be_hidden()
    pick(page, "How?")
    field(page, "compose", "Question").fill("How was it?")
    expect(screen(page)).to_contain_text("How was it?")
    page.until(lambda: "How was it?" in str(page.outputs(1)))  # the card follows a moment later
    saved = page.save()
    page.close()
    assert "How was it?" in str(saved)
    assert "widgets" not in saved["metadata"]
    again = lab.reopen(page.path)
    try:
        expect(again.panel.locator(".pnb-card").first).to_contain_text("How was it?")
        expect(again.panel.locator(".pnb-card").first).to_contain_text("pnb.Design(")
    finally:
        again.close()


EVIL = (
    "</iframe><script>window.hit=1</script><img src=x onerror=window.hit=2>"
    '<a href="javascript:window.hit=3">x</a>$\\\\frac$'
)


def test_text_from_the_data_is_escaped_everywhere(run: Run) -> None:
    page = run(
        [
            "import prolific_nb as pnb, pandas as pd",
            f"evil = '''{EVIL}'''",
            """studio = pnb.studio(pd.DataFrame({"t": [evil, "plain words here"], evil[:60]: ["a", "b"]}))
studio.desk.design.set(pnb.Design(evil).show("t").choose(evil, [evil, "b"]))
studio""",
        ]
    )
    expect(panel(page, "data").get_by_text("2 rows, 2 columns")).to_be_visible()
    expect(screen(page)).to_contain_text("</iframe><script>")
    expect(panel(page, "compose").locator("iframe")).to_have_count(1)  # a frame that is replaced cannot be looked into
    assert page.page.evaluate("window.hit") is None
    for frame in page.page.frames:
        assert frame.evaluate("window.hit") is None
    assert page.panel.locator("img[src=x]").count() == 0


def test_no_token_is_anywhere_in_a_saved_notebook(run: Run) -> None:
    secret = "planted-secret-token"
    page = run(
        [
            f"import os; os.environ['PROLIFIC_TOKEN'] = '{secret[:8]}' + '{secret[8:]}'",
            *WITH_DESIGN,
            "import ipywidgets as w\nstates = str([m.get_state() for m in w.widget._instances.values()])",
        ]
    )
    expect(panel(page, "plan").get_by_text("GBP").first).to_be_visible()
    page.panel.locator(".pnb-bar").get_by_role("button", name="Show code").click()
    expect(page.panel.locator(".pnb-studio > .pnb-code .pnb-code-text")).to_be_visible()
    assert page.execute(f"print('{secret[:8]}' + '{secret[8:]}' in states)").strip() == "False"
    assert secret not in str(page.save())
    assert secret not in page.page.content()


def test_long_and_right_to_left_text_fits(run: Run) -> None:
    page = run(
        [
            "import prolific_nb as pnb, pandas as pd",
            """name = "a column " * 22
rows = {name: ["word " * 5000, "x"], "rtl": ["مرحبا بالعالم، هذا نص طويل", "שלום"]}
studio = pnb.studio(pd.DataFrame(rows))
options = [f"option number {n}" for n in range(30)]
studio.desk.design.set(pnb.Design("Odd").show("rtl").choose("Which of thirty?", options).show(name.strip()))
studio""",
        ]
    )
    expect(entries(page)).to_have_count(3)
    for name in ("data", "compose"):
        expect_fit(page, name)
        page.shot(f"{name}-odd", of=panel(page, name))


def test_a_study_can_be_run_in_notebook_7(notebook7: Lab) -> None:
    page = notebook7.open(WITH_DESIGN)
    page.run_all()
    expect(entries(page)).to_have_count(3)
    pick(page, "How?")
    field(page, "compose", "Question").fill("How does it read?")
    expect(screen(page)).to_contain_text("How does it read?")
    button(page, "launch", "Create draft").click()
    expect(button(page, "launch", "Publish")).to_be_enabled()
    button(page, "launch", "Publish").click()
    expect(panel(page, "results").get_by_text("720 answers by 36 people.", exact=True)).to_be_visible(timeout=40_000)
    quiet(page)
