"""The page's style sheet: one set of names for both colour schemes."""

from collections.abc import Mapping

# Every one of them is at least 4.5:1 against the surfaces that words in it stand on (tests/report/test_style.py).
LIGHT: Mapping[str, str] = {
    "page": "#f4f6f8", "card": "#ffffff", "ink": "#17202b", "soft": "#525e6d", "line": "#dbe1e8", "box": "#eef2f7",
    "proved": "#146c3f", "refuted": "#b3261e", "unmeasured": "#7a5200", "proved-soft": "#e4f4ea",
    "refuted-soft": "#fdeae8", "unmeasured-soft": "#fbf1d9", "wait": "#b9c4d2", "run": "#2f62c4",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "page": "#10141a", "card": "#181e27", "ink": "#e8edf4", "soft": "#a3afbf", "line": "#2b3441", "box": "#222b37",
    "proved": "#56cf95", "refuted": "#ff8a80", "unmeasured": "#e9bd55", "proved-soft": "#14301f",
    "refuted-soft": "#3b1c1b", "unmeasured-soft": "#332a12", "wait": "#4a5768", "run": "#7ea8f8",
}  # fmt: skip


def _names(scheme: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in scheme.items())


_RULES = """
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:68rem;padding:1.5rem 1rem 3rem;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
a{color:var(--run)}
:focus-visible{outline:3px solid var(--run);outline-offset:2px;border-radius:.3rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header,section,footer{background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:1.4rem 1.6rem;
margin:0 0 1.1rem}
header{border-top:.4rem solid var(--soft)}header.proved{border-top-color:var(--proved)}
header.refuted{border-top-color:var(--refuted)}header.unmeasured{border-top-color:var(--unmeasured)}
h1{font-size:1.25rem;line-height:1.3;margin:0}h1 small{font-weight:400;color:var(--soft);font-size:1rem}
h2{font-size:1.35rem;line-height:1.25;margin:0;letter-spacing:-.01em}h2.small{font-size:1rem;margin:1.1rem 0 .3rem}
h3{font-size:1rem;margin:1.3rem 0 .3rem}
.over,.note{color:var(--soft);margin:0 0 .6rem;font-size:.9rem;max-width:60rem}.over{margin:0}
header>.note{margin:.9rem 0 0}
.outcome{font-size:clamp(1.35rem,1rem + 1.9vw,2.1rem);font-weight:650;line-height:1.2;margin:.7rem 0 1rem;
letter-spacing:-.015em;display:flex;gap:.7rem;text-wrap:balance}
.sign{display:inline-grid;place-items:center;flex:none;width:1.5em;height:1.5em;border-radius:50%;font-weight:700;
font-size:.8em;color:var(--card);background:var(--soft)}
.proved>.sign{background:var(--proved)}.refuted>.sign,.refuted .outcome .sign{background:var(--refuted)}
.proved .outcome .sign{background:var(--proved)}
.unmeasured .outcome .sign,.unmeasured>.sign{background:var(--unmeasured)}
.bar{display:flex;height:1rem;border-radius:.5rem;overflow:hidden;gap:3px}.bar i{display:block;min-width:6px}
.bar .proved{background:var(--proved)}
.bar .refuted{background:repeating-linear-gradient(45deg,var(--refuted) 0 7px,var(--refuted-soft) 7px 9px)}
.bar .unmeasured{background:repeating-linear-gradient(-45deg,var(--unmeasured) 0 3px,var(--unmeasured-soft) 3px 9px)}
.counts{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;padding:0;margin:.7rem 0 0}
.counts b{font-size:1.25rem}
li.proved,b.proved{color:var(--proved)}li.refuted,b.refuted{color:var(--refuted)}
li.unmeasured{color:var(--unmeasured)}
.refutations{margin:0;padding:0;list-style:none}
.refutations li{border-left:.25rem solid var(--refuted);padding:.1rem 0 .1rem .8rem;margin:.6rem 0}
em{font-style:normal;font-weight:600;font-size:.8rem;color:var(--refuted);border:1px solid;border-radius:.3rem;
padding:0 .35rem}
nav ul{list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(14.5rem,1fr));gap:.7rem;padding:0;
margin:0 0 1.1rem}
nav a{display:grid;grid-template-columns:auto 1fr;gap:.1rem .7rem;align-items:center;height:100%;padding:.8rem 1rem;
color:var(--ink);text-decoration:none;background:var(--card);border:1px solid var(--line);border-radius:.8rem}
nav a:hover{border-color:var(--run)}nav b{font-weight:600;line-height:1.25}
nav .sign{grid-row:1/3}nav .said{color:var(--soft);font-size:.85rem;grid-column:2}
.title{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:0 1rem;margin:0 0 .5rem}
.title p{margin:0;color:var(--soft);font-size:.9rem}
.figure{margin:0 0 1.2rem}
.wide{overflow-x:auto}
svg{display:block;width:100%;height:auto;font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
svg text{fill:var(--ink)}svg .soft{fill:var(--soft);font-size:11px}svg .strong{font-weight:600}
svg .on{font-size:11px;fill:var(--card)}svg .tiny{font-size:10px}
svg .box{fill:var(--box);stroke:var(--wait)}svg .optional{stroke-dasharray:6 4}
svg .gone{fill:none;stroke:var(--soft);stroke-dasharray:2 4}svg .cross{stroke:var(--line);fill:none}
svg .edge{fill:none;stroke:var(--soft);stroke-width:1.4}svg .edge.gone{stroke-dasharray:2 4}
svg .tip{fill:var(--soft)}svg .leak{fill:none;stroke:var(--refuted);stroke-width:2.5}
svg .wrong{fill:var(--refuted);font-weight:700;font-size:16px;paint-order:stroke;stroke:var(--card);
stroke-width:5px}svg .wrong.tiny{font-size:10px;stroke-width:0}
svg .wait{fill:var(--wait)}svg .run{fill:var(--run);fill-opacity:.35;stroke:var(--run);stroke-dasharray:4 3}
svg .ready{fill:var(--proved)}svg .tick{stroke:var(--line)}
svg .bad{fill:var(--refuted)}svg .unknown{fill:var(--unmeasured-soft);stroke:var(--unmeasured);stroke-dasharray:3 3}
svg .window{fill:var(--refuted-soft);stroke:var(--refuted);stroke-dasharray:5 4}
svg .p50,svg .p99{fill:none;stroke:var(--run);stroke-width:2}svg .p99{stroke:var(--ink);stroke-dasharray:6 4}
.claim{border-top:1px solid var(--line)}.claim>summary{cursor:pointer;padding:.6rem 0;display:grid;
grid-template-columns:8rem 1fr minmax(0,16rem);gap:.2rem .9rem;align-items:baseline;list-style:none}
.claim>summary:hover{background:var(--box)}
.claim>summary::-webkit-details-marker{display:none}
.value{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere;color:var(--soft);font-size:.92rem}
.says{overflow-wrap:anywhere}
.verdict{font-weight:600;font-size:.84rem;border-radius:.4rem;padding:.1rem .5rem;justify-self:start;
white-space:nowrap;
border:1px solid transparent}
.verdict.proved{color:var(--proved);background:var(--proved-soft)}
.verdict.refuted{color:var(--refuted);background:var(--refuted-soft);border-color:currentColor}
.verdict.unmeasured{color:var(--unmeasured);background:var(--unmeasured-soft);border:1px dashed}
.fold>summary{cursor:pointer;padding:.25rem 0;color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
.inside{padding:.1rem 0 1rem 8.9rem}
dl{display:grid;grid-template-columns:6rem 1fr;gap:.3rem .8rem;margin:0 0 .6rem;font-size:.94rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
pre{background:var(--box);border-radius:.5rem;padding:.8rem;overflow:auto;font-size:.8rem;max-height:26rem;
margin:.3rem 0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
table{border-collapse:collapse;width:100%;font-size:.9rem}
td,th{text-align:left;vertical-align:top;padding:.35rem .9rem .35rem 0;border-top:1px solid var(--line)}
th{font-weight:500;color:var(--soft)}tbody th{white-space:nowrap}thead th{border-top:0;font-size:.85rem}
.matrix td,.matrix th{white-space:nowrap}
.matrix tbody th{color:var(--ink);position:sticky;left:0;background:var(--card)}
.matrix.faults td{white-space:normal;min-width:11rem}
.soft{color:var(--soft)}.blow+.blow{margin-top:.5rem}.blow small{display:block;color:var(--soft);line-height:1.35}
.numbers td,.numbers th,.sized tbody th,.shares td:nth-child(2){font-variant-numeric:tabular-nums}
.share{display:block;height:.7rem;margin-top:.35rem;background:var(--run);border-radius:.2rem;min-width:2px}
.shares td:last-child{width:45%}
.sizes{display:grid;grid-template-columns:auto 1fr auto;gap:.35rem .8rem;align-items:center;font-size:.9rem}
.stack{display:flex;height:1.6rem;gap:2px}
.stack i{display:block;min-width:3px;background:var(--run);border-radius:2px}
.stack i:nth-child(2n){opacity:.68}.stack i.plain{background:var(--wait)}.stack i.rest{background:none}
.notes{padding-left:1.2rem;font-size:.92rem}
@media (max-width:44rem){body{padding:.6rem .5rem 2rem}header,section,footer{padding:1rem .9rem}
nav ul{grid-template-columns:1fr 1fr;gap:.5rem}nav a{padding:.6rem .7rem}
.claim>summary{grid-template-columns:auto 1fr}.claim .says{grid-column:1/-1;grid-row:2}.inside{padding-left:0}
dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}}
@media (max-width:24rem){nav ul{grid-template-columns:1fr}}
@media print{body{max-width:none;background:none}details::details-content{content-visibility:visible;height:auto}
.claim{break-inside:avoid}}
@media (forced-colors:active){.bar i,.stack i,.share{forced-color-adjust:none}}
""".strip()

STYLE = (
    f":root{{color-scheme:light dark;{_names(LIGHT)}}}\n"
    f"@media (prefers-color-scheme:dark){{:root{{{_names(DARK)}}}}}\n{_RULES}"
)
