"""The style of the composer: list and form beside the page where there is room, otherwise the page first."""

from __future__ import annotations

STYLE = """<style>
.pnb-compose .pnb-compose-room { container-type: inline-size; width: 100%; overflow: visible; }
.pnb-compose .pnb-compose-parts { display: flex; flex-flow: column nowrap; gap: 12px 20px; width: 100%;
  align-items: stretch; overflow: visible; }
.pnb-compose .pnb-compose-page { order: -1; min-width: 0; overflow: visible; }
.pnb-compose .pnb-compose-list { min-width: 0; overflow: visible; }
@container (min-width: 840px) {
  .pnb-compose .pnb-compose-parts:not(:has(.pnb-two)) { flex-flow: row nowrap; align-items: flex-start; }
  .pnb-compose .pnb-compose-parts:not(:has(.pnb-two)) > .pnb-compose-page { order: 0; flex: 1 1 56%; }
  .pnb-compose .pnb-compose-parts:not(:has(.pnb-two)) > .pnb-compose-list { flex: 1 1 44%; }
}
.pnb-compose :is(.pnb-stack, .pnb-row) { overflow: visible; }
.pnb-compose .pnb-pages { gap: 12px; overflow: visible; }
.pnb-compose .pnb-pages > * { flex: 1 1 0; min-width: 0; }
@container (max-width: 560px) { .pnb-compose .pnb-pages { flex-flow: column nowrap; }
  .pnb-compose .pnb-pages > * { flex: none; } }
.pnb-compose .pnb-choice > div, .pnb-compose .pnb-choice .widget-toggle-buttons { gap: 0; }
.pnb-compose .pnb-choice button { height: 30px; line-height: 28px; margin: 0; padding: 0 10px; border-radius: 0;
  border: 1px solid var(--pnb-line); background: var(--jp-layout-color1, Canvas); color: var(--pnb-text);
  box-shadow: none; font-size: 1em; margin-inline-start: -1px; }
.pnb-compose .pnb-choice button:first-child { border-radius: 6px 0 0 6px; margin-inline-start: 0; }
.pnb-compose .pnb-choice button:last-child { border-radius: 0 6px 6px 0; }
.pnb-compose .pnb-choice button.mod-active { background: var(--pnb-soft); border-color: var(--pnb-accent);
  font-weight: 600; position: relative; z-index: 1; }
.pnb-compose .pnb-fold.mod-primary.mod-active { color: var(--pnb-text); }
.pnb-compose textarea { font-family: inherit; line-height: 1.4; }
.pnb-compose .pnb-json textarea { font-family: var(--jp-code-font-family, monospace); font-size: 12px; }
.pnb-template-picture { border: 1px solid var(--pnb-line); border-radius: 6px; height: 150px; overflow: hidden;
  position: relative; background: #fff; }
.pnb-template-picture iframe { border: 0; height: 520px; left: 0; pointer-events: none; position: absolute; top: 0;
  transform: scale(.318) translateY(-46px); transform-origin: 0 0; width: 598px; }
.pnb-template-about { line-height: 1.35; margin-top: 4px; }
</style>"""
