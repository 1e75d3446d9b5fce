"""The style of what only the plan panel has."""

from __future__ import annotations

STYLE = """<style>
.pnb-plan .widget-checkbox { align-items: center; }
.pnb-plan .pnb-plan-fields .widget-inline-hbox { flex-direction: column; align-items: stretch; height: auto; gap: 0;
  flex-wrap: nowrap; }
.pnb-plan .pnb-plan-fields :is(input:not([type=checkbox]), select, textarea) { width: 100%; min-width: 0; flex: none; }
.pnb-plan .pnb-plan-fields .widget-inline-hbox > .widget-label { line-height: 1.6; height: auto; }
.pnb-plan .pnb-plan-fields select { height: 30px; }
.pnb-plan .pnb-plan-fields > .pnb-row > .widget-checkbox { height: 30px; }
.pnb-plan .pnb-plan-fit { margin-top: 2px; font-variant-numeric: tabular-nums; }
.pnb-plan .pnb-plan-card { border-left: 3px solid var(--pnb-accent); padding: 8px 12px; background: none; }
.pnb-plan .pnb-plan-card textarea { width: 100%; }
.pnb-plan .pnb-field-error { margin: 2px 0 4px; overflow-wrap: anywhere; }
.pnb-plan .pnb-figures { border-collapse: collapse; width: 100%; max-width: 820px; margin-top: 6px; font-size: 1em; }
.pnb-plan .pnb-figures thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.pnb-plan .pnb-figures th, .pnb-plan .pnb-figures td { padding: 3px 16px 3px 0; text-align: start; vertical-align: top;
  background: none; color: inherit; border-bottom: 1px solid var(--pnb-line); font-weight: 400; }
.pnb-plan .pnb-figures th { white-space: nowrap; }
.pnb-plan .pnb-figures td { color: var(--jp-ui-font-color2, GrayText); overflow-wrap: anywhere; max-width: none; }
.pnb-plan .pnb-figures td:last-child { text-align: end; white-space: nowrap; padding-inline-end: 0; color: inherit;
  font-variant-numeric: tabular-nums; }
.pnb-plan .pnb-figures .pnb-figure-total :is(th, td:last-child) { font-weight: 600; }
.pnb-plan .pnb-plan-folds > .pnb-stack { width: auto !important; }
.pnb-plan .pnb-plan-folds > .pnb-stack:has(> .pnb-fold.mod-active) { width: 100% !important; }
.pnb-plan .pnb-plan-precision p + p { margin-top: 6px; }
</style>"""
