"""The page's style sheet: one set of names for both colour schemes."""

STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#5c6878;--line:#dde2e9;
--proved:#1a7f4b;--refuted:#c8322b;--unmeasured:#9a6b00;--proved-soft:#e3f4ea;--refuted-soft:#fde8e6;
--unmeasured-soft:#fbf0d4;--wait:#c9d2de;--run:#3b6fd4;--box:#eef2f8}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--ink:#e6ebf2;--soft:#9aa7b8;--line:#2c3542;
--proved:#4cc38a;--refuted:#ff7b72;--unmeasured:#e3b341;--proved-soft:#15301f;--refuted-soft:#3a1a19;
--unmeasured-soft:#33290f;--wait:#3a4555;--run:#6e9bf5;--box:#222b37}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:58rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 .6rem}h1 small{font-weight:400;color:var(--soft);font-size:1.1rem}
h2{font-size:1.15rem;margin:0 0 .6rem}
section,header{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:1.1rem 1.2rem;
margin:0 0 1rem}
.over,.note{color:var(--soft);margin:0 0 .6rem;font-size:.9rem}.over{margin:0}
.bar{display:flex;height:.8rem;border-radius:.4rem;overflow:hidden;gap:2px}.bar i{display:block}
.bar .proved{background:var(--proved)}.bar .refuted{background:var(--refuted)}
.bar .unmeasured{background:repeating-linear-gradient(45deg,var(--unmeasured) 0 6px,transparent 6px 9px)}
.counts{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;padding:0;margin:.7rem 0 0}
.counts b{font-size:1.2rem}
li.proved,b.proved{color:var(--proved)}li.refuted,b.refuted{color:var(--refuted)}
li.unmeasured,b.unmeasured{color:var(--unmeasured)}
.wide{overflow-x:auto}svg{display:block;min-width:34rem;width:100%;height:auto;font:13px system-ui,sans-serif}
svg text{fill:var(--ink)}svg .soft{fill:var(--soft);font-size:11px}svg .box{fill:var(--box);stroke:var(--line)}
svg .optional{stroke-dasharray:4 3}svg .edge{fill:none;stroke:var(--soft);stroke-width:1.4}
svg .tip{fill:var(--soft)}svg .wait{fill:var(--wait)}svg .run{fill:var(--run)}svg .tick{stroke:var(--line)}
svg .ready{fill:var(--proved)}
details{border-top:1px solid var(--line);padding:.15rem 0}details:first-of-type{border-top:0}
summary{cursor:pointer;padding:.5rem 0;display:grid;grid-template-columns:7.2rem 1fr auto;gap:.2rem .8rem;
align-items:baseline;list-style:none}
summary::-webkit-details-marker{display:none}
summary .figure{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
summary .says{overflow-wrap:anywhere}
.verdict{font-weight:600;font-size:.82rem;border-radius:.35rem;padding:.1rem .5rem;justify-self:start}
.verdict.proved{color:var(--proved);background:var(--proved-soft)}
.verdict.refuted{color:var(--refuted);background:var(--refuted-soft)}
.verdict.unmeasured{color:var(--unmeasured);background:var(--unmeasured-soft);outline:1px dashed currentColor}
.inside summary,.fold>summary{display:list-item;list-style:disclosure-closed inside;padding:.25rem 0;color:var(--soft)}
.inside [open]>summary,.fold[open]>summary{list-style-type:disclosure-open}
.inside{padding:0 0 .8rem;margin-left:.2rem}.inside p{margin:.2rem 0 .5rem}
pre{background:var(--box);border-radius:.4rem;padding:.7rem;overflow-x:auto;font-size:.8rem;max-height:26rem;
margin:.3rem 0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{text-align:left;vertical-align:top;
padding:.25rem .6rem .25rem 0;
border-top:1px solid var(--line);overflow-wrap:anywhere}tr:first-child>*{border-top:0}
th{font-weight:500;color:var(--soft);white-space:nowrap}td.number{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}
.sizes{display:flex;height:1.6rem;border-radius:.35rem;overflow:hidden;gap:1px;margin:.2rem 0 .1rem}
.sizes i{display:block;min-width:2px;background:var(--run)}.sizes i:nth-child(2n){opacity:.72}
.sizes i.plain{background:var(--wait);opacity:1}.sizes i.rest{background:none}
.notes{padding-left:1.1rem;font-size:.9rem;color:var(--soft)}
@media (max-width:36rem){summary{grid-template-columns:1fr auto}summary .says{grid-column:1/-1;grid-row:2}
main{padding:.6rem .5rem 3rem}section,header{padding:.9rem .8rem}}
@media print{details>*{display:block}}
""".strip()
