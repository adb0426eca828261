// The changing parts of the world's page as HTML: one function for each panel, all of them pure.
// Repeated parts carry a `data-key`, by which the page's script knows them again.

import { CARRIER_KITS } from './carrier-kits.ts'
import { CALLBACK_MODE_LABELS } from './exchange-callbacks.ts'
import { holdingPanels } from './holdings.ts'
import { html, type Markup } from './markup.ts'
import { amount, clock } from './shown-text.ts'
import type { ShownCarrier, ShownMessage, ShownReply, StepNumber, WorldState } from './state.ts'
import type { LoginTimeline } from './timeline.ts'

/** The inner HTML of every element whose id is `panel-<name>`. */
export function renderPanels(state: WorldState): Record<string, Markup> {
  const panels: Record<string, Markup> = {
    worker: workerPanel(state),
    notice: noticePanel(state),
    steps: stepsPanel(state),
    ...holdingPanels(state),
    callbacks: callbacksPanel(state),
    phone: phonePanel(state),
    timeline: timelinePanel(state),
  }
  for (const carrier of state.carriers) panels[carrier.name] = carrierPanel(carrier)
  return panels
}

function workerPanel(state: WorldState): Markup {
  const words = {
    unknown: ['wait', 'Looking for Lockline'],
    reachable: ['good', 'Lockline is running'],
    unreachable: ['bad', 'Lockline does not answer'],
  } as const
  const [tone, text] = words[state.worker]
  return html`<span class="dot ${tone}"></span><span>${text}</span>
    <a href="${state.workerOrigin}/docs" target="_blank" rel="noopener">API</a>`
}

function noticePanel(state: WorldState): Markup {
  const refused =
    state.refused.length === 0
      ? null
      : html`<p class="notice"><strong>Lockline will not hear of something that happened.</strong>
    Its owner is not told of it: ${state.refused.join(' · ')}</p>`
  if (state.worker !== 'unreachable') return html`${refused}`
  return html`${refused}<p class="notice"><strong>Lockline does not answer at ${state.workerOrigin}.</strong>
    Logins posted now go nowhere. Is it still starting, or was it stopped?</p>`
}

const STEPS: readonly (readonly [StepNumber, string, string])[] = [
  [1, 'Log in', 'Choose a place and a device. An SMS reaches the phone within five seconds.'],
  [
    2,
    'Let a thief in',
    'He has the password. Press what he does next, one after the other, and see it in the account.',
  ],
  [
    3,
    'Tap the link',
    'One tap on its page locks the account: see what is left of the thief. So does a reply of LOCK and the code.',
  ],
  [4, 'Break a carrier', 'Let Twilio hang, then log in again: the next carrier takes over.'],
]

function stepsPanel(state: WorldState): Markup {
  const current = STEPS.find(([number]) => !state.stepsDone[number])?.[0]
  return html`${STEPS.map(([number, title, text]) => {
    const done = state.stepsDone[number]
    const kind = done ? 'done' : number === current ? 'current' : 'next'
    return html`<li data-key="step-${number}" class="step ${kind}">
      <span class="step-number" aria-hidden="true">${done ? '✓' : number}</span>
      <div><h2>${title}${done ? html`<span class="quiet"> done</span>` : null}</h2><p>${text}</p></div>
    </li>`
  })}`
}

function callbacksPanel(state: WorldState): Markup {
  const broken =
    state.callbackMode === 'ok'
      ? null
      : html`<li data-key="mode" class="quiet">The endpoint is set to: ${CALLBACK_MODE_LABELS[state.callbackMode]}.</li>`
  if (state.callbacks.length === 0) {
    return html`${broken}<li data-key="none" class="empty">None yet. A lock sends the first one.</li>`
  }
  return html`${broken}${state.callbacks.map(({ key, at, valid, text, status }) => {
    const confirmed = status !== null && status < 300
    const word = valid
      ? confirmed
        ? 'Verified'
        : `Answered ${status ?? 'nothing'}`
      : 'Not believed'
    return html`<li data-key="${key}" class="row">
      <span class="row-main">${text}</span><span class="quiet">${clock(at)}</span>
      <span class="badge ${valid && confirmed ? 'good' : 'bad'}">${word}</span></li>`
  })}`
}

function phonePanel(state: WorldState): Markup {
  if (state.messages.length === 0) {
    return html`<li data-key="none" class="empty phone-empty">No messages yet.<br>Log in to receive one.</li>`
  }
  const bubbles = [
    ...state.messages.map((message) => ({ at: message.at, bubble: messageBubble(message) })),
    ...state.replies.map((reply) => ({ at: reply.at, bubble: replyBubble(reply) })),
  ]
  return html`${bubbles.sort((a, b) => b.at - a.at).map(({ bubble }) => bubble)}`
}

function messageBubble(message: ShownMessage): Markup {
  const unit = message.segments === 1 ? 'segment' : 'segments'
  const facts = [
    clock(message.at),
    ...(message.afterLoginMs === null
      ? []
      : [`${amount(message.afterLoginMs)} ms after the login`]),
    `${message.segments} ${unit}, ${message.encoding}`,
  ]
  return html`<li data-key="${message.key}" class="message">
    <p class="bubble">${linkify(message.text)}</p>
    <p class="meta"><span class="carrier-tag ${message.provider}">${CARRIER_KITS[message.provider].label}</span>
      ${facts.map((fact) => html`<span>${fact}</span> `)}</p>${replyBox(message)}</li>`
}

