// The page of all SMS texts as HTML: one file without a script, so that whoever reads a language can read its texts
// beside each other, laid out as a phone lays them out. Pure.

import { html, raw } from 'hono/html'
import type { Language } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages.ts'
import { PART_LABELS } from '../docs/part-names.ts'
import { activityTexts, alertTexts, noticeTexts, type SampleText } from './sample-texts.ts'

const STYLE = `:root{color-scheme:light dark;font:16px/1.45 system-ui,sans-serif}
body{margin:0 auto;max-width:72rem;padding:1rem}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{border-top:1px solid #8886;padding:.4rem .6rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
th:nth-child(1){width:13rem}th:nth-child(3){width:6rem}th:nth-child(4){width:10rem}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1rem}
.en{color:#b00}`

const ENGLISH = new Intl.DisplayNames(['en'], { type: 'language' })

/** Ends in a line break. */
export async function renderTextsPage(): Promise<string> {
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width" />
<title>Every SMS in every language</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<h1>Every SMS in every language</h1>
<p>Made by <code>npm run texts</code> from the code that sends, with an origin of 24 characters. A text is set as a phone sets it:
its first letter decides from which side it is read. Segments are what a provider bills; units are septets in GSM-7, two
bytes each in UCS-2. Left out is what found no room, the least important first
(<a href="delivery.md#what-an-alert-says">what an alert says</a>).</p>
<nav>${LANGUAGES.map(({ tag }) => html`<a href="#${tag}">${ENGLISH.of(tag)}</a> `)}</nav>
${LANGUAGES.map(renderLanguage)}
</body>
</html>
`
  return String(page)
}

function renderLanguage(language: Language) {
  const { tag } = language
  return html`<h2 id="${tag}">${ENGLISH.of(tag)} <code>${tag}</code></h2>
<table>
<tr><th>of</th><th>text</th><th>segments</th><th>left out</th></tr>
${[...alertTexts(language), ...activityTexts(language), ...noticeTexts(language)].map((text) => renderText(text, language))}</table>
`
}

function renderText({ name, text, count, tag, dropped }: SampleText, language: Language) {
  const isEnglish = tag !== language.tag
  const left = dropped.map((part) => PART_LABELS[part]).join(', ')
  return html`<tr><td>${name}</td><td lang="${tag}" dir="auto">${text}</td><td>${count.segments} ${count.encoding}, ${count.units}</td><td>${isEnglish ? html`<b class="en">in English</b> ` : ''}${left}</td></tr>
`
}
