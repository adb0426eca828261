// Keeps the world's page up to date and sends its forms without leaving it. The page works without
// this script, too: the forms then load it anew.

const toast = document.getElementById('toast')
let toastTimer = 0

function say(text, tone) {
  clearTimeout(toastTimer)
  toast.textContent = text
  toast.className = `toast shown ${tone}`
  toastTimer = setTimeout(() => {
    toast.className = 'toast'
  }, 6000)
}

/** The HTML that an element was made from: how it looks now may differ by an animation's class. */
const origins = new WeakMap()
for (const element of document.querySelectorAll('[data-key]')) {
  origins.set(element, element.outerHTML)
}

/** Puts new HTML into a panel, but leaves alone what has not changed: focus and scrolling stay. */
function patch(panel, text) {
  const template = document.createElement('template')
  template.innerHTML = text
  const fresh = [...template.content.children]
  if (fresh.length === 0 || !fresh.every((element) => element.dataset.key)) {
    panel.replaceChildren(template.content)
    return
  }
  const known = new Map([...panel.children].map((element) => [element.dataset.key, element]))
  const wanted = fresh.map((element) => {
    const old = known.get(element.dataset.key)
    if (old && origins.get(old) === element.outerHTML) return old
    origins.set(element, element.outerHTML)
    if (!old) element.classList.add('arrived')
    return element
  })
  for (const node of [...panel.childNodes]) if (!wanted.includes(node)) node.remove()
  wanted.forEach((element, index) => {
    const there = panel.children[index]
    if (there !== element) panel.insertBefore(element, there ?? null)
  })
}

function show(update) {
  for (const [name, text] of Object.entries(update.panels)) {
    const panel = document.getElementById(`panel-${name}`)
    if (panel) patch(panel, text)
  }
  for (const [id, mode] of Object.entries(update.modes)) {
    const select = document.getElementById(`mode-${id}`)
    if (select && document.activeElement !== select) select.value = mode
  }
}

function listen() {
  const events = new EventSource('/api/events')
  let lost = false
  events.addEventListener('update', (event) => {
    if (lost) say('Connected again.', 'good')
    lost = false
    show(JSON.parse(event.data))
  })
  events.addEventListener('error', () => {
    if (lost) return
    lost = true
    say('The simulated world does not answer. Was it stopped?', 'bad')
    const dot = document.createElement('span')
    dot.className = 'dot bad'
    document.getElementById('panel-worker').replaceChildren(dot, 'This page is cut off')
  })
}

async function submit(form) {
  const buttons = form.querySelectorAll('button')
  for (const button of buttons) button.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(new FormData(form)),
    })
    const answer = await response.json()
    if (answer.message) say(answer.message, answer.ok ? 'good' : 'bad')
    if (answer.ok && /\/api\/(logins|activities)$/.test(form.action)) showPhone()
    if (answer.ok && form.action.endsWith('/api/replies')) form.reset()
  } catch {
    say('The simulated world does not answer. Was it stopped?', 'bad')
  } finally {
    for (const button of buttons) button.removeAttribute('aria-busy')
  }
}

/** In one column the phone lies below the buttons: a message would arrive unseen. */
function showPhone() {
  if (!matchMedia('(max-width: 720px)').matches) return
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  document
    .querySelector('.phone')
    .scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
}

document.addEventListener('submit', (event) => {
  event.preventDefault()
  void submit(event.target)
})
document.addEventListener('change', (event) => {
  if (event.target.matches('select[data-submits]')) event.target.form.requestSubmit()
})
listen()
