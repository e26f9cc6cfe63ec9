// Keeps what is being typed in forms marked `data-draft="<key>" data-draft-url="/drafts/<key>/"`.
//
// The draft lives on the server. Only while the server can't be reached, or the session has
// ended, is it kept on the device, encrypted (device-store.js); it is sent and wiped from there
// as soon as the same person is connected again. Left out: passwords, files, hidden fields and
// anything inside `data-draft-skip`.
//
// The server answers at data-draft-url:
//   GET     {"values": {"name": ["text", …]}, "saved_at": "…"}, or 204 when there is none
//   POST    the form's values; answers {"saved_at": "…"}
//   DELETE  forgets the draft
// When a form was saved for good, the server clears its draft and sets the cookie
// `draft_done=<key>`, so that a copy on this device goes too.

import { csrfToken } from './csrf.js'
import { canKeep, keep, kept, wipe, wipeOld } from './device-store.js'

const PAUSE = 400
const RETRY = 15000
const SKIPPED_TYPES = new Set(['hidden', 'password', 'file', 'submit', 'button', 'reset', 'image'])

const owner = document.body.dataset.owner ?? ''

/** What came of sending a draft. */
const SAVED = 'saved'
const UNREACHABLE = 'unreachable'
const SIGNED_OUT = 'signed-out'
const REFUSED = 'refused'

function fieldsOf ($form) {
  return [...$form.elements].filter(
    ($field) =>
      $field.name &&
      !$field.disabled &&
      !SKIPPED_TYPES.has($field.type) &&
      !$field.closest('[data-draft-skip]')
  )
}

/** The typed values as form data. Boxes that are not ticked are left out, as in any form. */
export function typedValues ($form) {
  const values = new URLSearchParams()
  for (const $field of fieldsOf($form)) {
    if (($field.type === 'checkbox' || $field.type === 'radio') && !$field.checked) continue
    if ($field.type === 'select-multiple') {
      for (const $option of $field.selectedOptions) values.append($field.name, $option.value)
    } else {
      values.append($field.name, $field.value)
    }
  }
  return values
}

/** No value for each field of a form. */
function emptyOf ($form) {
  return Object.fromEntries(fieldsOf($form).map(($field) => [$field.name, []]))
}

/** The typed values by name, as the server gives them back. */
function valuesByName ($form) {
  const values = {}
  for (const [name, value] of typedValues($form)) (values[name] ??= []).push(value)
  return values
}

/**
 * Put values back into a form, and tell its components, so that revealed parts open.
 * Fields named in `kept` stay as they are.
 */
export function fillIn ($form, values, kept = new Set()) {
  for (const $field of fieldsOf($form)) {
    if (kept.has($field.name)) continue
    const given = [values[$field.name] ?? []].flat().map(String)
    if ($field.type === 'checkbox' || $field.type === 'radio') {
      const ticked = given.includes($field.value)
      if (ticked === $field.checked) continue
      // A click, because GOV.UK's conditional parts listen to clicks.
      if (ticked || $field.type === 'checkbox') $field.click()
      // Clicking can't take a choice back.
      else $field.checked = false
    } else if ($field.type === 'select-multiple') {
      for (const $option of $field.options) $option.selected = given.includes($option.value)
    } else if ($field.name in values) {
      $field.value = given.shift() ?? ''
      // Several boxes of one name take their values in turn.
      values = { ...values, [$field.name]: given }
      $field.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }
}

async function send (url, method, body, signal) {
  let response
  try {
    response = await fetch(url, {
      method,
      body,
      signal,
      credentials: 'same-origin',
      redirect: 'manual',
      cache: 'no-store',
      headers: { 'X-CSRFToken': csrfToken(), Accept: 'application/json' }
    })
  } catch {
    return { outcome: UNREACHABLE }
  }
  if (response.ok) {
    const answer = response.status === 204 ? {} : await response.json().catch(() => ({}))
    return { outcome: SAVED, answer }
  }
  // A redirect goes to the sign-in page; 403 is an old token of an earlier session.
  if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
    return { outcome: SIGNED_OUT }
  }
  if (response.status >= 500 || response.status === 429) return { outcome: UNREACHABLE }
  return { outcome: REFUSED, status: response.status }
}

function clockTime (iso) {
  const moment = iso ? new Date(iso) : new Date()
  return moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' })
}

/** "28 November at 17:12", in London. */
function dayAndTime (iso) {
  const day = new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'Europe/London' })
  return `${day} at ${clockTime(iso)}`
}

