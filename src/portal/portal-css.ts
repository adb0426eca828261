// The style of the owner's pages: the lock page's, and what forms and lists need beside it.

import { raw } from 'hono/html'
import { PAGE_CSS } from '../page/page-css.ts'
import { styleSource } from '../page/style-source.ts'

const EXTRA_CSS = `
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:16px}
nav li{margin:0}
nav li:has([aria-current]){scroll-initial-target:nearest}
@media (max-width:480px){nav ul{flex-wrap:nowrap;overflow-x:auto;scrollbar-width:thin;padding:4px}nav a{white-space:nowrap}}
nav a{display:inline-block;padding:6px 0;border-bottom:3px solid transparent}
nav a[aria-current]{color:inherit;font-weight:700;text-decoration:none;border-color:#0b4fae}
button.plain{background:#eef1f6;color:#1a1a1f;border-color:#6b6b76;min-height:48px;font-size:18px}
button.plain:hover{background:#dde3ee}
select,input[type=text],input[type=tel]{font-size:19px}
select{display:block;width:100%;min-height:56px;padding:10px 14px;border:2px solid #6b6b76;border-radius:10px;background:#fff;color:#1a1a1f;font:inherit}
select:focus{outline:3px solid #0b4fae;outline-offset:3px}
input[type=radio]{display:inline-block;width:24px;min-height:24px;height:24px;margin:0 8px;vertical-align:middle}
fieldset{border:0;margin:0 0 16px;padding:0}
legend{font-weight:600;padding:0}
.cards{list-style:none;padding:0}
.cards>li{padding:14px 16px;border:2px solid #c9ccd6;border-radius:10px;margin-bottom:12px;overflow-wrap:anywhere}
.cards form{margin:12px 0 0}
.bad{border-color:#a8071a!important}
.warn,.done-note{padding:12px 16px;border-inline-start:4px solid #8a6100;background:#fff6df;color:#3d2c00}
.done-note{border-color:#12692f;background:#e9f6ed;color:#0b3d1c}
.muted{color:#4a4a55;font-size:15px}
.qr{display:block;width:220px;height:220px;background:#fff;padding:8px}
code{font-size:17px;overflow-wrap:anywhere}
dl{margin:0}
dt{font-weight:600}
dd{margin:0 0 8px}
[hidden]{display:none}
.lock-card{max-width:420px;margin:0 0 16px;padding:16px;border:2px solid #1a1a1f;border-radius:12px;background:#fff;color:#1a1a1f}
.lock-card .qr{padding:0}
.lock-card p{margin:8px 0 0}
.lock-card code{display:block;word-break:break-all;font-size:15px}
form button+button{margin-top:8px}
select+button,input+button{margin-top:16px}
[data-offer]{margin-bottom:16px}
@media print{
body{background:#fff;color:#000}
main:has(.lock-card)>:not(.lock-card){display:none}
.lock-card{width:86mm;padding:4mm;border-width:.3mm;break-inside:avoid;font-size:9pt;line-height:1.3}
.lock-card .qr{width:34mm;height:34mm}
.lock-card code{font-size:8pt}
}
@media (prefers-color-scheme:dark){
nav a[aria-current]{border-color:#9cc4ff}
button.plain{background:#2a2a33;color:#f1f1f4;border-color:#8f8f9c}
button.plain:hover{background:#383844}
select{background:#1d1d24;color:#f1f1f4;border-color:#8f8f9c}
select:focus{outline-color:#9cc4ff}
.cards>li{border-color:#4a4a55}
.bad{border-color:#ffb3ba!important}
.warn{background:#2e2408;color:#ffe9b3;border-color:#d7a021}
.done-note{background:#0c2f18;color:#c9f2d5;border-color:#5fd38a}
.muted{color:#b9b9c4}
}
`

export const PORTAL_CSS = raw(`${PAGE_CSS}${EXTRA_CSS}`)

export const portalCssHash = styleSource(PORTAL_CSS)
