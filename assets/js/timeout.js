// Warns before the session ends, in a <dialog> of the page, and leaves the page when it has.
//
// <body data-timeout-seconds="900" data-warning-seconds="120"
//       data-keep-alive-url="/session/keep-alive/" data-sign-in-url="/sign-in/">
//
// The server decides when a session is over; this only tells people in time. It goes by the
// clock, not by counting, because a phone sleeps; and all tabs of a session agree.

import { csrfToken } from './csrf.js'

const ACTIVE_EVERY = 60000

/** "2 minutes", "1 minute", "20 seconds". */
export function inWords (seconds) {
  if (seconds > 60) return `${Math.ceil(seconds / 60)} minutes`
  if (seconds > 20) return '1 minute'
  return `${Math.max(0, seconds)} seconds`
}

export function startTimeout ({ beforeLeaving }) {
  const { timeoutSeconds, warningSeconds, keepAliveUrl, signInUrl } = document.body.dataset
  const $dialog = document.getElementById('session-warning')
  if (!timeoutSeconds || !$dialog) return
  const allowed = Number(timeoutSeconds) * 1000
  const warning = Number(warningSeconds ?? 120) * 1000
  const $left = $dialog.querySelector('[data-timeout-left]')
  const $spoken = $dialog.querySelector('[data-timeout-spoken]')
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('tl-session') : undefined

  let ends = Date.now() + allowed
  let asked = Date.now()
  let leaving = false

  function extend (tell = true) {
    ends = Date.now() + allowed
    if ($dialog.open) $dialog.close()
    if (tell) tabs?.postMessage('active')
  }

  async function stay () {
    asked = Date.now()
    try {
      const response = await fetch(keepAliveUrl, {
        method: 'POST',
        credentials: 'same-origin',
        redirect: 'manual',
        cache: 'no-store',
        headers: { 'X-CSRFToken': csrfToken() }
      })
      if (response.ok) extend()
      else leave()
    } catch {
      // No connection: the session goes on running out, and the warning stays.
    }
  }

  async function leave () {
    if (leaving) return
    leaving = true
    await Promise.race([
      Promise.resolve(beforeLeaving?.()).catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 2000))
    ])
    const here = location.pathname + location.search
    // `replace`: the back button must not show the page again.
    location.replace(`${signInUrl}?next=${encodeURIComponent(here)}`)
  }

  async function signOut () {
    tabs?.postMessage('leave')
    const $form = document.querySelector('.tl-header__sign-out')
    await beforeLeaving?.()
    if ($form) $form.submit()
    else leave()
  }

  function look () {
    const left = ends - Date.now()
    if (left <= 0) {
      leave()
    } else if (left <= warning) {
      if (!$dialog.open) $dialog.showModal()
      const seconds = Math.ceil(left / 1000)
      $left.textContent = inWords(seconds)
      // Spoken once a minute, and near the end: not every second.
      if (seconds % 60 === 0 || seconds === 20) $spoken.textContent = `${inWords(seconds)} left`
    }
  }

  $dialog.querySelector('[data-timeout-stay]').addEventListener('click', stay)
  $dialog.querySelector('[data-timeout-leave]').addEventListener('click', signOut)
  // Escape means "I am here".
  $dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    stay()
  })
  // Typing and scrolling keep the session alive, but not while the warning is up, when somebody
  // else may have picked up the phone.
  for (const kind of ['keydown', 'pointerdown']) {
    document.addEventListener(kind, () => {
      if (!$dialog.open && Date.now() - asked > ACTIVE_EVERY) stay()
    }, { passive: true })
  }
  document.addEventListener('tl:active', () => extend())
  document.addEventListener('visibilitychange', look)
  tabs?.addEventListener('message', ({ data }) => {
    if (data === 'active') extend(false)
    else if (data === 'leave') leave()
  })
  setInterval(look, 1000)
}
