"""The whole job as a person does it: in a real JupyterLab, with mouse and keyboard."""

from __future__ import annotations

import re
import shutil

from playwright.sync_api import expect

from prolific_nb.data import sample_path

from .lab import Lab, NotebookPage
from .steps import BEGUN, OPEN, Run, button, entries, expect_fit, field, panel, pick, quiet, screen


def test_the_whole_way_with_the_mouse(lab: Lab, run: Run) -> None:
    shutil.copy(sample_path(), lab.root / "reviews.csv")
    page = run(OPEN)
    expect(panel(page, "connection").get_by_text("SANDBOX").first).to_be_visible()
    field(page, "data", "Path").fill("reviews.csv")
    button(page, "data", "Use this file").click()
    expect(panel(page, "data").get_by_text("120 rows, 3 columns")).to_be_visible()
    button(page, "compose", "Start from template").click()
    expect(entries(page).first).to_have_text("review")
    expect(screen(page)).to_contain_text("Boils a full litre")
    expect(panel(page, "plan").get_by_text("81.73 GBP").first).to_be_visible()
    button(page, "launch", "Create draft").click()
    expect(button(page, "launch", "Publish")).to_be_enabled()
    button(page, "launch", "Publish").click()
    expect(panel(page, "results").get_by_text("360 answers by 36 people.", exact=True)).to_be_visible(timeout=40_000)
    expect(panel(page, "results").locator("img").first).to_be_visible()
    expect(panel(page, "results").get_by_text("SANDBOX: the people are simulated").first).to_be_visible()
    quiet(page)
    # What "Show code" shows makes the same study in a kernel that knows nothing.
    button(page, "studio", "Show code").last.click()
    expect(page.panel.locator(".pnb-studio > .pnb-code .pnb-code-text")).to_be_visible()
    program = page.panel.locator(".pnb-studio > .pnb-code .pnb-code-text").inner_text()
    same = page.execute("design, run = studio.desk.design.value, studio.desk.run.value\nprint(design.to_json())")
    kept = page.execute("print(run.responses()['value'].astype(str).tolist())")
    other = run([program, "print(design.to_json())", "print(answers['value'].astype(str).tolist())"])
    assert other.text(1) == same
    assert other.text(2) == kept


def test_typing_a_question_is_seen_by_the_participant(begun: NotebookPage) -> None:
    pick(begun, "How?")
    field(begun, "compose", "Question").fill("How does the writer feel?")
    expect(screen(begun)).to_contain_text("How does the writer feel?")
    field(begun, "compose", "Options").fill("good\nbad\nmixed")
    expect(screen(begun).get_by_label("mixed")).to_be_visible()
    begun.expect_value("list(studio.desk.design.value.codebook()[0].options)", ["good", "bad", "mixed"])


def test_the_participants_screen_can_be_answered_between_edits(begun: NotebookPage) -> None:
    screen(begun).get_by_label("bad").check()
    screen(begun).locator("textarea").fill("Because.")
    pick(begun, "Why?")
    expect(field(begun, "compose", "Question")).to_have_value("Why?")
    field(begun, "compose", "Question").press_sequentially(" Tell us", delay=20)
    expect(screen(begun)).to_contain_text("Tell us")
    expect(screen(begun).get_by_label("bad")).to_be_checked()
    expect(screen(begun).locator("textarea")).to_have_value("Because.")


def test_answers_on_the_participants_screen_belong_to_their_row(begun: NotebookPage) -> None:
    screen(begun).locator("textarea").fill("About the first row.")
    button(begun, "compose", "Next").click()
    expect(screen(begun).locator("textarea")).to_have_value("")
    button(begun, "compose", "Previous").click()
    expect(screen(begun).locator("textarea")).to_have_value("About the first row.")


def test_one_above_the_other_on_a_phone_compared_columns_say_which_they_are(begun: NotebookPage) -> None:
    begun.execute("studio.desk.design.set(pnb.Design('Two').compare('Which is better?', 'review', 'product'))")
    left = screen(begun).locator(".side", has_text="Left")
    expect(left).to_be_attached()
    expect(left).to_be_hidden()
    panel(begun, "compose").get_by_role("button", name="Phone", exact=True).click()
    expect(left).to_be_visible()
    expect(screen(begun).locator(".side", has_text="Right")).to_be_visible()


def test_on_live_a_click_right_after_the_amount_publishes_that_amount(begun: NotebookPage) -> None:
    begun.expect_value("studio.desk.client.value is None", False)
    # In a folder of its own: a ledger beside other notebooks knows their sandbox drafts, and LIVE never forgets one.
    begun.execute(
        "import os, tempfile\n"
        "os.chdir(tempfile.mkdtemp())\n"
        "from prolific_nb.api import Client\n"
        "studio.desk.client.set(Client(studio.desk.client.value._transport, mode='LIVE'))"
    )
    button(begun, "launch", "Create draft").click()
    amount = field(begun, "launch", "Type the amount to publish")
    expect(panel(begun, "launch").get_by_text("LIVE: publishing spends").first).to_be_visible()
    cost = begun.execute("print(studio.desk.run.value.cost().major)").strip()
    amount.press_sequentially(cost[:-1])
    button(begun, "launch", "Publish").click()
    expect(panel(begun, "launch").get_by_text("Nothing was published.").first).to_be_visible()
    amount.press("End")
    amount.press_sequentially(cost[-1])
    button(begun, "launch", "Publish").click()
    expect(button(begun, "launch", "Stop")).to_be_visible()


