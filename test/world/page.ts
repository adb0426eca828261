// The world's page as one HTML document: complete without script, kept up to date with it. The parts
// that people operate stand here and stay; the parts that change come from view.ts.

import { CARRIER_KITS } from './carrier-kits.ts'
import { CARRIER_MODE_LABELS, CARRIER_MODES } from './carrier-modes.ts'
import { ACTIVITIES, SCENARIOS } from './demo.ts'
import { CALLBACK_MODE_LABELS, CALLBACK_MODES } from './exchange-callbacks.ts'
import { html, type Markup, toText } from './markup.ts'
import type { ShownCarrier, WorldState } from './state.ts'
import { THIEF_ACTS } from './thief.ts'
import { renderPanels } from './view.ts'

const MODE_GROUPS: readonly (readonly [string, readonly (typeof CARRIER_MODES)[number][]])[] = [
  ['Sending', CARRIER_MODES.slice(0, CARRIER_MODES.indexOf('undelivered'))],
  ['Delivery', CARRIER_MODES.slice(CARRIER_MODES.indexOf('undelivered'))],
]

export function renderPage(state: WorldState): string {
  const panels = renderPanels(state)
  return toText(documentOf(state, (name) => panels[name] ?? html``))
}

type PanelSlot = (name: string) => Markup

function documentOf(state: WorldState, panel: PanelSlot): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lockline: the simulated world</title>
<link rel="icon" href="/page-icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
<link rel="stylesheet" href="/page-controls.css">
<link rel="stylesheet" href="/page-panels.css">
<script type="module" src="/page-client.js"></script>
</head>
<body>
<header class="top">
  <div class="brand"><img src="/page-icon.svg" alt="" width="36" height="36">
    <div><h1>Lockline</h1><p>Login alerts with an emergency lock</p></div></div>
  <p class="worker" id="panel-worker" role="status">${panel('worker')}</p>
</header>
<main>
<p class="lead">An exchange, a phone and three SMS carriers, all simulated on this machine. No SMS is sent,
  nothing leaves it; Lockline itself is the real thing.</p>
<div id="panel-notice" role="alert">${panel('notice')}</div>
<ol class="steps" id="panel-steps" aria-label="What to try">${panel('steps')}</ol>
<div class="columns">
${exchangeColumn(state, panel)}
${phoneColumn(state, panel)}
${carriersColumn(state, panel)}
</div>
<section class="history" aria-labelledby="history-title">
  <h2 id="history-title">What happened, and when</h2>
  <div class="timelines" id="panel-timeline">${panel('timeline')}</div>
</section>
</main>
<div id="toast" class="toast" role="status" aria-live="polite"></div>
</body>
</html>
`
}

function exchangeColumn(state: WorldState, panel: PanelSlot): Markup {
  return html`<section class="column" aria-labelledby="exchange-title">
  <h2 id="exchange-title">The exchange</h2>
  <div class="card">
    <h3>Log in as the demo user</h3>
    <div class="logins">${SCENARIOS.map(
      ({ id, title, detail }, index) => html`<form method="post" action="/api/logins">
        <input type="hidden" name="scenario" value="${id}">
        <button class="login ${index === 0 ? 'primary' : ''}"><b>${title}</b><span>${detail}</span></button></form>`,
    )}</div>
    <h3>Or tell of something else that happened</h3>
    <div class="activities">${ACTIVITIES.map(
      ({ id, title }) => html`<form method="post" action="/api/activities">
        <input type="hidden" name="activity" value="${id}"><button class="small">${title}</button></form>`,
    )}</div>
    <p class="portal"><a href="/portal" target="_blank" rel="noopener">The user’s own security pages</a></p>
  </div>
  <div class="card">
    <h3>The thief</h3>
    <div class="logins thief">${THIEF_ACTS.map(
      ({ id, title, detail }) => html`<form method="post" action="/api/thief">
        <input type="hidden" name="act" value="${id}">
        <button class="login"><b>${title}</b><span>${detail}</span></button></form>`,
    )}</div>
  </div>
  <div class="card">
    <h3>Withdrawals</h3>
    <div class="withdrawals" id="panel-hold">${panel('hold')}</div>
    <ul class="rows" id="panel-withdrawals" aria-label="Withdrawals">${panel('withdrawals')}</ul>
    <h3>Sessions</h3>
    <ul class="rows" id="panel-sessions" aria-label="Sessions">${panel('sessions')}</ul>
    <h3>API keys</h3>
    <ul class="rows" id="panel-api-keys" aria-label="API keys">${panel('api-keys')}</ul>
    <h3>Address book</h3>
    <ul class="rows" id="panel-addresses" aria-label="Address book">${panel('addresses')}</ul>
    <h3>Orders</h3>
    <ul class="rows" id="panel-orders" aria-label="Orders">${panel('orders')}</ul>
  </div>
  <div class="card">
    <h3>The lock</h3>
    <ul class="rows" id="panel-lock" aria-label="What the lock did">${panel('lock')}</ul>
    <form class="knob" method="post" action="/api/lock"><button class="small">Lock, as support would</button></form>
  </div>
  <div class="card">
    <h3>Callbacks from Lockline</h3>
    <ul class="rows" id="panel-callbacks">${panel('callbacks')}</ul>
    <form class="knob" method="post" action="/api/callbacks/mode">
      <label for="mode-callbacks">The exchange’s endpoint</label>
      <select id="mode-callbacks" name="mode" data-submits>${CALLBACK_MODES.map((mode) =>
        option(mode, CALLBACK_MODE_LABELS[mode], mode === state.callbackMode),
      )}</select><noscript><button class="small">Set</button></noscript>
    </form>
  </div>
</section>`
}

function phoneColumn(state: WorldState, panel: PanelSlot): Markup {
  return html`<section class="column" aria-labelledby="phone-title">
  <h2 id="phone-title">The phone</h2>
  <div class="phone">
    <div class="phone-top"><span class="avatar" aria-hidden="true">D</span>
      <div><b>Messages</b><span class="quiet">${state.phone}</span></div></div>
    <ul class="messages" id="panel-phone" aria-live="polite" aria-label="SMS inbox, newest first" tabindex="0">${panel('phone')}</ul>
  </div>
</section>`
}

function carriersColumn(state: WorldState, panel: PanelSlot): Markup {
  return html`<section class="column" aria-labelledby="carriers-title">
  <h2 id="carriers-title">The carriers</h2>
  ${state.carriers.map((carrier, index) => carrierCard(carrier, index + 1, panel))}
</section>`
}

function carrierCard(carrier: ShownCarrier, place: number, panel: PanelSlot): Markup {
  const { name } = carrier
  return html`<div class="card carrier">
    <h3><span class="carrier-tag ${name}">${CARRIER_KITS[name].label}</span>
      <span class="quiet">${['', 'asked first', 'asked second', 'asked third'][place] ?? ''}</span></h3>
    <form class="knob" method="post" action="/api/carriers/${name}/mode">
      <label for="mode-${name}">Behaviour</label>
      <select id="mode-${name}" name="mode" data-submits>${MODE_GROUPS.map(
        ([group, modes]) =>
          html`<optgroup label="${group}">${modes.map((mode) =>
            option(mode, CARRIER_MODE_LABELS[mode], mode === carrier.mode),
          )}</optgroup>`,
      )}</select><noscript><button class="small">Set</button></noscript>
    </form>
    <div class="carrier-body" id="panel-${name}">${panel(name)}</div>
  </div>`
}

function option(value: string, label: string, chosen: boolean): Markup {
  return html`<option value="${value}"${chosen ? html` selected` : null}>${label}</option>`
}
