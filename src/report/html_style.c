/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The style sheet of the HTML report. All text has a contrast of at least 4.5 to 1 with its
 * background, light and dark (WCAG 2.1, 1.4.3). No verdict is told by colour alone.
 */
#include "html.h"

const char *
html_class(enum verdict verdict)
{
	return verdict_name(verdict);
}

const char html_style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#f3f5f7;--line:#c4cad1;"
    "--mute:#4d5660;--bad:#b3261e;--doubt:#7a4d00;--good:#1a6b33;--badbg:#fdecea;"
    "--doubtbg:#fff4dc;--goodbg:#e8f5ec}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e6e8ea;--soft:#1e2327;"
    "--line:#49525b;--mute:#a9b2bb;--bad:#ff8a80;--doubt:#ffcc66;--good:#7fd99a;"
    "--badbg:#3b1a18;--doubtbg:#382b0e;--goodbg:#16301f}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:76rem;padding:1.5rem;background:var(--bg);color:var(--fg);"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}\n"
    "h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.3rem;margin:2.2rem 0 .6rem;"
    "border-bottom:1px solid var(--line)}h3{font-size:1.05rem;margin:0 0 .4rem}\n"
    ".verdict{border-left:.5rem solid;padding:.9rem 1.2rem;border-radius:.3rem}\n"
    ".violation{color:var(--bad)}.inconclusive{color:var(--doubt)}.compliant{color:var(--good)}\n"
    ".verdict.violation{background:var(--badbg)}.verdict.inconclusive{background:var(--doubtbg)}"
    ".verdict.compliant{background:var(--goodbg)}.verdict p{color:var(--fg);margin:0;"
    "overflow-wrap:anywhere}\n"
    ".meta{color:var(--mute);margin:.6rem 0}\n"
    "article{border:1px solid var(--line);border-left:.35rem solid;border-radius:.3rem;"
    "padding:.8rem 1rem;margin:.9rem 0;break-inside:avoid}article>*{color:var(--fg)}"
    "article h3{color:inherit}article p{margin:.3rem 0;overflow-wrap:anywhere}\n"
    "pre{background:var(--soft);border:1px solid var(--line);border-radius:.3rem;"
    "padding:.6rem .8rem;overflow:auto;margin:.5rem 0;font-size:.85rem}\n"
    "code,pre,.mono{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}\n"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.88rem;"
    "margin:.6rem 0}caption{text-align:left;color:var(--mute);padding:.2rem 0}"
    "th,td{text-align:left;padding:.25rem .55rem;border-bottom:1px solid var(--line);"
    "vertical-align:top;white-space:nowrap}thead th{border-bottom:2px solid var(--line)}"
    "tbody th{font-weight:600}td.num{text-align:right}\n"
    "summary{cursor:pointer;padding:.3rem 0;font-weight:600}\n"
    "table.counts{width:auto}.counts th{white-space:normal}\n"
    /* In a narrow window the picture is scrolled, for its text would be too small. */
    "svg{width:100%;min-width:52rem;height:auto;display:block;margin:.8rem 0;"
    "background:var(--soft);border:1px solid var(--line);border-radius:.3rem}\n"
    "svg text{fill:var(--fg);font:13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}"
    "svg .small{font-size:11px}svg .strong{font-weight:700}\n"
    "svg rect{fill:var(--bg);stroke:var(--line)}svg rect.violation{stroke:var(--bad);"
    "stroke-width:2.5;fill:var(--badbg)}svg rect.inconclusive{stroke:var(--doubt);"
    "stroke-dasharray:6 4;stroke-width:2;fill:var(--doubtbg)}svg rect.compliant{"
    "stroke:var(--good);stroke-width:1.5}svg rect.switch{fill:var(--mute);stroke:none}"
    "svg text.switch{fill:var(--bg)}svg .wire{stroke:var(--mute);stroke-width:1.5;fill:none}"
    "svg .claim{stroke:var(--bad);stroke-width:3;fill:none}svg .head{fill:var(--bad)}"
    "svg .rightful{stroke:var(--good);stroke-width:3;fill:none}svg .righthead{fill:var(--good)}"
    "svg text.violation{fill:var(--bad)}svg text.inconclusive{fill:var(--doubt)}"
    "svg text.compliant{fill:var(--good)}\n"
    "@media(max-width:40rem){body{padding:.8rem}article,.verdict{padding:.6rem .7rem}}\n"
    /* Paper has all hosts, also those that are folded away on the screen. */
    "@media print{html{font-size:11px}body{max-width:none;padding:0;font-size:1rem}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}svg{min-width:0;break-inside:avoid}"
    "tr,pre{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}"
    "details:not([open])>*{display:block}"
    "details::details-content{display:block;content-visibility:visible}}\n";