def test_adding_duplicating_deleting_and_undoing(begun: NotebookPage) -> None:
    pick(begun, "Why?")
    field(begun, "compose", "New").select_option("Rating")
    button(begun, "compose", "Add").click()
    expect(entries(begun)).to_have_count(4)
    field(begun, "compose", "Question").fill("How sure are you?")
    expect(entries(begun).last).to_have_text("How sure are you?")
    button(begun, "compose", "Duplicate").click()
    expect(entries(begun)).to_have_count(5)
    button(begun, "compose", "Delete").click()
    expect(entries(begun)).to_have_count(4)
    for _ in range(3):
        button(begun, "compose", "Undo").click()
    expect(entries(begun).last).to_have_text("(no question yet)")
    button(begun, "compose", "Redo").click()
    expect(entries(begun).last).to_have_text("How sure are you?")


def test_reordering_by_drag_and_by_keyboard(begun: NotebookPage) -> None:
    rows = panel(begun, "compose").locator(".pnb-entry")
    begun.drag(rows.nth(2), rows.nth(0))
    expect(entries(begun).first).to_have_text("Why?")
    panel(begun, "compose").locator(".pnb-entry-pick", has_text="Why?").focus()
    begun.page.keyboard.press("Alt+ArrowDown")
    expect(entries(begun).nth(1)).to_have_text("Why?")
    begun.page.keyboard.press("Alt+ArrowDown")
    expect(entries(begun).nth(2)).to_have_text("Why?")
    expect(panel(begun, "compose").locator(".pnb-entry-pick", has_text="Why?")).to_be_focused()
    begun.expect_value("[q.question for q in studio.desk.design.value.codebook()]", ["How?", "Why?"])


def test_the_keyboard_alone_suffices_for_a_draft(begun: NotebookPage) -> None:
    button(begun, "compose", "Undo").press("Enter")
    begun.expect_value("studio.desk.design.can_redo", True)
    begun.execute("studio.desk.design.redo()")
    field(begun, "plan", "Reward").press("Control+a")
    field(begun, "plan", "Reward").press_sequentially("2.00")
    begun.expect_value("str(studio.desk.plan.value.reward)", "2.00")
    expect(panel(begun, "plan").get_by_text("20.00 GBP an hour").first).to_be_visible()
    button(begun, "launch", "Create draft").press("Enter")
    expect(button(begun, "launch", "Publish")).to_be_enabled()
    assert begun.execute("print(studio.desk.run.value.plan.reward)").strip() == "2.00"


def test_pay_below_the_floor_is_said_as_one_types(begun: NotebookPage) -> None:
    field(begun, "plan", "Reward").fill("0.40")
    expect(panel(begun, "plan").get_by_text("below the least that Prolific allows").first).to_be_visible()
    field(begun, "plan", "Reward").fill("a lot")
    expect(panel(begun, "plan").get_by_text("not an amount of money").first).to_be_visible()
    expect(field(begun, "plan", "Reward")).to_have_value("a lot")


def test_mistakes_stand_at_their_entry_in_words(begun: NotebookPage) -> None:
    pick(begun, "How?")
    field(begun, "compose", "Options").fill("only one")
    problem = panel(begun, "compose").locator(".pnb-entry-problem", has_text="Error")
    expect(problem).to_be_visible()
    begun.shot("compose-error", of=panel(begun, "compose"))
    button(begun, "launch", "Create draft").click()
    expect(panel(begun, "launch").get_by_text(re.compile("option", re.IGNORECASE)).first).to_be_visible()
    begun.expect_value("len(studio.panels['launch'].errors)", 1)
    begun.execute("[p.errors.clear() for p in studio.panels.values()]")


def test_two_views_of_one_design_stay_in_step(run: Run) -> None:
    page = run(
        [
            *BEGUN[:1],
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


def test_running_the_cell_again_goes_on_and_leaves_nothing_behind(run: Run) -> None:
    page = run(["import prolific_nb as pnb, ipywidgets as w", "studio = pnb.studio()\nstudio"])
    expect(panel(page, "compose")).to_be_visible()
    button(page, "compose", "Start from template").click()
    expect(entries(page)).not_to_have_count(0)
    page.expect_value(AT_REST, True)
    name = page.execute("print(studio.desk.design.value.name)").strip()
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


def test_while_a_draft_is_created_the_panels_live_and_cancel_ends_it(run: Run) -> None:
    page = run(BEGUN)
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


def test_a_reopened_notebook_shows_what_was_done_in_place_of_dead_widgets(lab: Lab) -> None:
    page = lab.open(BEGUN).run_all()
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


def test_words_from_the_data_are_inert_everywhere(run: Run) -> None:
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
            *BEGUN,
            "import ipywidgets as w\nstates = str([m.get_state() for m in w.widget._instances.values()])",
        ]
    )
    expect(panel(page, "plan").get_by_text("GBP").first).to_be_visible()
    button(page, "studio", "Show code").last.click()
    expect(page.panel.locator(".pnb-studio > .pnb-code .pnb-code-text")).to_be_visible()
    assert page.execute(f"print('{secret[:8]}' + '{secret[8:]}' in states)").strip() == "False"
    assert secret not in str(page.save())
    assert secret not in page.page.content()


def test_long_odd_and_right_to_left_words_keep_their_place(run: Run) -> None:
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


def test_the_main_path_works_in_notebook_7(notebook7: Lab) -> None:
    page = notebook7.open(BEGUN)
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
