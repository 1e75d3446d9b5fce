"""The style of all panels: JupyterLab's theme variables, with system colours as fallback for light and dark."""

from __future__ import annotations

STYLE = """<style>
.pnb-panel { --pnb-line: var(--jp-border-color2, GrayText); --pnb-soft: var(--jp-layout-color2, Canvas);
  --pnb-text: var(--jp-ui-font-color1, CanvasText); --pnb-accent: #0072b2; --pnb-ring: #0a84d6;
  --jp-widgets-inline-height: 30px; --jp-widgets-margin: 0px; --jp-widgets-inline-label-width: max-content;
  max-width: 1100px; width: 100%; box-sizing: border-box; padding: 12px 16px; margin: 6px 0; gap: 8px;
  border: 1px solid var(--pnb-line); border-radius: 8px; background: var(--jp-layout-color1, Canvas);
  color: var(--pnb-text); font-size: var(--jp-ui-font-size1, 13px); }
[data-jp-theme-light="false"] .pnb-panel { color-scheme: dark; --pnb-accent: #56b4e9; --pnb-ring: #79c7f2; }
.pnb-panel.pnb-embedded { border: 0; padding: 0; margin: 0; max-width: none; }
.pnb-panel > .widget-html:empty, .pnb-panel .widget-html:has(> .widget-html-content:empty) { display: none; }
.pnb-panel .widget-html-content { line-height: 1.45; overflow-wrap: anywhere; }
.pnb-panel .widget-html-content p { margin: 0; }
.pnb-panel .pnb-title { margin: 0; font-size: 1.2em; font-weight: 600; line-height: 1.4; }
.pnb-panel .pnb-heading { margin: 6px 0 0; font-size: 1em; font-weight: 600; line-height: 1.4; }
.pnb-mode { border-radius: 3px; padding: 1px 7px; margin-right: 6px; color: #fff; font-size: .8em; font-weight: 600;
  letter-spacing: .04em; vertical-align: 1px; }
.pnb-sandbox { background: #0072b2; }
.pnb-live { background: #b34700; outline: 2px solid #b34700; outline-offset: 2px; }
.pnb-error { border-left: 4px solid #c22; padding: 6px 12px; border-radius: 0 4px 4px 0; background: var(--pnb-soft); }
.pnb-panel .pnb-error pre, .pnb-code-text, .pnb-panel .pnb-words { white-space: pre-wrap; overflow-wrap: anywhere;
  word-break: normal; margin: 0; font-family: inherit; color: inherit; background: none; }
.pnb-code-text { font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px);
  padding: 8px 10px; background: var(--pnb-soft); border-radius: 4px; }
.pnb-scroll { overflow-x: auto; max-width: 100%; }
.pnb-scroll table { border-collapse: collapse; font-size: 1em; color: inherit; width: max-content; }
.pnb-scroll td, .pnb-scroll th { padding: 4px 10px; text-align: start !important; vertical-align: top; max-width: 28em;
  overflow-wrap: break-word; unicode-bidi: plaintext; border-bottom: 1px solid var(--pnb-line);
  background: none !important; color: inherit !important; }
.pnb-scroll th { white-space: nowrap; font-weight: 600; }
.pnb-scroll thead th { white-space: normal; }
.pnb-scroll .pnb-number, .pnb-facts .pnb-number { text-align: end !important; font-variant-numeric: tabular-nums; }
.pnb-facts { border-collapse: collapse; }
.pnb-facts th { text-align: start; vertical-align: top; padding: 2px 16px 2px 0; white-space: nowrap;
  font-weight: 400; color: var(--jp-ui-font-color2, GrayText); }
.pnb-facts td { padding: 2px 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.pnb-findings { margin: 2px 0 2px 1.2em; padding: 0; }
.pnb-findings li { margin: 2px 0; overflow-wrap: anywhere; }
.pnb-muted { color: var(--jp-ui-font-color2, GrayText); }
.pnb-panel select { appearance: auto !important; background-image: none !important; }
.pnb-panel .widget-label { overflow: visible; text-align: start; }
.pnb-panel .widget-inline-hbox { gap: 8px; }
.pnb-panel .pnb-button, .pnb-panel .pnb-tabs button { height: 30px; line-height: 28px; padding: 0 12px;
  min-width: 4.5em; border: 1px solid var(--pnb-line); border-radius: 6px; background: var(--jp-layout-color1, Canvas);
  color: var(--pnb-text); font-size: 1em; box-shadow: none; flex: none; }
.pnb-panel .pnb-button:hover:enabled, .pnb-panel .pnb-tabs button:hover:enabled { background: var(--pnb-soft); }
.pnb-panel .pnb-button:disabled { opacity: .5; }
.pnb-panel .pnb-button.mod-primary { background: #0072b2; border-color: #0072b2; color: #fff; font-weight: 600; }
.pnb-panel .pnb-button.mod-primary:hover:enabled { background: #005f95; }
.pnb-panel .pnb-button.mod-danger { background: #b34700; border-color: #b34700; color: #fff; font-weight: 600; }
.pnb-panel .pnb-button.mod-active { background: var(--pnb-soft); border-color: var(--pnb-accent);
  color: var(--pnb-text); }
.pnb-panel .pnb-quiet { border-color: transparent; color: var(--jp-ui-font-color2, GrayText); padding: 0 6px;
  min-width: 0; }
.pnb-panel .pnb-fold { border-color: transparent; padding: 0 6px 0 4px; min-width: 0; align-self: flex-start;
  text-align: start; }
.pnb-panel .pnb-fold.mod-active { border-color: transparent; background: none; }
.pnb-panel .pnb-fold::before { content: "▸" / ""; display: inline-block; width: 1.2em; }
.pnb-panel .pnb-fold.mod-active::before { content: "▾" / ""; }
.pnb-panel .pnb-tabs > div, .pnb-panel .pnb-tabs .widget-toggle-buttons { gap: 0; }
.pnb-panel .pnb-tabs { border-bottom: 1px solid var(--pnb-line); width: 100%; height: auto; }
.pnb-panel .pnb-tabs button { border: 0; border-bottom: 3px solid transparent; border-radius: 0; margin: 0; }
.pnb-panel .pnb-tabs button.mod-active { border-bottom-color: var(--pnb-accent); font-weight: 600; background: none; }
.pnb-panel :is(button, input, select, textarea, summary, a, [tabindex], [contenteditable]):focus-visible {
  outline: 2px solid var(--pnb-ring); outline-offset: 1px; }
.pnb-panel .pnb-fold:focus-visible { outline-offset: -2px; }
@media (max-width: 720px) { .pnb-panel .widget-inline-hbox { flex-wrap: wrap; height: auto; }
  .pnb-panel .widget-dropdown > select { height: var(--jp-widgets-inline-height, 30px); }
  .pnb-panel .widget-inline-hbox > .widget-label { text-align: start; }
  .pnb-scroll td { max-width: 16em; } }
.pnb-panel.jupyter-widgets-disconnected { display: none; }
@media (forced-colors: active) { .pnb-mode { border: 1px solid; } }
</style>"""
