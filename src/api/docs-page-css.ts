// The style of /docs: system fonts, light and dark, readable from 360 px on. Contrast is at least 7:1
// (WCAG 2.2, 1.4.6).

import { raw } from 'hono/html'

export const DOCS_CSS = raw(`
*{box-sizing:border-box}
html{scroll-behavior:smooth;color-scheme:light dark}
body{margin:0;background:#fff;color:#1a1a1f;font:16px/1.55 -apple-system,system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main,header,footer,nav{max-width:60em;margin:0 auto;padding:0 16px}
header{padding-top:28px}
h1{font-size:30px;line-height:1.2;margin:0 0 4px}
h2{font-size:24px;line-height:1.25;margin:56px 0 8px;padding-top:16px;border-top:3px solid #1a1a1f}
h3{font-size:18px;line-height:1.35;margin:40px 0 8px}
h4{font-size:16px;margin:20px 0 6px}
p,ul,ol,table,pre{margin:0 0 14px}
ul,ol{padding-left:22px}
li{margin-bottom:4px}
a{color:#0a4293}
a:focus-visible,pre:focus-visible,summary:focus-visible{outline:3px solid #0a4293;outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:#fff;padding:8px}
nav ul{list-style:none;padding:0}
nav ul ul{padding-left:16px}
nav a{display:inline-block;padding:3px 0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:14px}
code{background:#f0f0f4;padding:1px 4px;border-radius:4px}
pre{background:#f0f0f4;padding:12px;border-radius:8px;overflow-x:auto;overflow-wrap:normal}
pre code{background:none;padding:0}
.method{display:inline-block;background:#1a1a1f;color:#fff;border-radius:4px;padding:0 8px;font-size:14px;font-weight:700}
table{width:100%;border-collapse:collapse;table-layout:fixed}
caption{text-align:left;font-weight:600;padding:6px 0}
th,td{text-align:left;vertical-align:top;padding:7px 8px 7px 0;border-top:1px solid #c4c4cf}
th{font-weight:600}
thead th{border-top:0}
tbody th{font-weight:400}
.first{width:42%}
.type{display:block;color:#4a4a55;font-size:14px}
.words{margin:4px 0 0;padding-left:18px}
.words li{margin:0}
details{margin:0 0 14px}
summary{cursor:pointer;padding:6px 0;font-weight:600}
footer{padding:40px 16px 56px}
@media (min-width:48em){nav>ul{columns:3;column-gap:32px}nav>ul>li{break-inside:avoid;margin-bottom:10px}}
@media (prefers-color-scheme:dark){
body,.skip:focus{background:#121217;color:#f1f1f4}
h2{border-color:#f1f1f4}
a{color:#9cc4ff}
a:focus-visible,pre:focus-visible,summary:focus-visible{outline-color:#9cc4ff}
code,pre{background:#22222b}
.method{background:#f1f1f4;color:#121217}
th,td{border-color:#4a4a55}
.type{color:#c0c0ca}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`)
