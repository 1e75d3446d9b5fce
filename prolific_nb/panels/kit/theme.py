"""The style of all panels: JupyterLab's theme variables, with system colours as fallback for light and dark."""

from __future__ import annotations

STYLE = """<style>
.pnb-panel { max-width: 1100px; width: 100%; box-sizing: border-box; padding: 10px 14px 14px; margin: 6px 0;
  border: 1px solid var(--jp-border-color2, GrayText); border-radius: 6px;
  background: var(--jp-layout-color1, Canvas); color: var(--jp-ui-font-color1, CanvasText); }
.pnb-panel .widget-html-content { line-height: 1.45; }
.pnb-panel .pnb-title { margin: 2px 0 6px; font-size: 1.15em; font-weight: 600; }
.pnb-mode { border-radius: 3px; padding: 1px 7px; margin-right: 6px; color: #fff; font-size: .8em;
  letter-spacing: .04em; vertical-align: 1px; }
.pnb-sandbox { background: #0072b2; }
.pnb-live { background: #b34700; outline: 2px solid #b34700; outline-offset: 2px; }
.pnb-error { border-left: 4px solid #c22; padding: 4px 10px; margin: 4px 0;
  background: var(--jp-layout-color2, Canvas); }
.pnb-panel .pnb-error pre, .pnb-code-text, .pnb-panel .pnb-words { white-space: pre-wrap; overflow-wrap: anywhere;
  word-break: normal; margin: 0; font-family: inherit; color: inherit; background: none; }
.pnb-code-text { font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px);
  padding: 8px 10px; background: var(--jp-layout-color2, Canvas); border-radius: 4px; }
.pnb-scroll { overflow-x: auto; max-width: 100%; }
.pnb-scroll table { border-collapse: collapse; font-size: .92em; color: inherit; width: max-content; }
.pnb-scroll td, .pnb-scroll th { padding: 3px 10px; text-align: start !important; vertical-align: top; max-width: 28em;
  overflow-wrap: break-word; unicode-bidi: plaintext; border-bottom: 1px solid var(--jp-border-color2, GrayText);
  background: none !important; color: inherit !important; }
.pnb-scroll th { white-space: nowrap; }
.pnb-scroll thead th { white-space: normal; }
.pnb-facts th { text-align: start; vertical-align: top; padding: 1px 16px 1px 0; white-space: nowrap; }
.pnb-facts td { padding: 1px 0; overflow-wrap: anywhere; }
.pnb-findings { margin: 2px 0 2px 1.2em; padding: 0; }
.pnb-findings li { margin: 2px 0; overflow-wrap: anywhere; }
.pnb-muted { color: var(--jp-ui-font-color2, GrayText); }
.pnb-panel .widget-label { overflow: visible; }
.pnb-panel .jupyter-button:focus-visible { outline: 2px solid var(--jp-brand-color1, Highlight); outline-offset: 1px; }
@media (max-width: 720px) { .pnb-panel .widget-inline-hbox { flex-wrap: wrap; height: auto; }
  .pnb-panel .widget-dropdown > select { height: var(--jp-widgets-inline-height, 28px); }
  .pnb-panel .widget-inline-hbox > .widget-label { text-align: start; }
  .pnb-scroll td { max-width: 16em; } }
</style>"""