/** One form and its draft. */
class Draft {
  constructor ($form) {
    this.$form = $form
    this.key = $form.dataset.draft
    this.url = $form.dataset.draftUrl
    this.dirty = false
    this.stopped = false
    // Until the server has said what it holds, nothing is sent that would take its place. A
    // form that came back with errors holds the newest already.
    this.restored = 'draftBound' in $form.dataset
    this.touched = new Set()
    this.before = valuesByName($form)
    this.$status = this.statusLine()
    $form.addEventListener('input', (event) => this.changed(event))
    // Leaving a field, or going to another window, does not wait for the pause.
    $form.addEventListener('change', () => this.save())
    $form.addEventListener('submit', () => this.stop())
    // Shown again by the back button, the form is being typed in again.
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) this.stopped = false
    })
    window.addEventListener('online', () => this.save())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.save()
    })
  }

  /** The line that says where the draft is; screen readers hear it when it changes. */
  statusLine () {
    const $given = this.$form.querySelector('[data-draft-status]')
    if ($given) return $given
    const $status = document.createElement('p')
    $status.className = 'tl-draft'
    $status.setAttribute('role', 'status')
    $status.setAttribute('aria-live', 'polite')
    const $last = this.$form.querySelector('.govuk-button-group, .tl-sticky, [type="submit"]')
    if ($last) $last.before($status)
    else this.$form.append($status)
    return $status
  }

  say (words, state) {
    this.$status.dataset.state = state
    if (this.$status.textContent !== words) this.$status.textContent = words
  }

  changed (event) {
    if (this.filling || this.stopped) return
    this.dirty = true
    if (!this.restored && event?.target?.name) this.touched.add(event.target.name)
    this.typedAt = Date.now()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), PAUSE)
  }

  /** Send what is typed. One request at a time: a slow one must not overtake a newer one. */
  async save () {
    clearTimeout(this.timer)
    if (!this.dirty || this.stopped) return
    if (!this.restored) {
      // It is sent once the draft is back. Where that failed, it is asked for again first, and
      // what is typed stays here until then: sent now, it could take the draft's place.
      if (!this.unreached) return
      await this.restore()
      if (!this.restored && !this.stopped) {
        await this.keepHere(typedValues(this.$form).toString(), this.typedAt, this.unreached)
      }
      return
    }
    if (this.saving) {
      await this.saving
      return this.save()
    }
    this.dirty = false
    const typedAt = this.typedAt
    const body = typedValues(this.$form).toString()
    this.saving = this.deliver(body, typedAt).finally(() => { this.saving = undefined })
    await this.saving
  }

  async deliver (body, typedAt) {
    this.controller = new AbortController()
    const { outcome, answer, status } = await send(
      this.url, 'POST', new URLSearchParams(body), this.controller.signal
    )
    if (this.stopped) return
    this.lastOutcome = outcome
    if (outcome === SAVED) {
      this.say(`Draft saved ${clockTime(answer.saved_at)}`, 'saved')
      // Somebody is there, as far as the session goes; a retry by itself proves nothing.
      if (Date.now() - typedAt < 5000) document.dispatchEvent(new CustomEvent('tl:active'))
      if (canKeep()) await wipe(owner, this.key, typedAt)
    } else if (outcome === REFUSED) {
      this.say(
        status === 413 ? 'Draft not saved: the text is too long' : 'Draft not saved. Save the form before you leave this page',
        'failed'
      )
    } else {
      await this.keepHere(body, typedAt, outcome)
    }
  }

  /** The server can't have it now: keep it here, and try again. */
  async keepHere (body, typedAt, outcome) {
    const lost = outcome === SIGNED_OUT ? 'You are signed out' : 'No connection'
    const until = outcome === SIGNED_OUT ? 'you sign in again' : 'you are back online'
    // Sent again by the next try, unless something newer was typed meanwhile.
    this.dirty = true
    try {
      if (!canKeep() || !owner) throw new Error('nothing may be kept here')
      await keep({ owner, key: this.key, url: this.url, typedAt, body })
      const device = matchMedia('(pointer: coarse)').matches ? 'phone' : 'device'
      this.say(`${lost}: kept on this ${device} until ${until}`, 'kept')
    } catch {
      this.say(`${lost}: draft not saved. Keep this page open until ${until}`, 'failed')
    }
    this.timer = setTimeout(() => this.save(), RETRY)
  }

  /** The form itself is on its way: a draft sent now could arrive after it. */
  stop () {
    clearTimeout(this.timer)
    // Without a connection the form won't arrive either, so its last words are kept here.
    if (this.dirty && this.lastOutcome && this.lastOutcome !== SAVED && canKeep()) {
      keep({
        owner,
        key: this.key,
        url: this.url,
        typedAt: this.typedAt,
        body: typedValues(this.$form).toString()
      }).catch(() => {})
    }
    // After the other listeners: one of them may hold the form back.
    setTimeout(() => {
      this.stopped = true
      this.controller?.abort()
    })
  }

  /**
   * Fill the form with its draft, unless the page already shows what was just sent. What was
   * typed while the server was asked stays, and is sent together with what came back.
   */
  async restore () {
    if (this.restored) return
    const { outcome, answer } = await send(this.url, 'GET')
    // Another save may have asked at the same time.
    if (this.restored) return
    // A form that was on its way meanwhile may be shown again by the back button.
    const failed = outcome === UNREACHABLE || outcome === SIGNED_OUT
    this.unreached = failed ? outcome : this.stopped ? UNREACHABLE : ''
    if (this.unreached) return
    this.restored = true
    if (outcome === SAVED && answer.values) {
      this.filling = true
      fillIn(this.$form, answer.values, this.touched)
      this.filling = false
      this.offer(answer.saved_at)
    }
    if (this.dirty) await this.save()
  }

  /** Say at the top of the form that a draft is back, and let it be thrown away. */
  offer (savedAt) {
    const $notice = document.createElement('div')
    $notice.className = 'govuk-inset-text tl-no-print'
    const $words = document.createElement('p')
    $words.className = 'govuk-body'
    $words.textContent = `What you typed on ${dayAndTime(savedAt)} is back.`
    const $button = document.createElement('button')
    $button.type = 'button'
    $button.className = 'govuk-button govuk-button--secondary govuk-!-margin-bottom-0'
    $button.textContent = 'Start afresh'
    $button.addEventListener('click', () => this.discard($notice))
    $notice.append($words, $button)
    this.$form.prepend($notice)
    this.say('What you typed before is back', 'saved')
  }

  /** Forget the draft, and show the form as it was before it was put back. */
  async discard ($notice) {
    clearTimeout(this.timer)
    if (this.saving) await this.saving
    const { outcome } = await send(this.url, 'DELETE')
    if (outcome !== SAVED) {
      this.say('Not thrown away: there is no connection. Try again', 'failed')
      return
    }
    if (canKeep()) await wipe(owner, this.key)
    this.filling = true
    fillIn(this.$form, { ...emptyOf(this.$form), ...this.before })
    this.filling = false
    this.dirty = false
    $notice.remove()
    this.say('', 'saved')
    fieldsOf(this.$form)[0]?.focus()
  }
}

