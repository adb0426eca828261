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
async function subscribe() {
  if ((await Notification.requestPermission()) !== 'granted') return say(form.dataset.blocked)
  await navigator.serviceWorker.register(form.dataset.worker, { scope: '/' })
  const registration = await navigator.serviceWorker.ready
  const key = { userVisibleOnly: true, applicationServerKey: toBytes(form.dataset.key) }
  const subscription = await registration.pushManager.subscribe(key)
  form.elements.subscription.value = JSON.stringify(subscription)
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

/** The service worker: shows what was pushed, and opens its link when it is pressed. Keeps nothing. */
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
`
