"""The style of what only the rehearsal panel has."""

from __future__ import annotations

STYLE = """<style>
.pnb-rehearse .pnb-rehearse-fields .widget-inline-hbox { flex-direction: column; align-items: stretch; height: auto;
  gap: 0; flex-wrap: nowrap; }
.pnb-rehearse .pnb-rehearse-fields :is(select, input) { width: 100%; min-width: 0; flex: none; height: 30px; }
.pnb-rehearse .pnb-rehearse-fields .widget-label { line-height: 1.6; height: auto; }
.pnb-rehearse .pnb-rehearse-words { max-width: 80ch; }
.pnb-rehearse .widget-html-content .pnb-rehearse-words p + p { margin-top: 7px; }
.pnb-rehearse .pnb-scroll table { min-width: min(560px, 100%); width: auto; max-width: 100%; margin-top: 4px; }
.pnb-rehearse .pnb-scroll tbody th { font-weight: 400; white-space: normal; }
.pnb-rehearse .pnb-scroll td.pnb-number { white-space: nowrap; }
.pnb-rehearse .pnb-stack { overflow: visible; }
@media (max-width: 720px) { .pnb-rehearse .pnb-scroll table { max-width: none; width: max-content; }
  .pnb-rehearse .pnb-scroll tbody th { max-width: 14em; } }
</style>"""
