// The script of the push page: asks the browser for a subscription and posts it as the form would. All words
// come from the page; without this script the page says that it needs one.

/** Served as a file of its own, so that the policy of the page needs no exception. */
export const PUSH_SCRIPT = `'use strict'
const form = document.getElementById('push-form')
const note = document.getElementById('push-note')
function say(text) {
  note.textContent = text
  note.hidden = false
}
function toBytes(text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}
function isKey(known, bytes) {
  if (!known) return false
  const view = new Uint8Array(known)
  return view.length === bytes.length && view.every((byte, at) => byte === bytes[at])
}
/* What the service worker needs should the browser change the subscription; without it, the owner comes back. */
async function keepForWorker(device) {
  try {
    const cache = await caches.open('push')
    await cache.put('/push-device', new Response(JSON.stringify(device)))
  } catch {}
}
async function subscribe() {
  if ((await Notification.requestPermission()) !== 'granted') return say(form.dataset.blocked)
  await navigator.serviceWorker.register(form.dataset.worker, { scope: '/' })
  const registration = await navigator.serviceWorker.ready
  const bytes = toBytes(form.dataset.key)
  const former = await registration.pushManager.getSubscription()
  if (former && !isKey(former.options.applicationServerKey, bytes)) await former.unsubscribe()
  const key = { userVisibleOnly: true, applicationServerKey: bytes }
  const subscription = await registration.pushManager.subscribe(key)
  const text = JSON.stringify(subscription)
  await keepForWorker({ key: form.dataset.key, renewal: form.dataset.renewal, subscription: text })
  form.elements.subscription.value = text
  form.submit()
}
if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
  say(form.dataset.unsupported)
} else {
  const enable = document.getElementById('push-enable')
  enable.hidden = false
  form.addEventListener('submit', (event) => {
    if (event.submitter !== enable) return
    event.preventDefault()
    subscribe().catch(() => say(form.dataset.failed))
  })
}
`

/**
 * The service worker: shows what was pushed, and opens its link when it is pressed. Keeps which subscription the page
 * registered: a browser may change it at any time, and then the worker alone is there to say so (Push API,
 * `pushsubscriptionchange`).
 */
export const PUSH_WORKER_SCRIPT = `'use strict'
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('push', (event) => {
  const { title, body, url, action, tag } = event.data.json()
  const actions = url && action ? [{ action: 'open', title: action }] : []
  const options = { body, tag, data: { url }, actions, requireInteraction: true }
  event.waitUntil(self.registration.showNotification(title, options))
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { url } = event.notification.data
  if (url) event.waitUntil(self.clients.openWindow(url))
})
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)))
async function renew({ oldSubscription, newSubscription }) {
  const cache = await caches.open('push')
  const kept = await cache.match('/push-device')
  if (!kept) return
  const { key, renewal, subscription: known } = await kept.json()
  const former = oldSubscription ? JSON.stringify(oldSubscription) : known
  const options = { userVisibleOnly: true, applicationServerKey: toBytes(key) }
  const present = newSubscription || (await self.registration.pushManager.subscribe(options))
  const subscription = JSON.stringify(present)
  const body = new URLSearchParams({ former, subscription })
  const answer = await fetch(renewal, { method: 'POST', body })
  if (!answer.ok) return
  const device = JSON.stringify({ key, renewal, subscription })
  await cache.put('/push-device', new Response(device))
}
function toBytes(text) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}
`
