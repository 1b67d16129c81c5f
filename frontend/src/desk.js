// What pages do besides being read: the design system's behaviours, live parts that can be paused, and times that go on counting.
import { initAll } from './govuk-frontend.min.js'

initAll()
document.body.classList.add('js-enabled')

// In the language of the page; a browser that does not know it says it in its own.
const told = new Intl.RelativeTimeFormat(document.documentElement.lang || 'en', { numeric: 'always' })

const ago = (seconds) => {
  const past = seconds >= 0
  const s = Math.abs(Math.round(seconds))
  const unit = s < 90 ? [s, 'second'] : s < 5400 ? [Math.round(s / 60), 'minute'] : s < 129600 ? [Math.round(s / 3600), 'hour'] : [Math.round(s / 86400), 'day']
  return told.format(past ? -unit[0] : unit[0], unit[1])
}

// The page says which instant it was made at and how fast its clock goes (a demonstration may run faster than the wall's).
const html = document.documentElement
let made = Date.parse(html.dataset.now)
let loaded = performance.now()
const pace = () => Number(html.dataset.pace || 1)
const now = () => made + (performance.now() - loaded) * pace()
const welsh = html.lang === 'cy'

const tick = () => {
  if (welsh || Number.isNaN(made)) return
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const words = ago((now() - Date.parse(time.dateTime)) / 1000)
    const shown = time.querySelector('.desk-ago')
    if (shown && shown.textContent !== words) shown.textContent = words
  }
  for (const time of document.querySelectorAll('time[data-due]')) {
    time.closest('.desk-clock')?.classList.toggle('desk-clock--late', Date.parse(time.dateTime) < now())
  }
}
setInterval(tick, 1000)

// A live part is fetched again while nobody has paused it, and not while somebody has the focus on a field inside it.
document.addEventListener('htmx:beforeRequest', (event) => {
  const part = event.target
  if (!part.matches?.('[data-live]')) return
  if (writing(part) || localStorage.getItem('desk-paused') === 'yes') event.preventDefault()
})
// Somebody is about to press something, writes, or has opened something: what they look at must not move away.
const writing = (part) => {
  const at = document.activeElement
  const acts = part.contains(at) && at.matches('button, input, select, textarea, summary')
  return acts || part.querySelector('details[open]') !== null
}
document.addEventListener('htmx:afterSwap', (event) => {
  const at = event.detail.xhr?.getResponseHeader('X-Desk-Now')
  if (at) {
    made = Date.parse(at)
    loaded = performance.now()
  }
  say(false)
  announce()
})
// What needs an act is said when it changes, and not each time that the part is fetched.
const announce = () => {
  const from = document.querySelector('[data-announce]')
  const to = document.querySelector('[data-announced]')
  if (from && to && to.textContent !== from.textContent) to.textContent = from.textContent
}
announce()
const say = (lost) => {
  for (const line of document.querySelectorAll('[data-connection]')) line.hidden = !lost
}
document.addEventListener('htmx:sendError', () => say(true))
document.addEventListener('htmx:responseError', () => say(true))

const pause = document.querySelector('[data-pause]')
if (pause) {
  const show = () => {
    const paused = localStorage.getItem('desk-paused') === 'yes'
    pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause
    pause.hidden = false
    for (const line of document.querySelectorAll('[data-paused]')) line.hidden = !paused
  }
  pause.addEventListener('click', () => {
    localStorage.setItem('desk-paused', localStorage.getItem('desk-paused') === 'yes' ? 'no' : 'yes')
    show()
  })
  show()
}

for (const leave of document.querySelectorAll('select[data-submits]')) {
  leave.addEventListener('change', () => leave.form.requestSubmit())
}

// Shortcuts, each with a modifier, which can be switched off: Alt+Shift+O goes to the next offer, Alt+Shift+N takes a contact.
const keys = document.querySelector('[data-keys]')
if (keys) {
  const on = () => localStorage.getItem('desk-keys') !== 'off'
  const box = keys.querySelector('input')
  box.checked = on()
  keys.hidden = false
  box.addEventListener('change', () => localStorage.setItem('desk-keys', box.checked ? 'on' : 'off'))
  document.addEventListener('keydown', (event) => {
    if (!on() || !event.altKey || !event.shiftKey) return
    const wanted = { KeyO: '[data-accept]', KeyN: '[data-take]' }[event.code]
    const target = wanted && document.querySelector(wanted)
    if (!target) return
    event.preventDefault()
    target.focus()
  })
}
