// The style of the operator's pages: the owner's pages', wider, with tables and charts.

import { raw } from 'hono/html'
import { PAGE_CSS } from '../../page/page-css.ts'
import { styleSource } from '../../page/style-source.ts'

const EXTRA_CSS = `
main{max-width:72em}
h1{font-size:26px}
h2{font-size:20px;margin:36px 0 10px;padding-bottom:4px;border-bottom:2px solid #c9ccd6}
h3{font-size:18px;margin:0 0 4px;overflow-wrap:anywhere}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:4px 20px;margin:0}
nav a{display:inline-block;padding:8px 0}
nav a[aria-current]{color:inherit;font-weight:700;text-decoration:none;border-bottom:3px solid #0b4fae}
.state{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 16px;padding:16px 20px;border-inline-start:8px solid #12692f;background:#e9f6ed;color:#0b3d1c}
.state strong{font-size:26px}
.state.degraded{border-color:#8a6100;background:#fff6df;color:#3d2c00}
.state.down{border-color:#a8071a;background:#fdecee;color:#5c000c}
.cards{list-style:none;padding:0;display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(min(100%,24em),1fr))}
.cards>li{padding:14px 16px;border:2px solid #8a6100;border-radius:10px;margin:0;overflow-wrap:anywhere}
.cards>li.down{border-color:#a8071a}
.cards p{margin:0 0 6px}
.tiles{list-style:none;padding:0;display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(min(100%,11em),1fr))}
.tiles>li{padding:12px 14px;border:2px solid #c9ccd6;border-radius:10px;margin:0}
.tiles b{display:block;font-size:24px}
.loud{border-color:#a8071a!important;background:#fdecee;color:#5c000c}
.muted{color:#4a4a55;font-size:15px}
.scroll{overflow-x:auto;border:2px solid #c9ccd6;border-radius:10px;margin:0 0 16px}
.scroll:focus{outline:3px solid #0b4fae;outline-offset:3px}
table{border-collapse:collapse;width:100%;font-size:16px;font-variant-numeric:tabular-nums}
caption{text-align:start;padding:8px 12px;color:#4a4a55;font-size:15px}
th,td{padding:7px 12px;text-align:start;vertical-align:top;border-top:1px solid #c9ccd6}
thead th{font-weight:600;white-space:nowrap;border-top:0}
td.n,th.n{text-align:end;white-space:nowrap}
td.t{white-space:nowrap}
.poor{font-weight:700;color:#a8071a}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0 0 16px}
dt{font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
.find{display:flex;flex-wrap:wrap;gap:8px;align-items:end;margin:0 0 16px}
.find>span{flex:1 1 12em}
.find label{margin:0}
.find input{font-size:18px;min-height:48px}
.find button{width:auto;min-height:48px;font-size:17px;padding:8px 18px}
details{margin:0 0 8px}
summary{cursor:pointer;padding:10px 0;color:#0b4fae;font-weight:600}
summary:focus{outline:3px solid #0b4fae;outline-offset:3px}
.act{margin:0 0 16px;padding:12px 16px;border:2px solid #c9ccd6;border-radius:10px;max-width:34em}
.act label{margin:0 0 12px}
.act input,.act select{display:block;width:100%;min-height:48px;padding:8px 12px;border:2px solid #6b6b76;border-radius:10px;background:#fff;color:#1a1a1f;font:inherit;font-size:18px}
.act select:focus{outline:3px solid #0b4fae;outline-offset:3px}
.act button{min-height:48px;font-size:17px}
button.plain{background:#eef1f6;color:#1a1a1f;border-color:#6b6b76;min-height:48px;font-size:17px;width:auto;padding:8px 18px}
button.plain:hover{background:#dde3ee}
figure{margin:0 0 16px}
figcaption{color:#4a4a55;font-size:15px}
svg.chart{display:block;width:100%;max-width:60em;height:auto}
code{font-size:.94em;overflow-wrap:anywhere}
svg.chart text{font:13px system-ui,sans-serif;fill:#4a4a55}
svg .grid{stroke:#c9ccd6;stroke-width:1}
svg .limit{stroke:#a8071a;stroke-width:2;stroke-dasharray:6 5}
svg .p50{fill:none;stroke:#0b4fae;stroke-width:3}
svg .p95{fill:none;stroke:#8a6100;stroke-width:3}
svg .dot50{fill:#0b4fae}
svg .dot95{fill:#8a6100}
svg .bar{fill:#9aa3b5}
.key50::before{content:"\\25cf\\00a0";color:#0b4fae}
.key95::before{content:"\\25cf\\00a0";color:#8a6100}
.keylimit::before{content:"\\2013\\2013\\00a0";color:#a8071a}
@media (max-width:480px){dl{grid-template-columns:1fr}dt{margin-top:6px}th,td{padding:7px 8px}}
@media (prefers-color-scheme:dark){
h2,.scroll,.tiles>li,th,td,.act{border-color:#4a4a55}
summary{color:#9cc4ff}
summary:focus,.act select:focus{outline-color:#9cc4ff}
.act input,.act select{background:#1d1d24;color:#f1f1f4;border-color:#8f8f9c}
nav a[aria-current]{border-color:#9cc4ff}
.state{border-color:#5fd38a;background:#0c2f18;color:#c9f2d5}
.state.degraded{border-color:#d7a021;background:#2e2408;color:#ffe9b3}
.state.down{border-color:#ffb3ba;background:#3a0a10;color:#ffd9dd}
.cards>li{border-color:#d7a021}
.cards>li.down{border-color:#ffb3ba}
.loud{border-color:#ffb3ba!important;background:#3a0a10;color:#ffd9dd}
.muted,caption,figcaption{color:#b9b9c4}
.poor{color:#ffb3ba}
.scroll:focus{outline-color:#9cc4ff}
button.plain{background:#2a2a33;color:#f1f1f4;border-color:#8f8f9c}
button.plain:hover{background:#383844}
svg.chart text{fill:#b9b9c4}
svg .grid{stroke:#4a4a55}
svg .limit{stroke:#ffb3ba}
svg .p50{stroke:#9cc4ff}
svg .p95{stroke:#d7a021}
svg .dot50{fill:#9cc4ff}
svg .dot95{fill:#d7a021}
svg .bar{fill:#5b6375}
.key50::before{color:#9cc4ff}
.key95::before{color:#d7a021}
.keylimit::before{color:#ffb3ba}
}
`

export const OPS_CSS = raw(`${PAGE_CSS}${EXTRA_CSS}`)

export const opsCssHash = styleSource(OPS_CSS)