/** Folded, so that twelve messages are no twelve forms; a person opens the one they answer. */
function replyBox({ key, providerMessageId, from, replyTo }: ShownMessage): Markup {
  if (replyTo === null) return html`<p class="meta">“${from}” is a name: it cannot be answered.</p>`
  const id = `text-${key}`
  return html`<details class="reply"><summary>Reply to ${replyTo}</summary>
    <form method="post" action="/api/replies">
      <input type="hidden" name="message" value="${providerMessageId}">
      <label for="${id}">Your reply</label>
      <div class="reply-line"><input id="${id}" name="text" required maxlength="480" autocomplete="off">
        <button class="small">Send</button></div></form></details>`
}

function replyBubble(reply: ShownReply): Markup {
  const { status, phone, from, to } = reply
  const isTaken = status !== null && status < 300
  const refused = status === null ? 'Lockline did not answer' : `Lockline answered ${status}`
  const facts = [
    clock(reply.at),
    `to ${to}`,
    ...(from === phone ? [] : [`pretending to be ${from}`]),
    isTaken ? 'Lockline took it' : refused,
  ]
  return html`<li data-key="${reply.key}" class="message mine">
    <p class="bubble">${reply.text}</p>
    <p class="meta"><span class="dot ${isTaken ? 'good' : 'bad'}"></span>${facts.map((fact) => html`<span>${fact}</span> `)}</p></li>`
}

/** Makes http(s) addresses tappable, as a phone does. */
export function linkify(text: string): Markup {
  const parts = text.split(/(https?:\/\/[^\s<>"]*[A-Za-z0-9_/-])/)
  return html`${parts.map((part, index) =>
    index % 2 === 1
      ? html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>`
      : html`${part}`,
  )}`
}

function carrierPanel(carrier: ShownCarrier): Markup {
  const { calls, accepted, refused, unanswered } = carrier.counters
  const healthy = carrier.mode === 'ok'
  const list =
    carrier.calls.length === 0
      ? html`<li class="empty">No calls yet.</li>`
      : html`${carrier.calls.map(
          (call) => html`<li class="call"><span class="dot ${call.tone}"></span>
            <span class="row-main">${call.alertNumber === null ? '' : `#${call.alertNumber} `}${call.text}</span>
            <span class="quiet">${clock(call.at)}</span></li>`,
        )}`
  return html`<p class="carrier-state"><span class="badge ${healthy ? 'good' : 'bad'}">${healthy ? 'Working' : 'Broken on purpose'}</span></p>
    <dl class="counts">
      <div><dt>Calls</dt><dd>${amount(calls)}</dd></div>
      <div><dt>Accepted</dt><dd>${amount(accepted)}</dd></div>
      <div><dt>Refused</dt><dd>${amount(refused)}</dd></div>
      <div><dt>No answer</dt><dd>${amount(unanswered)}</dd></div>
    </dl><ul class="calls">${list}</ul>`
}

function timelinePanel(state: WorldState): Markup {
  if (state.timelines.length === 0) {
    return html`<div data-key="none" class="empty">Each login appears here, with every step and its time.</div>`
  }
  return html`${state.timelines.map(timelineCard)}`
}

function timelineCard(timeline: LoginTimeline): Markup {
  const took =
    timeline.acceptedAfterMs === null
      ? html`<span class="quiet">no carrier has accepted yet</span>`
      : html`<strong>${amount(timeline.acceptedAfterMs)} ms</strong> <span class="quiet">to an accepted SMS</span>`
  const number = timeline.alertNumber === null ? '' : `Alert #${timeline.alertNumber} · `
  return html`<article data-key="login-${timeline.loginId}" class="card timeline">
    <header><h3>${timeline.label}</h3>
      <p class="quiet">${number}${clock(timeline.sentAt)}</p><p class="took">${took}</p>${routeLine(timeline)}</header>
    <ol>${timeline.steps.map(
      (step) => html`<li><span class="when">+${amount(step.afterMs)} ms</span>
        <span class="dot ${step.tone}"></span>
        <span><b>${step.title}</b> ${step.detail}</span></li>`,
    )}</ol></article>`
}

const TONE_MARK = { good: '✓', bad: '✗', wait: '…', plain: '' } as const
const TONE_WORD = { good: 'accepted', bad: 'failed', wait: 'waiting', plain: '' } as const

/** "Twilio ✗ 1,501 ms → Infobip ✓ 1,519 ms": the failover at a glance. */
function routeLine(timeline: LoginTimeline): Markup | null {
  if (timeline.route.length < 2) return null
  return html`<p class="route">${timeline.route.map(
    ({ label, tone, ms }, index) => html`${index === 0 ? '' : ' → '}<span>${label}
      <span class="mark ${tone}" role="img" aria-label="${TONE_WORD[tone]}">${TONE_MARK[tone]}</span> ${amount(ms)} ms</span>`,
  )}</p>`
}
