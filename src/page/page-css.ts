// The lock page's style: system fonts, large targets, light and dark, nothing a ten-year-old phone
// cannot do. Contrast is at least 7:1 (WCAG 2.2, 1.4.6).

import { raw } from 'hono/html'
import { styleSource } from './style-source.ts'

export const PAGE_CSS = raw(`
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1a1a1f;font:18px/1.5 -apple-system,system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:34em;margin:0 auto;padding:24px 20px 48px}
h1{font-size:28px;line-height:1.2;margin:8px 0 16px;text-wrap:balance}
h2{font-size:20px;margin:32px 0 8px}
h1,h2{hyphens:auto;overflow-wrap:anywhere}
:lang(ja) :is(h1,h2,button,.button){word-break:auto-phrase}
:lang(ko){word-break:keep-all;overflow-wrap:anywhere}
p,ul,ol{margin:0 0 16px}
ul,ol{padding-inline-start:24px}
li{margin-bottom:6px}
a{color:#0b4fae}
.brand{font-size:15px;color:#4a4a55;margin:0}
.note{margin-top:32px;padding:12px 16px;border-inline-start:4px solid #8a6100;background:#fff6df;color:#3d2c00}
form{margin:24px 0}
label{display:block;font-weight:600;margin-top:16px}
input{display:block;width:100%;min-height:56px;padding:10px 14px;border:2px solid #6b6b76;border-radius:10px;background:#fff;color:#1a1a1f;font:inherit;font-size:22px}
input[name=code]{letter-spacing:.2em;text-transform:uppercase}
small{display:block;font-size:15px;color:#4a4a55;margin:4px 0 16px}
[role=alert]{padding:12px 16px;border-inline-start:4px solid #a8071a;background:#fdecee;color:#5c000c;font-weight:600}
button,.button{display:block;width:100%;min-height:64px;padding:14px;border:2px solid transparent;border-radius:10px;background:#a8071a;color:#fff;font:inherit;font-size:22px;font-weight:700;text-align:center;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:#8a0615}
button.calm{background:#0b4fae}
button.calm:hover{background:#083d88}
button:focus,a:focus,input:focus{outline:3px solid #0b4fae;outline-offset:3px}
.steps{list-style:none;padding:0}
.steps li{padding:10px 14px;border-inline-start:4px solid #6b6b76;margin:0}
.steps .done{border-color:#12692f;font-weight:600}
.steps .done::before{content:"\\2713\\00a0"}
.steps .waiting::before{content:"\\2026\\00a0"}
.steps .waiting{border-color:#8a6100}
@media (prefers-color-scheme:dark){
body{background:#121217;color:#f1f1f4}
a{color:#9cc4ff}
.brand,small{color:#b9b9c4}
input{background:#1d1d24;color:#f1f1f4;border-color:#8f8f9c}
[role=alert]{background:#3a0a10;color:#ffd9dd;border-color:#ffb3ba}
.note{background:#2e2408;color:#ffe9b3;border-color:#d7a021}
button,.button{background:#ffb3ba;color:#3a0007}
button:hover,.button:hover{background:#ffc9ce}
button.calm{background:#9cc4ff;color:#06214a}
button.calm:hover{background:#b8d4ff}
button:focus,a:focus,input:focus{outline-color:#9cc4ff}
.steps .done{border-color:#5fd38a}
.steps .waiting{border-color:#d7a021}
}
`)

export const pageCssHash = styleSource(PAGE_CSS)
