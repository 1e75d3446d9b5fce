"""The bar above the steps: mode, study, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from ...common.display import Mode
from ..kit.html_table import shorten

_SHOWN = {"State": "", "Places": "—", "Cost": "—", "Balance": "—"}
"""The facts in their order, and what is shown while one is unknown; nothing if that is empty."""

STYLE = """<style>
.pnb-studio { padding: 0 16px 12px; gap: 0; }
.pnb-studio > .widget-html:first-child { height: 0; min-height: 0; overflow: hidden; }
.pnb-studio > .pnb-bar { position: sticky; top: 0; z-index: 5; background: var(--jp-layout-color1, Canvas);
  border-bottom: 1px solid var(--pnb-line); padding: 8px 0; }
/* What scrolls around the studio would keep the bar from staying in view. */
.pnb-panel.pnb-studio, .jp-OutputArea-output:has(> .pnb-studio), .jp-OutputArea-child:has(> * > .pnb-studio),
.jp-Cell-outputArea:has(> * > * > .pnb-studio) { overflow: visible !important; min-width: 0; }
.pnb-studio, .pnb-step, .pnb-step-body, .pnb-step-body > * { min-width: 0; max-width: 100%; }
.pnb-studio.pnb-on-live { border-color: #b34700; }
.pnb-studio.pnb-on-live > .pnb-bar { border-bottom: 2px solid #b34700; }
.pnb-bar-words { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 28px; }
.pnb-bar-words h2.pnb-title { margin: 0; display: flex; align-items: center; gap: 4px; min-width: 0;
  max-width: 100%; }
.pnb-bar-words h2.pnb-title bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pnb-bar-words dl { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 0; }
.pnb-bar-words dl > div { white-space: nowrap; display: flex; flex-direction: column; line-height: 1.3; }
.pnb-bar-words dt { font-size: .85em; color: var(--jp-ui-font-color2, GrayText); font-weight: 400; }
.pnb-bar-words dd { margin: 0; font-variant-numeric: tabular-nums; }
.pnb-step { border-bottom: 1px solid var(--pnb-line); }
.pnb-step-body { padding: 4px 8px 14px 42px; box-sizing: border-box; gap: 8px; }
.pnb-step.pnb-folded > .pnb-step-body { display: none !important; }
.pnb-panel .pnb-step:not(.pnb-current) .pnb-button:is(.mod-primary, .mod-danger) { font-weight: 400;
  background: var(--jp-layout-color1, Canvas); border-color: var(--pnb-line); color: var(--pnb-text); }
@media (max-width: 720px) { .pnb-studio { padding: 0 8px 8px; } .pnb-step-body { padding: 4px 0 12px; } }
</style>"""


def bar_html(mode: Mode, facts: Iterable[Mapping[str, str]]) -> str:
    """Mode and study as a heading, the other facts as a list; later facts replace earlier ones.

    Examples
    --------
    >>> html = bar_html("SANDBOX", [{"Study": "<b>", "Cost": "about 80 GBP"}, {"Cost": "81.73 GBP"}])
    >>> "&lt;b&gt;" in html, "about" in html, "81.73 GBP" in html
    (True, False, True)
    """
    known: dict[str, str] = {}
    for each in facts:
        known |= each
    study = escape(shorten(known.get("Study") or "New study", 60))
    title = f'<h2 class="pnb-title"><span class="pnb-mode pnb-{mode.lower()}">{mode}</span> <bdi>{study}</bdi></h2>'
    shown = {name: known.get(name) or unknown for name, unknown in _SHOWN.items()}
    rest = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in shown.items() if value)
    return f'<div class="pnb-bar-words">{title}<dl>{rest}</dl></div>'