/** Send what was kept on the device for this person, and wipe it from there. */
async function sendKept () {
  if (!canKeep() || !owner) return
  await wipeOld()
  for (const record of await kept(owner)) {
    const { outcome } = await send(record.url, 'POST', new URLSearchParams(record.body))
    // Refused means that the form is no longer theirs to fill in: it must not stay here either.
    if (outcome === SAVED || outcome === REFUSED) await wipe(record.owner, record.key, record.typedAt)
  }
}

/** Forget drafts of forms that the server says were saved for good. */
async function forgetDone () {
  const cookie = document.cookie.split('; ').find((pair) => pair.startsWith('draft_done='))
  if (!cookie || !owner) return
  const key = decodeURIComponent(cookie.slice('draft_done='.length)).replace(/[^A-Za-z0-9_-]/g, '')
  document.cookie = 'draft_done=; Max-Age=0; Path=/; SameSite=Lax'
  if (canKeep()) await wipe(owner, key)
  // A last autosave may have arrived after the form.
  await send(`/drafts/${key}/`, 'DELETE')
}

/** Start on this page. Returns `flush`, which saves everything that is not saved yet. */
export function startDrafts () {
  const drafts = owner
    ? [...document.querySelectorAll('form[data-draft][data-draft-url]')].map(($form) => new Draft($form))
    : []
  const begin = async () => {
    await forgetDone()
    await sendKept()
    await Promise.all(drafts.map((draft) => draft.restore()))
  }
  // A draft is a kindness: when it fails the form must go on working.
  begin().catch((error) => console.error(error))
  window.addEventListener('online', () => sendKept().catch(() => {}))
  return { flush: () => Promise.all(drafts.map((draft) => draft.save())) }
}
